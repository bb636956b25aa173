"""Modulation: the predicted heatmap convolved with the Gaussian that drew its target (DARK, equation 10).

With the kernel's sigma equal to the target's this is the matched filter: in white noise no linear filter raises the
peak further above the noise.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dark_core.codec._fast.backend import (
    AnyArray,
    Tensor,
    asarray_like,
    at_least_float32,
    copy,
    full_precision,
    is_tensor,
)

TAILS = 2.5
"""Sigmas after which the kernel ends: what lies beyond holds 1 % of its weight along an axis."""


def kernel_radius(sigma: float) -> int:
    """Pixels that the smoothing kernel reaches to either side.

    Parameters
    ----------
    sigma : float
        Standard deviation of the kernel in heatmap px.

    Returns
    -------
    int
        2.5 ``sigma``, rounded up.

    Examples
    --------
    >>> kernel_radius(2.0), kernel_radius(3.0)
    (5, 8)
    """
    return math.ceil(TAILS * sigma)


def gaussian_kernel(offset: ArrayLike, sigma: float) -> NDArray[np.float64]:
    """Weights of the smoothing kernel along one axis.

    Parameters
    ----------
    offset : array_like
        Distances from the kernel's middle in whole heatmap px.
    sigma : float
        Standard deviation of the kernel in heatmap px.

    Returns
    -------
    ndarray
        A Gaussian of ``offset``, zero beyond ``kernel_radius(sigma)``. The weights of a line sum to one.

    Examples
    --------
    >>> gaussian_kernel([-4, -1, 0, 1], sigma=1.0).round(3).tolist()
    [0.0, 0.242, 0.399, 0.242]
    """
    offset, radius = np.asarray(offset), kernel_radius(sigma)
    total = np.exp(-0.5 * (np.arange(-radius, radius + 1) / sigma) ** 2).sum()
    return np.where(np.abs(offset) <= radius, np.exp(-0.5 * (offset / sigma) ** 2) / total, 0.0)


@lru_cache(maxsize=16)
def blur_matrix(length: int, sigma: float) -> NDArray[np.float64]:
    """(length, length) matrix that convolves an axis with the kernel; zeros lie outside."""
    matrix = gaussian_kernel(np.arange(length)[:, None] - np.arange(length)[None, :], sigma)
    matrix.setflags(write=False)
    return matrix


@overload
def smooth(heatmaps: NDArray[Any], sigma: float) -> NDArray[Any]: ...
@overload
def smooth(heatmaps: Tensor, sigma: float) -> Tensor: ...
def smooth(heatmaps: AnyArray, sigma: float) -> AnyArray:
    """Smooth heatmaps with a Gaussian of ``sigma``.

    h' = K * h, not scaled back to the height of h. The kernel's width is sigma itself, not a kernel size that stands
    for one; it ends after 2.5 sigma. Outside the heatmap there is zero, as in the DARK release: within 3 sigma of an
    edge the result is biased towards the inside.

    Parameters
    ----------
    heatmaps : ndarray or Tensor, shape (..., H, W)
        The heatmaps.
    sigma : float
        Standard deviation of the kernel in heatmap px; 0 returns a copy.

    Returns
    -------
    ndarray or Tensor, shape (..., H, W)
        The same type as ``heatmaps``. float32 and float64 stay, half precision becomes float32, integers float64.

    Raises
    ------
    ValueError
        For a negative or non-finite sigma or fewer than two axes.

    References
    ----------
    Zhang et al., CVPR 2020, section 3.1, equation 10.

    Examples
    --------
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
    maps = at_least_float32(maps)
    if sigma == 0:
        return copy(maps)
    rows, columns = (asarray_like(blur_matrix(length, float(sigma)), maps) for length in maps.shape[-2:])
    with full_precision(maps):
        return rows @ maps @ columns  # (H, H) (..., H, W) (W, W)
