"""Modulation: the predicted heatmap convolved with the Gaussian that drew its target.

DARK, section 3.1 ("distribution modulation", equation 6: h' = K * h). With the kernel's
sigma equal to the target's this is the matched filter: in white noise no linear filter
raises the peak further above it.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np


@lru_cache(maxsize=64)
def _blur_matrix(length: int, sigma: float) -> np.ndarray:
    """(length, length) matrix that convolves an axis with a unit-sum Gaussian; zeros lie outside."""
    offset = np.arange(length)[:, None] - np.arange(length)[None, :]
    kernel = np.exp(-0.5 * (offset / sigma) ** 2)
    tail = np.arange(-int(np.ceil(12 * sigma)), int(np.ceil(12 * sigma)) + 1)
    matrix = kernel / np.exp(-0.5 * (tail / sigma) ** 2).sum()
    matrix.setflags(write=False)
    return matrix


def smooth(heatmaps, sigma: float) -> np.ndarray:
    """Heatmaps (..., H, W) convolved with a Gaussian of ``sigma`` heatmap px.

    The kernel's width is sigma itself (no kernel size stands in for it) and its tails are not
    cut. Outside the map there is zero, as in the DARK release: within 3 sigma of an edge the
    result leans inwards. ``sigma=0`` returns a copy. Keeps float32 and float64; anything else
    becomes float64. Raises ValueError for a negative or non-finite sigma or fewer than two axes.
    """
    maps = np.asarray(heatmaps)
    if maps.ndim < 2:
        raise ValueError(f"heatmaps must be (..., H, W), got shape {maps.shape}")
    if not (np.isfinite(sigma) and sigma >= 0):
        raise ValueError(f"sigma must be zero or a positive number of heatmap px, got {sigma}")
    if maps.dtype not in (np.float32, np.float64):
        maps = maps.astype(np.float64)
    if sigma == 0:
        return maps.copy()
    height, width = maps.shape[-2:]
    rows = _blur_matrix(height, float(sigma)).astype(maps.dtype)
    columns = _blur_matrix(width, float(sigma)).astype(maps.dtype)
    return rows @ maps @ columns
