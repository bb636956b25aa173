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

from dark_core.codec._fast.backend import both, cast, clip, double, like, namespace, put
from dark_core.codec._fast.matched_filter import SmoothedPeaks
from dark_core.codec._fast.newton import FINE, UNSETTLED
from dark_core.codec._smooth import kernel, reach

STEPS = 6
CLOSE = 0.03
"""Heatmap px: after a shorter step the next one changes nothing that noise would leave visible."""
LEASH = 1.2
"""Sigmas (and two px at least) from the matched peak, per axis, beyond which a fit is not believed."""


@dataclass(frozen=True, eq=False)
class Fit:
    """M fitted Gaussians.

    xy: (M, 2) and sigma: (M,) in heatmap px; amplitude: (M,) in the map's unit, as seen from the step before the last;
    covariance: (M, 2, 2) of xy in heatmap px^2, NaN where no fit settled; reason: (M,) code into ``taylor.REASONS``.
    """

    xy: np.ndarray
    sigma: np.ndarray
    amplitude: np.ndarray
    covariance: np.ndarray
    reason: np.ndarray


def gaussian_fit(found: SmoothedPeaks, size: tuple[int, int], sigma: float, free: bool = False) -> Fit:
    """One Gaussian fitted round each of the matched peaks ``found`` in maps of ``size`` (W, H).

    ``sigma`` in heatmap px is taken as known, or with ``free`` as a start, and fitted too.
    """
    xp = namespace(found.crop)
    crop, energy = found.crop, xp.einsum("mij,mij->m", found.crop, found.crop)

    def step(crop, energy, xy, wide):
        """Places, widths, amplitudes and covariances after one step, and whether it was a long one."""
        move, grow, tall, spread = (_with_width if free else _place)(crop, energy, xy, wide)
        far = ~both(xp.abs(move) <= CLOSE)
        if free:
            far = far | ~(xp.abs(grow) <= CLOSE)
            wide = clip(wide + clip(grow, -0.3, 0.3), 0.3 * sigma, 3 * sigma)
        return (xy + clip(move, -1, 1), wide, tall, spread), far

    xy = cast(_start(found, size, sigma) - found.corner, crop)
    result, far = step(crop, energy, xy, energy * 0 + sigma)
    active = xp.where(far)[0]
    for _ in range(STEPS - 1):
        if not len(active):
            break
        now, far = step(crop[active], energy[active], result[0][active], result[1][active])
        result = tuple(put(old, active, new) for old, new in zip(result, now))
        active = active[far]
    settled = put(xp.isfinite(energy), active, False)
    return _checked(found, settled, max(2.0, LEASH * sigma), *result)


def _checked(found: SmoothedPeaks, settled, leash: float, xy, wide, tall, spread) -> Fit:
    """What is believable as it is; elsewhere the matched peak, and no covariance."""
    xp = namespace(xy)
    xy, peak, spread = double(xy + found.corner), double(found.peak), double(spread)
    sound = both(xp.isfinite(xy)) & xp.isfinite(spread[:, 0] + spread[:, 2])
    fine = sound & settled & (tall > 0) & both(xp.abs(xy - peak) <= leash)
    spread = xp.where(fine[:, None], spread, np.nan)
    covariance = xp.stack([spread[:, 0], spread[:, 1], spread[:, 1], spread[:, 2]], -1).reshape(-1, 2, 2)
    return Fit(xp.where(fine[:, None], xy, peak), wide, tall, covariance, xp.where(fine, FINE, UNSETTLED))


def _bells(crop, xy, wide, powers: int):
    """The bells' products with u^0, u^1, … along x (M, w, powers) and with v^0, … along y (M, powers, h), and for
    either the sums of bell^2 u^k, k from 0 to 2 powers - 2, a list of (M,)."""
    height, width = crop.shape[1:]
    return *_bell(width, xy[:, 0], wide, powers, 2), *_bell(height, xy[:, 1], wide, powers, 1)


def _bell(length: int, center, wide, powers: int, axis: int):
    xp = namespace(center)
    u = like(np.arange(float(length)), center) - center[:, None]
    products = [xp.exp(u * u * (-0.5 / wide[:, None] ** 2))]
    sums = _sums(products[0] * products[0], u, 2 * powers - 1)
    for _ in range(1, powers):
        products.append(products[-1] * u)
    return xp.stack(products, axis), sums


def _sums(values, u, count: int):
    """The sums of values (M, n) times u^0, u^1, …, each (M,)."""
    one, sums = namespace(u).ones_like(u[0]), []
    for power in range(count):
        values = values * u if power else values
        sums.append(values @ one)  # a product: adding up so short an axis is slower
    return sums


def _place(crop, energy, xy, wide):
    """One step with sigma known: (dx, dy) (M, 2), no change of width, amplitude (M,), covariance xx, xy, yy (M, 3).

    The map is regressed on e = gx gy, e u and e v, whose coefficients are A, A dx / sigma^2 and
    A dy / sigma^2. With A taken out the two directions do not mix.
    """
    xp = namespace(crop)
    across, (p0, p1, p2), down, (q0, q1, q2) = _bells(crop, xy, wide, 2)
    z = (down @ crop) @ across
    b, mean_u, mean_v = z[:, 0, 0], p1 / p0, q1 / q0
    in_x, in_y = q0 * (p2 - p1 * mean_u), p0 * (q2 - q1 * mean_v)
    cu, cv = (z[:, 0, 1] - b * mean_u) / in_x, (z[:, 1, 0] - b * mean_v) / in_y
    tall = b / (p0 * q0)
    noise = (energy - b * tall - cu * cu * in_x - cv * cv * in_y).clip(0, None)
    scale = wide**2 / tall
    unit = scale**2 * noise / max(crop.shape[1] * crop.shape[2] - 3, 1)
    nothing = tall * 0
    return xp.stack([scale * cu, scale * cv], -1), nothing, tall, xp.stack([unit / in_x, nothing, unit / in_y], -1)


def _with_width(crop, energy, xy, wide):
    """One step with sigma free: as ``_place``, with e (u^2 + v^2), whose coefficient is A dsigma / sigma^3."""
    xp = namespace(crop)
    across, p, down, q = _bells(crop, xy, wide, 3)
    z = (down @ crop) @ across
    b = double(xp.stack([z[:, 0, 0], z[:, 0, 1], z[:, 1, 0], z[:, 0, 2] + z[:, 2, 0]], -1))
    # The sums of e^2 u^i v^j are products p[i] q[j].
    around = p[2] * q[0] + p[0] * q[2]
    around_u, around_v = p[3] * q[0] + p[1] * q[2], p[2] * q[1] + p[0] * q[3]
    gram = [
        *(p[0] * q[0], p[1] * q[0], p[0] * q[1], around),
        *(p[1] * q[0], p[2] * q[0], p[1] * q[1], around_u),
        *(p[0] * q[1], p[1] * q[1], p[0] * q[2], around_v),
        *(around, around_u, around_v, p[4] * q[0] + 2 * p[2] * q[2] + p[0] * q[4]),
    ]
    gram = double(xp.stack(gram, -1)).reshape(-1, 4, 4)
    # A little more on the diagonal, so that the sums of a bell that fell between all pixels can be inverted too.
    inverse = xp.linalg.inv(gram + like(np.eye(4), gram) * (1e-9 * gram[:, :1, :1] + 1e-30))
    c = (inverse @ b[:, :, None])[:, :, 0]
    noise = (double(energy) - (c * b).sum(-1)).clip(0, None) / max(crop.shape[1] * crop.shape[2] - 4, 1)
    tall, width = c[:, 0], double(wide)
    scale = width**2 / tall
    move = scale[:, None] * c[:, 1:3]
    unit = (scale**2 * noise)[:, None]
    spread = unit * xp.stack([inverse[:, 1, 1], inverse[:, 1, 2], inverse[:, 2, 2]], -1)
    return tuple(cast(part, crop) for part in (move, width * scale * c[:, 3], tall, spread))


# The start: what the matched filter's slope says of the place, beside an edge too.

GRID = 129
SPAN = 0.9
"""Sigmas (and 1.6 px at least) to either side of the anchor that the table covers: an edge moves the smoothed peak of a
joint on it by less."""


def _start(found: SmoothedPeaks, size: tuple[int, int], sigma: float):
    """(M, 2) heatmap px, exact for a lone Gaussian without noise on a map with one edge near."""
    xp = namespace(found.patch)
    low, step, place = _slopes(float(sigma), max(size))
    patch = found.patch
    slope = 0.5 * xp.log(double(xp.stack([patch[:, 1, 2] / patch[:, 1, 0], patch[:, 2, 1] / patch[:, 0, 1]])))
    low, step, place = (like(table, slope) for table in (low, step, place))
    anchor, last = found.anchor.swapaxes(0, 1), like(np.array(size)[:, None] - 1, found.anchor)
    mirrored = anchor * 2 > last
    edge = clip(xp.where(mirrored, last - anchor, anchor), 1, len(low)) - 1
    at = clip((xp.where(mirrored, -slope, slope) - low[edge]) / step[edge], 0, GRID - 1.001)
    at = xp.where(xp.isfinite(at), at, GRID // 2)  # the anchor itself where there is no log
    whole = cast(at, edge)
    first, second = place[edge, whole], place[edge, whole + 1]
    offset = first + (at - whole) * (second - first)
    return (anchor + xp.where(mirrored, -offset, offset)).swapaxes(0, 1)


@lru_cache(maxsize=16)
def _slopes(sigma: float, longest: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Slope and place beside an edge, for an anchor 1, 2, … px from it on a map of at most ``longest`` px.

    Of a regular grid of slopes the first one and the step, both (A,), and the place at each, (A, GRID). The slope is
    that of the log of a Gaussian smoothed over the pixels that exist, half its difference across the anchor; the
    place is in heatmap px from the anchor, towards the inside.
    """
    deep = min(2 * reach(sigma) + 2, longest)
    span = max(1.6, SPAN * sigma)
    truth = np.linspace(-span, span, 1025)
    lows, steps, places = [], [], []
    for anchor in range(1, min(deep, (longest + 1) // 2) + 1):
        pixels = np.arange(0, anchor + deep + 1)
        bell = np.exp(-0.5 * ((pixels[:, None] - anchor - truth) / sigma) ** 2)
        left, right = (kernel(pixels - (anchor + side), sigma) @ bell for side in (-1, 1))
        slope = 0.5 * (np.log(right) - np.log(left))
        grid = np.linspace(slope[0], slope[-1], GRID)
        lows.append(grid[0])
        steps.append(grid[1] - grid[0])
        places.append(np.interp(grid, slope, truth))
    return np.array(lows), np.array(steps), np.array(places)
