"""Mistakes of frame by name: which known error a shift, a scale or a lattice is, and the sentence that says so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dark_core.codec import FLIP_GAPS
from dark_core.diagnosis.frame_structure import Structure

if TYPE_CHECKING:
    from dark_core.diagnosis.frame_mistakes import Line

Named = tuple[str, str, tuple[float, ...]]
"""The kind of a mistake, its sentence, and its numbers."""

SIZES = ((24, 32), (32, 32), (40, 40), (48, 64), (64, 64), (72, 96), (96, 72), (64, 48), (96, 96), (128, 128))
"""(W, H) of the heatmaps of common networks, tried for size − 1 where the size is not given."""

SLACK = 0.02
"""px by which a shift may differ from the one that it is named after, beside three standard errors."""


@dataclass(frozen=True)
class Sides:
    """What the two sets are called in a sentence: ``found`` with a capital and in the plural, ``reference`` without."""

    found: str
    reference: str

    def say(self, sentence: str, **numbers: object) -> str:
        """A sentence with both names and the numbers, U+2212 for minus."""
        return sentence.format(found=self.found, reference=self.reference, **numbers)


DECODED = Sides("The decoded positions", "the truth")
"""Those of a choice of decoders."""


def name_structure(what: str | Structure, sides: Sides) -> str:
    """Sentence for a mirrored axis ("x" or "y"), or for joints that stand for others."""
    if isinstance(what, str):
        way = "left to right" if what == "x" else "top to bottom"
        return sides.say(
            "{found} are mirrored {way}: their {axis} runs against that of {reference}.", way=way, axis=what
        )
    pairs = [(joint, what.order[joint]) for joint in what.moved]
    if all(what.order[other] == joint for joint, other in pairs):
        listed = ", ".join(f"{joint} with {other}" for joint, other in pairs if joint < other)
        return sides.say(
            "{found} have joints exchanged in pairs, {listed}: left and right are mixed up, as after a flip that "
            "mirrors the picture and not the joint names.",
            listed=listed,
        )
    listed = ", ".join(f"{joint} is {other}" for joint, other in pairs)
    return sides.say("{found} list the joints in another order than {reference}: {listed}.", listed=listed)


def name_scale(lines: Sequence[Line], size: tuple[int, int] | None, stride: float, sides: Sides) -> Iterator[Named]:
    """A sentence for the scale, if any axis has one."""
    scale = np.array([abs(line.slope) for line in lines])
    if (scale == 1).all():
        return
    amount, numbers = tuple(scale.round(5).tolist()), f"{scale[0]:.4f} in x and {scale[1]:.4f} in y"
    errors = 3 * np.array([line.scale_error for line in lines])
    known = []
    for lengths in [size] if size else SIZES:
        for excess, formula in ((1.0, "W / (W − 1)"), (1 - 1 / stride, "(W − 1/λ) / (W − 1)")):
            larger = 1 + excess / (np.array(lengths) - 1.0)
            for expected, which in ((larger, formula), (1 / larger, f"the reciprocal of {formula}")):
                off = np.abs(scale - expected) * lengths
                if (
                    (off < errors * lengths + 0.05).all()
                    and (errors * lengths < excess / 2).all()
                    and (scale != 1).all()
                ):
                    known.append((float(off.max()), which, lengths, excess))
    if not known:
        yield "scale", sides.say("{found} are {numbers} times as large as {reference}.", numbers=numbers), amount
        return
    _, which, (width, height), excess = min(known)
    named = sides.say("{found} are scaled by {numbers} against {reference}: that is size − 1 scaling", numbers=numbers)
    of = f"{which} for heatmaps of {width} × {height} px, an error of {excess:.2f} heatmap px at the far edge"
    yield "size_minus_one", f"{named}, {of}.", amount


def name_shift(
    lines: Sequence[Line], stride: float, unit: str, sides: Sides, mirrored: tuple[bool, bool]
) -> Iterator[Named]:
    """A sentence for the constant shift, if any axis has one that is not of a mirror or of the scale's origin."""
    plain = [not flipped and line.origin is None for line, flipped in zip(lines, mirrored, strict=True)]
    shift = np.array([line.offset if shown else 0.0 for line, shown in zip(lines, plain, strict=True)])
    if not shift.any():
        return
    slack = 3 * np.array([line.offset_error for line in lines]) + SLACK
    far = [(np.abs(shift - np.array(expected)), kind, why) for kind, expected, why in _known_shifts(unit, stride)]
    near = [(off.max(), kind, why) for off, kind, why in far if (off < slack).all()]
    _, kind, why = min(near, default=(0.0, "shift", ""))
    x, y = map(signed, shift)
    sentence = sides.say("{found} are shifted by {x} in x and {y} in y ({unit}) from {reference}", x=x, y=y, unit=unit)
    yield kind, sentence + (f": that is {why}." if why else "."), tuple(shift.round(5).tolist())


def _known_shifts(unit: str, stride: float) -> list[tuple[str, tuple[float, float], str]]:
    """(kind, shift in that unit, what it is) of the errors that are known to shift every joint alike."""
    gap, half = FLIP_GAPS["size_ratio"](stride), (stride - 1) / (2 * stride)
    between = "the difference between the pixel conventions half_pixel and size_ratio"
    in_heatmap = [
        ("flip_shift", (gap / 2, 0.0), f"the flip-shift error: the mirrored heatmap was averaged {signed(gap)} px off"),
        (
            "flip_shift",
            (gap / 2 + 0.5, 0.0),
            "the flip-shift error that remains where the mirrored heatmap is moved by one whole pixel",
        ),
        ("shift", (half, half), between),
        ("shift", (-half, -half), between),
    ]
    by_count = [
        ("shift", (1.0, 1.0), "what counting pixels from 1 instead of 0 leaves"),
        ("shift", (-1.0, -1.0), "what counting pixels from 0 instead of 1 leaves"),
        ("shift", (0.5, 0.5), "half a pixel, the difference between counting from a pixel's edge and from its center"),
    ]
    less = (-0.5, -0.5)
    if unit == "heatmap px":
        return [*in_heatmap, *by_count, ("shift", less, "half a pixel, as targets that were rounded down leave")]
    if unit == "input px":
        in_heatmap = [(kind, (x * stride, y * stride), why) for kind, (x, y), why in in_heatmap]
        return [*in_heatmap, *by_count, ("shift", less, by_count[-1][2])]
    return [*by_count, ("shift", less, by_count[-1][2])] if unit == "px" else []


def name_steps(
    lines: Sequence[Line], steps: Sequence[tuple[float | None, float | None]], unit: str, sides: Sides
) -> Iterator[Named]:
    """Sentences for a missing quarter shift and for lattices, with the axes on which they were found."""
    quarter = [axis for axis in (0, 1) if _is_quarter(lines[axis].step, *steps[axis])]
    if quarter:
        theirs, ours = steps[quarter[0]]
        coarse = theirs is not None and (ours is None or theirs > 1.5 * ours)
        sizes = " and ".join(f"±{lines[axis].step:.2f} {unit} in {'xy'[axis]}" for axis in quarter)
        yield (
            "quarter",
            sides.say(
                "{found} differ from {reference} by exactly {sizes}: "
                + ("they lack the quarter shift." if coarse else "they have a quarter shift that it lacks."),
                sizes=sizes,
            ),
            tuple(lines[axis].step for axis in quarter),
        )
    for ours in (True, False):
        where = {
            a: steps[a][not ours] for a in (0, 1) if steps[a][not ours] and not steps[a][ours] and a not in quarter
        }
        if where:
            sizes = " and ".join(f"{step:.2f} {unit} in {'xy'[axis]}" for axis, step in where.items())
            sentence = "{found} stand on a lattice with steps of {sizes}, and {reference} does not: they were rounded."
            if not ours:
                sentence = (
                    "{found} do not stand on a lattice, and {reference} does, with steps of {sizes}: it was rounded."
                )
            yield "lattice", sides.say(sentence, sizes=sizes), tuple(float(step) for step in where.values() if step)


def _is_quarter(half: float, *steps: float | None) -> bool:
    """Whether differences of ±half are a quarter of the coarser lattice."""
    coarser = max((step for step in steps if step), default=0.0)
    return half > 0 and abs(half / coarser - 0.25) < 0.02 if coarser else False


def signed(value: float) -> str:
    """A number with its sign and two or three decimals: "+0.375", "−0.75"."""
    return f"{value:+.3f}".replace("-", "−").removesuffix("0")
