"""Where the matched filter peaks, without filtering the whole map.

DARK needs the smoothed map at nine pixels only. A crop round the raw maximum holds all that the kernel
reaches from there; the smoothed values climb to their own peak, because noise may lift a pixel beside
it and a step taken from there would be cut short (10 to 80 % of the accuracy at strong noise). This is what makes
DARK cost little more than the argmax it starts from. Shapes below: M maps, each (H, W).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from dark_core.codec.arrays import arange, like, namespace, windows, working
from dark_core.codec.smooth import kernel, reach

CLIMB = 8
"""Largest number of pixels from the raw maximum to the smoothed one."""


@dataclass(frozen=True, eq=False)
class Matched:
    """Peaks of M maps, whole heatmap px in (x, y) order.

    peak: (M, 2) the pixel of the smoothed map climbed to;
    anchor: (M, 2) the same, one pixel inwards where it is on the outermost row or column; patch: (M, 3, 3)
    the smoothed values round the anchor, [y, x]; crop: (M, h, w) raw values round the raw maximum, in at least single precision; corner:
    (M, 2) the crop's first pixel.
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
    raw_x, raw_y = raw[:, 0], raw[:, 1]
    first_x, first_y = (raw_x - r).clip(0, width - w), (raw_y - r).clip(0, height - h)
    crop = working(windows(maps, first_x, first_y, w, h))
    weights_x, weights_y = like(_around(w, sigma), crop), like(_around(h, sigma), crop)
    x, y = raw_x.clip(1, width - 2), raw_y.clip(1, height - 2)
    # Away from the edges every crop takes the same weights: one product for all of them.
    whole = like(_square(w, h, sigma), crop)
    patch = (crop.reshape(-1, w * h) @ whole).reshape(-1, 3, 3)
    beside = (x - first_x != w // 2) | (y - first_y != h // 2)
    if beside.any():
        patch[beside] = _smoothed(crop[beside], weights_x[(x - first_x)[beside]], weights_y[(y - first_y)[beside]])

    moving, best = arange(maps.shape[0], maps), patch.reshape(-1, 9).argmax(1)
    for _ in range(CLIMB):
        x_to, y_to = (x[moving] + best % 3 - 1).clip(1, width - 2), (y[moving] + best // 3 - 1).clip(1, height - 2)
        higher = (x_to != x[moving]) | (y_to != y[moving])
        moving, x_to, y_to = moving[higher], x_to[higher], y_to[higher]
        if not len(moving):
            break
        x[moving], y[moving] = x_to, y_to
        x_at, y_at = (x_to - r).clip(0, width - w), (y_to - r).clip(0, height - h)
        around = working(windows(maps, x_at, y_at, w, h, moving))
        found = _smoothed(around, weights_x[x_to - x_at], weights_y[y_to - y_at])
        patch[moving], best = found, found.reshape(-1, 9).argmax(1)
    best = patch.reshape(-1, 9).argmax(1)
    return Matched(
        xp.stack([x + best % 3 - 1, y + best // 3 - 1], -1),
        xp.stack([x, y], -1),
        patch,
        crop,
        xp.stack([first_x, first_y], -1),
    )


def _smoothed(crop, weights_x, weights_y):
    """(M, 3, 3) smoothed values from crops (M, h, w) by weights (M, 3, w) and (M, 3, h)."""
    return (weights_y @ crop) @ weights_x.swapaxes(-1, -2)


@lru_cache(maxsize=64)
def _square(width: int, height: int, sigma: float) -> np.ndarray:
    """(height * width, 9): the kernels of the nine pixels in the middle of a crop."""
    across, down = _around(width, sigma)[width // 2], _around(height, sigma)[height // 2]
    weights = np.einsum("ai,bj->ijab", down, across).reshape(height * width, 9)
    weights.setflags(write=False)
    return weights


@lru_cache(maxsize=64)
def _around(length: int, sigma: float) -> np.ndarray:
    """(length, 3, length): for each pixel of a line the kernels centred on it and its two neighbours."""
    pixel = np.arange(length)
    weights = kernel(pixel[None, None, :] - pixel[:, None, None] - np.array([-1, 0, 1])[None, :, None], sigma)
    weights.setflags(write=False)
    return weights
