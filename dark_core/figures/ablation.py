"""What encoding and reading are worth over the input size, with intervals, and where two cells land on a photo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from dark_core.figures import svg
from dark_core.figures.curves import Axis, FigureStyle
from dark_core.figures.decoder_style import style_of
from dark_core.figures.marker_shapes import PLOTLY_SYMBOLS
from dark_core.figures.style import CASING, NEUTRAL, STYLE

DASHED = {"floor": "dash", "unbiased": "solid"}
"""Lines of the encodings; the markers of floor are hollow besides."""

FAINT = 0.62
"""Size of what stands beside the point of a figure, as a share of the rest."""


@dataclass(frozen=True)
class Line:
    """One way of writing and reading over the input sizes ``x``.

    low, high: the ends of the 95 % intervals, empty where there are none, drawn ``aside`` of the points (in units of x)
    lest they hide each other; said: what is told of each point; hollow: of floored targets; minor: drawn small; label:
    of each point, at ``label_at`` it.
    """

    title: str
    decoder: str
    x: Sequence[float]
    y: Sequence[float]
    said: Sequence[str]
    low: Sequence[float] = ()
    high: Sequence[float] = ()
    hollow: bool = False
    minor: bool = False
    aside: float = 0.0
    label: Sequence[str] = ()
    label_at: str = "top left"


def lines(
    drawn: Sequence[Line],
    across: Axis,
    up: Axis,
    style: FigureStyle,
    names: Sequence[str] = (),
    level: str = "",
) -> go.Figure:
    """Lines with markers and intervals over the input size; ``names``: of the ticks of ``across``.

    ``level``, where it is not empty, names a line at 0. The axes' ranges are given, so that a line left out moves none.
    """
    figure = go.Figure()
    if level:
        figure.add_hline(y=0, line=dict(color=NEUTRAL, width=3), layer="below")
        # At the right, beyond the last points.
        figure.add_annotation(
            x=across.span[1],
            y=0,
            text=level,
            showarrow=False,
            xanchor="right",
            yanchor="top",
            font=style.font,
        )
    for line in drawn:
        color, scale = style_of(line.decoder).color, FAINT if line.minor else 1.0
        pattern = DASHED["floor" if line.hollow else "unbiased"]
        for ink, width, dash in ((CASING, 4.6, "solid"), (color, 2.6, pattern)):
            stroke = dict(color=ink, width=width * scale, dash=dash)
            figure.add_scatter(
                x=line.x,
                y=line.y,
                mode="lines",
                line=stroke,
                hoverinfo="skip",
                name=line.title,
                opacity=0.5 if line.minor else 1.0,
            )
    for line in drawn:
        _bars(figure, line)
    for line in drawn:
        _points(figure, line, style)
    ticks = dict(tickvals=list(across.ticks or ()), ticktext=list(names) or [f"{v:g}" for v in across.ticks or ()])
    # fixed: on a phone a finger that scrolls the page would otherwise move the axes.
    figure.update_xaxes(
        title=across.title,
        range=list(across.span),
        fixedrange=True,
        zeroline=False,
        showgrid=False,
        tickangle=0,
        **ticks,
    )
    figure.update_yaxes(title=up.title, range=list(up.span), fixedrange=True, zeroline=False)
    figure.update_layout(
        height=style.height,
        showlegend=False,
        margin=dict(l=10, r=10, t=12, b=64),
        hoverlabel=dict(align="left", font=dict(color=style.ink)),
    )
    return figure


def _bars(figure: go.Figure, line: Line) -> None:
    """The intervals, cased as the lines are."""
    x = [at for place in line.x for at in (place + line.aside, place + line.aside, None)]
    y = [at for low, high in zip(line.low, line.high) for at in (low, high, None)]
    for ink, width in ((CASING, 3.6), (style_of(line.decoder).color, 1.8)) if y else ():
        stroke = dict(color=ink, width=width * (FAINT if line.minor else 1.0))
        figure.add_scatter(x=x, y=y, mode="lines", line=stroke, hoverinfo="skip", name=f"{line.title}, 95 %")


def _points(figure: go.Figure, line: Line, style: FigureStyle) -> None:
    """The markers of a line; a hollow one has a hole of the page's color."""
    look, scale = style_of(line.decoder), FAINT if line.minor else 1.0
    symbol = PLOTLY_SYMBOLS[look.marker]
    figure.add_scatter(
        x=line.x,
        y=line.y,
        mode="markers+text" if line.label else "markers",
        name=line.title,
        marker=dict(symbol=symbol, size=13 * scale, color=look.color, line=dict(width=1.3 * scale, color=CASING)),
        text=list(line.label) or None,
        textposition=line.label_at,
        textfont=style.font if line.label else None,
        customdata=list(line.said),
        hovertemplate=f"%{{customdata}}<extra>{line.title}</extra>",
    )
    if line.hollow:
        hole = dict(symbol=symbol, size=5.5 * scale, color=style.ground or "#fff", line=dict(width=1, color=CASING))
        figure.add_scatter(x=line.x, y=line.y, mode="markers", marker=hole, hoverinfo="skip", name=line.title)


# On a photo


@dataclass(frozen=True)
class Landed:
    """Where one cell of the table puts a joint: its letter, its decoder, whether of floored targets, (2,) photo px."""

    letter: str
    decoder: str
    hollow: bool
    xy: np.ndarray


def landings(
    ground: str,
    center: np.ndarray,
    radius: float,
    landed: Sequence[Landed],
    truth: np.ndarray | None,
    bar: float,
    alt: str,
) -> str:
    """A window of ``radius`` photo px: each landing point with its letter, a line to the truth, a bar of ``bar`` px.

    ``ground`` is SVG in photo px. A point outside the window stands on its border, fainter.
    """
    x0, y0, side = center[0] - radius, center[1] - radius, 2 * radius
    size = side / STYLE["inset_side_over"]["marker"]
    inner = radius - 1.8 * size
    strokes, marks = [], [svg.truth_mark(*truth, size * STYLE["inset"]["truth"])] if truth is not None else []
    for one in landed:
        style = style_of(one.decoder)
        offset = np.asarray(one.xy, dtype=float) - center
        beyond = np.abs(offset).max() > inner
        shown = center + (offset * (inner / np.abs(offset).max()) if beyond else offset)
        if truth is not None:
            strokes.append(svg.cased_line(truth, shown, style.color, side / STYLE["inset_side_over"]["error_line"]))
        drawing = [svg.marker(style, *shown, size)]
        if one.hollow:
            drawing.append(svg.hole(*shown, size))
        # The letter on the side that the other points are not on; at the border, on the side of the middle.
        right = offset[0] < 0 if beyond else one is max(landed, key=lambda other: other.xy[0])
        drawing.append(
            svg.tag(
                "text",
                one.letter,
                x=shown[0] + (1.9 if right else -1.9) * size,
                y=shown[1] + 0.75 * size,
                font_size=2.3 * size,
                font_weight=700,
                text_anchor="start" if right else "end",
                fill="#fff",
                stroke="#000",
                stroke_width=size * 0.5,
                paint_order="stroke",
            )
        )
        marks.append(svg.tag("g", *drawing, opacity=STYLE["inset"]["beyond"] if beyond else 1.0))
    scale = svg.scale_bar(x0, y0, side, bar)
    return svg.view(x0, y0, side, side, ground, *strokes, *marks, scale, alt=alt)
