"""Where the matched filter peaks, without filtering the whole map.

DARK needs the smoothed map at nine pixels only. A crop round the raw maximum holds all that the kernel
reaches from there; the smoothed values climb to their own peak, because noise may lift a pixel beside
it and a step taken from there would be cut short (10 to 80 % of the accuracy at strong noise). This is what
makes DARK cost little more than the argmax it starts from. Only where little stands round the raw maximum, as
round a lone bright pixel, the whole map is smoothed and its highest pixel taken. Shapes below: M maps, each (H, W).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import lru_cache

import numpy as np

from dark_core.codec._fast.backend import arange, argmax, clip, like, namespace, pixels, put, rows, windows, working
from dark_core.codec._smooth import kernel, reach, smooth

CLIMB = 8
"""Largest number of steps, to one of the eight neighbors each, from the raw maximum to the smoothed one."""

HIGHER = 1 + 1e-5
"""How many times the value beside must be the one stood on, for a step: on an even plateau rounding leads nowhere."""

WEAK = 0.25
"""Share of the raw maximum that the smoothed peak has at least: it has a half for a Gaussian of the kernel's sigma, a
fifth for one in a corner, hardly any for a lone pixel."""

NEIGHBORS = np.array([[-1, 0, 1, -1, 0, 1, -1, 0, 1], [-1, -1, -1, 0, 0, 0, 1, 1, 1]])
"""x and y of the nine pixels of a patch, in reading order, from the fifth, its middle."""
MIDDLE = 4


@dataclass(frozen=True, eq=False)
class SmoothedPeaks:
    """Peaks of M maps, whole heatmap px in (x, y) order.

    peak: (M, 2) the pixel of the smoothed map climbed to; height: (M,) its smoothed value; anchor: (M, 2) the same
    pixel, one inwards where it is on the outermost row or column; patch: (M, 3, 3) the smoothed values round the
    anchor, [y, x];
    crop: (M, h, w) raw values round the pixel climbed from, in at least single precision; corner: (M, 2) its first
    pixel.
    """

    peak: np.ndarray
    height: np.ndarray
    anchor: np.ndarray
    patch: np.ndarray
    crop: np.ndarray
    corner: np.ndarray


def matched_peaks(maps, raw, sigma: float) -> SmoothedPeaks:
    """The smoothed peaks, by ``sigma`` heatmap px > 0, climbed to from the largest pixels ``raw`` (M, 2).

    maps: (M, H, W) of at least 3 by 3 pixels. Where that ends below WEAK of the raw maximum, the climb starts anew
    from the largest pixel of the whole smoothed map.
    """
    xp = namespace(maps)
    found = _hill_climb(maps, raw, sigma)
    top = maps[arange(len(maps), maps), raw[:, 1], raw[:, 0]]
    weak = (found.height < WEAK * working(top)) & (top > 0)
    if not weak.any():
        return found
    which = xp.where(weak)[0]
    again = _hill_climb(maps[which], pixels(argmax(smooth(maps[which], sigma)), maps.shape[2]), sigma)
    return SmoothedPeaks(*(put(getattr(found, f.name), which, getattr(again, f.name)) for f in fields(SmoothedPeaks)))


def _hill_climb(maps, start, sigma: float) -> SmoothedPeaks:
    """The peak of the smoothed map climbed to from the pixels ``start`` (M, 2)."""
    height, width = maps.shape[1:]
    r = reach(sigma) + 1
    w, h = min(2 * r + 1, width), min(2 * r + 1, height)
    down = like(_weights(h, sigma), working(maps[:0]))
    across = like(_weights(w, sigma, turned=True), down)
    # Places are (2, M) in here: columns in the first row, rows in the second.
    neighbors, inner, room = (
        like(np.array(table), start) for table in (NEIGHBORS, [[width - 2], [height - 2]], [[width - w], [height - h]])
    )

    def smoothed(at, which=None):
        """Crops round the pixels ``at``, the crops' first pixels, and the smoothed values (M, 3, 3) round ``at``."""
        first = clip(at - r, 0, room)
        crop, (x, y) = working(windows(maps, first[0], first[1], w, h, which)), at - first
        return crop, first, (rows(down, y) @ crop) @ rows(across, x)

    def highest(patch):
        """Which of the nine stands out, and its value."""
        nine = patch.reshape(-1, 9)
        best, row = nine.argmax(1), arange(len(nine), nine)
        best = namespace(nine).where(nine[row, best] > HIGHER * nine[:, MIDDLE], best, MIDDLE)
        return best, nine[row, best]

    at = clip(start.swapaxes(0, 1), 1, inner)
    crop, first, patch = smoothed(at)
    best, value = highest(patch)
    moving = arange(len(best), best)
    for _ in range(CLIMB):
        moving = moving[best[moving] != MIDDLE]
        stand = at[:, moving]
        move = clip(stand + neighbors[:, best[moving]], 1, inner)
        higher = (move[0] != stand[0]) | (move[1] != stand[1])  # the anchor of a peak on the outermost pixels stays
        moving, move = moving[higher], move[:, higher]
        if not len(moving):
            break
        found = smoothed(move, moving)[2]
        at, patch = put(at, (slice(None), moving), move), put(patch, moving, found)
        now = highest(found)
        best, value = put(best, moving, now[0]), put(value, moving, now[1])
    peak = at + neighbors[:, best]
    return SmoothedPeaks(peak.swapaxes(0, 1), value, at.swapaxes(0, 1), patch, crop, first.swapaxes(0, 1))


@lru_cache(maxsize=64)
def _weights(length: int, sigma: float, turned: bool = False) -> np.ndarray:
    """(length, 3, length): for each pixel of a line the kernels centerd on it and its two neighbors, a row each.

    ``turned`` (length, length, 3), a column each.
    """
    pixel = np.arange(length)
    weights = kernel(pixel[None, None, :] - pixel[:, None, None] - np.array([-1, 0, 1])[None, :, None], sigma)
    weights = np.ascontiguousarray(weights.swapaxes(1, 2)) if turned else weights
    weights.setflags(write=False)
    return weights
