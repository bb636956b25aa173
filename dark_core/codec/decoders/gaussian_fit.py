"""The maximum-likelihood position of a Gaussian, over the pixels that exist.

In white noise the best estimate is the Gaussian A exp(-|p - mu|^2 / 2 sigma^2) that fits the heatmap in least
squares. DARK finds it where all of the Gaussian lies on the heatmap. Beyond an edge, however, its filter sees zeros
that nobody measured, and it is biased towards the inside by up to a pixel. The fit assumes nothing there.

The start is the matched filter's slope: a table of what an edge does to a lone Gaussian gives the position for it,
exactly where there is no noise. Then Gauss-Newton steps on the raw pixels of the crop, whose sums separate into rows
and columns; the first one reaches the Cramer-Rao bound, and its sums give the covariance. Shapes below: M heatmaps;
u, v are a pixel's columns and rows less mu; the crop is (M, h, w).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dark_core.codec._fast import compiled
from dark_core.codec._fast.backend import (
    AnyArray,
    all_axes,
    asarray_like,
    cast,
    clip,
    namespace,
    to_float64,
)
from dark_core.codec._fast.bells import bells
from dark_core.codec._fast.heatmap_batch import HeatmapBatch
from dark_core.codec._fast.near_peak import seen_from
from dark_core.codec._smooth import gaussian_kernel, kernel_radius
from dark_core.codec.registry import decoder
from dark_core.codec.status import Status

STEPS = 6
CLOSE = 0.03
"""Heatmap px: after a shorter step the next one changes nothing that noise would leave visible."""
LEASH = 1.2
"""Sigmas (and two px at least) from the smoothed peak, per axis, beyond which a fit is not believed."""


@dataclass(frozen=True, eq=False)
class Fit:
    """M fitted Gaussians.

    xy: (M, 2) and sigma: (M,) in heatmap px; amplitude: (M,) in the heatmap's unit, as seen from the step before the
    last; covariance: (M, 2, 2) of xy in heatmap px^2, NaN where no fit settled; status: (M,) codes of ``Status``.
    """

    xy: AnyArray
    sigma: AnyArray
    amplitude: AnyArray
    covariance: AnyArray
    status: AnyArray


@decoder(
    "gaussian_fit",
    title="Gaussian fit",
    formula=r"\hat{x} = \arg\min_{\mu, A} \sum_x (h(x) - A\,g_\sigma(x - \mu))^2",
    source="least squares over the pixels that exist: the maximum likelihood in white noise, at an edge too",
    known_failure="It needs the right sigma: a wrong one biases it near an edge.",
)
def gaussian_fit(batch: HeatmapBatch) -> tuple[AnyArray, AnyArray, AnyArray]:
    """Decode as the mean of the Gaussian of known sigma that fits the raw pixels in least squares."""
    if not compiled.usable(batch):
        return plain_fit(batch)
    limits = (STEPS, CLOSE, max(2.0, LEASH * batch.sigma))
    return compiled.gaussian_fit(batch, plain_fit, _slopes(float(batch.sigma), max(batch.size)), limits)


def plain_fit(batch: HeatmapBatch) -> tuple[AnyArray, AnyArray, AnyArray]:
    """Do so with arrays or tensors alone."""
    return _decoded(batch, free=False)


@decoder(
    "gaussian_fit_free",
    title="Gaussian fit, σ free",
    formula=r"\hat{x} = \arg\min_{\mu, A, \sigma} \sum_x (h(x) - A\,g_\sigma(x - \mu))^2",
    source="the same with sigma fitted to each heatmap",
    known_failure="One more unknown costs accuracy near an edge, where position and width are hard to separate.",
)
def gaussian_fit_free(batch: HeatmapBatch) -> tuple[AnyArray, AnyArray, AnyArray]:
    """Decode as ``gaussian_fit`` does, with sigma fitted to each heatmap."""
    return _decoded(batch, free=True)


def _decoded(batch: HeatmapBatch, free: bool) -> tuple[AnyArray, AnyArray, AnyArray]:
    if batch.too_small:
        xy = to_float64(batch.peak)
        return xy, Status.TOO_SMALL, (xy * np.nan)[:, :, None]
    found = fit_peaks(batch, free)
    status = namespace(batch.heatmaps).where(batch.score > 0, found.status, Status.NOT_POSITIVE)
    return *seen_from(batch.peak, found.xy, status), found.covariance


def fit_peaks(batch: HeatmapBatch, free: bool = False) -> Fit:
    """Fit one Gaussian round each of the smoothed peaks of a batch.

    Its sigma is taken as known, or with ``free`` as a start, and fitted too.
    """
    found, sigma = batch.smoothed_peaks, batch.sigma
    xp = namespace(found.crop)
    crop, energy = found.crop, xp.einsum("mij,mij->m", found.crop, found.crop)

    def step(
        crop: AnyArray, energy: AnyArray, xy: AnyArray, wide: AnyArray, *_: AnyArray
    ) -> tuple[tuple[AnyArray, ...], AnyArray]:
        """Positions, widths, amplitudes and covariances after one step, and whether it was a long one."""
        move, grow, tall, spread = (_step_with_width if free else _step)(crop, energy, xy, wide)
        far = ~all_axes(xp.abs(move) <= CLOSE)
        if free:
            far = far | ~(xp.abs(grow) <= CLOSE)
            wide = clip(wide + clip(grow, -0.3, 0.3), 0.3 * sigma, 3 * sigma)
        return (xy + clip(move, -1, 1), wide, tall, spread), far

    xy = cast(_start(batch) - found.corner, crop)
    result, far = step(crop, energy, xy, energy * 0 + sigma)
    result, unsettled = batch.refined(step, (crop, energy), result, far, STEPS - 1)
    settled = xp.isfinite(energy) & ~unsettled
    return _checked(batch, settled, max(2.0, LEASH * sigma), *result)


def _checked(
    batch: HeatmapBatch,
    settled: AnyArray,
    leash: float,
    xy: AnyArray,
    wide: AnyArray,
    tall: AnyArray,
    spread: AnyArray,
) -> Fit:
    """Keep what is believable; elsewhere give the smoothed peak and no covariance."""
    xp, found = namespace(xy), batch.smoothed_peaks
    xy, peak, spread = batch.precise(xy + found.corner), batch.precise(found.peak), batch.precise(spread)
    sound = all_axes(xp.isfinite(xy)) & xp.isfinite(spread[:, 0] + spread[:, 2])
    fine = sound & settled & (tall > 0) & all_axes(xp.abs(xy - peak) <= leash)
    spread = xp.where(fine[:, None], spread, np.nan)
    covariance = xp.stack([spread[:, 0], spread[:, 1], spread[:, 1], spread[:, 2]], -1).reshape(-1, 2, 2)
    status = xp.where(fine, Status.FINE, Status.UNSETTLED)
    return Fit(xp.where(fine[:, None], xy, peak), wide, tall, covariance, status)


def _step(crop: AnyArray, energy: AnyArray, xy: AnyArray, wide: AnyArray) -> tuple[AnyArray, ...]:
    """One step with sigma known: (dx, dy) (M, 2), no change of width, amplitude (M,), covariance xx, xy, yy (M, 3).

    The heatmap is regressed on e = gx gy, e u and e v, whose coefficients are A, A dx / sigma^2 and
    A dy / sigma^2. With A taken out the two directions do not mix.
    """
    xp = namespace(crop)
    across, (p0, p1, p2), down, (q0, q1, q2) = bells(crop, xy, wide[..., None], 2)
    z = (down @ crop) @ across  # (M, 2, h) (M, h, w) (M, w, 2)
    b, mean_u, mean_v = z[..., 0, 0], p1 / p0, q1 / q0
    in_x, in_y = q0 * (p2 - p1 * mean_u), p0 * (q2 - q1 * mean_v)
    cu, cv = (z[..., 0, 1] - b * mean_u) / in_x, (z[..., 1, 0] - b * mean_v) / in_y
    tall = b / (p0 * q0)
    noise = (energy - b * tall - cu * cu * in_x - cv * cv * in_y).clip(0, None)
    scale = wide**2 / tall
    unit = scale**2 * noise / max(crop.shape[1] * crop.shape[2] - 3, 1)
    nothing = tall * 0
    return xp.stack([scale * cu, scale * cv], -1), nothing, tall, xp.stack([unit / in_x, nothing, unit / in_y], -1)


def _step_with_width(crop: AnyArray, energy: AnyArray, xy: AnyArray, wide: AnyArray) -> tuple[AnyArray, ...]:
    """One step with sigma free: as ``_step``, with e (u^2 + v^2), whose coefficient is A dsigma / sigma^3."""
    xp = namespace(crop)
    across, p, down, q = bells(crop, xy, wide[..., None], 3)
    z = (down @ crop) @ across  # (M, 3, h) (M, h, w) (M, w, 3)
    b = to_float64(xp.stack([z[:, 0, 0], z[:, 0, 1], z[:, 1, 0], z[:, 0, 2] + z[:, 2, 0]], -1))  # (M, 4)
    # The sums of e^2 u^i v^j are products p[i] q[j].
    around = p[2] * q[0] + p[0] * q[2]
    around_u, around_v = p[3] * q[0] + p[1] * q[2], p[2] * q[1] + p[0] * q[3]
    entries = [
        *(p[0] * q[0], p[1] * q[0], p[0] * q[1], around),
        *(p[1] * q[0], p[2] * q[0], p[1] * q[1], around_u),
        *(p[0] * q[1], p[1] * q[1], p[0] * q[2], around_v),
        *(around, around_u, around_v, p[4] * q[0] + 2 * p[2] * q[2] + p[0] * q[4]),
    ]
    gram = to_float64(xp.stack(entries, -1)).reshape(-1, 4, 4)
    # A little more on the diagonal, so that the sums of a bell that fell between all pixels can be inverted too.
    inverse = xp.linalg.inv(gram + asarray_like(np.eye(4), gram) * (1e-9 * gram[:, :1, :1] + 1e-30))
    c = (inverse @ b[:, :, None])[:, :, 0]  # (M, 4)
    noise = (to_float64(energy) - (c * b).sum(-1)).clip(0, None) / max(crop.shape[1] * crop.shape[2] - 4, 1)
    tall, width = c[:, 0], to_float64(wide)
    scale = width**2 / tall
    move = scale[:, None] * c[:, 1:3]
    unit = (scale**2 * noise)[:, None]
    spread = unit * xp.stack([inverse[:, 1, 1], inverse[:, 1, 2], inverse[:, 2, 2]], -1)
    return tuple(cast(part, crop) for part in (move, width * scale * c[:, 3], tall, spread))


# The start: what the matched filter's slope says of the position, beside an edge too.

GRID = 129
SPAN = 0.9
"""Sigmas (and 1.6 px at least) to either side of the anchor that the table covers: an edge moves the smoothed peak of a
joint on it by less."""


def _start(batch: HeatmapBatch) -> AnyArray:
    """(M, 2) heatmap px, exact for a lone Gaussian without noise on a heatmap with one edge near."""
    patch, anchor = batch.smoothed_peaks.patch, batch.smoothed_peaks.anchor
    xp = namespace(patch)
    ratio = xp.stack([patch[:, 1, 2] / patch[:, 1, 0], patch[:, 2, 1] / patch[:, 0, 1]], -1)  # (M, 2)
    slope = 0.5 * xp.log(batch.precise(ratio))
    low, step, place = (asarray_like(table, slope) for table in _slopes(float(batch.sigma), max(batch.size)))
    last = asarray_like(np.array(batch.size) - 1, anchor)
    mirrored = anchor * 2 > last
    edge = clip(xp.where(mirrored, last - anchor, anchor), 1, len(low)) - 1
    at = clip((xp.where(mirrored, -slope, slope) - low[edge]) / step[edge], 0, GRID - 1.001)
    at = xp.where(xp.isfinite(at), at, GRID // 2)  # the anchor itself where there is no log
    whole = cast(at, edge)
    first, second = place[edge, whole], place[edge, whole + 1]
    offset = first + (at - whole) * (second - first)
    return anchor + xp.where(mirrored, -offset, offset)


@lru_cache(maxsize=16)
def _slopes(sigma: float, longest: int) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Slope and position beside an edge, for an anchor 1, 2, … px from it on a heatmap of at most ``longest`` px.

    Of a regular grid of slopes the first one and the step, both (A,), and the position at each, (A, GRID). The slope
    is that of the log of a Gaussian smoothed over the pixels that exist, half its difference across the anchor; the
    position is in heatmap px from the anchor, towards the inside.
    """
    deep = min(2 * kernel_radius(sigma) + 2, longest)
    span = max(1.6, SPAN * sigma)
    truth = np.linspace(-span, span, 1025)
    lows, steps, places = [], [], []
    for anchor in range(1, min(deep, (longest + 1) // 2) + 1):
        pixels = np.arange(0, anchor + deep + 1)
        bell = np.exp(-0.5 * ((pixels[:, None] - anchor - truth) / sigma) ** 2)
        left, right = (gaussian_kernel(pixels - (anchor + side), sigma) @ bell for side in (-1, 1))
        slope = 0.5 * (np.log(right) - np.log(left))
        grid = np.linspace(slope[0], slope[-1], GRID)
        lows.append(grid[0])
        steps.append(grid[1] - grid[0])
        places.append(np.interp(grid, slope, truth))
    return np.array(lows), np.array(steps), np.array(places)
