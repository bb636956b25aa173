"""What every plotly chart shares: its axes, the style of its text, and lines and markers with a dark casing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go

from dark_core.figures.decoder_style import MarkStyle
from dark_core.figures.marker_shapes import PLOTLY_SYMBOLS
from dark_core.figures.style import CASING

TOP, BOTTOM = 12, 48
"""Margins in px, kept free above and below the axes."""


@dataclass(frozen=True)
class Axis:
    """An axis: its title, whether it is logarithmic, the range it shows, and the values with a tick (None: chosen).

    labels: what stands at the ticks in place of their values.
    """

    title: str
    log: bool
    span: tuple[float, float]
    ticks: Sequence[float] | None = None
    labels: Sequence[str] | None = None

    def at(self, value: float) -> float:
        """``value`` as plotly's annotations and ranges count: its logarithm on a logarithmic axis."""
        return float(np.log10(value)) if self.log else float(value)

    def options(self) -> dict:
        """The same for plotly."""
        kept = self.ticks if self.ticks is not None else ticks(*self.span) if self.log else None
        at: dict[str, Any] = (
            {}
            if kept is None
            else dict(tickvals=list(kept), ticktext=list(self.labels or [f"{value:g}" for value in kept]))
        )
        if self.labels:  # where they would overlap they stand upright, and need room below
            at |= dict(automargin=True, autotickangles=[0, 90])
        kind, shown = "log" if self.log else "linear", [self.at(value) for value in self.span]
        # fixed: on a phone a finger that scrolls the page would otherwise move the axes.
        return dict(title=self.title, type=kind, range=shown, fixedrange=True, zeroline=False, **at)


@dataclass(frozen=True)
class ChartStyle:
    """The chart's height and its labels' size in px, the colors of its text and of the page behind it."""

    height: int = 400
    text: int = 13
    ink: str | None = None
    ground: str | None = None

    @property
    def font(self) -> dict:
        # A halo of the ground's color, for where a label must stand on a curve.
        halo = ", ".join(f"0 0 {blur}px {self.ground}" for blur in (2, 3, 4, 6)) if self.ground else "none"
        return dict(color=self.ink, size=self.text, shadow=halo)


def set_axes(figure: go.Figure, across: Axis, up: Axis, style: ChartStyle, bottom: int = BOTTOM) -> None:
    """The axes and the layout of a chart without plotly's own legend."""
    figure.update_xaxes(**across.options())
    figure.update_yaxes(**up.options())
    for update in (figure.update_xaxes, figure.update_yaxes):
        update(tickfont_size=style.text - 1, title_font_size=style.text + 1, automargin=True)
    figure.update_layout(
        height=style.height,
        showlegend=False,
        margin=dict(l=10, r=10, t=TOP, b=bottom),
        hoverlabel=dict(align="left", font=dict(color=style.ink)),
    )


def add_line(
    figure: go.Figure,
    x: Sequence[float | None],
    y: Sequence[float | None],
    color: str,
    name: str,
    dash: str = "solid",
    width: float = 2.6,
    scale: float = 1.0,
    opacity: float = 1.0,
) -> None:
    """A line with a casing of 1 px on either side, all of it ``scale`` times as wide."""
    for ink, wide, pattern in ((CASING, width + 2, "solid"), (color, width, dash)):
        stroke = dict(color=ink, width=wide * scale, dash=pattern)
        figure.add_scatter(x=x, y=y, mode="lines", line=stroke, hoverinfo="skip", name=name, opacity=opacity)


def marker(look: MarkStyle, size: float = 11) -> dict:
    """plotly's options of a decoder's or an encoding's marker, ``size`` px wide."""
    casing = dict(width=0.12 * size, color=CASING)
    return dict(symbol=PLOTLY_SYMBOLS[look.marker], size=size, color=look.color, line=casing)


def span(values, log: bool) -> tuple[float, float]:
    """A range that holds all finite ``values``, above zero on a logarithmic axis, with a little air."""
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
    """1, 2, 5, 10, … within a range; 1, 3, 10, … or only the powers of ten where these are more than eight."""
    powers = range(int(np.floor(np.log10(low))), int(np.ceil(np.log10(high))) + 1)
    for steps in ((1, 2, 5), (1, 3), (1,)):
        kept = [step * 10.0**power for power in powers for step in steps if low <= step * 10.0**power <= high]
        if len(kept) <= 8:
            break
    return kept
