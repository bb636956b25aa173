"""Where the smoothed heatmap peaks, without smoothing all of it.

DARK needs the smoothed heatmap at nine pixels only. A crop round the raw maximum holds all that the kernel reaches
from there. From it we climb to the peak of the smoothed heatmap, because noise may lift a pixel beside it, and a
step taken from there would be cut short (10 to 80 % of the accuracy at strong noise). This is what makes DARK cost
little more than the argmax it starts from. Only where little stands round the raw maximum, as round a lone bright
pixel, the whole heatmap is smoothed and its largest pixel taken, if that is positive and higher: where the background
is below zero, the zeros beyond an edge make a corner the highest of all. Shapes below: M heatmaps, each (H, W).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dark_core.codec._fast.backend import (
    AnyArray,
    all_axes,
    arange,
    argmax,
    asarray_like,
    at_least_float32,
    clip,
    index_update,
    namespace,
    pixels,
    take,
    windows,
)
from dark_core.codec._smooth import gaussian_kernel, kernel_radius, smooth

CLIMB = 8
"""Largest number of steps, to one of the eight neighbors each, from the raw maximum to the smoothed one."""

HIGHER = 1 + 1e-5
"""How many times the value beside must be the one stood on, for a step: on an even plateau rounding leads nowhere."""

WEAK = 0.25
"""Share of the raw maximum that the smoothed peak has at least: it has a half for a Gaussian of the kernel's sigma, a
fifth for one in a corner, hardly any for a lone pixel."""

NEIGHBORS = np.array([[x, y] for y in (-1, 0, 1) for x in (-1, 0, 1)])
"""(9, 2) x and y of the pixels of a 3 x 3 patch, row by row, from its middle."""
MIDDLE = 4


@dataclass(frozen=True, eq=False)
class SmoothedPeaks:
    """Peaks of M smoothed heatmaps, whole heatmap px in (x, y) order.

    peak: (M, 2) the pixel climbed to; height: (M,) its smoothed value; anchor: (M, 2) the same pixel, one inwards
    where it is on the outermost row or column; patch: (M, 3, 3) the smoothed values round the anchor, [y, x];
    crop: (M, h, w) raw values round the pixel climbed from, in at least single precision; corner: (M, 2) its first
    pixel.
    """

    peak: AnyArray
    height: AnyArray
    anchor: AnyArray
    patch: AnyArray
    crop: AnyArray
    corner: AnyArray

    def rows(self, which: AnyArray) -> SmoothedPeaks:
        """Pick the peaks ``which`` (N,)."""
        return SmoothedPeaks(*(getattr(self, field.name)[which] for field in fields(self)))

    def updated(self, which: AnyArray, other: SmoothedPeaks) -> SmoothedPeaks:
        """Put the N peaks of ``other`` into a copy, in the rows ``which`` (N,)."""
        names = [field.name for field in fields(self)]
        return SmoothedPeaks(*(index_update(getattr(self, name), which, getattr(other, name)) for name in names))


def find_smoothed_peaks(
    heatmaps: AnyArray, raw: AnyArray, sigma: float, which: AnyArray | None = None
) -> SmoothedPeaks:
    """Find the peaks of heatmaps (M, H, W) smoothed with ``sigma`` heatmap px > 0, from their largest pixels.

    heatmaps: of at least 3 by 3 pixels; raw: (N, 2) the largest pixels of the heatmaps ``which`` (N,), by default of
    all. Where that ends below WEAK of the raw maximum, the climb starts anew from the largest pixel of the whole
    smoothed heatmap, and counts where it ends on a positive value that is higher.
    """
    xp = namespace(heatmaps)
    which = arange(len(heatmaps), heatmaps) if which is None else which
    found = hill_climb(heatmaps, raw, sigma, which)
    top = heatmaps[which, raw[:, 1], raw[:, 0]]
    weak = (found.height < WEAK * at_least_float32(top)) & (top > 0)
    if not weak.any():
        return found
    rows = xp.where(weak)[0]
    largest = pixels(argmax(smooth(heatmaps[which[rows]], sigma)), heatmaps.shape[2])
    anew = hill_climb(heatmaps, largest, sigma, which[rows])
    better = xp.where((anew.height > 0) & (anew.height > found.height[rows]))[0]
    return found.updated(rows[better], anew.rows(better))


def hill_climb(heatmaps: AnyArray, start: AnyArray, sigma: float, which: AnyArray) -> SmoothedPeaks:
    """Step to the highest neighbor in the smoothed heatmaps, again and again, from the pixels ``start`` (N, 2).

    ``which`` (N,) says on which of the heatmaps (M, H, W) each start is.
    """
    height, width = heatmaps.shape[1:]
    r, w, h = crop_size((width, height), sigma)
    down = asarray_like(kernel_table(h, sigma), at_least_float32(heatmaps[:0]))  # (h, 3, h)
    across = asarray_like(kernel_table(w, sigma, turned=True), down)  # (w, w, 3)
    neighbors, inner, room = (
        asarray_like(np.array(table), start) for table in (NEIGHBORS, [width - 2, height - 2], [width - w, height - h])
    )

    def smoothed(at: AnyArray, which: AnyArray) -> tuple[AnyArray, AnyArray, AnyArray]:
        """Cut crops (N, h, w) round the pixels ``at`` (N, 2); also their first pixels, and the smoothed (N, 3, 3)."""
        corner = clip(at - r, 0, room)  # (N, 2)
        crop = at_least_float32(windows(heatmaps, corner[:, 0], corner[:, 1], w, h, which))
        inside = at - corner
        patch = (take(down, inside[:, 1]) @ crop) @ take(across, inside[:, 0])  # (N, 3, h) (N, h, w) (N, w, 3)
        return crop, corner, patch

    at = clip(start, 1, inner)
    crop, corner, patch = smoothed(at, which)
    best, value = highest(patch)
    moving = arange(len(best), best)
    for _ in range(CLIMB):
        moving = moving[best[moving] != MIDDLE]
        stand = take(at, moving)
        move = clip(stand + take(neighbors, best[moving]), 1, inner)
        moved = ~all_axes(move == stand)  # the anchor of a peak on the outermost pixels stays
        moving, move = moving[moved], move[moved]
        if not len(moving):
            break
        seen = smoothed(move, take(which, moving))[2]
        now_best, now_value = highest(seen)
        at, patch = index_update(at, moving, move), index_update(patch, moving, seen)
        best, value = index_update(best, moving, now_best), index_update(value, moving, now_value)
    return SmoothedPeaks(at + take(neighbors, best), value, at, patch, crop, corner)


def highest(patch: AnyArray) -> tuple[AnyArray, AnyArray]:
    """Which of the nine pixels of a patch (N, 3, 3) stands out (N,), and its value (N,)."""
    nine = patch.reshape(-1, 9)  # (N, 9)
    best, row = nine.argmax(1), arange(nine.shape[0], nine)
    best = namespace(nine).where(nine[row, best] > HIGHER * nine[:, MIDDLE], best, MIDDLE)
    return best, nine[row, best]


def crop_size(size: tuple[int, int], sigma: float) -> tuple[int, int, int]:
    """Pixels that a crop of heatmaps of ``size`` (W, H) reaches to either side, its width and its height."""
    r = kernel_radius(sigma) + 1
    return r, min(2 * r + 1, size[0]), min(2 * r + 1, size[1])


@lru_cache(maxsize=64)
def kernel_table(length: int, sigma: float, turned: bool = False) -> NDArray[Any]:
    """(length, 3, length): for each pixel of a line the kernels centered on it and its two neighbors, a row each.

    ``turned`` (length, length, 3), a column each.
    """
    pixel = np.arange(length)
    offset = pixel[None, None, :] - pixel[:, None, None] - np.array([-1, 0, 1])[None, :, None]
    weights = gaussian_kernel(offset, sigma)  # (length, 3, length)
    weights = np.ascontiguousarray(weights.swapaxes(1, 2)) if turned else weights
    weights.setflags(write=False)
    return weights
