"""The readings without a model of the noise: pixels, shifts, centroids and parabolas.

Each takes a ``HeatmapBatch`` at M maps and gives places (M, 2) in heatmap px, and
reason codes (M,) of ``newton.REASONS``
where it may fail.
"""

from __future__ import annotations

import numpy as np

from dark_core.codec._fast.backend import arange, copy, double, like, namespace, working
from dark_core.codec._fast.heatmap_batch import HeatmapBatch
from dark_core.codec._fast.newton import FINE, NOT_POSITIVE


def argmax(look: HeatmapBatch):
    return double(look.peak), FINE


def quarter_shift(look: HeatmapBatch):
    """HRNet's code: a quarter pixel per axis by the sign of the slope; none on the outermost pixels."""
    xp = namespace(look.maps)
    cross = look.around(1)
    slope = xp.stack([cross[:, 1, 2] - cross[:, 1, 0], cross[:, 2, 1] - cross[:, 0, 1]], -1)
    return look.peak + 0.25 * double(xp.sign(slope)) * look.inside(), FINE


def second_maximum(look: HeatmapBatch):
    """The paper's account: a quarter pixel from the largest towards the second largest pixel."""
    xp = namespace(look.maps)
    x, y = look.peak[:, 0], look.peak[:, 1]
    rest = copy(look.maps)
    rest[arange(look.count, rest), y, x] = -np.inf
    way = double(HeatmapBatch(rest, look.sigma).peak - look.peak)
    length = (way * way).sum(-1)[:, None] ** 0.5
    return look.peak + 0.25 * way / xp.where(length > 0, length, 1.0), FINE


def _centroid(look: HeatmapBatch, weight, x, y):
    """Sum(w x) / Sum(w) of weights (M, h, w), none negative, at columns x and rows y, (M or 1, w and h).

    The peak where there is no weight.
    """
    xp = namespace(weight)
    # Products with ones: a sum along so short an axis is several times slower.
    across, down = double(xp.ones_like(weight[0, :, 0]) @ weight), double(weight @ xp.ones_like(weight[0, 0]))
    total_x, total_y = across.sum(1), down.sum(1)
    empty = (total_x <= 0) | (total_y <= 0)
    total_x, total_y = (xp.where(empty, 1.0, total) for total in (total_x, total_y))
    place = xp.stack([(across * x).sum(1) / total_x, (down * y).sum(1) / total_y], -1)
    return xp.where(empty[:, None], double(look.peak), place), xp.where(empty, NOT_POSITIVE, FINE)


def _grid(look: HeatmapBatch):
    return arange(look.width, look.maps)[None], arange(look.height, look.maps)[None]


def weighted_average(look: HeatmapBatch):
    return _centroid(look, working(look.maps).clip(0, None), *_grid(look))


SHARE = 0.25
"""Share of the peak from which ``thresholded_average`` counts a pixel."""


def thresholded_average(look: HeatmapBatch):
    xp = namespace(look.maps)
    maps, top = working(look.maps), working(look.score)
    least = xp.where(top > 0, SHARE * top, np.inf)
    return _centroid(look, xp.where(maps >= least[:, None, None], maps, 0.0), *_grid(look))


def patch_average(look: HeatmapBatch, reach: int):
    """The centroid of the square of 2 reach + 1 px round the peak, of what of it lies on the map."""
    return _centroid(look, look.around(reach, outside=0.0).clip(0, None), *look.square(reach))


def soft_argmax(look: HeatmapBatch, compensated: bool = False):
    """The centroid of softmax(h / (T max h)), with T the look's temperature.

    ``compensated`` takes the empty pixels' share back out. Every empty pixel weighs e^0 and pulls to the middle; with
    C the sum of all weights and n pixels mu = (C mu_soft - n center) / (C - n) (Gu et al. 2021, "Removing the bias of
    integral pose regression").
    A map that is nowhere positive has no such unit: T is then in units of one.
    """
    xp = namespace(look.maps)
    top = working(look.score)
    positive = top > 0
    scale = look.temperature * xp.where(positive, top, 1.0)
    # All weights are e^(-top / T) of those in the formula: the largest is 1.
    weight = xp.exp((working(look.maps) - top[:, None, None]) / scale[:, None, None])
    soft, _ = _centroid(look, weight, *_grid(look))
    if not compensated:
        return soft, xp.where(positive, FINE, NOT_POSITIVE)
    total = double(weight.sum((1, 2)))
    empty = double(xp.exp(-top / scale)) * (look.width * look.height)
    center = like(np.array([(look.width - 1) / 2, (look.height - 1) / 2]), soft)
    left = total - empty
    fine = positive & (left > 1e-6 * total)
    total, empty, left = total[:, None], empty[:, None], xp.where(fine, left, 1.0)[:, None]
    return xp.where(fine[:, None], (total * soft - empty * center) / left, soft), xp.where(fine, FINE, NOT_POSITIVE)


def parabola(look: HeatmapBatch):
    """The top of the parabola through the peak and its two neighbors, an axis at a time, on the values themselves."""
    xp = namespace(look.maps)
    cross = double(look.around(1))
    offsets = []
    for before, after in ((cross[:, 1, 0], cross[:, 1, 2]), (cross[:, 0, 1], cross[:, 2, 1])):
        bend = before - 2 * cross[:, 1, 1] + after
        offsets.append(xp.where(bend < 0, 0.5 * (before - after) / xp.where(bend < 0, bend, 1.0), 0.0))
    return look.peak + xp.stack(offsets, -1) * look.inside(), FINE


FINER = 4
"""Points a pixel that ``bicubic`` looks at."""


def bicubic(look: HeatmapBatch):
    """The largest of four points a pixel and axis, interpolated by cubic convolution with a = -3/4 (as OpenCV's)."""
    xp = namespace(look.maps)
    offset = (np.arange(-FINER, FINER) + 0.5) / FINER  # -0.875 … 0.875 px
    weights = _cubic(offset[:, None] - np.arange(-3, 4)[None, :])
    around = look.around(3)
    fine = (like(weights, around) @ around) @ like(weights.T, around)
    best = fine.reshape(look.count, -1).argmax(1)
    steps = like(offset, double(look.score))
    xy = look.peak + xp.stack([steps[best % len(offset)], steps[best // len(offset)]], -1)
    beyond = (FINER - 1) / (2 * FINER)  # how far the enlarged map's outermost points lie outside the map's own
    return xp.minimum(xy.clip(-beyond, None), like(np.array(look.size), xy) - 1 + beyond), FINE


def _cubic(distance: np.ndarray, a: float = -0.75) -> np.ndarray:
    """Weight of a pixel at a distance in px (Keys 1981)."""
    d = np.abs(distance)
    near, far = (a + 2) * d**3 - (a + 3) * d**2 + 1, a * (d**3 - 5 * d**2 + 8 * d - 4)
    return np.where(d <= 1, near, np.where(d < 2, far, 0.0))
