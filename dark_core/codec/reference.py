"""DARK as the paper writes it: one heatmap, plain NumPy, no batching, no fallbacks.

Every fast path of this package is tested against these functions. Equation numbers are those of the paper. They expect
what the paper assumes: a heatmap (H, W) with one positive peak that is farther from every edge than the kernel reaches.
Coordinates are (x, y) in heatmap px, and an integer is the center of a pixel.

References
----------
F. Zhang, X. Zhu, H. Dai, M. Ye and C. Zhu, "Distribution-Aware Coordinate Representation for Human Pose Estimation",
CVPR 2020, https://arxiv.org/abs/1910.06278.

Examples
--------
>>> heatmap = encode((20.3, 31.7), size=(48, 64), sigma=2.0)
>>> quarter_shift(heatmap).tolist(), dark(heatmap, sigma=2.0).round(3).tolist()
([20.25, 31.75], [20.3, 31.7])
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Pixel = NDArray[Any]  # whole (x, y)


def encode(
    joint: ArrayLike, size: tuple[int, int], sigma: float, quantize: Callable[[Floats], Floats] = lambda xy: xy
) -> Floats:
    """Draw the target of a joint; ``quantize=np.floor`` gives the conventional target, the default the unbiased one."""
    u, v = quantize(np.asarray(joint, float))  # (13): g'' = quantise(g'), with g' = g / lambda of (12) given
    x, y = np.arange(size[0]), np.arange(size[1])[:, None]
    target: Floats = np.exp(-((x - u) ** 2 + (y - v) ** 2) / (2 * sigma**2))  # (14), peak 1; unbiased: g' for g''
    return target


def largest(heatmap: Floats) -> Pixel:
    """Find m, the pixel of the largest value."""
    y, x = np.unravel_index(heatmap.argmax(), heatmap.shape)
    return np.array([x, y])


def second_maximum(heatmap: Floats) -> Floats:
    """Decode as the paper describes the conventional method: a quarter pixel towards the second largest value."""
    m = largest(heatmap)
    s = largest(np.where(heatmap == heatmap[m[1], m[0]], -np.inf, heatmap))
    p: Floats = m + 0.25 * (s - m) / np.linalg.norm(s - m)  # (1)
    return p


def quarter_shift(heatmap: Floats) -> Floats:
    """Decode as HRNet's code does in place of (1): a quarter pixel per axis, by the sign of the slope."""
    x, y = m = largest(heatmap)
    slope = [heatmap[y, x + 1] - heatmap[y, x - 1], heatmap[y + 1, x] - heatmap[y - 1, x]]
    return m + 0.25 * np.sign(slope)


def weighted_average(heatmap: Floats) -> Floats:
    """Decode as the centroid of the heatmap, negative values left out. The paper does not use it."""
    w = np.maximum(heatmap, 0)
    x, y = np.arange(w.shape[1]), np.arange(w.shape[0])[:, None]
    position: Floats = np.array([(w * x).sum(), (w * y).sum()]) / w.sum()
    return position


def smooth(heatmap: Floats, sigma: float) -> Floats:
    """Modulate: convolve with a Gaussian of the target's sigma, cut after 2.5 sigma, with zeros outside."""
    reach = int(np.ceil(2.5 * sigma))
    k = np.exp(-(np.arange(-reach, reach + 1) ** 2) / (2 * sigma**2))
    kernel = np.outer(k, k) / k.sum() ** 2
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(heatmap, reach), kernel.shape)
    smoothed: Floats = (kernel * windows).sum((-2, -1))  # (10): h' = K (*) h
    return smoothed


def rescale(smoothed: Floats, heatmap: Floats) -> Floats:
    """Give the smoothed heatmap the height of the raw one."""
    # (11) also subtracts min(h'). We follow the released code, which does not: it would bend the log of a Gaussian.
    rescaled: Floats = smoothed / smoothed.max() * heatmap.max()
    return rescaled


def dark(heatmap: Floats, sigma: float) -> Floats:
    """Decode: one Newton step on the log of the smoothed heatmap, from its largest value."""
    h = rescale(smooth(heatmap, sigma), heatmap)  # (10), (11)
    m = largest(h)
    gradient, hessian = derivatives(h, m)
    return m - np.linalg.inv(hessian) @ gradient  # (9): mu = m - D''(m)^-1 D'(m), which solves (6) with (7)


def derivatives(h: Floats, m: Pixel) -> tuple[Floats, Floats]:
    """Take D'(m) (2,) and D''(m) (2, 2) of ln h by central differences, which are exact for a Gaussian."""
    x, y = m
    p = np.log(h[y - 1 : y + 2, x - 1 : x + 2])  # (5): P = ln G, a quadratic in x if h is the Gaussian G of (3), (4)
    dx, dy = (p[1, 2] - p[1, 0]) / 2, (p[2, 1] - p[0, 1]) / 2
    dxx, dyy = p[1, 2] - 2 * p[1, 1] + p[1, 0], p[2, 1] - 2 * p[1, 1] + p[0, 1]
    dxy = (p[2, 2] - p[2, 0] - p[0, 2] + p[0, 0]) / 4
    return np.array([dx, dy]), np.array([[dxx, dxy], [dxy, dyy]])  # D' of (6) and D'' of (8), at m
