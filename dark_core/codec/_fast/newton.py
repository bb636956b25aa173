"""One Newton step on the log of a heatmap: the heart of DARK.

The log of a Gaussian is a quadratic, so from any pixel m near the peak one step mu = m - D''(m)^-1 D'(m), with
D = ln h, ends on its mean (DARK, equation 9). The derivatives are central differences on the 3 x 3 pixels round m,
which are exact for a quadratic. Shapes below: M heatmaps.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from dark_core.codec._fast.backend import AnyArray, all_axes, asarray_like, cast, clip, namespace, to_float64
from dark_core.codec.status import Status

STEP_BOUND = 1
"""Largest believable distance, per axis in px, between the peak pixel and the mean."""

FLOOR = 1e-10
"""Smallest value that the log is taken of, as a share of the largest of the nine, so that a heatmap and its multiple
give the same position."""

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
    outermost row or column; height: (M,) the largest of the 3 x 3 pixels round it; logs: (9, M) ln(h / height) of
    them, row by row; derivatives: (5, M) as in STENCILS; offset: (M, 2) the step -D''^-1 D' as computed;
    xy: (M, 2) the decoded position; status: (M,) codes of ``Status``.
    """

    center: AnyArray
    height: AnyArray
    logs: AnyArray
    derivatives: AnyArray
    offset: AnyArray
    xy: AnyArray
    status: AnyArray

    @property
    def log_patch(self) -> AnyArray:
        """(M, 3, 3) ln h round the center, [y, x]."""
        return (self.logs + namespace(self.logs).log(self.height)).swapaxes(0, 1).reshape(-1, 3, 3)

    @property
    def gradient(self) -> AnyArray:
        """(M, 2) D'."""
        return self.derivatives[:2].swapaxes(0, 1)

    @property
    def hessian(self) -> AnyArray:
        """(M, 2, 2) D''."""
        _, _, dxx, dyy, dxy = self.derivatives
        return namespace(self.logs).stack([dxx, dxy, dxy, dyy], -1).reshape(-1, 2, 2)


def no_step(peaks: AnyArray) -> Newton:
    """No step from the pixels ``peaks`` (M, 2), where the heatmap is too small for one."""
    xy = to_float64(peaks)
    nothing = namespace(xy).stack([xy[:, 0] * 0] * 9)  # (9, M)
    return Newton(peaks, nothing[0] + 1, nothing, nothing[:5], xy * 0, xy, peaks[:, 0] * 0 + Status.TOO_SMALL)


def newton(
    values: AnyArray, anchor: AnyArray, peaks: AnyArray, precise: Callable[[AnyArray], AnyArray] = to_float64
) -> Newton:
    """One Newton step on the log of 3 x 3 ``values`` (M, 3, 3), [y, x], round the pixels ``anchor`` (M, 2).

    ``precise`` brings them to the precision in which it is computed. The step is refused where the log is not concave,
    and cut to STEP_BOUND px from ``peaks`` (M, 2), the largest pixels: on noise an unbounded step reaches hundreds of
    pixels.
    """
    xp = namespace(values)
    nine = precise(values.reshape(-1, 9).swapaxes(0, 1))  # (9, M): sums along so short an axis are slow
    top = xp.amax(nine, 0)
    height = xp.where(top > 0, top, 1.0)
    logs = xp.log(clip(nine / height, FLOOR, 1.0))
    derivatives = asarray_like(STENCILS, logs) @ logs  # (5, 9) (9, M)
    dx, dy, dxx, dyy, dxy = derivatives
    determinant = dxx * dyy - dxy * dxy
    concave = (dxx < 0) & (determinant > 1e-12)  # and so D''_yy < 0
    divisor = xp.where(concave, determinant, np.inf)
    # -D''^-1 D' written out for the symmetric 2 x 2 case.
    offset = xp.stack([dxy * dy - dyy * dx, dxy * dx - dxx * dy], -1) / divisor[:, None]  # (M, 2)
    peaks = cast(peaks, offset)
    full = xp.where(concave[:, None], anchor + offset, peaks)
    bounded = clip(full, peaks - STEP_BOUND, peaks + STEP_BOUND)
    stepped = xp.where(all_axes(bounded == full), Status.FINE, Status.BOUNDED)
    refused = xp.where(top > 0, Status.NOT_CONCAVE, Status.NOT_POSITIVE)
    return Newton(anchor, height, logs, derivatives, offset, bounded, xp.where(concave, stepped, refused))
