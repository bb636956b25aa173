"""What a port does differently from the code it was ported from, by the joints that both give for the same pictures.

The mistakes are those of ``frame_mistakes``. They are looked for in the coordinates as they are and, where those are of
the photo, also in units of each person: a mistake made in heatmap px is as many times larger in the photo as the
person's crop is. Joints that were decoded to whole heatmap px show that unit themselves, as the step of their lattice.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace

import numpy as np

from dark_core.diagnosis.frame_mistakes import FrameCheck, check_frame
from dark_core.diagnosis.frame_names import Sides
from dark_core.diagnosis.lattice import lattice_step
from dark_core.files.joint_files import Joints, JointsError

SIDES = Sides("The port's joints", "the reference")

LEAST_ROUNDING, MOST_ROUNDING = 1e-4, 0.05
"""px: differences below the first are those of single precision; above the second they are no rounding of a file."""

MOSTLY = 0.8
"""Share of the people who must stand on a lattice; chance puts one person in twenty on one at most."""

BETTER = 0.8
"""Share of the differences that units of each person may leave of what the coordinates as they are leave."""

MOST_PEOPLE, PROBED = 400, 20
"""Largest number of people, evenly spread over the file, that are searched for mistakes and for lattices."""


@dataclass(frozen=True)
class PortReport:
    """What was found.

    people, joints: compared; missing: people in one file only; median, largest: distance of the two; after: median with
    the mistakes undone, in ``unit``; sentences: one for each mistake, or the one that says there is none; kinds: of the
    mistakes.
    """

    people: int
    joints: int
    missing: int
    median: float
    largest: float
    after: float
    unit: str
    kinds: tuple[str, ...]
    sentences: tuple[str, ...]


def examine_port(
    port: Joints, reference: Joints, size: tuple[int, int] | None = None, stride: float | None = None
) -> PortReport:
    """Compare the joints of a port with those of the reference.

    size: (W, H) of the heatmap, where the joints are in heatmap px; stride: input px per heatmap px, where they are in
    input px. Without both they are taken for photo px. Raises JointsError where the files have no person in common or
    another number of joints.
    """
    if port.xy.shape[1] != reference.xy.shape[1]:
        raise JointsError(
            f"The port has {port.xy.shape[1]} joints a person and the reference {reference.xy.shape[1]}: give results "
            "of the same network."
        )
    reports = []
    for pairs in _pairings(port, reference):
        missing = max(len(port), len(reference)) - len(pairs)
        reports.append(_examine(port.xy[pairs[:, 0]], reference.xy[pairs[:, 1]], missing, size, stride))
    return min(reports, key=lambda one: (one.missing, np.nan_to_num(one.after, nan=np.inf)))


def _examine(
    found: np.ndarray, truth: np.ndarray, missing: int, size: tuple[int, int] | None, stride: float | None
) -> PortReport:
    distance = np.linalg.norm(found - truth, axis=-1)
    known = distance[np.isfinite(distance)]
    if not len(known):
        raise JointsError("The two files have no joint in common: give results for the same pictures.")
    rounding = max((_quantum(found) + _quantum(truth)) / np.sqrt(2), LEAST_ROUNDING)  # along the diagonal
    summary = PortReport(
        len(found), len(known), missing, float(np.median(known)), float(known.max()), 0.0, "px", (), ()
    )
    if known.max() <= rounding * (1 + 1e-6) and rounding <= MOST_ROUNDING:
        what = f"no joint differs by more than {known.max():.2g} px"
        return replace(summary, sentences=(f"No difference beyond rounding: {what}.",))
    some = _spread(len(found), MOST_PEOPLE)
    check, unit = _checked(found[some], truth[some], size, stride)
    sentences = tuple(one.sentence for one in check.mistakes)
    if not sentences:
        sentences = (
            f"No mistake of frame: the two differ by a median of {np.median(known):.3g} px, and by no rule that moves "
            "all joints alike.",
        )
    kinds = tuple(one.kind for one in check.mistakes)
    return replace(summary, after=check.after, unit=unit, kinds=kinds, sentences=sentences)


def _spread(count: int, most: int) -> np.ndarray:
    """At most so many of ``count`` numbers, evenly spread."""
    return np.unique(np.linspace(0, count - 1, min(count, most)).astype(int))


def _checked(
    found: np.ndarray, truth: np.ndarray, size: tuple[int, int] | None, stride: float | None
) -> tuple[FrameCheck, str]:
    """The mistakes in the unit that leaves the least, and that unit."""
    unit = "heatmap px" if size else "input px" if stride else "px"
    straight = check_frame(found, truth, size, stride or 4.0, unit, SIDES)
    if size or stride or found.shape[1] < 3:
        return straight, unit
    best, least = (straight, unit), straight.after
    arranged = straight.structure.undo(found)
    for frame, name in ((_lattices(arranged, truth), "heatmap px"), (_sizes(truth), "px at a person of median size")):
        if frame is None or any(straight.structure.mirrored):
            continue
        origin, step = frame
        check = check_frame((arranged - origin) / step, (truth - origin) / step, None, 4.0, name, SIDES)
        after = check.after * float(np.nanmedian(step))
        finds = {one.kind for one in check.mistakes}
        if after < BETTER * least or (finds & {"quarter", "lattice"} and name == "heatmap px"):
            kept = tuple(one for one in straight.mistakes if one.kind in ("axes", "mirror", "joints"))
            scaled = name != "heatmap px" and finds & {"scale", "size_minus_one"}
            shifts = ("shift", "flip_shift") if scaled else ()  # of the crop's corner, which is not known
            more = tuple(one for one in check.mistakes if one.kind not in shifts)
            best, least = (replace(check, mistakes=kept + more), name), min(after, least)
            if name == "heatmap px":
                break
    return best


def _lattices(found: np.ndarray, truth: np.ndarray) -> tuple[np.ndarray, np.ndarray] | None:
    """(origin (N, 1, 2), step (N, 1, 1)) of the lattice of most people's joints in photo px, None where there is none.

    The origin is a point of the lattice near the person.
    """
    for side in (found, truth):
        probe = _person_steps(side[_spread(len(side), PROBED)])
        if (~np.isnan(probe)).any(1).mean() < MOSTLY:
            continue
        steps = _person_steps(side)
        step = np.nanmean(np.where(np.isnan(steps).all(1, keepdims=True), 1.0, steps), axis=1)
        if (~np.isnan(steps)).any(1).mean() < MOSTLY or np.ptp(step) < 1e-3 * step.mean():
            continue
        unit = step[:, None, None]
        with np.errstate(invalid="ignore"):
            phase = np.angle(np.nanmean(np.exp(2j * np.pi * side / unit), axis=1, keepdims=True)) / (2 * np.pi)
            middle = np.nanmedian(side, axis=1, keepdims=True)
        return unit * (np.round(middle / unit - phase) + phase), unit
    return None


def _person_steps(xy: np.ndarray) -> np.ndarray:
    """(N, 2) the step of each person's coordinates along each axis, NaN where there is none."""
    return np.array([[_person_step(person[:, axis]) for axis in (0, 1)] for person in xy])


def _person_step(values: np.ndarray) -> float:
    known = values[np.isfinite(values)]
    most = np.ptp(known) / 4 if len(known) else 0.0
    step = lattice_step(known, 1.2, most, fewest=10) if most > 1.2 else None
    return np.nan if step is None else step


def _sizes(truth: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(middle (N, 1, 2), size (N, 1, 1) in units of the median size) of each person."""
    middle = np.nanmean(truth, axis=1, keepdims=True)
    size = np.sqrt(np.nanmean(((truth - middle) ** 2).sum(-1), axis=1))[:, None, None]
    return middle, np.maximum(size / max(float(np.nanmedian(size)), 1e-9), 1e-3)


def _quantum(xy: np.ndarray) -> float:
    """The last digit to which coordinates were rounded in a file, 0 where they were not."""
    known = xy[np.isfinite(xy)]
    for digits in range(7):
        if np.abs(known * 10**digits - np.round(known * 10**digits)).max() < 1e-5 * 10**digits:
            return float(10.0**-digits)
    return 0.0


def _pairings(port: Joints, reference: Joints) -> list[np.ndarray]:
    """(P, 2) numbers of the same person in both files: by their order on a picture, and by which are nearest."""
    pictures: dict[str, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for side, joints in enumerate((port, reference)):
        for number, picture in enumerate(joints.pictures):
            pictures[picture][side].append(number)
    shared = [pair for pair in pictures.values() if pair[0] and pair[1]]
    if not shared:
        raise JointsError("The two files have no picture in common: give results for the same pictures.")
    ordered = np.array([pair for ours, theirs in shared for pair in zip(ours, theirs, strict=False)])
    if all(len(ours) == len(theirs) == 1 for ours, theirs in shared):
        return [ordered]
    return [ordered, np.array([pair for ours, theirs in shared for pair in _nearest(port, reference, ours, theirs)])]


def _nearest(port: Joints, reference: Joints, ours: list[int], theirs: list[int]) -> list[tuple[int, int]]:
    """Pairs of the people of one picture, the nearest first."""
    apart = np.linalg.norm(port.xy[ours][:, None] - reference.xy[theirs][None], axis=-1)
    cost = np.where(
        np.isfinite(apart).any(-1), np.nansum(apart, -1) / np.maximum(np.isfinite(apart).sum(-1), 1), np.inf
    )
    pairs = []
    for _ in range(min(len(ours), len(theirs))):
        one, other = np.unravel_index(int(cost.argmin()), cost.shape)
        pairs.append((ours[one], theirs[other]))
        cost[one], cost[:, other] = np.inf, np.inf
    return pairs
