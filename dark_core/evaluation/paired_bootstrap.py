"""Intervals of differences between several ways to do the same task on the same people, all valid at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dark_core.diagnosis.robust_fit import students_t

RESAMPLES, SEED = 2000, 0

COVERAGE = 0.95

FEWEST = 5
"""People below which a bootstrap over them says nothing."""


@dataclass(frozen=True)
class Intervals:
    """J values (J,) and the ends of their intervals, NaN where people are too few."""

    value: np.ndarray
    low: np.ndarray
    high: np.ndarray


def paired_intervals(sums: np.ndarray, counts: np.ndarray) -> Intervals:
    """Means of J quantities over joints, with intervals that hold for all J at once with a chance of ``COVERAGE``.

    sums: (J, N) each quantity, such as the difference of two decoders' errors, summed over a person's labeled joints;
    counts: (J, N), or (1, N) for all, how many joints that are.

    People are drawn with replacement, the same for all quantities. Each interval is ± q standard errors, with q the
    quantile of the largest of the J studentized deviations (Romano and Wolf 2005), so that to look at many decoders
    makes none of them win by chance. Few people widen q as they widen Student's t.
    """
    people = sums.shape[1]
    with np.errstate(invalid="ignore", divide="ignore"):
        value = sums.sum(1) / np.broadcast_to(counts, sums.shape).sum(1)
        if (np.broadcast_to(counts, sums.shape) > 0).any(0).sum() < FEWEST:
            nothing = np.full(len(value), np.nan)
            return Intervals(value, nothing, nothing)
        generator, found = np.random.default_rng(SEED), []
        for _ in range(RESAMPLES // 200):
            weight = generator.multinomial(people, np.full(people, 1 / people), 200).astype(np.float64)
            found.append((weight @ sums.T) / (weight @ counts.T))
        deviation = np.concatenate(found) - value
        error = np.sqrt(np.nanmean(deviation**2, 0) * people / (people - 1))
        share = np.abs(deviation) / np.where(error > 1e-12, error, np.inf)
    quantile = float(np.quantile(np.nan_to_num(share).max(1), COVERAGE))
    reach = students_t(quantile, people - 1) * error
    return Intervals(value, value - reach, value + reach)
