"""Modulation: the predicted heatmap convolved with the Gaussian that drew its target.

DARK (Zhang et al., CVPR 2020), section 3.1, "distribution modulation": h' = K * h. With the kernel's
sigma equal to the target's this is the matched filter: in white noise no linear filter
raises the peak further above it.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import overload

import numpy as np

from dark_core.codec._fast.backend import Tensor, copy, is_tensor, like, working

TAILS = 2.5
"""Sigmas after which the kernel ends: what lies beyond holds 1 % of its weight along an axis."""


def reach(sigma: float) -> int:
    """Pixels that the kernel extends to either side."""
    return math.ceil(TAILS * sigma)


def kernel(offset: np.ndarray, sigma: float) -> np.ndarray:
    """Weights at whole-pixel distances ``offset``: a Gaussian cut after ``reach`` px, of unit sum over a line."""
    ends = reach(sigma)
    total = np.exp(-0.5 * (np.arange(-ends, ends + 1) / sigma) ** 2).sum()
    return np.where(np.abs(offset) <= ends, np.exp(-0.5 * (offset / sigma) ** 2) / total, 0.0)


@lru_cache(maxsize=16)
def _blur_matrix(length: int, sigma: float) -> np.ndarray:
    """(length, length) matrix that convolves an axis with the kernel; zeros lie outside."""
    matrix = kernel(np.arange(length)[:, None] - np.arange(length)[None, :], sigma)
    matrix.setflags(write=False)
    return matrix


@overload
def smooth(heatmaps: np.ndarray, sigma: float) -> np.ndarray: ...
@overload
def smooth(heatmaps: Tensor, sigma: float) -> Tensor: ...
def smooth(heatmaps: np.ndarray | Tensor, sigma: float) -> np.ndarray | Tensor:
    """Heatmaps (..., H, W) convolved with a Gaussian of ``sigma`` heatmap px; array or tensor, answered in kind.

    h' = K * h, not scaled back to the height of h. The kernel's width is sigma itself, no kernel size stands in for it;
    it ends after 2.5 sigma. Outside the map there is zero, as in the DARK release: within 3 sigma of an edge the result
    leans inwards.
    ``sigma=0`` returns a copy. Keeps float32 and float64; half precision becomes float32, integers float64.
    Raises ValueError for a negative or non-finite sigma or fewer than two axes.

    >>> spike = np.zeros((9, 9))
    >>> spike[4, 4] = 1.0
    >>> smooth(spike, sigma=1.0)[4, 2:7].round(3).tolist()
    [0.022, 0.097, 0.159, 0.097, 0.022]
    """
    maps = heatmaps if is_tensor(heatmaps) else np.asarray(heatmaps)
    if maps.ndim < 2:
        raise ValueError(f"heatmaps must be (..., H, W), got shape {tuple(maps.shape)}")
    if not (np.isfinite(sigma) and sigma >= 0):
        raise ValueError(f"sigma must be zero or a positive number of heatmap px, got {sigma}")
    if not is_tensor(maps) and maps.dtype.kind != "f":
        maps = maps.astype(np.float64)
    maps = working(maps)
    if sigma == 0:
        return copy(maps)
    rows, columns = (like(_blur_matrix(length, float(sigma)), maps) for length in maps.shape[-2:])
    return rows @ maps @ columns
