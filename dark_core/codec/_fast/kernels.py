"""DARK and the Gaussian fit as loops that Numba compiles: one heatmap after the other, while it is in the cache.

The plain twins are ``hill_climb`` in ``matched_filter``, ``newton``, ``seen_from`` in ``near_peak``, and ``fit_peaks``
in ``decoders/gaussian_fit``. They say why; this module says the same for one heatmap at a time, in double precision.
Only ``compiled`` imports it, because it needs Numba. Tests hold the two to 1e-6 px.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from dark_core.codec._fast.matched_filter import CLIMB, HIGHER, MIDDLE, WEAK
from dark_core.codec._fast.near_peak import NEAR
from dark_core.codec._fast.newton import FLOOR, STEP_BOUND
from dark_core.codec.status import Status

FINE, BOUNDED, NOT_CONCAVE = int(Status.FINE), int(Status.BOUNDED), int(Status.NOT_CONCAVE)
NOT_POSITIVE, UNSETTLED = int(Status.NOT_POSITIVE), int(Status.UNSETTLED)
OTHER_PEAK, OTHER_PEAK_BOUNDED = int(Status.OTHER_PEAK), int(Status.OTHER_PEAK_BOUNDED)
PLAIN = -1
"""Status of a heatmap that is left to the plain twin."""


def compiled(function: Callable[..., Any]) -> Any:
    """Compile ``function`` at its first call, and keep it for the next process in the folder ``NUMBA_CACHE_DIR``.

    Without that variable nothing is written. What Numba keeps is pickled: the folder must be yours alone.
    """
    keep = "NUMBA_CACHE_DIR" in os.environ
    return njit(cache=keep, nogil=True, error_model="numpy", fastmath={"contract"})(function)


@compiled
def _patch(heatmap: Any, x0: int, y0: int, down: Any, across: Any, lines: Any, nine: Any) -> None:
    """Smooth the nine pixels that the kernels ``down`` (3, h) and ``across`` (3, w) are for, from the pixel x0, y0."""
    height, width = down.shape[1], across.shape[1]
    lines[:] = 0.0
    for y in range(height):
        row = heatmap[y0 + y, x0 : x0 + width]
        above, at, below = down[0, y], down[1, y], down[2, y]
        for x in range(width):
            value = row[x]
            lines[0, x] += above * value
            lines[1, x] += at * value
            lines[2, x] += below * value
    # Nine sums side by side: one after the other each addition would wait for the last.
    a = b = c = d = e = f = g = h = i = 0.0
    for x in range(width):
        left, mid, right = across[0, x], across[1, x], across[2, x]
        above, at, below = lines[0, x], lines[1, x], lines[2, x]
        a, b, c = a + above * left, b + above * mid, c + above * right
        d, e, f = d + at * left, e + at * mid, f + at * right
        g, h, i = g + below * left, h + below * mid, i + below * right
    nine[0], nine[1], nine[2], nine[3], nine[4], nine[5], nine[6], nine[7], nine[8] = a, b, c, d, e, f, g, h, i


@compiled
def _climb(
    heatmap: Any, start_x: int, start_y: int, reach: int, down: Any, across: Any, lines: Any, nine: Any
) -> tuple[int, int, int]:
    """Anchor (x, y) of the smoothed peak and which of its ``nine`` pixels is highest, PLAIN if that is no ordinary one.

    down, across: a table of kernels for each pixel of a crop, as in ``matched_filter``.
    """
    height, width = heatmap.shape
    x, y = min(max(start_x, 1), width - 2), min(max(start_y, 1), height - 2)
    best = MIDDLE
    for turn in range(CLIMB + 1):
        x0 = min(max(x - reach, 0), width - across.shape[2])
        y0 = min(max(y - reach, 0), height - down.shape[2])
        _patch(heatmap, x0, y0, down[y - y0], across[x - x0], lines, nine)
        best = 0
        for k in range(9):
            if nine[k] > nine[best]:
                best = k
        if not nine[best] > HIGHER * nine[MIDDLE]:
            best = MIDDLE
        to_x, to_y = min(max(x + best % 3 - 1, 1), width - 2), min(max(y + best // 3 - 1, 1), height - 2)
        if turn == CLIMB or (to_x == x and to_y == y):
            break
        x, y = to_x, to_y
    top = heatmap[start_y, start_x]
    if not np.isfinite(nine.sum()) or (top > 0 and nine[best] < WEAK * top):
        best = PLAIN
    return x, y, best


@compiled
def _seen_from(raw_x: int, raw_y: int, x: float, y: float, status: int) -> tuple[float, float, int]:
    """Position and status as seen from the largest pixel."""
    if status != FINE and status != BOUNDED:
        return float(raw_x), float(raw_y), status
    if (x - raw_x) ** 2 + (y - raw_y) ** 2 > NEAR * NEAR:
        return x, y, OTHER_PEAK if status == FINE else OTHER_PEAK_BOUNDED
    return x, y, status


@compiled
def _newton(nine: Any, x: int, y: int, peak_x: int, peak_y: int) -> tuple[float, float, int]:
    """Position and status after one step on the log of ``nine`` pixels round (x, y)."""
    top = nine.max()
    if not top > 0:
        return float(peak_x), float(peak_y), NOT_POSITIVE
    for k in range(9):
        nine[k] = max(nine[k] / top, FLOOR)
    # The logs of ratios: five of them in place of nine.
    dx, dy = 0.5 * np.log(nine[5] / nine[3]), 0.5 * np.log(nine[7] / nine[1])
    dxx, dyy = np.log(nine[5] * nine[3] / nine[4] ** 2), np.log(nine[7] * nine[1] / nine[4] ** 2)
    dxy = 0.25 * np.log(nine[0] * nine[8] / (nine[2] * nine[6]))
    determinant = dxx * dyy - dxy * dxy
    if not (dxx < 0 and determinant > 1e-12):
        return float(peak_x), float(peak_y), NOT_CONCAVE
    full_x, full_y = x + (dxy * dy - dyy * dx) / determinant, y + (dxy * dx - dxx * dy) / determinant
    cut_x = min(max(full_x, peak_x - STEP_BOUND), peak_x + STEP_BOUND)
    cut_y = min(max(full_y, peak_y - STEP_BOUND), peak_y + STEP_BOUND)
    return cut_x, cut_y, FINE if cut_x == full_x and cut_y == full_y else BOUNDED


@compiled
def dark(heatmaps: Any, raw: Any, reach: int, down: Any, across: Any) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Positions (M, 2) and statuses (M,) of heatmaps (M, H, W) with the largest pixels ``raw`` (M, 2)."""
    count = len(heatmaps)
    xy, status = np.empty((count, 2)), np.empty(count, np.int64)
    lines, nine = np.empty((3, across.shape[2])), np.empty(9)
    for m in range(count):
        raw_x, raw_y = raw[m, 0], raw[m, 1]
        x, y, best = _climb(heatmaps[m], raw_x, raw_y, reach, down, across, lines, nine)
        if best == PLAIN:
            xy[m, 0], xy[m, 1], status[m] = raw_x, raw_y, PLAIN
            continue
        at_x, at_y, code = _newton(nine, x, y, x + best % 3 - 1, y + best // 3 - 1)
        xy[m, 0], xy[m, 1], status[m] = _seen_from(raw_x, raw_y, at_x, at_y, code)
    return xy, status


@compiled
def _from_slope(ratio: float, anchor: int, last: int, low: Any, step: Any, place: Any) -> float:
    """Center, along x or y, of the single Gaussian with this ratio of the pixels on either side of the anchor."""
    slope, points = 0.5 * np.log(ratio), place.shape[1]
    mirrored = anchor * 2 > last
    edge = min(max(last - anchor if mirrored else anchor, 1), len(low)) - 1
    at = ((-slope if mirrored else slope) - low[edge]) / step[edge]
    at = float(points // 2) if np.isnan(at) else min(max(at, 0.0), points - 1.001)
    whole = int(at)
    offset = place[edge, whole] + (at - whole) * (place[edge, whole + 1] - place[edge, whole])
    return float(anchor - offset if mirrored else anchor + offset)


@compiled
def _bell(center: float, sigma: float, bell: Any, moment: Any) -> tuple[float, float, float]:
    """Fill ``bell`` (n,) with a Gaussian, ``moment`` with it times u; the sums of its square times 1, u and u^2."""
    # Each value from the one before, by a ratio that shrinks evenly: three exponentials in place of n.
    unit = 0.5 / sigma**2
    first = min(max(round(center), 0), len(bell) - 1)
    shrink = np.exp(-2 * unit)
    for side in (1, -1):
        u = first - center
        value, ratio = np.exp(-unit * u * u), np.exp(-unit * (2 * side * u + 1))
        i = first
        while 0 <= i < len(bell):
            bell[i], moment[i] = value, value * (i - center)
            value, ratio, i = value * ratio, ratio * shrink, i + side
    p0 = p1 = p2 = 0.0
    for i in range(len(bell)):
        p0, p1, p2 = p0 + bell[i] * bell[i], p1 + bell[i] * moment[i], p2 + moment[i] * moment[i]
    return p0, p1, p2


@compiled
def _fit_step(crop: Any, x: float, y: float, sigma: float, bells: Any) -> tuple[float, ...]:
    """Coefficients of the derivatives along x and y, amplitude, the weights of the two, and the energy explained.

    The twin of ``_step``: the regression of the crop on a Gaussian and its two derivatives.
    """
    height, width = crop.shape
    gx, ux, gy, uy = bells[0, :width], bells[1, :width], bells[2, :height], bells[3, :height]
    p0, p1, p2 = _bell(x, sigma, gx, ux)
    q0, q1, q2 = _bell(y, sigma, gy, uy)
    b = b_x = b_y = 0.0
    for j in range(height):
        plain = moment = 0.0
        for i in range(width):
            plain, moment = plain + crop[j, i] * gx[i], moment + crop[j, i] * ux[i]
        b, b_x, b_y = b + gy[j] * plain, b_x + gy[j] * moment, b_y + uy[j] * plain
    mean_u, mean_v = p1 / p0, q1 / q0
    in_x, in_y = q0 * (p2 - p1 * mean_u), p0 * (q2 - q1 * mean_v)
    cu, cv, tall = (b_x - b * mean_u) / in_x, (b_y - b * mean_v) / in_y, b / (p0 * q0)
    return cu, cv, tall, in_x, in_y, b * tall + cu * cu * in_x + cv * cv * in_y


@compiled
def gaussian_fit(
    heatmaps: Any,
    raw: Any,
    reach: int,
    down: Any,
    across: Any,
    slopes: tuple[Any, Any, Any],
    sigma: float,
    limits: tuple[int, float, float],
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.float64]]:
    """As ``dark``, by least squares; also the variances (M, 2) along x and y, NaN where no fit settled.

    slopes: the table of the start; limits: steps, shortest step, and how far from the peak a fit is believed.
    """
    count, height, width = heatmaps.shape
    steps, close, leash = limits
    low, grid, place = slopes
    xy, status, variance = np.empty((count, 2)), np.empty(count, np.int64), np.full((count, 2), np.nan)
    lines, nine, bells = np.empty((3, across.shape[2])), np.empty(9), np.empty((4, 2 * reach + 1))
    w, h = min(2 * reach + 1, width), min(2 * reach + 1, height)
    for m in range(count):
        raw_x, raw_y = raw[m, 0], raw[m, 1]
        at_x, at_y, best = _climb(heatmaps[m], raw_x, raw_y, reach, down, across, lines, nine)
        if best == PLAIN:
            xy[m, 0], xy[m, 1], status[m] = raw_x, raw_y, PLAIN
            continue
        first_x = min(max(min(max(raw_x, 1), width - 2) - reach, 0), width - w)
        first_y = min(max(min(max(raw_y, 1), height - 2) - reach, 0), height - h)
        crop = heatmaps[m, first_y : first_y + h, first_x : first_x + w]
        energy = 0.0
        for j in range(h):
            for i in range(w):
                energy += float(crop[j, i]) * crop[j, i]
        x = _from_slope(nine[5] / nine[3], at_x, width - 1, low, grid, place) - first_x
        y = _from_slope(nine[7] / nine[1], at_y, height - 1, low, grid, place) - first_y
        far, tall, in_x, in_y, explained = True, 0.0, 0.0, 0.0, 0.0
        for _ in range(steps):
            cu, cv, tall, in_x, in_y, explained = _fit_step(crop, x, y, sigma, bells)
            move_x, move_y = sigma**2 / tall * cu, sigma**2 / tall * cv
            x, y = x + min(max(move_x, -1.0), 1.0), y + min(max(move_y, -1.0), 1.0)
            far = not (abs(move_x) <= close and abs(move_y) <= close)
            if not far:
                break
        x, y = x + first_x, y + first_y
        peak_x, peak_y = at_x + best % 3 - 1, at_y + best // 3 - 1
        noise = max(energy - explained, 0.0) / max(w * h - 3, 1) * (sigma**2 / tall) ** 2
        sound = np.isfinite(x) and np.isfinite(y) and np.isfinite(noise / in_x + noise / in_y)
        code = UNSETTLED
        if sound and not far and tall > 0 and abs(x - peak_x) <= leash and abs(y - peak_y) <= leash:
            code = FINE
            variance[m, 0], variance[m, 1] = noise / in_x, noise / in_y
        if not heatmaps[m, raw_y, raw_x] > 0:
            code = NOT_POSITIVE
        xy[m, 0], xy[m, 1], status[m] = _seen_from(raw_x, raw_y, x, y, code)
    return xy, status, variance
