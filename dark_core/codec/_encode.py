"""Joint coordinates to target heatmaps: one Gaussian a joint.

The conventional target draws its Gaussian at a whole pixel (the joint floored or
rounded); DARK draws it at the real-valued joint (Zhang et al., CVPR 2020, section 3.2:
"unbiased" encoding). What rounding throws away here no decoder can bring back.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import index
from typing import overload

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from dark_core.codec._fast.backend import Array, Tensor, arange, cast, copy, double, is_tensor, namespace

ENCODINGS: dict[str, Callable[[Array], Array]] = {
    "unbiased": lambda xy: xy,
    "floor": lambda xy: namespace(xy).floor(xy),
    "round": lambda xy: namespace(xy).floor(xy + 0.5),
    "ceil": lambda xy: namespace(xy).ceil(xy),
}
"""Where each encoding puts the center of the Gaussian, from where the joint is."""


@overload
def quantize(joints_xy: Tensor, encoding: str = ...) -> Tensor: ...
@overload
def quantize(joints_xy: ArrayLike, encoding: str = ...) -> NDArray[np.float64]: ...
def quantize(joints_xy, encoding="unbiased"):
    """The centers (..., 2) at which ``encoding`` draws the joints (..., 2), in heatmap px; a new array or tensor.

    ``ENCODINGS`` has the methods: "unbiased" leaves the joint where it is; "floor", "round" and "ceil" are the
    quantizing of Zhang et al., CVPR 2020, section 3.2.
    ``round`` sends halves up (floor(x + 1/2)), so that it commutes with whole-pixel shifts.
    Raises ValueError for an unknown encoding or a last axis that is not (x, y).

    >>> quantize([[20.3, 31.5]], "floor").tolist(), quantize([[20.3, 31.5]], "round").tolist()
    ([[20.0, 31.0]], [[20.0, 32.0]])
    """
    if encoding not in ENCODINGS:
        raise ValueError(f"unknown encoding {encoding!r}: expected one of {', '.join(ENCODINGS)}")
    xy = double(copy(joints_xy)) if is_tensor(joints_xy) else np.array(joints_xy, dtype=np.float64)
    if xy.ndim == 0 or xy.shape[-1] != 2:
        raise ValueError(f"joints_xy must be (..., 2) in (x, y) order, got shape {tuple(xy.shape)}")
    return ENCODINGS[encoding](xy)


@overload
def encode(joints_xy: Tensor, size: tuple[int, int], sigma: float, encoding: str = ...) -> Tensor: ...
@overload
def encode(
    joints_xy: ArrayLike, size: tuple[int, int], sigma: float, encoding: str = ..., *, dtype: DTypeLike = ...
) -> np.ndarray: ...
def encode(joints_xy, size, sigma, encoding="unbiased", *, dtype=np.float32):
    """Target heatmaps (..., H, W) with peak value 1 of joints (..., 2) in heatmap px, as real ``dtype``.

    ``size`` is (W, H) in px and ``sigma`` the Gaussian's standard deviation in px.
    h(x, y) = exp(-((x - cx)^2 + (y - cy)^2) / 2 sigma^2) over the whole map, with (cx, cy) =
    ``quantize(joints_xy, encoding)``: the paper's Gaussian (section 3.2) without its constant 1 / 2 pi sigma^2.
    A joint outside the map leaves the tail that reaches in; a NaN joint leaves an empty map. Joints in a tensor give a
    tensor on the same device and, if floating point, of their own dtype, with gradients where ``quantize`` has any.
    Raises ValueError for a bad encoding, size or sigma, TypeError for a size that is not whole or a
    dtype that is not floating point.

    >>> maps = encode([[2.5, 1.0]], size=(5, 3), sigma=1.0, dtype=np.float64)
    >>> maps.shape, maps[0, 1].round(2).tolist()
    ((1, 3, 5), [0.04, 0.32, 0.88, 0.88, 0.32])
    """
    width, height = (index(length) for length in size)
    if width < 1 or height < 1:
        raise ValueError(f"size must be (W, H) of at least one pixel each, got {size}")
    if not (np.isfinite(sigma) and sigma > 0):
        raise ValueError(f"sigma must be a positive number of heatmap px, got {sigma}")
    if np.dtype(dtype).kind != "f":
        raise TypeError(f"dtype must be floating point, such as float32 or float64, got {np.dtype(dtype)}")
    center = quantize(joints_xy, encoding)
    # A Gaussian is separable: one row and one column a joint, then their outer product.
    xp = namespace(center)
    column = xp.exp(-0.5 * ((arange(width, center) - center[..., 0, None]) / sigma) ** 2)
    row = xp.exp(-0.5 * ((arange(height, center) - center[..., 1, None]) / sigma) ** 2)
    maps = row[..., :, None] * column[..., None, :]
    if is_tensor(maps):
        return cast(maps.nan_to_num(), joints_xy if joints_xy.is_floating_point() else maps.float())
    return np.nan_to_num(maps, copy=False).astype(dtype, copy=False)
