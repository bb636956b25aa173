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


@dataclass(frozen=True, eq=False)
class Spectrum:
    """The coherence of each step of a search. steps, coherence: (S,), the largest step first; level: the coherence that
    the best step exceeds by chance, without a lattice, as often as was asked."""

    steps: np.ndarray
    coherence: np.ndarray
    level: float


def find_lattice(values: np.ndarray, least: float, most: float) -> Peak | None:
    """The lattice of steps from ``least`` to ``most`` that values (U, M) stand on best; None where too few are known.

    The M values of each of the U units depend on each other, as the frames of one joint do; the units do not. So each
    unit counts as one phase. NaN is left out.
    """
    phases = _phases(values, least, most)
    if phases is None:
        return None
    grid, lengths = phases.scanned()
    best = _refined(phases, float(grid[lengths.argmax()]))
    tops = np.r_[True, lengths[1:] >= lengths[:-1]] & np.r_[lengths[:-1] >= lengths[1:], True]
    for trial in np.flatnonzero(tops & (lengths > 0.85 * abs(best[1]))):  # the first one as good has the largest step
        other = _refined(phases, float(grid[trial]))
        if abs(other[1]) >= NEAR * abs(best[1]):
            best = other
            break
    frequency, mean = best
    chance = float(phases.chance(phases.units * abs(mean) ** 2))
    phase = float((np.angle(mean) / (2 * np.pi) + phases.origin * frequency) % 1)
    return Peak(1 / frequency, float(abs(mean)), phase, min(1.0, chance))


def spectrum(values: np.ndarray, least: float, most: float, p: float) -> Spectrum | None:
    """What `find_lattice` looks through, and the coherence that has the chance ``p`` without a lattice."""
    phases = _phases(values, least, most)
    if phases is None:
        return None
    grid, lengths = phases.scanned()
    z = np.linspace(0, phases.units, 2000)[1:]
    rare = z[phases.chance(z) <= p]
    level = float((rare[0] / phases.units) ** 0.5) if len(rare) else 1.0
    return Spectrum(1 / grid, lengths, level)


@dataclass(frozen=True, eq=False)
class _Phases:
    """Values (N,) about their mean ``origin``, each with its weight, of so many units; the frequencies looked for."""

    flat: np.ndarray
    weight: np.ndarray
    units: int
    origin: float
    low: float
    high: float

    @property
    def extent(self) -> float:
        return float(np.ptp(self.flat))

    def means(self, frequencies: np.ndarray) -> np.ndarray:
        """(S,) complex, the mean phase at each frequency (S,)."""
        mean: np.ndarray = np.exp(2j * np.pi * np.outer(frequencies, self.flat)) @ self.weight
        return mean

    def scanned(self) -> tuple[np.ndarray, np.ndarray]:
        """(S,) frequencies, and the length of the mean phase at each."""
        grid = np.arange(self.low, self.high, 1 / (6 * self.extent))
        # Row by row: exp(i (a + b) v) = exp(i a v) exp(i b v), of the first of each row, and of the steps along a row.
        across = int(np.ceil(np.sqrt(len(grid))))
        first = np.exp(2j * np.pi * np.outer(grid[::across], self.flat)) * self.weight
        along = np.exp(2j * np.pi * np.outer(grid[:across] - self.low, self.flat))
        return grid, np.abs(first @ along.T).ravel()[: len(grid)]

    def chance(self, z: np.ndarray | float) -> np.ndarray | float:
        """That the mean phase is anywhere as long as z = U R² tells, without a lattice."""
        spread = float(np.sqrt(self.weight @ self.flat**2))
        return np.exp(-z) * (1 + 2 * np.sqrt(np.pi * z) * spread * (self.high - self.low))


def _phases(values: np.ndarray, least: float, most: float) -> _Phases | None:
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
    if np.ptp(flat) < 2 * most:
        return None
    weight = 1 / np.bincount(unit, minlength=units)[unit] / units  # every unit counts alike
    origin = float(flat.mean())
    return _Phases(flat - origin, weight, units, origin, 1 / most, 1 / least)


def _refined(phases: _Phases, frequency: float) -> tuple[float, complex]:
    """The top of the hill on which a frequency lies, and its mean phase."""
    reach = 1 / (2 * phases.extent)
    for _ in range(4):
        fine = np.clip(frequency + np.linspace(-reach, reach, 21), phases.low, phases.high)
        found = phases.means(fine)
        top = int(np.abs(found).argmax())
        frequency, reach = float(fine[top]), reach / 8
    return frequency, complex(found[top])
