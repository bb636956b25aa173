"""One Newton step on the log of a heatmap: the heart of DARK.

The log of a Gaussian is a quadratic, so from any pixel m near the peak one step
mu = m - D''(m)^-1 D'(m), with D = ln h, lands on its mean (DARK, equations 3 to 5).
The derivatives are central differences on the 3x3 pixels round m, which are exact for a
quadratic. Shapes below: M maps, each (H, W).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

STEP_BOUND = 1.0
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


def peak(maps: np.ndarray) -> np.ndarray:
    """(M, 2) integer (x, y) of each map's largest value, the first in reading order if several."""
    count, height, width = maps.shape
    y, x = np.divmod(maps.reshape(count, height * width).argmax(1), width)
    return np.stack([x, y], axis=-1)


def newton_step(maps: np.ndarray, peaks: np.ndarray) -> Newton:
    """One Newton step on ln h from each peak (M, 2) of finite maps (M, H, W).

    The step is refused where the log is not concave, and cut to STEP_BOUND px from the peak:
    on noise an unbounded step reaches hundreds of pixels.
    """
    count, height, width = maps.shape
    if min(height, width) < 3:
        none = np.zeros((count, 2))
        return Newton(
            peaks,
            np.zeros((count, 3, 3)),
            none,
            np.zeros((count, 2, 2)),
            none,
            peaks.astype(np.float64),
            np.full(count, TOO_SMALL),
        )
    centre = np.clip(peaks, 1, [width - 2, height - 2])
    around = np.arange(-1, 2)
    patch = maps[
        np.arange(count)[:, None, None],
        centre[:, 1, None, None] + around[None, :, None],
        centre[:, 0, None, None] + around[None, None, :],
    ].astype(np.float64)
    top = patch.max((1, 2), keepdims=True)
    # The floor is relative, so that a map and its multiple give the same reading.
    positive = np.where(top > 0, top, 1.0)
    log = np.log(np.maximum(np.maximum(patch, 0) / positive, 1e-10)) + np.log(positive)

    dx = 0.5 * (log[:, 1, 2] - log[:, 1, 0])
    dy = 0.5 * (log[:, 2, 1] - log[:, 0, 1])
    dxx = log[:, 1, 2] - 2 * log[:, 1, 1] + log[:, 1, 0]
    dyy = log[:, 2, 1] - 2 * log[:, 1, 1] + log[:, 0, 1]
    dxy = 0.25 * (log[:, 2, 2] - log[:, 2, 0] - log[:, 0, 2] + log[:, 0, 0])
    determinant = dxx * dyy - dxy * dxy
    has_log = top[:, 0, 0] > 0
    concave = (dxx < 0) & (dyy < 0) & (determinant > 1e-12) & has_log
    safe = np.where(concave, determinant, 1.0)
    # -D''^-1 D' written out for the symmetric 2x2 case.
    offset = np.where(concave[:, None], -np.stack([dyy * dx - dxy * dy, dxx * dy - dxy * dx], -1) / safe[:, None], 0.0)
    landed = np.where(concave[:, None], centre + offset, peaks)
    bounded = np.clip(landed, peaks - STEP_BOUND, peaks + STEP_BOUND)
    cut = (bounded != landed).any(-1)
    reason = np.select([~has_log, ~concave, cut], [NOT_POSITIVE, NOT_CONCAVE, BOUNDED], FINE)
    return Newton(
        centre=centre,
        log_patch=log,
        gradient=np.stack([dx, dy], -1),
        hessian=np.stack([np.stack([dxx, dxy], -1), np.stack([dxy, dyy], -1)], -2),
        offset=offset,
        xy=bounded,
        reason=reason,
    )
