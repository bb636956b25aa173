"""What an audit of coordinates saw: where they stand within one step of the lattice, and how well each step fits."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from dark_core.figures.charts.chart import Axis, ChartStyle, set_axes, span
from dark_core.figures.style import NEUTRAL


def phases(counts: np.ndarray, across: str, up: str, said: str, style: ChartStyle) -> go.Figure:
    """Bars of (B,) coordinates from half a step before the lattice to half a step beyond, and the even share dashed.

    across, up: titles of the axes; said: plotly's template of the text of a bar on hover.
    """
    figure, edges = go.Figure(), np.linspace(-0.5, 0.5, len(counts) + 1)
    at = (edges[1:] + edges[:-1]) / 2
    figure.add_bar(
        x=at, y=counts, width=edges[1] - edges[0], marker_color=NEUTRAL, hovertemplate=f"{said}<extra></extra>"
    )
    figure.add_hline(y=float(counts.mean()), line=dict(color=style.ink, width=1.5, dash="dash"))
    most = 1.08 * max(1.0, float(counts.max()))
    set_axes(figure, Axis(across, False, (-0.5, 0.5), (-0.5, 0, 0.5)), Axis(up, False, (0, most)), style)
    return figure


def coherences(
    steps: np.ndarray,
    coherence: np.ndarray,
    level: float,
    marked: float | None,
    titles: tuple[str, str, str, str],
    style: ChartStyle,
) -> go.Figure:
    """The coherence (S,) of each step, the level that chance reaches dashed, and the lattice's step marked.

    titles: of the axes, what the dashed line is, and plotly's template of the text of a point on hover.
    """
    across, up, named, said = titles
    figure = go.Figure()
    line = dict(color=NEUTRAL, width=2)
    figure.add_scatter(x=steps, y=coherence, mode="lines", line=line, hovertemplate=f"{said}<extra></extra>")
    figure.add_hline(y=level, line=dict(color=style.ink, width=1.5, dash="dash"))
    figure.add_annotation(x=1, xref="paper", y=1.3, text=named, showarrow=False, xanchor="right", font=style.font)
    axis = Axis(across, True, span(steps, True))
    if marked is not None:
        line = dict(color=style.ink, width=1, dash="dot")
        figure.add_shape(type="line", x0=marked, x1=marked, y0=0, y1=1, line=line, layer="below")
        figure.add_annotation(
            x=axis.at(marked), y=1.0, text=f"{marked:.3g}", showarrow=False, yshift=11, font=style.font
        )
    set_axes(figure, axis, Axis(up, False, (0, 1.4), (0, 0.5, 1)), style)
    return figure
