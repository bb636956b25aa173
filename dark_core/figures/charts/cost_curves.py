"""What resolution costs and what it buys, as two curves over the input size."""

from __future__ import annotations

import plotly.graph_objects as go

from dark_core.figures.charts.chart import marker
from dark_core.figures.decoder_style import ENCODING_STYLES, ENCODING_TITLES
from dark_core.figures.style import COLORS, NEUTRAL


def cost_curve(sizes: list[int], ms: list[float], gigas: list[float], now: int) -> go.Figure:
    """Measured milliseconds per crop beside the square of the size; ``gigas`` are 10^9 multiply-adds, shown on hover.

    ``now`` is the size the page is at, px.
    """
    figure = go.Figure()
    figure.add_scatter(
        x=sizes,
        y=ms,
        name="measured here",
        mode="lines+markers",
        line_color=COLORS["green"],
        customdata=gigas,
        hovertemplate="%{x} px: %{y:.0f} ms, %{customdata:.2f} G multiply-adds<extra></extra>",
    )
    figure.add_scatter(
        x=sizes,
        y=[ms[-1] * (size / sizes[-1]) ** 2 for size in sizes],
        name="square of the size",
        mode="lines",
        line=dict(color=NEUTRAL, dash="dot"),
        hoverinfo="skip",
    )
    return _finished(figure, "Time of one crop, ms", now)


def loss_curve(sizes: list[int], lost: dict[str, list[float]], now: int) -> go.Figure:
    """Photo px lost on average by each encoding in ``lost``."""
    figure = go.Figure()
    for name, values in lost.items():
        look, title = ENCODING_STYLES[name], ENCODING_TITLES[name]
        figure.add_scatter(
            x=sizes,
            y=values,
            name=title,
            mode="lines+markers",
            line_color=look.color,
            marker=marker(look, 9),
            hovertemplate=f"%{{x}} px: %{{y:.1f}} photo px<extra>{title}</extra>",
        )
    return _finished(figure, "Lost by rounding, photo px", now)


def _finished(figure: go.Figure, title: str, now: int) -> go.Figure:
    figure.add_vline(x=now, line=dict(color=NEUTRAL, width=1))
    figure.update_xaxes(title_text="network input, px", dtick=64)
    figure.update_yaxes(rangemode="tozero")
    figure.update_layout(
        title=dict(text=title, font_size=14, y=0.98, yanchor="top"),
        height=300,
        margin=dict(l=10, r=10, t=60, b=10),
        legend=dict(orientation="h", y=1.02, yanchor="bottom", x=0),
    )
    return figure
