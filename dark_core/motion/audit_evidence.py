"""What the audit saw: where the coordinates stand within one step of the lattice, and how well each step fits."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from dark_core.motion.audit import LEVEL, TESTS, Audit, Search, lattice_of_file, lattices_of_frames, rounding_of
from dark_core.motion.lattice import MOST_VALUES, Peak, Spectrum, spectrum

BINS = 25
"""Bars of the histogram of phases."""


@dataclass(frozen=True, eq=False)
class Evidence:
    """The evidence of one axis. step: of the lattice, in photo px; without one, a heatmap px if known, or else
    the step that fits best; counts: (BINS,) coordinates at each phase, from half a step before the lattice to half a
    step beyond; spectrum: of the search; frames: how many have a lattice of their own, 0 for one lattice of all."""

    step: float
    counts: np.ndarray
    spectrum: Spectrum
    frames: int


def evidence(xy: np.ndarray, axis: int, found: Audit, consecutive: bool = True) -> Evidence | None:
    """What coordinates (T, K, 2) in photo px show along x (0) or y (1), as ``found`` by `audit`; None for too few.

    The spectrum's level is that of the audit, all its tests counted. Where the frames have lattices of their own, the
    phases are those of the better half of them, and the spectrum is that of the frame whose step is nearest to theirs.
    """
    values, rounding, one_axis = xy[..., axis], rounding_of(xy), (found.x, found.y)[axis]
    if one_axis.whole_file:
        one = lattice_of_file(values, rounding, consecutive)
        lattices, level = [one] if one else [], LEVEL / TESTS
    else:
        lattices, level = lattices_of_frames(values, rounding), LEVEL / TESTS / 2
    if not lattices:
        return None
    search, peak = min(lattices, key=lambda one: abs(one[1].step - (one_axis.step or one[1].step)))
    seen = spectrum(*search, level)
    assert seen is not None, "it was searched before"
    step = one_axis.step or found.photo_px or peak.step
    if one_axis.step is None:
        lattices = [(search, replace(peak, step=step))]
    counts = np.sum([_counts(*lattice) for lattice in lattices], axis=0)
    return Evidence(step, counts, seen, 0 if one_axis.whole_file else len(lattices))


def _counts(search: Search, peak: Peak) -> np.ndarray:
    """(BINS,) of the values of a search on their lattice."""
    known = search.values[np.isfinite(search.values)]
    known = known[:: max(1, len(known) // (16 * MOST_VALUES))]
    from_lattice = (known / peak.step - peak.phase + 0.5) % 1 - 0.5
    return np.histogram(from_lattice, BINS, (-0.5, 0.5))[0]
