"""DARK as its authors released it, one joint after another.

The released code differs from the paper: it starts from the peak of the raw heatmap, always blurs with the same
kernel, takes second derivatives over two pixels, and does not refine the outer two rows and columns.
``decode(..., "dark_release")`` gives the same positions for a whole batch at once.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]


def gaussian_blur(heatmap: Floats, kernel: int) -> Floats:
    """Blur a heatmap (H, W) with ``kernel`` px and zeros outside, by the sigma that OpenCV takes from 11 px on."""
    half = kernel // 2
    bell = np.exp(-0.5 * (np.arange(-half, half + 1) / (0.3 * (half - 1) + 0.8)) ** 2)
    height, width = heatmap.shape
    rows, columns = (
        sum(weight * np.eye(length, k=k) for weight, k in zip(bell / bell.sum(), range(-half, half + 1)))
        for length in (height, width)
    )
    blurred: Floats = (rows @ heatmap @ columns).astype(heatmap.dtype)
    return blurred


def joint_by_joint(
    heatmaps: Floats, kernel: int = 11, blur: Callable[[Floats, int], Floats] = gaussian_blur
) -> NDArray[np.float64]:
    """Decode heatmaps by the procedure of the DARK release, in our own words.

    Parameters
    ----------
    heatmaps : ndarray, shape (M, H, W)
        The heatmaps, one joint each.
    kernel : int
        Width of the blur in heatmap px, odd. The release uses 11 for sigma 2 and for sigma 3.
    blur : callable
        Blurs one heatmap with ``kernel`` px and zeros outside. The release uses OpenCV's.

    Returns
    -------
    ndarray, shape (M, 2)
        Positions in heatmap px, (x, y).

    References
    ----------
    https://github.com/ilovepose/DarkPose, commit 101e98d.

    Examples
    --------
    >>> from dark_core.codec import encode
    >>> joint_by_joint(encode([[20.3, 31.7]], size=(48, 64), sigma=2.0)).round(2).tolist()
    [[20.3, 31.7]]
    """
    height, width = heatmaps.shape[1:]
    flat = heatmaps.reshape(len(heatmaps), -1).argmax(1)
    positions = np.stack([flat % width, flat // width], -1).astype(np.float64)
    for heatmap, position in zip(heatmaps, positions, strict=True):
        x, y = position.astype(int)
        blurred = blur(heatmap, kernel)
        log = np.log(np.maximum(blurred * (heatmap.max() / blurred.max()), 1e-10))
        if not (1 < x < width - 2 and 1 < y < height - 2):
            continue
        gradient = 0.5 * np.array([log[y, x + 1] - log[y, x - 1], log[y + 1, x] - log[y - 1, x]])
        mixed = 0.25 * (log[y + 1, x + 1] - log[y - 1, x + 1] - log[y + 1, x - 1] + log[y - 1, x - 1])
        hessian = np.array(
            [
                [0.25 * (log[y, x + 2] - 2 * log[y, x] + log[y, x - 2]), mixed],
                [mixed, 0.25 * (log[y + 2, x] - 2 * log[y, x] + log[y - 2, x])],
            ]
        )
        if np.linalg.det(hessian) != 0:
            position -= np.linalg.solve(hessian, gradient)
    return positions
