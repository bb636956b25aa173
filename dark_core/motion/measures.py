"""How much a track errs and jitters, decoder by decoder, and how much of it is the decoder's.

All lengths count both axes: the root of the mean squared distance in px. Two decoders of the same heatmaps share what
the network does, so what differs between their tracks is the decoders'.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dark_core.codec import DECODERS
from dark_core.motion.bootstrap import Estimate, estimate
from dark_core.motion.tracks import Tracks


@dataclass(frozen=True)
class Measures:
    """What is measured of one track, in px of one unit; None where it cannot be.

    error: distance from the truth; bias: of each joint's mean error; scatter: of the errors about that mean, so that
    error² = bias² + scatter²; still: of the positions about their mean in a still stretch; acceleration: the jitter
    that the second differences show, see `acceleration_noise`; step: of the lattice on which the positions stand, 0
    for none.
    """

    decoder: str
    error: Estimate | None
    bias: Estimate | None
    scatter: Estimate | None
    still: Estimate | None
    acceleration: Estimate
    step: float | None

    def times(self, factor: float) -> Measures:
        """The same in another unit: ``measures.times(1 / tracks.scale)`` is in heatmap px."""
        parts = (self.error, self.bias, self.scatter, self.still)
        error, bias, scatter, still = (None if one is None else one.times(factor) for one in parts)
        step = None if self.step is None else self.step * factor
        return Measures(self.decoder, error, bias, scatter, still, self.acceleration.times(factor), step)


def measure(
    tracks: Tracks,
    truth: np.ndarray | None = None,
    joints: Sequence[int] | None = None,
    still: slice | None = None,
) -> dict[str, Measures]:
    """The measures of every track in photo px.

    truth: (T, K, 2) photo px; joints: which ones count (all); still: frames in which the person does not move.
    """
    chosen = list(range(len(tracks.names))) if joints is None else list(joints)
    found = {}
    for name, photo_xy in tracks.photo_xy.items():
        xy = photo_xy[:, chosen]
        error = bias = scatter = None
        if truth is not None:
            errors = xy - truth[:, chosen]
            error, bias, scatter = (_moment(errors, kind) for kind in ("error", "bias", "scatter"))
        rest = None if still is None else _moment(xy[still], "scatter")
        step = None
        if name in tracks.heatmap_xy:
            step = heatmap_step(tracks.heatmap_xy[name][:, chosen]) * tracks.scale
        found[name] = Measures(name, error, bias, scatter, rest, acceleration_noise(xy), step)
    return found


def heatmap_step(xy: np.ndarray) -> float:
    """The step of positions (..., 2) in heatmap px: 1 of whole pixels, 1/2 of quarter shifts, 1/4, or 0 for none.

    A quarter shift goes a quarter to either side of a pixel, so that its positions are half a pixel apart. It makes no
    shift on the outermost pixels: one position in twenty may stand elsewhere.
    """
    values = xy[np.isfinite(xy)]
    for step in (1.0, 0.5, 0.25):
        places, counts = np.unique(np.round(values / step % 1, 4) % 1, return_counts=True)
        if len(places) and counts.max() >= 0.95 * len(values):
            return step
    return 0.0


def acceleration_noise(xy: np.ndarray) -> Estimate:
    """The jitter of tracks (T, K, 2), from their second differences.

    Noise that is white in time with variance s² gives second differences x(t-1) - 2 x(t) + x(t+1) of variance
    (1 + 4 + 1) s², and motion of constant velocity gives none: the root of their mean square over √6 is s. Motion
    that accelerates adds to it, noise that lasts for several frames is seen in part.
    """
    return _moment(_second_differences(xy), "error")


def _second_differences(xy: np.ndarray) -> np.ndarray:
    """(T - 2, K, 2), scaled so that white noise keeps its variance."""
    scaled: np.ndarray = (xy[:-2] - 2 * xy[1:-1] + xy[2:]) / 6**0.5
    return scaled


def _moment(values: np.ndarray, kind: str) -> Estimate:
    """Root of the mean squared length of (T, K, 2): of the values, of their mean over time, or of the rest."""
    return estimate(lambda weights: _root(values, weights, kind), len(values))


def _root(values: np.ndarray, weights: np.ndarray, kind: str) -> np.ndarray:
    """(B,) the moment of (T, K, 2) under each row of weights (B, T), over the joints together."""
    finite = np.isfinite(values).all(-1)  # (T, K)
    filled = np.where(finite[..., None], values, 0.0)
    count = weights @ finite  # (B, K)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.einsum("bt,tkc->bkc", weights, filled) / count[..., None]
        bias = np.where(count > 0, (mean**2).sum(-1), 0.0)  # (B, K)
        total = weights @ (filled**2).sum(-1)  # (B, K)
        squares = {"error": total, "bias": count * bias, "scatter": total - count * bias}[kind]
        root: np.ndarray = np.sqrt(np.maximum(squares.sum(1), 0) / count.sum(1))
    return root


STILL_SPEED = 0.05
"""Heatmap px a frame below which a joint counts as still: slower than a step of argmax in twenty frames."""


def still_stretch(tracks: Tracks, decoder: str = "dark", fewest: int = 12) -> slice | None:
    """The longest run of at least ``fewest`` frames in which nine joints of ten are still, None where there is none."""
    if len(tracks) < fewest:
        return None
    window = 5
    kernel = np.ones(window) / window
    steps = np.diff(tracks.photo_xy[decoder], axis=0) / tracks.scale  # (T - 1, K, 2)
    smooth = np.apply_along_axis(lambda one: np.convolve(np.pad(one, window // 2, "edge"), kernel, "valid"), 0, steps)
    speed = np.hypot(smooth[..., 0], smooth[..., 1])
    quiet = (
        np.sort(np.where(np.isfinite(speed), speed, np.inf), axis=1)[:, int(0.9 * (speed.shape[1] - 1))] < STILL_SPEED
    )
    best, start = slice(0, 0), 0
    for end in range(len(quiet) + 1):
        if end == len(quiet) or not quiet[end]:
            if end - start > best.stop - best.start:
                best = slice(start, end)
            start = end + 1
    stretch = slice(best.start, best.stop + 1)  # n quiet steps join n + 1 frames
    return stretch if stretch.stop - stretch.start >= fewest else None


@dataclass(frozen=True)
class Removed:
    """What a better decoder takes from the jitter of another on the same heatmaps, in photo px.

    before, after: jitter of the two tracks; removed: before - after, a paired interval; known: whether jitter is the
    scatter about the truth, or else the noise of the acceleration.
    """

    decoder: str
    better: str
    before: Estimate
    after: Estimate
    removed: Estimate
    known: bool


def removed_jitter(
    tracks: Tracks,
    decoder: str = "argmax",
    better: str = "dark",
    truth: np.ndarray | None = None,
    joints: Sequence[int] | None = None,
) -> Removed:
    """How much of the jitter of ``decoder`` is gone when ``better`` decodes the same heatmaps.

    A decoded position is x = n + d: n is what the heatmap shows, which is the network's, and d what the decoder adds.
    Both decoders see the same n. The better decoder's d is small, so that its jitter is an upper bound of that of n;
    what it removes, J(decoder) - J(better), is then a lower bound of what was the decoder's.
    """
    chosen = list(range(len(tracks.names))) if joints is None else list(joints)

    def deviations(name: str) -> np.ndarray:
        xy = tracks.photo_xy[name][:, chosen]
        return _second_differences(xy) if truth is None else xy - truth[:, chosen]

    kind = "error" if truth is None else "scatter"
    one, other = deviations(decoder), deviations(better)
    gone = estimate(lambda weights: _root(one, weights, kind) - _root(other, weights, kind), len(one))
    return Removed(decoder, better, _moment(one, kind), _moment(other, kind), gone, truth is not None)


def summary_text(found: Removed) -> str:
    """One sentence: what decoding removes of the jitter, and what is left to the network."""
    title = DECODERS[found.decoder].title if found.decoder in DECODERS else found.decoder
    other = DECODERS[found.better].title if found.better in DECODERS else found.better
    before, after, gone = found.before.value, found.after.value, found.removed
    interval = f"95 % interval {gone.low:.2f} to {gone.high:.2f}"
    if not np.isfinite(gone.low):
        return "The tracks have too few frames to tell the decoder's jitter from the network's."
    if not gone.is_significant:
        return (
            f"{title} jitters by {before:.2f} photo px and {other} by {after:.2f}: these frames are too few, or too "
            f"alike, to tell the two apart ({interval} of the difference)."
        )
    if gone.value < 0:
        return (
            f"{other} jitters by {-gone.value:.2f} photo px more than {title}, whose jitter is {before:.2f} photo px."
        )
    return (
        f"Of {before:.2f} photo px of jitter with {title}, {gone.value:.2f} px were the decoder's ({interval}); "
        f"{other} leaves {after:.2f} px to the network."
    )
