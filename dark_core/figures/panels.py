"""The panels around one heatmap as SVG: the heatmap, its magnified inset, the Newton step.

Everything is drawn in heatmap px at sub-pixel; nothing is rounded to be drawn. Decoded positions are
``{decoder name: (x, y)}``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from dark_core.codec import Trace
from dark_core.figures import colors, svg
from dark_core.figures.decoder_style import style_of
from dark_core.figures.style import STYLE
from dark_core.pose.crop_transform import CropTransform

Point = np.ndarray | tuple[float, float]
INSET, PART = STYLE["inset"], STYLE["inset_side_over"]


def _xy(point: Point) -> tuple[float, float]:
    return float(point[0]), float(point[1])


def heatmap(
    values: np.ndarray,
    alt: str,
    positions: Mapping[str, Point] | None = None,
    truth: Point | None = None,
    window: tuple[Point, float] | None = None,
) -> str:
    """A heatmap (H, W) as its pixels, viridis from 0 to 1, with decoded positions and the inset's window."""
    height, width = values.shape
    part = STYLE["heatmap_width_over"]
    size = width / part["marker"]
    shapes = [svg.picture(colors.colored(values), -0.5, -0.5, width, height, smooth=False)]
    if window is not None:
        (x, y), radius = window
        shapes.append(svg.frame(x - radius, y - radius, 2 * radius, width / part["frame"]))
    if truth is not None:
        shapes.append(svg.truth_mark(*_xy(truth), size * INSET["truth"]))
    shapes += [svg.marker(style_of(name), *_xy(point), size) for name, point in (positions or {}).items()]
    return svg.view(-0.5, -0.5, width, height, *shapes, alt=alt, data_scale="map")


def window(
    points: list, truth: Point | None, least: float = INSET["least_radius"], most: float = INSET["most_radius"]
) -> tuple[np.ndarray, float]:
    """(center, radius) in heatmap px of an inset that holds ``points``, and the truth where it is near.

    The radius lies between ``least`` and ``most``; what falls outside is drawn on the border.
    """
    held = np.array(points, dtype=float)
    if truth is not None and np.abs(held - truth).max() < most:
        held = np.vstack([held, truth])
    low, high = held.min(0), held.max(0)
    return (low + high) / 2, float(np.clip((high - low).max() / 2 + INSET["air"], least, most))


def photo_ground(photo: np.ndarray, frame: CropTransform, center: np.ndarray, radius: float, pixels: int = 420) -> str:
    """The photo under a window of ``radius`` heatmap px, as the ground of ``magnified``."""
    corners = frame.to_photo([center - radius, center + radius]) + 0.5
    window = CropTransform.from_box((*corners[0], *corners[1]), (pixels, pixels)).crop(photo)
    return svg.picture(window, center[0] - radius, center[1] - radius, 2 * radius, 2 * radius, smooth=True)


def magnified(
    ground: str,
    center: np.ndarray,
    radius: float,
    positions: Mapping[str, Point],
    truth: Point | None,
    alt: str,
    errors: bool = False,
) -> str:
    """A window of ``radius`` heatmap px around ``center``: pixel grid, decoded positions, a bar of one pixel.

    ``ground`` is SVG in heatmap px; with ``errors`` a line joins each position to the truth.
    """
    grid = svg.grid(center[0] - radius, center[1] - radius, 2 * radius)
    marked = [Marked(name, np.asarray(point, dtype=float)) for name, point in positions.items()]
    line_from = truth if errors else None
    return _inset(ground + grid, center, radius, marked, truth, line_from, 1.0, alt, data_scale="inset")


@dataclass(frozen=True)
class Marked:
    """A position (2,) decoded by ``decoder``, with its letter; ``hollow`` of a network trained on floored targets."""

    decoder: str
    xy: np.ndarray
    letter: str = ""
    hollow: bool = False


def lettered(
    ground: str,
    center: np.ndarray,
    radius: float,
    marked: Sequence[Marked],
    truth: np.ndarray | None,
    bar: float,
    alt: str,
) -> str:
    """A window of ``radius`` photo px: each position with its letter, a line to the truth, a bar of ``bar`` px.

    ``ground`` is SVG in photo px.
    """
    return _inset(ground, center, radius, marked, truth, truth, bar, alt)


def _inset(
    ground: str,
    center: np.ndarray,
    radius: float,
    marked: Sequence[Marked],
    truth: Point | None,
    line_from: Point | None,
    bar: float,
    alt: str,
    **attributes,
) -> str:
    """A point outside the window is drawn on its border, smaller and fainter, with a dash that points the way."""
    x0, y0, side = center[0] - radius, center[1] - radius, 2 * radius
    size = side / PART["marker"]
    inner = radius - INSET["border"] * size
    lines, marks = [], [svg.truth_mark(*_xy(truth), size * INSET["truth"])] if truth is not None else []
    for one in marked:
        look, offset = style_of(one.decoder), one.xy - center
        far = np.abs(offset).max()
        beyond = far > inner
        shown = center + (offset * (inner / far) if beyond else offset)
        if line_from is not None:
            lines.append(svg.cased_line(line_from, shown, look.color, side / PART["error_line"]))
        if beyond:
            tail, dash = center + INSET["tail_start"] * (shown - center), side / PART["tail_dash"]
            lines.append(svg.cased_line(tail, shown, look.color, side / PART["tail"], stroke_dasharray=dash))
        share = INSET["beyond"] if beyond else 1.0
        drawing = [svg.marker(look, *_xy(shown), size * share)]
        if one.hollow:
            drawing.append(svg.hole(*_xy(shown), size * share))
        if one.letter:
            # On the side that the other points are not on; at the border, on the side of the middle.
            right = offset[0] < 0 if beyond else one is max(marked, key=lambda other: other.xy[0])
            drawing.append(_letter(one.letter, *_xy(shown), size, right))
        marks.append(svg.tag("g", *drawing, opacity=share))
    return svg.view(x0, y0, side, side, ground, *lines, *marks, svg.scale_bar(x0, y0, side, bar), alt=alt, **attributes)


def _letter(letter: str, x: float, y: float, size: float, right: bool) -> str:
    """A letter beside a marker of this size, to its right or its left."""
    return svg.tag(
        "text",
        letter,
        x=x + (1.9 if right else -1.9) * size,
        y=y + 0.75 * size,
        font_size=2.3 * size,
        font_weight=700,
        text_anchor="start" if right else "end",
        fill="#fff",
        stroke="#000",
        stroke_width=size * 0.5,
        paint_order="stroke",
    )


def newton(trace: Trace, alt: str, radius: float = 2.5) -> str:
    """The Newton step on the log of the smoothed heatmap: the nine pixels it uses, the arrow from m to mu.

    Colors stretch from the least to the greatest log in the window.
    """
    height, width = trace.smoothed.shape
    x, y = (float(v) for v in trace.center)
    x0, y0, side = x - radius, y - radius, 2 * radius
    reach = int(np.ceil(radius - 0.5))
    log = np.log(np.maximum(trace.smoothed, 1e-6))
    seen = log[max(0, int(y) - reach) : int(y) + reach + 1, max(0, int(x) - reach) : int(x) + reach + 1]
    low, high = float(seen.min()), float(seen.max())
    tinted = colors.colored(log, low, high if high > low else low + 1)
    shapes = [
        svg.picture(tinted, -0.5, -0.5, width, height, smooth=False),
        svg.grid(x0, y0, side),
        svg.frame(x - 1.5, y - 1.5, 3, side / 110),
        svg.cased_line((x, y), trace.xy, "#fff", side / 60),
        svg.marker(style_of("argmax"), x, y, side / 40),
        svg.marker(style_of("dark"), *_xy(trace.xy), side / PART["marker"]),
        svg.scale_bar(x0, y0, side, 1.0),
    ]
    return svg.view(x0, y0, side, side, *shapes, alt=alt)
