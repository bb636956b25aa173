"""One Newton step on the log of a heatmap: the heart of DARK.

The log of a Gaussian is a quadratic, so from any pixel m near the peak one step
mu = m - D''(m)^-1 D'(m), with D = ln h, lands on its mean (DARK, section 3.1).
The derivatives are central differences on the 3x3 pixels round m, which are exact for a
quadratic. Shapes below: M maps.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dark_core.codec._fast.backend import both, clip, double, like, namespace

STEP_BOUND = 1
"""Largest believable distance, per axis in px, between the peak pixel and the mean."""

FLOOR = 1e-10
"""Smallest value that the log is taken of, as a share of the largest of the nine, so that a map and its multiple
give the same reading."""

REASONS = (
    "",
    "the map has values that are not finite",
    "the map is flat: no pixel stands out",
    "the log is not concave at the peak, so the step would not lead to a maximum",
    "the step left the neighborhood of the peak and was cut to one pixel",
    "the map is smaller than 3 by 3 pixels: there is nothing to take a derivative of",
    "the map is nowhere positive at its peak, so it has no log",
    "no Gaussian settled near the peak, so the peak's pixel stands in for it",
)
"""Why a reading is not to be trusted, by code; code 0 is a full reading."""

FINE, NOT_FINITE, FLAT, NOT_CONCAVE, BOUNDED, TOO_SMALL, NOT_POSITIVE, UNSETTLED = range(8)


STENCILS = np.array(
    [
        [0, 0, 0, -0.5, 0, 0.5, 0, 0, 0],
        [0, -0.5, 0, 0, 0, 0, 0, 0.5, 0],
        [0, 0, 0, 1, -2, 1, 0, 0, 0],
        [0, 1, 0, 0, -2, 0, 0, 1, 0],
        [0.25, 0, -0.25, 0, 0, 0, -0.25, 0, 0.25],
    ]
)
"""D'_x, D'_y, D''_xx, D''_yy and D''_xy of nine pixels, row by row."""


@dataclass(frozen=True, eq=False)
class Newton:
    """Every intermediate of M Newton steps, coordinates in heatmap px.

    center: (M, 2) pixel the derivatives are taken at: the peak, moved one pixel inwards where the peak is on the
    outermost row or column; height: (M,) the largest of the 3x3 pixels round it; logs: (9, M) ln(h / height) of them,
    row by row; derivatives: (5, M) as in STENCILS; offset: (M, 2) the step -D''^-1 D' as computed;
    xy: (M, 2) where the reading ends; reason: (M,) code into REASONS.
    """

    center: np.ndarray
    height: np.ndarray
    logs: np.ndarray
    derivatives: np.ndarray
    offset: np.ndarray
    xy: np.ndarray
    reason: np.ndarray

    @property
    def log_patch(self):
        """(M, 3, 3) ln h round the center, [y, x]."""
        return (self.logs + namespace(self.logs).log(self.height)).swapaxes(0, 1).reshape(-1, 3, 3)

    @property
    def gradient(self):
        """(M, 2)."""
        return self.derivatives[:2].swapaxes(0, 1)

    @property
    def hessian(self):
        """(M, 2, 2)."""
        _, _, dxx, dyy, dxy = self.derivatives
        return namespace(self.logs).stack([dxx, dxy, dxy, dyy], -1).reshape(-1, 2, 2)


def standing(peaks) -> Newton:
    """No step: where the map is too small for one."""
    place = double(peaks)
    nothing = namespace(place).stack([place[:, 0] * 0] * 9)
    return Newton(peaks, nothing[0] + 1, nothing, nothing[:5], place * 0, place, peaks[:, 0] * 0 + TOO_SMALL)


def newton(values, anchor, peaks) -> Newton:
    """One Newton step on the log of 3x3 ``values`` (M, 3, 3), [y, x], round the pixels ``anchor`` (M, 2).

    The step is refused where the log is not concave, and cut to STEP_BOUND px from ``peaks`` (M, 2), the
    largest pixels: on noise an unbounded step reaches hundreds of pixels.
    """
    xp = namespace(values)
    nine = double(values.reshape(-1, 9).swapaxes(0, 1))  # a row a pixel: sums along so short an axis are slow
    top = xp.amax(nine, 0)
    height = xp.where(top > 0, top, 1.0)
    logs = xp.log(clip(nine / height, FLOOR, 1.0))
    derivatives = like(STENCILS, logs) @ logs
    dx, dy, dxx, dyy, dxy = derivatives
    determinant = dxx * dyy - dxy * dxy
    concave = (dxx < 0) & (determinant > 1e-12)  # and so D''_yy < 0
    divisor = xp.where(concave, determinant, np.inf)
    # -D''^-1 D' written out for the symmetric 2x2 case.
    offset = xp.stack([dxy * dy - dyy * dx, dxy * dx - dxx * dy], -1) / divisor[:, None]
    peaks = double(peaks)
    landed = xp.where(concave[:, None], anchor + offset, peaks)
    bounded = clip(landed, peaks - STEP_BOUND, peaks + STEP_BOUND)
    stepped = xp.where(both(bounded == landed), FINE, BOUNDED)
    reason = xp.where(concave, stepped, xp.where(top > 0, NOT_CONCAVE, NOT_POSITIVE))
    return Newton(anchor, height, logs, derivatives, offset, bounded, reason)
