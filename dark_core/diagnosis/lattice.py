"""Whether coordinates stand on a lattice, as those that were decoded to whole or quarter heatmap px do."""

from __future__ import annotations

import numpy as np

COHERENT = 0.95
"""Length of the mean phase from which coordinates stand on a lattice: those spread by more than 5 % of its step do not.

The mean phase of M coordinates without a lattice is longer than c with a chance of exp(-M c²): below 10^-11 from 28 on.
"""

NEARLY = 0.8
"""Length of the mean phase on the slope of such a peak, beside which the step is then searched more finely."""

ENOUGH = 128
"""Coordinates by which the slopes are found; all of them decide."""

FEWEST = 28
"""Coordinates below which no lattice is looked for."""


def coherence(values: np.ndarray, step: float) -> float:
    """Length of the mean phase of ``values`` (M,) on a lattice of that step, from 0 for none to 1.

    >>> round(coherence(np.arange(30) * 2.5 + 0.7, 2.5), 6), round(coherence(np.arange(30) * 2.5, 4.9), 1)
    (1.0, 0.0)
    """
    return float(abs(np.exp(2j * np.pi * values / step).mean()))


def lattice_step(values: np.ndarray, least: float, most: float, fewest: int = FEWEST) -> float | None:
    """The largest step from ``least`` to ``most`` on which ``values`` (M,) stand, None where there is none.

    Any lattice is one of half its step too, so that the largest is the one meant.
    """
    if len(values) < fewest:
        return None
    extent = max(float(np.ptp(values)), most)
    # Between neighboring trials the phase of the outermost value changes by an eighth of a turn.
    trials = np.arange(1 / most, 1 / least * (1 + 1e-9), 1 / (8 * extent))
    some = values[:: -(-len(values) // ENOUGH)]
    for first in range(0, len(trials), 4096):
        lengths = np.abs(np.exp(2j * np.pi * np.outer(trials[first : first + 4096], some)).mean(1))
        for trial in np.flatnonzero(lengths > NEARLY):
            # The top of this hill lies at most a turn further on.
            fine = trials[first + trial] + np.linspace(-0.125, 1, 289) / extent
            rate = max(fine, key=lambda rate: coherence(values, 1 / rate))
            if coherence(values, 1 / rate) >= COHERENT:
                return float(1 / rate)
    return None
