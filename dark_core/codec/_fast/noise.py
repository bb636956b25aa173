"""How much noise a heatmap has round its peak.

A fourth difference along x of a fourth difference along y is hardly more than nothing on a smooth peak, and of white
noise of standard deviation n it has one of 70 n: the squares of its weights 1, -4, 6, -4, 1 add up to 70.
"""

from __future__ import annotations

import numpy as np

from dark_core.codec._fast.backend import AnyArray, asarray_like, at_least_float32, clip, namespace, windows

REACH = 7
"""Pixels to either side of the peak from which its noise is read."""
FOURTH = np.array([1.0, -4.0, 6.0, -4.0, 1.0])
GAIN = 70.0


def relative_noise(heatmaps: AnyArray, peak: AnyArray, score: AnyArray) -> AnyArray:
    """(M,) standard deviation of the noise round the pixels ``peak`` (M, 2), in units of their values ``score`` (M,).

    Only differences of pixels on the heatmaps (M, H, W) count. NaN where there are none, because a heatmap is less than
    5 px wide or high, and where the peak is not positive.
    """
    xp = namespace(heatmaps)
    count, height, width = heatmaps.shape
    w, h = min(2 * REACH + 1, width), min(2 * REACH + 1, height)
    if min(w, h) < len(FOURTH):
        return at_least_float32(score) * np.nan
    corner = clip(peak - REACH, 0, asarray_like(np.array([width - w, height - h]), peak))
    crop = at_least_float32(windows(heatmaps, corner[:, 0], corner[:, 1], w, h))  # (M, h, w)
    across, down = asarray_like(_differences(w), crop), asarray_like(_differences(h), crop).swapaxes(0, 1)
    both = (down @ crop @ across).reshape(count, -1)  # (M, (h - 4) (w - 4))
    spread = xp.sqrt(xp.einsum("mi,mi->m", both, both) / both.shape[1]) / GAIN
    top = at_least_float32(score)
    return xp.where(top > 0, spread / top, np.nan)


def _differences(length: int) -> np.ndarray:
    """(length, length - 4) fourth differences of a line, a column each."""
    columns = length - len(FOURTH) + 1
    table = np.zeros((length, columns))
    for k in range(columns):
        table[k : k + len(FOURTH), k] = FOURTH
    return table
