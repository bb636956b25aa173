"""The audit: from coordinates alone, whether a file was decoded to whole pixels, quarter pixels, or finer.

A decoder that stops at the pixels of its heatmap leaves a lattice in the coordinates. Where the crop stays the same,
one lattice holds all of them; where it follows the person, each frame has its own, with K joints on it. Both are
looked for along x and y, so that four tests share the level.

A quarter shift goes a quarter to either side of a pixel, so that its positions are half a heatmap px apart. From
coordinates alone this is the lattice of whole pixels of a heatmap twice as large: only the number of photo px per
heatmap px tells them apart, and without it both are named.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from dark_core.motion.lattice import Peak, find_lattice

LEVEL = 0.01
"""Chance of a false alarm per file."""

ON_LATTICE = 0.8
"""Length of the mean phase from which coordinates stand on the lattice; less is a pull towards the pixels."""

FRAMES = 24
"""Frames that are searched one by one, evenly chosen."""

TESTS = 4
"""Two tests of two axes, each of which may give a false alarm."""


class Search(NamedTuple):
    """What one test looks at: values (U, M) of U independent units, and the steps from least to most, in photo px."""

    values: np.ndarray
    least: float
    most: float


@dataclass(frozen=True)
class Axis:
    """One axis of a file. step: of the lattice in photo px, None for none; coherence: length of the mean phase, 0 to 1;
    p: chance of as much without a lattice, all tests counted; whole_file: whether one lattice holds all frames."""

    step: float | None
    coherence: float
    p: float
    whole_file: bool


@dataclass(frozen=True)
class Audit:
    """What coordinates show. verdict: "whole", "quarter", "whole or quarter", "pulled", "sub-pixel", or "unknown" where
    the coordinates are too few or too coarse; rounding: the step to which the file itself rounded, 0 for none;
    photo_px: photo px per heatmap px as given, None where not known."""

    x: Axis
    y: Axis
    rounding: float
    photo_px: float | None
    verdict: str

    @property
    def text(self) -> str:
        """One sentence, and a second one where the file rounded its coordinates."""
        step = " and ".join(dict.fromkeys(f"{one.step:.3g}" for one in (self.x, self.y) if one.step is not None))
        lattice = f"The coordinates stand on a lattice of {step} photo px"
        said = {
            "whole": f"{lattice}: they were decoded to whole heatmap pixels.",
            "quarter": f"{lattice}, half a heatmap pixel: they were decoded with a quarter-pixel shift.",
            "whole or quarter": f"{lattice}: they were decoded to whole heatmap pixels, or with a quarter-pixel shift "
            "if a heatmap pixel is twice as large; give the photo px per heatmap px to tell.",
            "pulled": f"The coordinates are pulled towards a lattice of {step} photo px without standing on it: the "
            "decoder is sub-pixel, but biased towards the pixels.",
            "sub-pixel": f"The coordinates stand on no lattice (level {100 * LEVEL:.0f} %): they were decoded to "
            "sub-pixel precision, or filtered.",
            "unknown": "The coordinates are too few, or too coarsely rounded, to tell how they were decoded.",
        }[self.verdict]
        if not self.rounding:
            return said
        return f"{said} The file rounds to {self.rounding:g} photo px; a finer lattice than twice that cannot be seen."


def audit(xy: np.ndarray, photo_px: float | None = None, consecutive: bool = True) -> Audit:
    """What coordinates (T, K, 2) in photo px show.

    photo_px: photo px per heatmap px where known; consecutive: whether the T are frames of one person, which depend
    on each other, or else people.
    """
    rounding = rounding_of(xy)
    found = [_axis(xy[..., axis], rounding, consecutive) for axis in (0, 1)]
    axes = [Axis(None, 0.0, 1.0, True) if one is None else one for one in found]
    steps = [one.step for one in axes if one.step is not None]
    if not steps:
        verdict = "unknown" if None in found else "sub-pixel"
    elif max(one.coherence for one in axes if one.step is not None) < ON_LATTICE:
        verdict = "pulled"
    elif photo_px is None:
        verdict = "whole or quarter"
    else:
        verdict = "quarter" if np.median(steps) < 0.75 * photo_px else "whole"
    return Audit(axes[0], axes[1], rounding, photo_px, verdict)


def rounding_of(xy: np.ndarray) -> float:
    """The decimal step, 1 to 0.0001, of which all coordinates are multiples: the file's own rounding; 0 for none."""
    values = xy[np.isfinite(xy)]
    for digits in range(5):
        scaled = values * 10**digits
        if len(values) and np.abs(scaled - np.round(scaled)).max() < 1e-6 * max(1.0, np.abs(scaled).max() * 1e-3):
            return float(10.0**-digits)
    return 0.0


def lattice_of_file(values: np.ndarray, rounding: float, consecutive: bool) -> tuple[Search, Peak] | None:
    """The one lattice that fits all frames of an axis (T, K) best."""
    known = values[np.isfinite(values)]
    if not len(known):
        return None
    low, high = np.quantile(known, [0.05, 0.95])
    near = (values >= low - 2 * (high - low)) & (values <= high + 2 * (high - low))  # one stray would widen the search
    kept = np.where(near, values, np.nan)
    units = kept.T if consecutive else kept.reshape(-1, 1)
    return _searched(units, float(high - low), rounding)


def lattices_of_frames(values: np.ndarray, rounding: float) -> list[tuple[Search, Peak]]:
    """The lattice of its own that fits each frame of an axis (T, K) best, of FRAMES frames, the least chance first.

    They end with the frame of the median chance. Whatever the frames share, twice this is a valid chance (Rüger 1978).
    None are given where half of the frames cannot be searched.
    """
    frames = [row[np.isfinite(row)] for row in values[:: max(1, len(values) // FRAMES)]]
    frames = [known for known in frames if len(known) >= 8]
    found = [_searched(known[:, None], float(np.ptp(known)), rounding) for known in frames]
    kept = sorted((one for one in found if one), key=lambda one: one[1].p)
    half = len(frames) // 2 + 1
    return kept[:half] if len(kept) >= half else []


def _axis(values: np.ndarray, rounding: float, consecutive: bool) -> Axis | None:
    """The test of one axis (T, K) that shows a lattice best, None where neither of the two can be made.

    Where the crop moves, the lattices of the frames may also fit one of a fraction of their step, though not as well.
    """
    whole, frames = lattice_of_file(values, rounding, consecutive), lattices_of_frames(values, rounding)
    tests = [(whole[1], True)] if whole else []
    if frames:
        one = frames[-1][1]
        step = float(np.median([peak.step for _, peak in frames]))
        tests.append((Peak(step, one.coherence, one.phase, min(1.0, 2 * one.p)), False))
    if not tests:
        return None

    def rank(one: tuple[Peak, bool]) -> tuple:
        found = TESTS * one[0].p <= LEVEL
        return not found, -round(one[0].coherence, 2) if found else 0, not one[1]

    peak, whole_file = min(tests, key=rank)
    p = min(1.0, TESTS * peak.p)
    return Axis(peak.step if p <= LEVEL else None, peak.coherence, p, whole_file)


def _searched(units: np.ndarray, extent: float, rounding: float) -> tuple[Search, Peak] | None:
    """A person spans 8 to 200 of the steps looked for, and the file's rounding hides those below twice it."""
    search = Search(units, max(extent / 200, 2.02 * rounding), extent / 8)
    peak = find_lattice(*search)
    return (search, peak) if peak else None
