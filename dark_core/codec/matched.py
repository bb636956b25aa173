"""Where the matched filter peaks, without filtering the whole map.

DARK needs the smoothed map at nine pixels only. A crop round the raw maximum holds all that the kernel
reaches from there; the smoothed values climb to their own peak, because noise may lift a pixel beside
it and a step taken from there would be cut short (10 to 80 % of the accuracy at strong noise). This is what
makes DARK cost little more than the argmax it starts from. Shapes below: M maps, each (H, W).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from dark_core.codec.arrays import arange, clip, like, namespace, put, rows, windows, working
from dark_core.codec.smooth import kernel, reach

CLIMB = 8
"""Largest number of steps, to one of the eight neighbours each, from the raw maximum to the smoothed one."""

MIDDLE = 4
"""The pixel itself among the nine of its patch."""


@dataclass(frozen=True, eq=False)
class Matched:
    """Peaks of M maps, whole heatmap px in (x, y) order.

    peak: (M, 2) the pixel of the smoothed map climbed to; anchor: (M, 2) the same, one pixel inwards where it is
    on the outermost row or column; patch: (M, 3, 3) the smoothed values round the anchor, [y, x];
    crop: (M, h, w) raw values round the raw maximum, in at least single precision; corner: (M, 2) its first pixel.
    """

    peak: np.ndarray
    anchor: np.ndarray
    patch: np.ndarray
    crop: np.ndarray
    corner: np.ndarray


def matched_peaks(maps, raw, sigma: float) -> Matched:
    """The smoothed peaks, by ``sigma`` heatmap px > 0, climbed to from the largest pixels ``raw`` (M, 2).

    maps: (M, H, W) of at least 3 by 3 pixels.
    """
    xp = namespace(maps)
    height, width = maps.shape[1:]
    r = reach(sigma) + 1
    w, h = min(2 * r + 1, width), min(2 * r + 1, height)
    down = like(_weights(h, sigma), working(maps[:0]))
    across = like(_weights(w, sigma, turned=True), down)

    def smoothed(x, y, which=None):
        """Crops round the pixels (x, y), their first pixels, and the smoothed values (M, 3, 3) round (x, y)."""
        first_x, first_y = clip(x - r, 0, width - w), clip(y - r, 0, height - h)
        crop = working(windows(maps, first_x, first_y, w, h, which))
        return crop, first_x, first_y, (rows(down, y - first_y) @ crop) @ rows(across, x - first_x)

    x, y = clip(raw[:, 0], 1, width - 2), clip(raw[:, 1], 1, height - 2)
    crop, first_x, first_y, patch = smoothed(x, y)
    best = patch.reshape(-1, 9).argmax(1)
    moving = arange(len(x), maps)
    for _ in range(CLIMB):
        moving = moving[best[moving] != MIDDLE]
        towards, x_from, y_from = best[moving], x[moving], y[moving]
        x_to = clip(x_from + towards % 3 - 1, 1, width - 2)
        y_to = clip(y_from + towards // 3 - 1, 1, height - 2)
        higher = (x_to != x_from) | (y_to != y_from)  # the anchor of a peak on the outermost pixels stays
        moving, x_to, y_to = moving[higher], x_to[higher], y_to[higher]
        if not len(moving):
            break
        found = smoothed(x_to, y_to, moving)[3]
        x, y, patch = put(x, moving, x_to), put(y, moving, y_to), put(patch, moving, found)
        best = put(best, moving, found.reshape(-1, 9).argmax(1))
    return Matched(
        xp.stack([x + best % 3 - 1, y + best // 3 - 1], -1),
        xp.stack([x, y], -1),
        patch,
        crop,
        xp.stack([first_x, first_y], -1),
    )


@lru_cache(maxsize=64)
def _weights(length: int, sigma: float, turned: bool = False) -> np.ndarray:
    """(length, 3, length): for each pixel of a line the kernels centred on it and its two neighbours, a row each.

    ``turned`` (length, length, 3), a column each.
    """
    pixel = np.arange(length)
    weights = kernel(pixel[None, None, :] - pixel[:, None, None] - np.array([-1, 0, 1])[None, :, None], sigma)
    weights = np.ascontiguousarray(weights.swapaxes(1, 2)) if turned else weights
    weights.setflags(write=False)
    return weights
