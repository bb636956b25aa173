"""The readings without a model of the noise: pixels, shifts, centroids and parabolas.

Each takes a ``Look`` at M maps and gives places (M, 2) in heatmap px, and reason codes (M,) of ``taylor.REASONS``
where it may fail.
"""

from __future__ import annotations

import numpy as np

from dark_core.codec.arrays import arange, double, like, namespace, working
from dark_core.codec.look import Look
from dark_core.codec.taylor import FINE, NOT_POSITIVE


def argmax(look: Look):
    return double(look.peak), FINE


def quarter_shift(look: Look):
    """HRNet's code: a quarter pixel per axis by the sign of the slope; none on the outermost pixels."""
    xp = namespace(look.maps)
    cross = look.around(1)
    slope = xp.stack([cross[:, 1, 2] - cross[:, 1, 0], cross[:, 2, 1] - cross[:, 0, 1]], -1)
    last = like(np.array(look.size), look.peak) - 1
    inside = (look.peak > 0) & (look.peak < last)
    return look.peak + 0.25 * double(xp.sign(slope)) * inside, FINE


def second_maximum(look: Look):
    """The paper's account: a quarter pixel from the largest towards the second largest pixel."""
    xp = namespace(look.maps)
    rest = look.maps.clone() if hasattr(look.maps, "clone") else look.maps.copy()
    rest[arange(look.count, rest), look.peak[:, 1], look.peak[:, 0]] = -np.inf
    way = double(Look(rest, look.sigma).peak - look.peak)
    length = (way * way).sum(-1, keepdims=True) ** 0.5
    return look.peak + 0.25 * way / xp.where(length > 0, length, 1.0), FINE


def _centroid(look: Look, weight, x, y):
    """Sum(w x) / Sum(w) of weights (M, h, w) at columns x (M, w) and rows y (M, h); the peak where they sum to nothing."""
    xp = namespace(weight)
    top = weight.reshape(look.count, -1)
    top = top.max(1)[0] if hasattr(top, "detach") else top.max(1)
    empty = top <= 0
    weight = weight / xp.where(empty, top * 0 + 1, top)[:, None, None]  # the sum of huge values would overflow
    across, down = double(weight.sum(1)), double(weight.sum(2))
    total = xp.where(empty, 1.0, across.sum(1))
    place = xp.stack([(across * x).sum(1) / total, (down * y).sum(1) / total], -1)
    return xp.where(empty[:, None], double(look.peak), place), xp.where(empty, NOT_POSITIVE, FINE)


def _grid(look: Look):
    return arange(look.width, look.maps)[None], arange(look.height, look.maps)[None]


def weighted_average(look: Look):
    return _centroid(look, working(look.maps).clip(0, None), *_grid(look))


SHARE = 0.25
"""Share of the peak from which ``thresholded_average`` counts a pixel."""


def thresholded_average(look: Look):
    xp = namespace(look.maps)
    maps = working(look.maps)
    return _centroid(
        look, xp.where(maps >= SHARE * working(look.score)[:, None, None], maps, 0.0).clip(0, None), *_grid(look)
    )


def patch_average(look: Look, reach: int):
    """The centroid of the square of 2 reach + 1 px round the peak, of what of it lies on the map."""
    steps = like(np.arange(-reach, reach + 1), look.peak)
    x, y = (look.peak[:, axis, None] + steps for axis in (0, 1))
    on_x, on_y = (x >= 0) & (x < look.width), (y >= 0) & (y < look.height)
    weight = look.around(reach).clip(0, None) * (on_y[:, :, None] & on_x[:, None, :])
    return _centroid(look, weight, x, y)


TEMPERATURE = 0.05
"""Of soft-argmax, in units of the peak: e^(h / T) of a peak of 1 then outweighs a map of a few thousand empty pixels."""


def soft_argmax(look: Look, compensated: bool = False):
    """The centroid of softmax(h / (T max h)); ``compensated`` takes the empty pixels' share back out.

    Every empty pixel weighs e^0 and pulls to the middle; with C the sum of all weights and n pixels
    mu = (C mu_soft - n centre) / (C - n) (Gu et al. 2021, "Removing the bias of integral pose regression").
    """
    xp = namespace(look.maps)
    top = working(look.score)
    scale = xp.where(top > 0, top, top * 0 + 1)[:, None, None] * TEMPERATURE
    lift = xp.exp(-top[:, None, None] / scale)  # what an empty pixel weighs beside the peak
    weight = xp.exp((working(look.maps) - top[:, None, None]) / scale)
    x, y = _grid(look)
    across, down = double(weight.sum(1)), double(weight.sum(2))
    total = across.sum(1, keepdims=True)
    soft = xp.stack([(across * x).sum(1), (down * y).sum(1)], -1) / total
    if not compensated:
        return soft, FINE
    empty = double(lift[:, 0]) * (look.width * look.height)
    centre = like(np.array([(look.width - 1) / 2, (look.height - 1) / 2]), soft)
    left = total - empty
    fine = left > 1e-6 * total
    xy = xp.where(fine, (total * soft - empty * centre) / xp.where(fine, left, 1.0), soft)
    return xy, xp.where(fine[:, 0], FINE, NOT_POSITIVE)


def parabola(look: Look):
    """The top of the parabola through the peak and its two neighbours, an axis at a time, on the values themselves."""
    xp = namespace(look.maps)
    cross = double(look.around(1))
    offsets = []
    for before, after in ((cross[:, 1, 0], cross[:, 1, 2]), (cross[:, 0, 1], cross[:, 2, 1])):
        bend = before - 2 * cross[:, 1, 1] + after
        offsets.append(xp.where(bend < 0, 0.5 * (before - after) / xp.where(bend < 0, bend, 1.0), 0.0))
    last = like(np.array(look.size), look.peak) - 1
    inside = (look.peak > 0) & (look.peak < last)
    return look.peak + xp.stack(offsets, -1).clip(-1, 1) * inside, FINE


FINER = 4
"""Points a pixel that ``bicubic`` looks at."""


def bicubic(look: Look):
    """The largest of four points a pixel and axis, interpolated by cubic convolution with a = -3/4 (as OpenCV's)."""
    xp = namespace(look.maps)
    offset = (np.arange(-FINER, FINER) + 0.5) / FINER  # -0.875 … 0.875 px
    weights = like(_cubic(offset[:, None] - np.arange(-3, 4)[None, :]), working(look.score))
    fine = (weights @ look.around(3)) @ weights.T
    best = fine.reshape(look.count, -1).argmax(1)
    steps = like(offset, double(look.score))
    xy = look.peak + xp.stack([steps[best % len(offset)], steps[best // len(offset)]], -1)
    last = like(np.array(look.size), xy) - 0.5
    return xp.minimum(xp.maximum(xy, last * 0 - 0.5), last), FINE


def _cubic(distance: np.ndarray, a: float = -0.75) -> np.ndarray:
    d = np.abs(distance)
    near, far = (a + 2) * d**3 - (a + 3) * d**2 + 1, a * (d**3 - 5 * d**2 + 8 * d - 4)
    return np.where(d <= 1, near, np.where(d < 2, far, 0.0))
