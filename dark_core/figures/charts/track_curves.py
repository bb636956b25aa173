"""The path of one joint over time as a file: x and y below each other, a line per decoder, the truth dashed.

The drawing is a list of shapes, which an SVG and a PNG are written from.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from dark_core.figures import svg
from dark_core.figures.decoder_style import style_of, title_of
from dark_core.figures.style import CASING

WIDTH, HEIGHT, LEFT, RIGHT, TOP, PANEL, GAP = 760, 520, 64, 16, 64, 180, 58
"""Of the drawing, in its px: the two panels of PANEL px stand GAP px apart."""

SHARPNESS = 2
"""Px of the PNG per px of the drawing."""

GRID = "#e3e6e8"
FONT = "DejaVu Sans, Verdana, sans-serif"


@dataclass(frozen=True)
class Line:
    """A line through ``points`` (N, 2) in px of the drawing."""

    points: np.ndarray
    color: str
    width: float
    dashed: bool = False


@dataclass(frozen=True)
class Words:
    """Words at (x, y), the baseline; ``anchor``: "start", "middle" or "end" of them."""

    text: str
    x: float
    y: float
    anchor: str = "start"
    size: int = 13


@dataclass(frozen=True, eq=False)
class JointPath:
    """What is drawn of a joint.

    seconds: (T,); curves: decoder -> (T, 2) photo px, NaN where the joint is lost; dashed: (T, 2) of the truth, or
    None; titles: of x and of y; reference: (T, 2) that all are shown as differences to, or None.
    """

    seconds: np.ndarray
    curves: Mapping[str, np.ndarray]
    dashed: np.ndarray | None
    titles: tuple[str, str]
    reference: np.ndarray | None = None


def as_svg(path: JointPath) -> str:
    """The drawing as an SVG file, ``WIDTH`` by ``HEIGHT`` px on white."""
    shapes = [svg.tag("rect", width=WIDTH, height=HEIGHT, fill="#fff")]
    for one in _shapes(path):
        if isinstance(one, Line):
            points = " ".join(f"{x:.2f},{y:.2f}" for x, y in one.points)
            dash = "6 4" if one.dashed else None
            drawn = {"stroke": one.color, "stroke_width": one.width, "stroke_linejoin": "round"}
            shapes.append(svg.tag("polyline", points=points, fill="none", stroke_dasharray=dash, **drawn))
        else:
            at = {"x": one.x, "y": one.y, "text_anchor": one.anchor, "font_size": one.size, "fill": CASING}
            shapes.append(svg.tag("text", escape(one.text), **at))
    size = {"viewBox": f"0 0 {WIDTH} {HEIGHT}", "width": WIDTH, "height": HEIGHT, "role": "img"}
    named = svg.tag("title", escape("; ".join(path.titles)))
    return svg.tag("svg", named, *shapes, xmlns="http://www.w3.org/2000/svg", font_family=FONT, **size) + "\n"


def as_png(path: JointPath) -> bytes:
    """The same drawing as a PNG, ``SHARPNESS`` times as large."""
    picture = Image.new("RGB", (2 * SHARPNESS * WIDTH, 2 * SHARPNESS * HEIGHT), "white")
    draw, scale = ImageDraw.Draw(picture), 2 * SHARPNESS  # drawn twice as large and averaged down
    for one in _shapes(path):
        if isinstance(one, Line):
            for part in _dashes(one.points) if one.dashed else [one.points]:
                ends = [(float(x) * scale, float(y) * scale) for x, y in part]
                draw.line(ends, one.color, round(one.width * scale), joint="curve")
        else:
            font = ImageFont.load_default(one.size * scale)
            anchor = {"start": "ls", "middle": "ms", "end": "rs"}[one.anchor]
            plain = one.text.replace("–", "-")  # the font that comes with Pillow has no dash
            draw.text((one.x * scale, one.y * scale), plain, CASING, font, anchor)
    out = io.BytesIO()
    picture.resize((SHARPNESS * WIDTH, SHARPNESS * HEIGHT), Image.Resampling.BOX).save(out, "PNG", optimize=True)
    return out.getvalue()


def _shapes(path: JointPath) -> Iterator[Line | Words]:
    at = float(LEFT)
    names = {title_of(name): style_of(name).color for name in path.curves}
    for title, color in names.items():
        key = np.array([[at, 20.0], [at + 26, 20.0]])
        yield from (Line(key, CASING, 4), Line(key, color, 2.4), Words(title, at + 32, 24.5))
        at += 32 + 8 * len(title) + 24
    for axis in (0, 1):
        yield from _panel(path, axis, TOP + axis * (PANEL + GAP))


def _panel(path: JointPath, axis: int, top: float) -> Iterator[Line | Words]:
    """x or y over time in a panel whose upper edge is at ``top``; y grows downwards, as on the photo."""
    base = np.zeros(len(path.seconds)) if path.reference is None else path.reference[:, axis]
    values = {name: xy[:, axis] - base for name, xy in path.curves.items()}
    dashed = path.dashed if path.dashed is not None else path.reference
    truth = None if dashed is None else dashed[:, axis] - base
    known = np.concatenate([*values.values(), [] if truth is None else truth])
    known = known[np.isfinite(known)]
    low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 1.0)
    air = 0.08 * (high - low) + 1
    low, high = low - air, high + air
    start, span = float(path.seconds[0]), float(np.ptp(path.seconds)) or 1.0
    bottom = top + PANEL

    def across(seconds: np.ndarray | float) -> np.ndarray:
        return LEFT + (np.asarray(seconds) - start) / span * (WIDTH - LEFT - RIGHT)

    def up(value: np.ndarray | float) -> np.ndarray:
        share = (np.asarray(value) - low) / (high - low)
        return top + share * PANEL if axis else bottom - share * PANEL

    yield Words(path.titles[axis], LEFT, top - 10, size=14)
    for value in _ticks(low, high, 6):
        y = float(up(value))
        yield Line(np.array([[LEFT, y], [WIDTH - RIGHT, y]]), GRID, 1)
        yield Words(f"{value:g}", LEFT - 8, y + 4.5, "end")
    for second in _ticks(0, span, 10):
        yield Words(f"{second:g} s", float(across(start + second)), bottom + 20, "middle")
    curves = [(value, style_of(name).color, 2.4, False) for name, value in values.items()]
    if truth is not None:
        curves.append((truth, CASING, 1.6, True))
    for value, color, width, is_dashed in curves:
        for part in _known_parts(np.column_stack([across(path.seconds), up(value)])):
            if not is_dashed:
                yield Line(part, CASING, width + 1.6)
            yield Line(part, color, width, is_dashed)


def _ticks(low: float, high: float, most: int) -> list[float]:
    """At most about ``most`` multiples of 1, 2 or 5 times a power of ten."""
    least = (high - low) / most
    power = 10 ** np.floor(np.log10(least))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= least)
    return [round(float(k * step), 6) for k in range(int(np.ceil(low / step)), int(np.floor(high / step)) + 1)]


def _known_parts(points: np.ndarray) -> list[np.ndarray]:
    """The stretches of (T, 2) without NaN that have at least two points."""
    known = np.isfinite(points).all(-1)
    parts = np.split(points, np.flatnonzero(np.diff(known)) + 1)
    return [part for part in parts if len(part) > 1 and np.isfinite(part).all()]


def _dashes(points: np.ndarray, dash: float = 6, gap: float = 4) -> Iterator[np.ndarray]:
    """``points`` cut into dashes, in px of the drawing."""
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    for start in np.arange(0, along[-1], dash + gap):
        stops = np.array([start, *along[(along > start) & (along < start + dash)], min(start + dash, along[-1])])
        yield np.column_stack([np.interp(stops, along, points[:, axis]) for axis in (0, 1)])
