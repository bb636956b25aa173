"""DARK and its relatives: a Newton step on the log, plain, smoothed, as released, and the exact fit.

Each takes a ``HeatmapBatch`` at M maps and gives places (M, 2) in heatmap px and
reason codes (M,) of ``newton.REASONS``;
the fits give a covariance as well.
"""

from __future__ import annotations

import numpy as np

from dark_core.codec._fast.backend import both, double, like, namespace, windows, working
from dark_core.codec._fast.heatmap_batch import HeatmapBatch
from dark_core.codec._fast.newton import FINE, NOT_CONCAVE, NOT_POSITIVE, TOO_SMALL, Newton, newton, standing
from dark_core.codec._smooth import kernel, reach
from dark_core.codec.decoders.gaussian_fit import gaussian_fit


def _center(look: HeatmapBatch):
    """(M, 2) the raw peak, one pixel inwards where it is on the outermost row or column."""
    inner = like(np.array(look.size), look.peak) - 2
    return namespace(look.maps).minimum(look.peak.clip(1, None), inner)


def raw_step(look: HeatmapBatch) -> Newton:
    """The step on the log of the raw map, from its peak."""
    if look.tiny:
        return standing(look.peak)
    center = _center(look)
    nine = windows(look.maps, center[:, 0] - 1, center[:, 1] - 1, 3, 3)
    return newton(working(nine), center, look.peak)


def matched_step(look: HeatmapBatch) -> Newton:
    """The step on the log of the smoothed map, from the smoothed map's own peak."""
    if look.tiny:
        return standing(look.peak)
    found = look.matched
    return newton(found.patch, found.anchor, found.peak)


def taylor(look: HeatmapBatch):
    step = raw_step(look)
    return step.xy, step.reason


def dark_raw_peak(look: HeatmapBatch):
    """The step on the log of the smoothed map, from the raw map's peak: what noise lifts is where it starts."""
    if look.tiny:
        return double(look.peak), TOO_SMALL
    center, ends = _center(look), reach(look.sigma) + 1
    around = look.around(ends, center, outside=0.0)
    weights = kernel(np.arange(-ends, ends + 1)[None, :] - np.array([[-1], [0], [1]]), look.sigma)
    step = newton((like(weights, around) @ around) @ like(weights.T, around), center, look.peak)
    return step.xy, step.reason


def dark(look: HeatmapBatch):
    step = matched_step(look)
    return step.xy, step.reason


KERNEL = 11
"""Pixels of the release's blur, whatever the target's sigma; OpenCV takes it for a sigma of 2."""


def dark_release(look: HeatmapBatch):
    """As the DARK release does it: anchored at the raw peak, 11 px kernel, second derivatives over two pixels,
    no step in the outer two rows and columns, and none refused or bounded (here: only where it is not finite)."""
    xp = namespace(look.maps)
    half = KERNEL // 2
    bell = np.exp(-0.5 * (np.arange(-half, half + 1) / 2.0) ** 2)
    weights = np.zeros((5, 5 + 2 * half))
    for k in range(5):
        weights[k, k : k + KERNEL] = bell / bell.sum()
    raw = look.around(half + 2, outside=0.0)
    blurred = double((like(weights, raw) @ raw) @ like(weights.T, raw))
    height = xp.where(look.score > 0, double(look.score), 1.0)
    log = xp.log((blurred / height[:, None, None]).clip(1e-10, None))
    dx, dy = 0.5 * (log[:, 2, 3] - log[:, 2, 1]), 0.5 * (log[:, 3, 2] - log[:, 1, 2])
    dxx = 0.25 * (log[:, 2, 4] - 2 * log[:, 2, 2] + log[:, 2, 0])
    dyy = 0.25 * (log[:, 4, 2] - 2 * log[:, 2, 2] + log[:, 0, 2])
    dxy = 0.25 * (log[:, 3, 3] - log[:, 3, 1] - log[:, 1, 3] + log[:, 1, 1])
    determinant = dxx * dyy - dxy * dxy
    last = like(np.array(look.size), look.peak) - 2
    taken = both((look.peak > 1) & (look.peak < last)) & (determinant != 0)
    safe = xp.where(determinant != 0, determinant, 1.0)[:, None]
    step = xp.stack([dxy * dy - dyy * dx, dxy * dx - dxx * dy], -1) / safe
    return look.peak + xp.where(taken[:, None], step, 0.0), xp.where(determinant != 0, FINE, NOT_CONCAVE)


def fitted(look: HeatmapBatch, free: bool = False):
    """The least-squares Gaussian over the pixels that exist."""
    if look.tiny:
        place = double(look.peak)
        return place, TOO_SMALL, (place * np.nan)[:, :, None]
    found = gaussian_fit(look.matched, look.size, look.sigma, free)
    return found.xy, namespace(look.maps).where(look.score > 0, found.reason, NOT_POSITIVE), found.covariance
