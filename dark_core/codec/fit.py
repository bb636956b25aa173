"""The maximum-likelihood place of a Gaussian, over the pixels that exist.

In white noise the best reading of a map is the Gaussian A exp(-|p - mu|^2 / 2 sigma^2) that fits it in
least squares. DARK finds it where all of the Gaussian lies on the map; beyond an edge, however, its filter
sees zeros that nobody measured, and leans inwards by up to a pixel. Here nothing is assumed there.

The start is the matched filter's slope, from which a table of what an edge does to a lone Gaussian reads the
place back, exactly where there is no noise. Then Gauss-Newton steps on the raw pixels of the crop, whose
sums separate into rows and columns; the first one reaches the Cramer-Rao bound, and its sums give the
covariance. Shapes below: M maps; u, v are a pixel's columns and rows less mu.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from dark_core.codec.arrays import arange, cast, double, like, namespace
from dark_core.codec.matched import Matched
from dark_core.codec.smooth import kernel, reach
from dark_core.codec.taylor import BOUNDED, FINE, NOT_POSITIVE

STEPS = 6
CLOSE = 0.03
"""Heatmap px: after a shorter step the next one changes nothing that noise would leave visible."""
LEASH = 1.2
"""Sigmas (and two px at least) from the matched peak, per axis, beyond which a fit is not believed."""


@dataclass(frozen=True, eq=False)
class Fit:
    """M fitted Gaussians: xy (M, 2) and sigma (M,) in heatmap px, amplitude (M,) in the map's unit,
    covariance (M, 2, 2) of xy in heatmap px^2, reason (M,) code into ``taylor.REASONS``."""

    xy: np.ndarray
    sigma: np.ndarray
    amplitude: np.ndarray
    covariance: np.ndarray
    reason: np.ndarray


def gaussian_fit(found: Matched, size: tuple[int, int], sigma: float, free: bool = False) -> Fit:
    """One Gaussian fitted round each of the matched peaks ``found`` in maps of ``size`` (W, H).

    ``sigma`` in heatmap px is taken as known, or with ``free`` as a start, and fitted too.
    """
    xp = namespace(found.crop)
    solve = _with_width if free else _place
    xy = cast(_start(found, size, sigma) - found.corner, found.crop)
    wide = xy[:, 0] * 0 + sigma
    active = arange(len(xy), xy)
    crop, result = found.crop, None
    for step in range(STEPS):
        move, grow, tall, variance = solve(crop, xy[active], wide[active])
        move, grow = move.clip(-1, 1), grow.clip(-0.3, 0.3)
        new = xy[active] + move, (wide[active] + grow).clip(0.3 * sigma, 3 * sigma), tall, variance
        if result is None:
            result = new
        else:
            for old, value in zip(result, new):
                old[active] = value
        xy, wide = result[:2]
        far = (xp.abs(move) > CLOSE).any(-1) | (xp.abs(grow) > CLOSE)
        active = active[far]
        if not len(active):
            break
        crop = found.crop[active]
    return _checked(found, size, max(2.0, LEASH * sigma), *result)


def _checked(found: Matched, size: tuple[int, int], leash: float, xy, wide, tall, variance) -> Fit:
    """What is believable as it is; elsewhere the matched peak, as uncertain as the whole map is wide."""
    xp = namespace(xy)
    xy, peak = double(xy + found.corner), double(found.peak)
    sound = xp.isfinite(xy).all(-1) & xp.isfinite(variance).all(-1) & (tall > 0)
    near = (xp.abs(xy - peak) <= leash).all(-1)
    reason = xp.where(sound, xp.where(near, FINE, BOUNDED), NOT_POSITIVE)
    fine = (sound & near)[:, None]
    anywhere = like(np.array([length**2 / 12 for length in size]), peak)
    spread = xp.where(fine, double(variance), anywhere)
    zero = spread[:, 0] * 0
    covariance = xp.stack([xp.stack([spread[:, 0], zero], -1), xp.stack([zero, spread[:, 1]], -1)], -2)
    return Fit(xp.where(fine, xy, peak), wide, tall, covariance, reason)


def _bells(crop, xy, wide, powers: int):
    """Along x and y: the bell and its products with u, u^2, … (M, powers, length), and Sum of bell^2 u^k (M, 2 powers - 1)."""
    xp = namespace(crop)
    out = []
    for axis, length in ((0, crop.shape[2]), (1, crop.shape[1])):
        u = arange(length, crop) - xy[:, axis, None]
        bell = xp.exp(u * u * (-0.5 / wide[:, None] ** 2))
        rows, sums, square = [bell], [], bell * bell
        for _ in range(1, powers):
            rows.append(rows[-1] * u)
        for _ in range(2 * powers - 1):
            sums.append(square.sum(-1))
            square = square * u
        out += [xp.stack(rows, 1), sums]
    return out


def _place(crop, xy, wide):
    """One step with sigma known: (dx, dy) (M, 2), no change of width, amplitude (M,), variances (M, 2).

    The map is regressed on e = gx gy, e u and e v, whose coefficients are A, A dx / sigma^2 and
    A dy / sigma^2. With A taken out the two directions do not mix.
    """
    xp = namespace(crop)
    across, (p0, p1, p2), down, (q0, q1, q2) = _bells(crop, xy, wide, 2)
    z = (down @ crop) @ across.swapaxes(1, 2)
    b, bu, bv = z[:, 0, 0], z[:, 0, 1], z[:, 1, 0]
    in_x, in_y = q0 * (p2 - p1 * p1 / p0), p0 * (q2 - q1 * q1 / q0)
    cu, cv = (bu - b * p1 / p0) / in_x, (bv - b * q1 / q0) / in_y
    tall = b / (p0 * q0)
    fitted = b * tall + cu * cu * in_x + cv * cv * in_y
    noise = ((crop * crop).sum((1, 2)) - fitted).clip(0, None) / max(crop.shape[1] * crop.shape[2] - 3, 1)
    scale = wide**2 / tall
    move = xp.stack([scale * cu, scale * cv], -1)
    return move, tall * 0, tall, xp.stack([noise * scale**2 / in_x, noise * scale**2 / in_y], -1)


def _with_width(crop, xy, wide):
    """One step with sigma free: as ``_place``, with e (u^2 + v^2), whose coefficient is A dsigma / sigma^3."""
    xp = namespace(crop)
    across, p, down, q = _bells(crop, xy, wide, 3)
    z = (down @ crop) @ across.swapaxes(1, 2)
    b = xp.stack([z[:, 0, 0], z[:, 0, 1], z[:, 1, 0], z[:, 0, 2] + z[:, 2, 0]], -1)
    cross = (
        (p[0] * q[0], p[1] * q[0], p[0] * q[1], p[2] * q[0] + p[0] * q[2]),
        (p[1] * q[0], p[2] * q[0], p[1] * q[1], p[3] * q[0] + p[1] * q[2]),
        (p[0] * q[1], p[1] * q[1], p[0] * q[2], p[2] * q[1] + p[0] * q[3]),
        (
            p[2] * q[0] + p[0] * q[2],
            p[3] * q[0] + p[1] * q[2],
            p[2] * q[1] + p[0] * q[3],
            p[4] * q[0] + 2 * p[2] * q[2] + p[0] * q[4],
        ),
    )
    gram = double(xp.stack([xp.stack(list(line), -1) for line in cross], -2))
    inverse = xp.linalg.inv(gram + like(1e-9 * np.eye(4), gram) * gram[:, :1, :1])
    c = (inverse @ double(b)[:, :, None])[:, :, 0]
    noise = (double((crop * crop).sum((1, 2))) - (c * double(b)).sum(-1)).clip(0, None)
    noise = noise / max(crop.shape[1] * crop.shape[2] - 4, 1)
    tall, width = c[:, 0], double(wide)
    scale = width**2 / tall
    move = xp.stack([scale * c[:, 1], scale * c[:, 2]], -1)
    variance = xp.stack([noise * scale**2 * inverse[:, 1, 1], noise * scale**2 * inverse[:, 2, 2]], -1)
    return tuple(cast(part, crop) for part in (move, width * scale * c[:, 3], tall, variance))


# The start: what the matched filter's slope says of the place, beside an edge too.

GRID = 129
SPAN = 1.6
"""Heatmap px to either side of the anchor that the table covers."""


def _start(found: Matched, size: tuple[int, int], sigma: float):
    """(M, 2) heatmap px, exact for a lone Gaussian without noise on a map with one edge near."""
    xp = namespace(found.patch)
    low, step, place = _slopes(float(sigma))
    log = xp.log(double(found.patch).clip(1e-30, None))
    slope = xp.stack([0.5 * (log[:, 1, 2] - log[:, 1, 0]), 0.5 * (log[:, 2, 1] - log[:, 0, 1])], -1)
    last = like(np.array(size), found.anchor) - 1
    mirrored = found.anchor * 2 > last
    edge = xp.where(mirrored, last - found.anchor, found.anchor).clip(1, len(low))
    slope = xp.where(xp.isfinite(slope), xp.where(mirrored, -slope, slope), 0.0)
    low, step, place = (like(table, slope) for table in (low, step, place))
    at = ((slope - low[edge - 1]) / step[edge - 1]).clip(0, GRID - 1.001)
    whole = at.astype(np.int64) if isinstance(at, np.ndarray) else at.long()
    first, second = place[edge - 1, whole], place[edge - 1, whole + 1]
    offset = first + (at - whole) * (second - first)
    return found.anchor + xp.where(mirrored, -offset, offset)


@lru_cache(maxsize=16)
def _slopes(sigma: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """For an anchor 1, 2, … px from the edge: first slope and step of a regular grid (A,), and the place there (A, GRID).

    The slope is that of the log of a Gaussian smoothed over the pixels that exist, half its difference
    across the anchor; the place is in heatmap px from the anchor, towards the inside.
    """
    deep = 2 * reach(sigma) + 2
    truth = np.linspace(-SPAN, SPAN, 1025)
    lows, steps, places = [], [], []
    for anchor in range(1, deep + 1):
        pixels = np.arange(0, anchor + deep + 1)
        bell = np.exp(-0.5 * ((pixels[:, None] - anchor - truth) / sigma) ** 2)
        left, right = (kernel(pixels - (anchor + side), sigma) @ bell for side in (-1, 1))
        slope = 0.5 * (np.log(right) - np.log(left))
        grid = np.linspace(slope[0], slope[-1], GRID)
        lows.append(grid[0])
        steps.append(grid[1] - grid[0])
        places.append(np.interp(grid, slope, truth))
    return np.array(lows), np.array(steps), np.array(places)
