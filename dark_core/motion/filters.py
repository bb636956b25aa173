"""Filters over time, for tracks: what people reach for when joints jitter. Each buys quiet with lag or with sharpness.

A filter takes (T, ...) positions, one per frame, and gives as many. A moment without a position (NaN) begins anew.
The lag is by how many frames a joint of constant velocity is behind.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.signal import savgol_filter


@dataclass(frozen=True)
class Filter:
    """A filter under its title; apply: (T, ...) to (T, ...); lag: in frames, at constant velocity; ahead: frames after
    its own that it needs."""

    title: str
    apply: Callable[[np.ndarray], np.ndarray]
    lag: float
    ahead: int = 0


def moving_average(xy: np.ndarray, frames: int) -> np.ndarray:
    """The mean of each frame and the ``frames`` - 1 before it, as many as there are; its lag is (frames - 1) / 2."""
    if frames < 1:
        raise ValueError(f"frames must be at least 1, got {frames}")

    def average(part: np.ndarray) -> np.ndarray:
        total = np.concatenate([np.zeros_like(part[:1]), np.cumsum(part, axis=0)])
        last = np.arange(1, len(part) + 1)
        first = np.maximum(last - frames, 0)
        mean: np.ndarray = (total[last] - total[first]) / _column(last - first, part)
        return mean

    return _per_run(xy, average)


def savitzky_golay(xy: np.ndarray, frames: int = 7, degree: int = 2) -> np.ndarray:
    """Each frame of a polynomial fitted to ``frames`` around it (Savitzky and Golay 1964): no lag, but it looks ahead.

    Live, it answers (frames - 1) / 2 frames late. Raises ValueError for an even count, or one not above ``degree``.
    """
    if frames % 2 == 0 or frames <= degree:
        raise ValueError(f"frames must be odd and above the degree {degree}, got {frames}")

    def fit(part: np.ndarray) -> np.ndarray:
        window = min(frames, len(part) - (len(part) + 1) % 2)
        return part if window <= degree else savgol_filter(part, window, degree, axis=0)

    return _per_run(xy, fit)


def one_euro(
    xy: np.ndarray, fps: float, min_cutoff: float = 1.0, beta: float = 0.02, derivative_cutoff: float = 1.0
) -> np.ndarray:
    """A low-pass whose cutoff rises with speed (Casiez, Roussel and Vogel, CHI 2012).

    min_cutoff: of a still joint, in Hz; beta: Hz per px a second; derivative_cutoff: of the speed's own filter, in Hz.
    """
    if not fps > 0 or not min_cutoff > 0 or not derivative_cutoff > 0 or beta < 0:
        raise ValueError("fps and the cutoffs must be positive, and beta not negative")

    def follow(part: np.ndarray) -> np.ndarray:
        found = part.copy()
        speed = np.zeros_like(part[0])
        smooth = _smoothing(np.asarray(derivative_cutoff), fps)
        for t in range(1, len(part)):
            speed = speed + smooth * ((part[t] - part[t - 1]) * fps - speed)
            share = _smoothing(min_cutoff + beta * np.abs(speed), fps)
            found[t] = found[t - 1] + share * (part[t] - found[t - 1])
        return found

    return _per_run(xy, follow)


def one_euro_lag(fps: float, min_cutoff: float = 1.0, beta: float = 0.0, speed: float = 0.0) -> float:
    """Frames by which `one_euro` is behind a joint of constant ``speed`` in px a second: (1 - a) / a."""
    share = float(_smoothing(np.asarray(min_cutoff + beta * abs(speed)), fps))
    return (1 - share) / share


def filters(fps: float) -> dict[str, Filter]:
    """The three filters with the settings that the page offers. The lag of One-Euro is that of a slow joint."""
    return {
        "one_euro": Filter("One-Euro", lambda xy: one_euro(xy, fps), one_euro_lag(fps)),
        "savitzky_golay": Filter("Savitzky–Golay, 7 frames", savitzky_golay, 0.0, ahead=3),
        "moving_average": Filter("Moving average, 5 frames", lambda xy: moving_average(xy, 5), 2.0),
    }


def _smoothing(cutoff: np.ndarray, fps: float) -> np.ndarray:
    """The share of a new value that a first-order low-pass takes: 1 / (1 + fps / (2π cutoff))."""
    return 1 / (1 + fps / (2 * np.pi * cutoff))


def _column(values: np.ndarray, like: np.ndarray) -> np.ndarray:
    return values.reshape(-1, *[1] * (like.ndim - 1))


def _per_run(xy: np.ndarray, apply: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    """Apply to each run of frames in which a joint has a position; (T, ..., 2) are filtered joint by joint."""
    xy = np.asarray(xy, dtype=np.float64)
    if np.isfinite(xy).all():
        return apply(xy) if len(xy) else xy.copy()
    found = np.full_like(xy, np.nan)
    flat, out = xy.reshape(len(xy), -1), found.reshape(len(xy), -1)
    for column in range(flat.shape[1]):
        known = np.flatnonzero(np.isfinite(flat[:, column]))
        for run in np.split(known, np.flatnonzero(np.diff(known) > 1) + 1):
            if len(run):
                out[run, column] = apply(flat[run, column])
    return found
