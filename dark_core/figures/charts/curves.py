"""The decoders' error over one quantity, beside the Cramér–Rao bound."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from dark_core.codec import DECODERS
from dark_core.figures.charts.chart import Axis, ChartStyle, add_line, marker, set_axes
from dark_core.figures.decoder_style import SIMCC_STYLES, style_of, title_of
from dark_core.figures.style import NEUTRAL

DASHES = ("solid", "dash", "dot", "dashdot")
"""Lines of the decoders that share a color, that of the lessons first."""


def dash(name: str) -> str:
    """How a decoder's line is dashed."""
    if name in SIMCC_STYLES:
        return DASHES[list(SIMCC_STYLES).index(name) % len(DASHES)]
    family = [one for one in DECODERS.values() if style_of(one.name).color == style_of(name).color]
    ranked = sorted(family, key=lambda one: not one.core)
    return DASHES[ranked.index(DECODERS[name]) % len(DASHES)]


@dataclass(frozen=True)
class Curve:
    """One decoder's values with their standard errors, and the text of each point on hover."""

    name: str
    y: Sequence[float]
    error: Sequence[float]
    said: Sequence[str]


def curves(
    x: Sequence[float],
    drawn: Sequence[Curve],
    across: Axis,
    up: Axis,
    limit: Sequence[float] | None = None,
    simcc_limit: Sequence[float] | None = None,
    marked: float | None = None,
    gap: tuple[str, str] | None = None,
    style: ChartStyle | None = None,
    joined: bool = True,
) -> go.Figure:
    """Lines with markers over ``x``, error bars of 1.96 standard errors, and the bound ``limit`` dashed in gray.

    ``simcc_limit`` is the bound of SimCC's bins, dashed in their color.
    ``marked`` is the value of x at which a vertical line stands. ``gap`` names two decoders: there, an arrow leads from
    the first down to the second. ``joined`` draws the lines: not where x only counts categories, whose order means
    nothing. The axes keep their ranges whichever curves are drawn.
    """
    style, figure = style or ChartStyle(), go.Figure()
    for bound, name, title, color in (
        (limit, "bound", "Cramér–Rao bound", NEUTRAL),
        (simcc_limit, "bound of SimCC", "Cramér–Rao bound of SimCC", style_of("simcc").color),
    ):
        if bound is not None:
            # Wider than the curves, so that one which lies on it does not hide it.
            line = dict(color=color, width=7, dash="9px,6px")
            said = f"{title}: %{{y:.4g}}<extra></extra>"
            figure.add_scatter(x=x, y=bound, mode="lines", line=line, hovertemplate=said, name=name)
    for curve in drawn if joined else ():
        add_line(figure, x, curve.y, style_of(curve.name).color, curve.name, dash(curve.name))
    for curve in drawn:
        _points(figure, x, curve, up)
    if marked is not None:
        at = list(x).index(marked)
        figure.add_vline(x=marked, line=dict(color=NEUTRAL, width=1), layer="below")
        _arrow(figure, at, x, drawn, across, up, gap)
    set_axes(figure, across, up, style)
    figure.update_yaxes(zeroline=not up.log)
    return figure


def _points(figure: go.Figure, x: Sequence[float], curve: Curve, up: Axis) -> None:
    """The markers of a curve and their error bars."""
    title = title_of(curve.name)
    upper = 1.96 * np.asarray(curve.error, dtype=float)
    # On a logarithmic scale an arm below zero would reach to minus infinity.
    lower = np.minimum(upper, 0.98 * np.asarray(curve.y, dtype=float)) if up.log else upper
    figure.add_scatter(
        x=x,
        y=curve.y,
        mode="markers",
        name=title,
        marker=marker(style_of(curve.name)),
        error_y=dict(array=upper, arrayminus=lower, color=NEUTRAL, thickness=1.4, width=3),
        customdata=list(curve.said),
        hovertemplate=f"%{{customdata}}<extra>{title}</extra>",
    )


def _arrow(figure: go.Figure, at: int, x, drawn: Sequence[Curve], across: Axis, up: Axis, gap) -> None:
    """An arrow from one curve down to another at x[at]."""
    known = {curve.name: curve for curve in drawn}
    if gap is None or not {gap[0], gap[1]} <= known.keys():
        return
    start, end = (up.at(known[name].y[at]) for name in gap)
    if not end < start:
        return
    left = across.at(x[at])
    figure.add_annotation(
        x=left,
        y=end,
        ax=left,
        ay=start,
        xref="x",
        yref="y",
        axref="x",
        ayref="y",
        text="",
        showarrow=True,
        arrowhead=2,
        arrowwidth=2.4,
        arrowcolor=style_of(gap[1]).color,
        standoff=7,
        startstandoff=7,
    )
