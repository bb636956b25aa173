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

import numpy as np

from dark_core.motion.lattice import Peak, find_lattice

LEVEL = 0.01
"""Chance of a false alarm per file."""

ON_LATTICE = 0.8
"""Length of the mean phase from which coordinates stand on the lattice; less is a pull towards the pixels."""

FRAMES = 24
"""Frames that are searched one by one, evenly chosen."""


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
            "sub-pixel": f"The coordinates stand on no lattice (level {LEVEL:.0%}): they were decoded to sub-pixel "
            "precision, or filtered.",
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


def _axis(values: np.ndarray, rounding: float, consecutive: bool) -> Axis | None:
    """The first of the two tests of one axis (T, K) that finds a lattice, None where neither can be made."""
    tests = [(peak, True) for peak in [_whole_file(values, rounding, consecutive)] if peak]
    tests += [(peak, False) for peak in [_frame_by_frame(values, rounding)] if peak]
    if not tests:
        return None
    peak, whole_file = min(tests, key=lambda one: (4 * one[0].p > LEVEL, not one[1]))
    p = min(1.0, 4 * peak.p)  # two tests of two axes
    return Axis(peak.step if p <= LEVEL else None, peak.coherence, p, whole_file)


def _whole_file(values: np.ndarray, rounding: float, consecutive: bool) -> Peak | None:
    units = values.T if consecutive else values.reshape(-1, 1)
    known = values[np.isfinite(values)]
    extent = float(np.subtract(*np.quantile(known, [0.95, 0.05]))) if len(known) else 0.0
    return find_lattice(units, *_steps(extent, rounding))


def _frame_by_frame(values: np.ndarray, rounding: float) -> Peak | None:
    """The frame of the median chance. Whatever the frames share, twice that is a valid chance (Rüger 1978)."""
    peaks = []
    for row in values[:: max(1, len(values) // FRAMES)]:
        known = row[np.isfinite(row)]
        if len(known) >= 8:
            peaks.append(find_lattice(known[:, None], *_steps(float(np.ptp(known)), rounding)))
    found = sorted((one for one in peaks if one), key=lambda one: one.p)
    if not found or len(found) < len(peaks) / 2:
        return None
    middle = found[len(peaks) // 2] if len(peaks) // 2 < len(found) else found[-1]
    step = float(np.median([one.step for one in found[: len(found) // 2 + 1]]))
    return Peak(step, middle.coherence, middle.phase, min(1.0, 2 * middle.p))


def _steps(extent: float, rounding: float) -> tuple[float, float]:
    """Steps looked for: a person spans 8 to 200 of them, and the file's rounding hides those below twice it."""
    return max(extent / 200, 2.02 * rounding), extent / 8
