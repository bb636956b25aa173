"""Joint coordinates to target heatmaps: one Gaussian a joint.

The conventional target draws its Gaussian at a whole pixel (the joint floored or
rounded); DARK draws it at the real-valued joint (Zhang et al., CVPR 2020, section 3.2:
"unbiased" encoding). What rounding throws away here no decoder can bring back.
"""

from __future__ import annotations

from operator import index

import numpy as np

ENCODINGS = {
    "unbiased": lambda xy: xy,
    "floor": np.floor,
    "round": lambda xy: np.floor(xy + 0.5),
    "ceil": np.ceil,
}
"""Where each method puts the centre of the Gaussian, from where the joint is."""


def quantise(joints_xy, method: str = "unbiased") -> np.ndarray:
    """The centres (..., 2) at which ``method`` draws, in heatmap px; a new array.

    ``round`` sends halves up (floor(x + 1/2)), so that it commutes with whole-pixel shifts.
    Raises ValueError for an unknown method or a last axis that is not (x, y).
    """
    if method not in ENCODINGS:
        raise ValueError(f"unknown encoding {method!r}: expected one of {', '.join(ENCODINGS)}")
    xy = np.array(joints_xy, dtype=np.float64)
    if xy.ndim == 0 or xy.shape[-1] != 2:
        raise ValueError(f"joints_xy must be (..., 2) in (x, y) order, got shape {xy.shape}")
    return ENCODINGS[method](xy)


def encode(joints_xy, size: tuple[int, int], sigma: float, method: str = "unbiased", *, dtype=np.float32) -> np.ndarray:
    """Target heatmaps (..., H, W) with peak value 1 of joints (..., 2) in heatmap px, as real ``dtype``.

    ``size`` is (W, H) in px and ``sigma`` the Gaussian's standard deviation in px.
    h(x, y) = exp(-((x - cx)^2 + (y - cy)^2) / 2 sigma^2), over the whole map (equation 7 of
    the paper up to its constant), with (cx, cy) = ``quantise(joints_xy, method)``.
    A joint outside the map leaves the tail that reaches in; a NaN joint leaves an empty map.
    Raises ValueError for a bad method, size or sigma, TypeError for a size that is not whole or a
    dtype that is not floating point.

    >>> encode([[2.0, 1.0]], size=(5, 3), sigma=1.0)[0].argmax()
    np.int64(7)
    """
    width, height = (index(length) for length in size)
    if width < 1 or height < 1:
        raise ValueError(f"size must be (W, H) of at least one pixel each, got {size}")
    if not (np.isfinite(sigma) and sigma > 0):
        raise ValueError(f"sigma must be a positive number of heatmap px, got {sigma}")
    if np.dtype(dtype).kind != "f":
        raise TypeError(f"dtype must be floating point, such as float32 or float64, got {np.dtype(dtype)}")
    centre = quantise(joints_xy, method)
    # A Gaussian is separable: one row and one column a joint, then their outer product.
    column = np.exp(-0.5 * ((np.arange(width) - centre[..., 0, None]) / sigma) ** 2)
    row = np.exp(-0.5 * ((np.arange(height) - centre[..., 1, None]) / sigma) ** 2)
    maps = row[..., :, None] * column[..., None, :]
    return np.nan_to_num(maps, copy=False).astype(dtype, copy=False)
