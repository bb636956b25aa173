"""One Newton step on the log of a heatmap: the heart of DARK.

The log of a Gaussian is a quadratic, so from any pixel m near the peak one step
mu = m - D''(m)^-1 D'(m), with D = ln h, lands on its mean (DARK, equations 3 to 5).
The derivatives are central differences on the 3x3 pixels round m, which are exact for a
quadratic. Shapes below: M maps.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dark_core.codec.arrays import double, is_tensor, like, namespace

STEP_BOUND = 1
"""Largest believable distance, per axis in px, between the peak pixel and the mean."""

REASONS = (
    "",
    "the map has values that are not finite",
    "the map is flat: no pixel stands out",
    "the log is not concave at the peak, so the step would not lead to a maximum",
    "the step left the neighbourhood of the peak and was cut to one pixel",
    "the map is smaller than 3 by 3 pixels: there is nothing to take a derivative of",
    "the map is nowhere positive at its peak, so it has no log",
)
"""Why a reading is not to be trusted, by code; code 0 is a full reading."""

FINE, NOT_FINITE, FLAT, NOT_CONCAVE, BOUNDED, TOO_SMALL, NOT_POSITIVE = range(7)


@dataclass(frozen=True)
class Newton:
    """Every intermediate of M Newton steps, coordinates in heatmap px.

    centre: (M, 2) pixel the derivatives are taken at: the peak, moved one pixel inwards where
    the peak is on the outermost row or column; log_patch: (M, 3, 3) ln h round it, [y, x];
    gradient: (M, 2); hessian: (M, 2, 2); offset: (M, 2) the step -D''^-1 D' as computed;
    xy: (M, 2) where the reading ends; reason: (M,) code into REASONS.
    """

    centre: np.ndarray
    log_patch: np.ndarray
    gradient: np.ndarray
    hessian: np.ndarray
    offset: np.ndarray
    xy: np.ndarray
    reason: np.ndarray


def standing(peaks) -> Newton:
    """No step: where the map is too small for one."""
    zero = double(peaks) * 0
    nine = like(np.zeros((3, 3)), zero) + zero[:, :1, None]
    return Newton(peaks, nine, zero, nine[:, :2, :2], zero, double(peaks), peaks[:, 0] * 0 + TOO_SMALL)


def newton(values, anchor, peaks) -> Newton:
    """One Newton step on the log of 3x3 ``values`` (M, 3, 3), [y, x], round the pixels ``anchor`` (M, 2).

    The step is refused where the log is not concave, and cut to STEP_BOUND px from ``peaks`` (M, 2), the
    largest pixels: on noise an unbounded step reaches hundreds of pixels.
    """
    xp = namespace(values)
    patch = double(values)
    top = patch.reshape(-1, 9).max(1)
    top = (top[0] if is_tensor(values) else top)[:, None, None]
    # The floor is relative, so that a map and its multiple give the same reading.
    positive = xp.where(top > 0, top, 1.0)
    log = xp.log((patch / positive).clip(1e-10, None)) + xp.log(positive)

    nw, n, ne, w, c, e, sw, s, se = log.reshape(-1, 9).swapaxes(0, 1)
    dx, dy = 0.5 * (e - w), 0.5 * (s - n)
    dxx, dyy, dxy = e - 2 * c + w, s - 2 * c + n, 0.25 * (se - sw - ne + nw)
    determinant = dxx * dyy - dxy * dxy
    has_log = top[:, 0, 0] > 0
    concave = (dxx < 0) & (dyy < 0) & (determinant > 1e-12) & has_log
    safe = xp.where(concave, determinant, 1.0)
    # -D''^-1 D' written out for the symmetric 2x2 case.
    step = -xp.stack([dyy * dx - dxy * dy, dxx * dy - dxy * dx], -1) / safe[:, None]
    offset = xp.where(concave[:, None], step, 0.0)
    landed = xp.where(concave[:, None], anchor + offset, double(peaks))
    bounded = xp.minimum(xp.maximum(landed, double(peaks - STEP_BOUND)), double(peaks + STEP_BOUND))
    cut = (bounded != landed).any(-1)
    reason = xp.where(has_log, xp.where(concave, xp.where(cut, BOUNDED, FINE), NOT_CONCAVE), NOT_POSITIVE)
    return Newton(
        centre=anchor,
        log_patch=log,
        gradient=xp.stack([dx, dy], -1),
        hessian=xp.stack([xp.stack([dxx, dxy], -1), xp.stack([dxy, dyy], -1)], -2),
        offset=offset,
        xy=bounded,
        reason=reason,
    )
