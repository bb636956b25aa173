"""Intervals for what is measured on a track: frames that follow each other are not independent, so blocks are drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

RESAMPLES, SEED, COVERAGE = 1000, 0, 0.95

FEWEST = 8
"""Frames below which an interval would mislead: it is NaN."""


@dataclass(frozen=True)
class Estimate:
    """A value with the ends of its 95 % interval, NaN where the frames are too few."""

    value: float
    low: float
    high: float

    def times(self, factor: float) -> Estimate:
        """The same in another unit."""
        return Estimate(self.value * factor, self.low * factor, self.high * factor)

    @property
    def is_significant(self) -> bool:
        """Whether the interval leaves zero out."""
        return self.low > 0 or self.high < 0


@lru_cache(maxsize=8)
def frame_weights(frames: int) -> np.ndarray:
    """(RESAMPLES, frames), read-only: how often each resample holds each frame.

    The circular block bootstrap of Politis and Romano (1992): blocks of consecutive frames, as long as the square root
    of their number, are drawn with replacement; the end is followed by the start.
    """
    length = max(1, round(frames**0.5))
    blocks = -(-frames // length)
    starts = np.random.default_rng(SEED).integers(0, frames, (RESAMPLES, blocks))
    drawn = (starts[..., None] + np.arange(length)).reshape(RESAMPLES, -1)[:, :frames] % frames
    weights = np.zeros((RESAMPLES, frames))
    np.add.at(weights, (np.arange(RESAMPLES)[:, None], drawn), 1)
    weights.setflags(write=False)
    return weights


def estimate(statistic: Callable[[np.ndarray], np.ndarray], frames: int) -> Estimate:
    """A statistic of weighted frames with its percentile interval.

    statistic: weights (B, frames) to values (B,). All statistics of as many frames see the same resamples, so that a
    difference of two of them is a paired one.
    """
    value = float(statistic(np.ones((1, frames)))[0]) if frames else float("nan")
    if frames < FEWEST or not np.isfinite(value):
        return Estimate(value, float("nan"), float("nan"))
    values = statistic(frame_weights(frames))
    low, high = np.nanquantile(values, [(1 - COVERAGE) / 2, (1 + COVERAGE) / 2])
    return Estimate(value, float(low), float(high))
