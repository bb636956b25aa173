"""The lattice that coordinates stand on, searched for without knowing its step, and the chance of finding one in none.

Values on a lattice of step s have equal phases exp(2πi v / s), so that their mean is long; without a lattice the
phases are uniform. K independent phases have a mean whose squared length R² exceeds z / K with a chance of exp(-z).
The search looks at every step, so the largest of many chances counts: by the rate at which the length of a random walk
of phases crosses a level (Rice 1945), the chance that it does so anywhere between two frequencies is at most

    p = exp(-z) (1 + 2 sqrt(π z) · spread · (highest - lowest frequency)).

References
----------
Phases: Rayleigh's test, as in Mardia and Jupp, Directional statistics, 2000.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

MOST_VALUES = 1024
"""Values of one search, evenly chosen; more of them find nothing that these do not."""

NEAR = 0.97
"""Share of the longest mean phase from which a larger step is taken: a lattice is also one of each fraction of it."""


@dataclass(frozen=True)
class Peak:
    """The best step of a search. coherence: length of the mean phase, 0 to 1; phase: of the lattice, 0 to 1 step; p:
    chance of a mean phase as long anywhere in the search, without a lattice."""

    step: float
    coherence: float
    phase: float
    p: float


def find_lattice(values: np.ndarray, least: float, most: float) -> Peak | None:
    """The lattice of steps from ``least`` to ``most`` that values (U, M) stand on best; None where too few are known.

    The M values of each of the U units depend on each other, as the frames of one joint do; the units do not. So each
    unit counts as one phase. NaN is left out.
    """
    finite = np.isfinite(values)
    values = values[finite.any(1)]
    every = max(1, -(-values.size // MOST_VALUES))
    values = values[:, ::every] if values.shape[1] > every else values[:: -(-len(values) // MOST_VALUES)]
    values = values[np.isfinite(values).any(1)] if len(values) else values
    units = len(values)
    if units < 4 or not least < most:
        return None
    known = np.isfinite(values)
    flat, unit = values[known], np.nonzero(known)[0]
    origin = flat.mean()
    flat = flat - origin
    extent = float(np.ptp(flat))
    if extent < 2 * most:
        return None
    weight = 1 / np.bincount(unit, minlength=units)[unit] / units  # every unit counts alike

    def means(frequencies: np.ndarray) -> np.ndarray:
        mean: np.ndarray = np.exp(2j * np.pi * np.outer(frequencies, flat)) @ weight
        return mean

    low, high = 1 / most, 1 / least
    grid = np.arange(low, high, 1 / (6 * extent))
    # Row by row: exp(i (a + b) v) = exp(i a v) exp(i b v), of the first of each row, and of the steps along a row.
    across = int(np.ceil(np.sqrt(len(grid))))
    first = np.exp(2j * np.pi * np.outer(grid[::across], flat)) * weight
    along = np.exp(2j * np.pi * np.outer(grid[:across] - low, flat))
    lengths = np.abs(first @ along.T).ravel()[: len(grid)]
    best = _refined(means, float(grid[lengths.argmax()]), extent, low, high)
    for trial in np.flatnonzero(lengths > 0.85 * abs(best[1])):  # the first one as good has the largest step
        other = _refined(means, float(grid[trial]), extent, low, high)
        if abs(other[1]) >= NEAR * abs(best[1]):
            best = other
            break
    frequency, mean = best
    z = units * abs(mean) ** 2
    spread = float(np.sqrt(weight @ flat**2))
    chance = np.exp(-z) * (1 + 2 * np.sqrt(np.pi * z) * spread * (high - low))
    phase = float((np.angle(mean) / (2 * np.pi) + origin * frequency) % 1)
    return Peak(1 / frequency, float(abs(mean)), phase, float(min(1.0, chance)))


def _refined(means, frequency: float, extent: float, low: float, high: float) -> tuple[float, complex]:
    """The top of the hill on which a frequency lies, and its mean phase."""
    reach = 1 / (2 * extent)
    for _ in range(4):
        fine = np.clip(frequency + np.linspace(-reach, reach, 21), low, high)
        found = means(fine)
        top = int(np.abs(found).argmax())
        frequency, reach = float(fine[top]), reach / 8
    return frequency, complex(found[top])
