"""What encoding and decoding are worth over the input size, with intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from dark_core.figures.charts.chart import Axis, ChartStyle, add_line, marker, set_axes
from dark_core.figures.decoder_style import style_of
from dark_core.figures.style import CASING, NEUTRAL

MINOR = 0.62
"""Size of what stands beside the point of a chart, as a share of the rest."""


@dataclass(frozen=True)
class Line:
    """One pair of encoding and decoder over the input sizes ``x``.

    ``low`` and ``high`` are the ends of the 95 % intervals, empty where there are none; they are drawn ``aside`` of the
    points (in units of x) so that they do not hide each other. ``said`` is the text of each point on hover. Floored
    targets are dashed and ``hollow``; a ``minor`` line is small. Each ``label`` stands at ``label_at`` its point.
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

    @property
    def color(self) -> str:
        return style_of(self.decoder).color

    @property
    def scale(self) -> float:
        return MINOR if self.minor else 1.0


def lines(
    drawn: Sequence[Line],
    across: Axis,
    up: Axis,
    style: ChartStyle,
    names: Sequence[str] = (),
    level: str = "",
) -> go.Figure:
    """Lines with markers and intervals over the input size; ``names`` are those of the ticks of ``across``.

    ``level``, where it is not empty, names a line at 0. The axes keep their ranges whichever lines are drawn.
    """
    figure = go.Figure()
    if level:
        figure.add_hline(y=0, line=dict(color=NEUTRAL, width=3), layer="below")
        # At the right, beyond the last points.
        right, above = dict(x=across.span[1], xanchor="right"), dict(y=0, yanchor="top")
        figure.add_annotation(text=level, showarrow=False, font=style.font, **right, **above)
    for line in drawn:
        pattern, opacity = "dash" if line.hollow else "solid", 0.5 if line.minor else 1.0
        add_line(figure, line.x, line.y, line.color, line.title, pattern, scale=line.scale, opacity=opacity)
    for line in drawn:
        _intervals(figure, line)
    for line in drawn:
        _points(figure, line, style)
    set_axes(figure, across, up, style, bottom=64)
    figure.update_xaxes(showgrid=False, tickangle=0)
    if names:
        figure.update_xaxes(ticktext=list(names))
    return figure


def _intervals(figure: go.Figure, line: Line) -> None:
    """Each interval as a cased bar beside its point; a None between two bars lifts the pen."""
    x = [at for point in line.x for at in (point + line.aside, point + line.aside, None)]
    y = [at for low, high in zip(line.low, line.high) for at in (low, high, None)]
    if y:
        add_line(figure, x, y, line.color, f"{line.title}, 95 %", width=1.8, scale=line.scale)


def _points(figure: go.Figure, line: Line, style: ChartStyle) -> None:
    """The markers of a line; a hollow one has a hole of the page's color."""
    look = marker(style_of(line.decoder), 13 * line.scale)
    figure.add_scatter(
        x=line.x,
        y=line.y,
        mode="markers+text" if line.label else "markers",
        name=line.title,
        marker=look,
        text=list(line.label) or None,
        textposition=line.label_at,
        textfont=style.font if line.label else None,
        customdata=list(line.said),
        hovertemplate=f"%{{customdata}}<extra>{line.title}</extra>",
    )
    if line.hollow:
        hole = look | dict(size=5.5 * line.scale, color=style.ground or "#fff", line=dict(width=1, color=CASING))
        figure.add_scatter(x=line.x, y=line.y, mode="markers", marker=hole, hoverinfo="skip", name=line.title)
