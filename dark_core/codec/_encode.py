"""Joint coordinates to target heatmaps: one Gaussian per joint.

The conventional target draws its Gaussian at a whole pixel (the joint rounded down or to the nearest one). DARK draws
it at the real-valued joint ("unbiased" encoding). No decoder can bring back what rounding throws away here.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import index
from typing import Any, overload

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from dark_core.codec._fast.backend import AnyArray, Tensor, arange, cast, copy, is_tensor, namespace, to_float64

ENCODINGS: dict[str, Callable[[AnyArray], AnyArray]] = {
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
def quantize(joints_xy: AnyArray, encoding: str = "unbiased") -> AnyArray:
    """Find the centers at which an encoding draws the joints.

    Parameters
    ----------
    joints_xy : array_like or Tensor, shape (..., 2)
        Joints in heatmap px, (x, y).
    encoding : str
        A name of ``ENCODINGS``: "unbiased" leaves the joint where it is; "floor", "round" and "ceil" quantize it.
        "round" sends halves up (floor(x + 1/2)), so that it commutes with whole-pixel shifts.

    Returns
    -------
    ndarray or Tensor, shape (..., 2)
        The centers in heatmap px, in double precision, never the input itself.

    Raises
    ------
    ValueError
        For an unknown encoding or a last axis that is not (x, y).

    References
    ----------
    Zhang et al., CVPR 2020, section 3.2, equation 13.

    Examples
    --------
    >>> quantize([[20.3, 31.5]], "floor").tolist(), quantize([[20.3, 31.5]], "round").tolist()
    ([[20.0, 31.0]], [[20.0, 32.0]])
    """
    if encoding not in ENCODINGS:
        raise ValueError(f"unknown encoding {encoding!r}: expected one of {', '.join(ENCODINGS)}")
    xy = to_float64(copy(joints_xy)) if is_tensor(joints_xy) else np.array(joints_xy, dtype=np.float64)
    if xy.ndim == 0 or xy.shape[-1] != 2:
        raise ValueError(f"joints_xy must be (..., 2) in (x, y) order, got shape {tuple(xy.shape)}")
    return ENCODINGS[encoding](xy)


@overload
def encode(joints_xy: Tensor, size: tuple[int, int], sigma: float, encoding: str = ...) -> Tensor: ...
@overload
def encode(
    joints_xy: ArrayLike, size: tuple[int, int], sigma: float, encoding: str = ..., *, dtype: DTypeLike = ...
) -> NDArray[Any]: ...
def encode(
    joints_xy: AnyArray,
    size: tuple[int, int],
    sigma: float,
    encoding: str = "unbiased",
    *,
    dtype: DTypeLike = np.float32,
) -> AnyArray:
    """Draw the target heatmap of every joint, a Gaussian with peak value 1.

    h(x, y) = exp(-((x - cx)^2 + (y - cy)^2) / 2 sigma^2) over the whole heatmap, with (cx, cy) =
    ``quantize(joints_xy, encoding)``: the paper's Gaussian without its constant 1 / 2 pi sigma^2.

    Parameters
    ----------
    joints_xy : array_like or Tensor, shape (..., 2)
        Joints in heatmap px, (x, y). A joint outside the heatmap leaves the tail that reaches in, a NaN joint an
        empty heatmap.
    size : tuple of int
        (W, H) of a heatmap in px.
    sigma : float
        Standard deviation of the Gaussian in heatmap px.
    encoding : str
        A name of ``ENCODINGS``.
    dtype : dtype
        Floating-point dtype of the result. A tensor keeps its own instead, or float32 if it holds integers.

    Returns
    -------
    ndarray or Tensor, shape (..., H, W)
        The targets; a tensor for a tensor, on its device, with gradients where ``quantize`` has any.

    Raises
    ------
    ValueError
        For an unknown encoding, a size below one pixel, a sigma that is not positive, or joints that are not (..., 2).
    TypeError
        For a size that is not whole or a dtype that is not floating point.

    References
    ----------
    Zhang et al., CVPR 2020, section 3.2, equation 14.

    Examples
    --------
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
    center = quantize(joints_xy, encoding)  # (..., 2)
    # A Gaussian is separable: one row and one column per joint, then their outer product.
    xp = namespace(center)
    column = xp.exp(-0.5 * ((arange(width, center) - center[..., 0, None]) / sigma) ** 2)  # (..., W)
    row = xp.exp(-0.5 * ((arange(height, center) - center[..., 1, None]) / sigma) ** 2)  # (..., H)
    heatmaps = row[..., :, None] * column[..., None, :]  # (..., H, W)
    if is_tensor(heatmaps):
        return cast(heatmaps.nan_to_num(), joints_xy if joints_xy.is_floating_point() else heatmaps.float())
    return np.nan_to_num(heatmaps, copy=False).astype(dtype, copy=False)
