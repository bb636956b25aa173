"""Mistakes of frame between two sets of the same joints: what moves all joints by one rule, and which rule it is.

Exchanged or mirrored axes and joints come first, because no line fits before they are undone. Then each axis is fitted
by a line, ``found = slope × reference + offset``, together with a step between two values where the rest of the
differences jumps. At last the coordinates themselves are searched for a lattice.

>>> truth = np.random.default_rng(0).uniform(5, 40, (20, 14, 2))
>>> for mistake in check_frame(truth + [0.375, 0.375], truth).mistakes:
...     print(mistake.kind, mistake.amount)
shift (0.375, 0.375)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dark_core.diagnosis import lattice
from dark_core.diagnosis.frame_names import DECODED, Sides, name_scale, name_shift, name_steps, name_structure
from dark_core.diagnosis.frame_structure import Structure, find_structure
from dark_core.diagnosis.robust_fit import RobustFit, robust_fit

LEAST = 0.02
"""px: a shift below this, or a scale that moves the outer joints by less, is not worth a sentence.

At a heatmap of 64 px it is 0.03 % of the side, and a twentieth of what the best decoders are off by.
"""

FEWEST = 8
"""Joints known in both sets below which nothing is fitted."""

PEOPLE = 3
"""People below which the joints, not the people, are taken for independent, because nothing tells of the people's."""

ALIKE = 0.1
"""Spread of the differences about two values, as a share of half their distance, up to which they jump between them.

Normally distributed differences, split at their middle, have 1.0 and evenly distributed ones 0.9.
"""

LOOKED = 1000
"""Coordinates, evenly spread, that are searched for a lattice."""


@dataclass(frozen=True)
class Mistake:
    """One mistake: its kind, a sentence with its numbers, and the numbers, along x and along y."""

    kind: str
    sentence: str
    amount: tuple[float, ...] = ()


@dataclass(frozen=True)
class Line:
    """One axis: ``found = slope × reference + offset``, ± ``step`` where the differences jump between two values.

    scale_error, offset_error: their standard errors; origin: the coordinate that the scale leaves where it is.
    """

    slope: float = 1.0
    offset: float = 0.0
    step: float = 0.0
    scale_error: float = 0.0
    offset_error: float = 0.0
    origin: float | None = None


@dataclass(frozen=True)
class FrameCheck:
    """What was found: the mistakes, and how to undo those that moved the joints.

    before, after: median distance of the two sets, as given and with the mistakes undone; joints: how many were known.
    """

    mistakes: tuple[Mistake, ...]
    structure: Structure
    lines: tuple[Line, Line]
    before: float
    after: float
    joints: int

    def corrected(self, found: np.ndarray) -> np.ndarray:
        """Positions (N, K, 2) like those that were checked, in the frame of the reference."""
        return _undone(found, self.structure, self.lines)


def check_frame(
    found: np.ndarray,
    reference: np.ndarray,
    size: tuple[int, int] | None = None,
    stride: float = 4.0,
    unit: str = "heatmap px",
    sides: Sides = DECODED,
) -> FrameCheck:
    """The mistakes of frame of ``found`` against ``reference``, (N, K, 2) of N people's K joints, NaN where unknown.

    size: (W, H) of the heatmap, by which size − 1 is told from another scale; stride: input px per heatmap px; unit: of
    the coordinates, "heatmap px" or another. A coefficient counts where it is ``LEAST`` px and beyond
    ``robust_fit.CERTAIN`` standard errors. Raises ValueError for shapes that differ.
    """
    found, reference = np.asarray(found, float), np.asarray(reference, float)
    if found.shape != reference.shape or found.ndim != 3 or found.shape[-1] != 2:
        raise ValueError(f"both must be (N, K, 2) alike, got {found.shape} and {reference.shape}")
    known = np.isfinite(found).all(-1) & np.isfinite(reference).all(-1)
    structure, lines = Structure(False, (False, False), tuple(range(found.shape[1]))), (Line(), Line())
    before = _median_distance(found, reference)
    if known.sum() < FEWEST:
        return FrameCheck((), structure, lines, before, before, int(known.sum()))
    structure = find_structure(np.where(known[..., None], found, np.nan), np.where(known[..., None], reference, np.nan))
    arranged = structure.undo(found)
    lines = (
        _line(arranged[..., 0], reference[..., 0], structure.mirrored[0], size and size[0]),
        _line(arranged[..., 1], reference[..., 1], structure.mirrored[1], size and size[1]),
    )
    mistakes = []
    if structure.swapped:
        mistakes.append(Mistake("axes", sides.say("{found} have x and y exchanged against {reference}.")))
    for axis, mirrored in zip("xy", structure.mirrored, strict=True):
        if mirrored:
            mistakes.append(Mistake("mirror", name_structure(axis, sides)))
    if structure.moved:
        pairs = tuple(float(joint) for joint in structure.moved)
        mistakes.append(Mistake("joints", name_structure(structure, sides), pairs))
    mistakes += [Mistake(*one) for one in name_scale(lines, size, stride, sides)]
    mistakes += [Mistake(*one) for one in name_shift(lines, stride, unit, sides, structure.mirrored)]
    steps = [(_step(arranged[..., i]), _step(reference[..., i])) for i in (0, 1)]
    mistakes += [Mistake(*one) for one in name_steps(lines, steps, unit, sides)]
    after = _median_distance(_undone(found, structure, lines), reference)
    return FrameCheck(tuple(mistakes), structure, lines, before, after, int(known.sum()))


def _undone(found: np.ndarray, structure: Structure, lines: tuple[Line, Line]) -> np.ndarray:
    offset, slope = np.array([(line.offset, line.slope) for line in lines]).T
    return (structure.undo(np.asarray(found, float)) - offset) / slope


def _median_distance(one: np.ndarray, other: np.ndarray) -> float:
    distances = np.linalg.norm(one - other, axis=-1)
    known = distances[np.isfinite(distances)]
    return float(np.median(known)) if len(known) else float("nan")


def _line(found: np.ndarray, reference: np.ndarray, mirrored: bool, length: int | None) -> Line:
    """The line of one axis (N, K), with what is certain of it and nothing else."""
    known = np.isfinite(found) & np.isfinite(reference)
    people, _ = np.nonzero(known)
    group = people if len(np.unique(people)) >= PEOPLE else np.arange(len(people))
    x, sign = reference[known], -1.0 if mirrored else 1.0
    values, center = found[known] - sign * x, float(np.median(x))
    line = np.stack([np.ones(len(x)), x - center], -1)
    fit = robust_fit(line, values, group)
    jumping = _jumping(line, values, group, fit)
    design, fit = (line, fit) if jumping is None else jumping
    step = 0.0 if jumping is None else abs(float(fit.coefficients[2]))
    tilt = _unit(1, design.shape[1])
    reach = float(np.quantile(np.abs(x - center), 0.9))
    if fit.certain(tilt) and abs(fit.coefficients[1]) * reach > LEAST:
        return _scaled(fit, sign, center, length, step)
    fit = robust_fit(np.delete(design, 1, 1), values, group)
    shift = _unit(0, design.shape[1] - 1)
    level = float(fit.coefficients[0])
    if not mirrored and not (fit.certain(shift) and abs(level) > LEAST):
        level = 0.0
    return Line(sign, level, step, 0.0, fit.error(shift))


def _jumping(
    line: np.ndarray, values: np.ndarray, group: np.ndarray, fit: RobustFit
) -> tuple[np.ndarray, RobustFit] | None:
    """The line with a jump between two values as a third column, and its fit; None where there is no such jump."""
    if len(values) < lattice.FEWEST:
        return None
    for _ in range(3):  # each fit tells better on which side of the line a joint is
        rest = values - line @ fit.coefficients[:2]
        side = np.where(rest > (np.quantile(rest, 0.05) + np.quantile(rest, 0.95)) / 2, 1.0, -1.0)
        if not 0.1 <= (side > 0).mean() <= 0.9:
            return None
        design = np.column_stack([line, side])
        fit = robust_fit(design, values, group)
    spread = float(np.quantile(np.abs(values - design @ fit.coefficients), 0.9))
    return (design, fit) if spread < ALIKE * abs(fit.coefficients[2]) else None


def _scaled(fit: RobustFit, sign: float, center: float, length: int | None, step: float) -> Line:
    """A line whose slope is certain. It goes through a likely origin where the data allow it."""
    origins = [0.0, -0.5, *([(length - 1) / 2] if length else [])]
    slope = float(fit.coefficients[1])
    at = {
        origin: _unit(0, len(fit.coefficients)) + (origin - center) * _unit(1, len(fit.coefficients))
        for origin in origins
    }
    origin = None
    if sign > 0:
        far = {origin: abs(fit.coefficients @ at[origin]) / max(fit.error(at[origin]), 1e-6) for origin in origins}
        best = min(far, key=far.__getitem__)
        origin = best if not fit.certain(at[best]) or abs(fit.coefficients @ at[best]) < LEAST else None
    offset = float(fit.coefficients @ at[0.0]) if origin is None else -slope * origin
    return Line(sign + slope, offset, step, fit.error(_unit(1, len(fit.coefficients))), fit.error(at[0.0]), origin)


def _unit(index: int, length: int) -> np.ndarray:
    return np.eye(length)[index]


def _step(values: np.ndarray) -> float | None:
    """The step of the lattice on which coordinates (N, K) stand, from half a px to 16 px."""
    known = values[np.isfinite(values)]
    return lattice.lattice_step(known[:: -(-len(known) // LOOKED)], 0.45, 16.0)
