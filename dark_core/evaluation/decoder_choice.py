"""Which decoder a network needs: every decoder, kernel width and pixel convention against true joints.

Mistakes of frame come first, because a shift would otherwise be held for an error of the decoder: exchanged axes and
joints are undone, then the pixel convention with the least error is taken, then what is left of a shift or a scale is
undone. After that every decoder with every width is ranked by its mean error, with intervals over the people.

>>> from dark_core.codec import encode
>>> truth = np.random.default_rng(0).uniform(8, 30, (12, 3, 2))
>>> choice = choose_decoder(encode(truth, (40, 40), 2.0), {"": truth}, sigma=2.0)
>>> choice.best.error < 0.01, choice.row("argmax").error > 0.3
(True, True)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from dark_core.codec import DECODERS, decode
from dark_core.diagnosis.frame_mistakes import FrameCheck, check_frame
from dark_core.evaluation.metrics import KAPPA, oks
from dark_core.evaluation.paired_bootstrap import Intervals, paired_intervals
from dark_core.files.joint_files import NAMES
from dark_core.files.joint_names import our_name
from dark_core.pose.skeleton import SKELETON

WIDTHS = (0.35, 0.5, 0.7, 0.85, 1.0, 1.2, 1.5)
"""Assumed sigmas that are tried, in units of the one given."""

BASELINE = "argmax"
"""The decoder that gains are counted from."""

PREFERRED = "noise_matched"
"""The decoder recommended where these data cannot tell it from the best, with the sigma that is given if they allow."""

LEAST = 1e-3
"""Heatmap px: a decoder that is certainly worse by less than this counts as equal."""

THRESHOLD = 0.1
"""Of the PCK, as a share of the torso length, or of the labeled joints' box where the torso is not known."""

MOST_PIXELS = 2**25
"""Pixels of the heatmaps that are decoded; of more people, some evenly spread over the file are taken."""

_FACE = {"nose": 0.026, "left eye": 0.025, "right eye": 0.025, "left ear": 0.035, "right ear": 0.035}
_KAPPAS = dict(zip(SKELETON.names, KAPPA.tolist(), strict=True)) | _FACE


@dataclass(frozen=True)
class Row:
    """One decoder with one assumed sigma (None where it uses none).

    error: mean distance from the truth, heatmap px; pck: within ``THRESHOLD``; oks: mean OKS; both are NaN where they
    cannot be measured. gain: how much less the error is than the baseline's, with the ends of the interval; behind: how
    much more than the best's.
    """

    decoder: str
    sigma: float | None
    error: float
    pck: float
    oks: float
    gain: tuple[float, float, float]
    behind: tuple[float, float, float]

    @property
    def tied(self) -> bool:
        """Whether these data cannot show a difference from the best."""
        return not self.behind[1] > LEAST


@dataclass(frozen=True)
class Choice:
    """What the data say.

    rows: every decoder with every width, the least error first; recommended: the best of them, or ``PREFERRED`` where
    that is no worse as far as these data show; conventions: pixel convention -> (mean error, ends of
    the interval of what it is worse than the best) before shifts and scales are undone; convention: the best of them;
    check: the mistakes of frame that are left; joints: (K,) gain of the recommended over the baseline; people, labeled:
    how many count; yardstick: of the PCK.
    """

    rows: tuple[Row, ...]
    recommended: Row
    conventions: dict[str, tuple[float, float, float]]
    convention: str
    check: FrameCheck
    joints: Intervals
    names: tuple[str, ...]
    people: int
    labeled: int
    yardstick: str

    @property
    def best(self) -> Row:
        """The row with the least error."""
        return self.rows[0]

    @property
    def decoders(self) -> list[Row]:
        """Every decoder once, with its best width, the least error first."""
        first: dict[str, Row] = {}
        for row in self.rows:
            first.setdefault(row.decoder, row)
        return list(first.values())

    @property
    def tied(self) -> list[Row]:
        """The decoders that these data cannot tell from the best, which is among them."""
        return [row for row in self.decoders if row.tied or row is self.best]

    def row(self, decoder: str) -> Row:
        """A decoder with its best width."""
        return next(row for row in self.rows if row.decoder == decoder)


def people_looked_at(people: int, pixels: int, most: int = MOST_PIXELS) -> np.ndarray:
    """Numbers of the people to take where each has that many pixels of heatmaps, evenly spread over the file."""
    return np.unique(np.linspace(0, people - 1, max(1, min(people, most // pixels))).astype(int))


def options(heatmaps: np.ndarray, sigma: float) -> Iterator[tuple[str, float | None]]:
    """Every decoder of the registry, with each width where its positions depend on sigma."""
    few = heatmaps.reshape(-1, *heatmaps.shape[-2:])[:: max(1, heatmaps.shape[0] * heatmaps.shape[1] // 16)]
    for name in DECODERS:
        if all(
            np.array_equal(decode(some, name, sigma).xy, decode(some, name, 1.5 * sigma).xy) for some in (few, heatmaps)
        ):
            yield name, None
        else:
            yield from ((name, round(width * sigma, 2)) for width in WIDTHS)


def choose_decoder(
    heatmaps: np.ndarray,
    truth: dict[str, np.ndarray],
    sigma: float,
    names: Sequence[str] = (),
    areas: np.ndarray | None = None,
    stride: float = 4.0,
) -> Choice:
    """Rank every decoder on N people's heatmaps (N, K, H, W) against their true joints.

    truth: pixel convention -> (N, K, 2) heatmap px, NaN where not labeled, as in ``TruthFrames``; sigma: the width
    that the others are tried around, heatmap px; names: (K,) of the joints, assumed for 14 and 17 joints where there
    are none; areas: (N,) heatmap px squared, for OKS; stride: input px per heatmap px. Raises ValueError for a
    bad sigma or shapes that differ.
    """
    size = (heatmaps.shape[3], heatmaps.shape[2])
    known = tuple(names) or NAMES.get(heatmaps.shape[1], ())
    found = [(name, width, decode(heatmaps, name, width or sigma).xy) for name, width in options(heatmaps, sigma)]
    given = next(iter(truth.values()))
    common = np.median([xy for _, width, xy in found if width in (None, round(sigma, 2))], axis=0)
    structure = check_frame(common, given, size, stride).structure
    straight = [structure.undo(xy) for _, _, xy in found]
    # The frame is measured by the decoder that scatters least about any line, which is independent of the frame.
    reference = found[int(np.argmin([_scatter(xy, given) for xy in straight]))][2]
    mirror = np.array(structure.mirrored)
    straight = [np.where(mirror, np.array(size) - 1 - xy, xy) for xy in straight]
    convention, conventions = _conventions(straight, truth)
    joints = truth[convention]
    check = check_frame(reference, joints, size, stride)
    positions = np.stack([check.corrected(xy) for _, _, xy in found])
    labeled = np.isfinite(joints).all(-1)
    errors = np.where(labeled, np.linalg.norm(positions - np.where(labeled[..., None], joints, 0), axis=-1), 0.0)
    rows = _rows(found, errors, labeled, *_metrics(positions, joints, known, areas))
    equal = [row for row in rows if row.decoder == PREFERRED and row.tied]
    recommended = min(equal or rows[:1], key=lambda row: abs((row.sigma or sigma) - sigma))
    ours, theirs = (
        errors[next(number for number, (name, width, _) in enumerate(found) if (name, width) == wanted)]
        for wanted in ((recommended.decoder, recommended.sigma), (BASELINE, None))
    )
    per_joint = paired_intervals((theirs - ours).T, labeled.T.astype(float))
    people = int(labeled.any(1).sum())
    yardstick = "torso length" if _torso(joints, known) is not None else "larger side of the labeled joints' box"
    return Choice(
        rows, recommended, conventions, convention, check, per_joint, known, people, int(labeled.sum()), yardstick
    )


def _scatter(xy: np.ndarray, truth: np.ndarray) -> float:
    """Mean distance of positions (N, K, 2) from the lines that fit them to the truth, an axis at a time."""
    known = np.isfinite(truth).all(-1)
    rest = []
    for axis in (0, 1):
        line = np.column_stack([np.ones(known.sum()), truth[known][:, axis]])
        rest.append(xy[known][:, axis] - line @ np.linalg.lstsq(line, xy[known][:, axis], rcond=None)[0])
    return float(np.hypot(*rest).mean())


def _conventions(
    straight: list[np.ndarray], truth: dict[str, np.ndarray]
) -> tuple[str, dict[str, tuple[float, float, float]]]:
    """The convention with the least error of its best decoder, and what each is worse than that."""
    least = {}
    for name, joints in truth.items():
        labeled = np.isfinite(joints).all(-1)
        errors = [np.where(labeled, np.linalg.norm(xy - np.nan_to_num(joints), axis=-1), 0).sum(1) for xy in straight]
        least[name] = min(errors, key=lambda one: float(one.sum())), labeled.sum(1)
    best = min(least, key=lambda name: float(least[name][0].sum()))
    sums = np.stack([errors - least[best][0] for errors, _ in least.values()])
    behind = paired_intervals(sums, least[best][1][None].astype(float))
    mean = {name: float(errors.sum() / max(counts.sum(), 1)) for name, (errors, counts) in least.items()}
    return best, {
        name: (mean[name], float(low), float(high))
        for name, low, high in zip(least, behind.low, behind.high, strict=True)
    }


def _rows(
    found: list[tuple[str, float | None, np.ndarray]],
    errors: np.ndarray,
    labeled: np.ndarray,
    pck: np.ndarray,
    similarity: np.ndarray,
) -> tuple[Row, ...]:
    """The rows, the least error first."""
    sums, counts = errors.sum(2), labeled.sum(1)[None].astype(float)
    mean = sums.sum(1) / max(counts.sum(), 1)
    order = np.argsort(mean, kind="stable")
    best = int(order[0])
    baseline = next(number for number, (name, _, _) in enumerate(found) if name == BASELINE)
    gain = paired_intervals(sums[baseline] - sums, counts)
    behind = paired_intervals(sums - sums[best], counts)

    def three(intervals: Intervals, number: int) -> tuple[float, float, float]:
        return float(intervals.value[number]), float(intervals.low[number]), float(intervals.high[number])

    return tuple(
        Row(
            found[number][0],
            found[number][1],
            float(mean[number]),
            float(pck[number]),
            float(similarity[number]),
            three(gain, number),
            three(behind, number),
        )
        for number in order.tolist()
    )


def _metrics(
    positions: np.ndarray, joints: np.ndarray, names: tuple[str, ...], areas: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray]:
    """(J,) PCK and mean OKS of positions (J, N, K, 2)."""
    labeled = np.isfinite(joints).all(-1)
    length = _torso(joints, names)
    if length is None:
        box = [reduce(joints, axis=1, where=labeled[..., None], initial=edge) for reduce, edge in _ENDS]
        length = np.where(labeled.sum(1) > 1, np.maximum(*(box[1] - box[0]).T), np.nan)
    counted = labeled & (np.nan_to_num(length) > 0)[:, None]
    distance = np.linalg.norm(positions - joints, axis=-1)
    with np.errstate(invalid="ignore"):
        hits = (distance <= THRESHOLD * length[:, None]) & counted
    pck = hits.sum((1, 2)) / (counted.sum() or np.nan)
    kappa = [_KAPPAS.get(our_name(name) or name.replace("_", " ").lower(), np.nan) for name in names]
    if not names or np.isnan(kappa).any() or not labeled.any():
        return pck, np.full(len(positions), np.nan)
    return pck, np.array([np.nanmean(oks(one, joints, None, np.array(kappa), areas)) for one in positions])


_ENDS = ((np.min, np.inf), (np.max, -np.inf))


def _torso(joints: np.ndarray, names: tuple[str, ...]) -> np.ndarray | None:
    """(N,) mean of both diagonals from shoulder to hip, None where the names or all of their labels are missing."""
    ours = [our_name(name) for name in names]
    ends = [(f"{side} shoulder", f"{other} hip") for side, other in (("left", "right"), ("right", "left"))]
    if not all(ours.count(name) == 1 for pair in ends for name in pair):
        return None
    one, other = (
        np.linalg.norm(joints[:, ours.index(shoulder)] - joints[:, ours.index(hip)], axis=-1) for shoulder, hip in ends
    )
    length = np.where(np.isnan(one), other, np.where(np.isnan(other), one, (one + other) / 2))
    return length if np.isfinite(length).any() else None
