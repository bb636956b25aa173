"""Decoders' curves over one quantity, beside the limit: lines cased as the markers are, in no color's favor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from dark_core.codec import DECODERS
from dark_core.figures.decoder_style import style_of
from dark_core.figures.marker_shapes import PLOTLY_SYMBOLS
from dark_core.figures.style import CASING, NEUTRAL

DASHES = ("solid", "dash", "dot", "dashdot")
"""Lines of the decoders that share a color, the classic one first."""


def dash(name: str) -> str:
    """How a decoder's line is drawn."""
    family = [one for one in DECODERS.values() if style_of(one.name).color == style_of(name).color]
    ranked = sorted(family, key=lambda one: not one.core)
    return DASHES[ranked.index(DECODERS[name]) % len(DASHES)]


TOP, BOTTOM = 12, 48
"""Margins in px, kept free above and below the axes."""


@dataclass(frozen=True)
class Axis:
    """A scale: its title, whether it is logarithmic, the values with a tick (None: chosen), the range it shows."""

    title: str
    log: bool
    span: tuple[float, float]
    ticks: Sequence[float] | None = None


@dataclass(frozen=True)
class Curve:
    """One decoder's values with their standard errors, what is said when one is pointed at, and a label.

    The label stands beside the curve at the figure's marked value.
    """

    name: str
    y: Sequence[float]
    error: Sequence[float]
    said: Sequence[str]
    label: str = ""


@dataclass(frozen=True)
class FigureStyle:
    """The figure's height and its labels' size in px, the colors of its text and of the page behind it."""

    height: int = 400
    text: int = 13
    ink: str | None = None
    ground: str | None = None

    @property
    def font(self) -> dict:
        # A halo of the ground's color, for where a label must stand on a curve.
        halo = ", ".join(f"0 0 {blur}px {self.ground}" for blur in (2, 3, 4, 6)) if self.ground else "none"
        return dict(color=self.ink, size=self.text, shadow=halo)


def curves(
    x: Sequence[float],
    drawn: Sequence[Curve],
    across: Axis,
    up: Axis,
    limit: Sequence[float] | None = None,
    marked: float | None = None,
    gap: tuple[str, str, str] | None = None,
    style: FigureStyle = FigureStyle(),
) -> go.Figure:
    """Lines with markers over ``x``, error bars of 1.96 standard errors, and the Cramér–Rao ``limit`` dashed in gray.

    ``marked`` is the value of x at which a line and the labels stand; ``gap``: two decoders and the text of
    the arrow down from the first to the second there. The axes' ranges are given, so that a curve left out moves no
    other.
    """
    figure = go.Figure()
    if limit is not None:
        # Wider than the curves, so that one which lies on it does not hide it.
        line = dict(color=NEUTRAL, width=7, dash="9px,6px")
        said = "Cramér–Rao limit: %{y:.4g}<extra></extra>"
        figure.add_scatter(x=x, y=limit, mode="lines", line=line, hovertemplate=said, name="limit")
    for curve in drawn:
        for ink, width, pattern in ((CASING, 4.6, "solid"), (style_of(curve.name).color, 2.6, dash(curve.name))):
            line = dict(color=ink, width=width, dash=pattern)
            figure.add_scatter(x=x, y=curve.y, mode="lines", line=line, hoverinfo="skip", name=curve.name)
    for curve in drawn:
        title, look = DECODERS[curve.name].title, style_of(curve.name)
        symbol = PLOTLY_SYMBOLS[look.marker]
        upper = 1.96 * np.asarray(curve.error, dtype=float)
        # On a logarithmic scale an arm below zero would reach to minus infinity.
        lower = np.minimum(upper, 0.98 * np.asarray(curve.y, dtype=float)) if up.log else upper
        figure.add_scatter(
            x=x,
            y=curve.y,
            mode="markers",
            name=title,
            marker=dict(symbol=symbol, size=11, color=look.color, line=dict(width=1.3, color=CASING)),
            error_y=dict(array=upper, arrayminus=lower, color=NEUTRAL, thickness=1.4, width=3),
            customdata=list(curve.said),
            hovertemplate=f"%{{customdata}}<extra>{title}</extra>",
        )
    if marked is not None:
        at = list(x).index(marked)
        figure.add_vline(x=marked, line=dict(color=NEUTRAL, width=1), layer="below")
        _labels(figure, at, x, drawn, across, up, style)
        _arrow(figure, at, x, drawn, across, up, gap, style)
    figure.update_xaxes(**_scale(across), zeroline=False)
    figure.update_yaxes(**_scale(up), zeroline=not up.log)
    figure.update_layout(
        height=style.height,
        showlegend=False,
        margin=dict(l=10, r=10, t=TOP, b=BOTTOM),
        hoverlabel=dict(align="left", font=dict(color=style.ink)),
    )
    return figure


def span(values, log: bool) -> tuple[float, float]:
    """A range that holds all finite ``values``, above zero where the scale is logarithmic, with a little air."""
    kept = np.asarray(values, dtype=float).ravel()
    kept = kept[np.isfinite(kept) & ((kept > 0) | (not log))]
    if not kept.size:
        return (0.1, 1.0) if log else (0.0, 1.0)
    low, high = float(kept.min()), float(kept.max())
    if log:
        air = max((high / low) ** 0.06, 1.12)
        return low / air, high * air
    air = 0.06 * (high - low) or 1.0
    return low - air, high + air


def ticks(low: float, high: float) -> list[float]:
    """1, 2, 5, 10, … within a range: every one of them, or the powers of ten where there would be more than eight."""
    powers = range(int(np.floor(np.log10(low))), int(np.ceil(np.log10(high))) + 1)
    for steps in ((1, 2, 5), (1, 3), (1,)):
        kept = [step * 10.0**power for power in powers for step in steps if low <= step * 10.0**power <= high]
        if len(kept) <= 8:
            break
    return kept


def _scale(axis: Axis) -> dict:
    kept = axis.ticks if axis.ticks is not None else ticks(*axis.span) if axis.log else None
    at = {} if kept is None else dict(tickvals=list(kept), ticktext=[f"{value:g}" for value in kept])
    shown = np.log10(axis.span).tolist() if axis.log else list(axis.span)
    # fixed: on a phone a finger that scrolls the page would otherwise move the axes.
    return dict(title=axis.title, type="log" if axis.log else "linear", range=shown, fixedrange=True, **at)


def _along(value: float, axis: Axis) -> float:
    """``value`` as plotly's annotations count: the logarithm on a logarithmic scale."""
    return float(np.log10(value)) if axis.log else float(value)


def _labels(figure: go.Figure, at: int, x, drawn: Sequence[Curve], across: Axis, up: Axis, style: FigureStyle) -> None:
    """Each label beside its curve at x[at], on the side where the curve is not, moved where they would overlap."""
    told = [curve for curve in drawn if curve.label and (not up.log or curve.y[at] > 0)]
    low, high = (_along(value, up) for value in up.span)
    px = (style.height - TOP - BOTTOM) / (high - low)
    before, after = max(at - 1, 0), min(at + 1, len(x) - 1)
    sides: dict[str, list[tuple[Curve, float, float]]] = {"right": [], "left": []}
    for curve in told:
        here, was, comes = (_along(max(curve.y[k], 1e-12), up) * px for k in (at, before, after))
        # A curve that climbs to here leaves room above it on the left, one that sinks from here on the right.
        anchor = "left" if before == at or (was > here + 6 and after > at) else "right"
        other = comes if anchor == "left" else was
        sides[anchor].append((curve, here, here + (14 if other <= here + 6 else -14)))
    for anchor, side in sides.items():
        for (curve, here, _), place in zip(side, apart([wanted for *_, wanted in side], 1.25 * style.text)):
            figure.add_annotation(
                x=_along(x[at], across),
                y=here / px,
                text=curve.label,
                showarrow=False,
                xanchor=anchor,
                xshift=6 if anchor == "left" else -6,
                yshift=place - here,
                font=style.font,
            )


def apart(places: Sequence[float], least: float) -> list[float]:
    """The places moved as little as need be, in their order, until none is nearer than ``least`` to the next."""
    order = np.argsort(places, kind="stable")
    sorted_places = np.asarray(places, dtype=float)[order]
    # Groups of touching labels share the mean of where they would like to be.
    groups: list[list[float]] = []
    for place in sorted_places:
        groups.append([place])
        while len(groups) > 1 and _first(groups[-1], least) - _last(groups[-2], least) < least:
            groups[-2:] = [groups[-2] + groups[-1]]
    moved = np.concatenate([_first(g, least) + least * np.arange(len(g)) for g in groups]) if groups else []
    out = np.empty(len(places))
    out[order] = moved
    return out.tolist()


def _first(group: list[float], least: float) -> float:
    return float(np.mean(group)) - least * (len(group) - 1) / 2


def _last(group: list[float], least: float) -> float:
    return _first(group, least) + least * (len(group) - 1)


def _arrow(
    figure: go.Figure, at: int, x, drawn: Sequence[Curve], across: Axis, up: Axis, gap, style: FigureStyle
) -> None:
    """An arrow from one curve down to another at x[at], and what it says at its middle."""
    known = {curve.name: curve for curve in drawn}
    if gap is None or not {gap[0], gap[1]} <= known.keys():
        return
    start, end = (_along(known[name].y[at], up) for name in gap[:2])
    if not end < start:
        return
    place = _along(x[at], across)
    figure.add_annotation(
        x=place,
        y=end,
        ax=place,
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
    figure.add_annotation(
        x=place,
        y=(start + end) / 2,
        text=gap[2],
        showarrow=False,
        xanchor="left",
        xshift=6,
        yshift=8,
        font=style.font,
    )
