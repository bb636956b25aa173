"""What resolution costs and what it buys, as two curves over the input size."""

from __future__ import annotations

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from dark_core.figures.colour import ENCODING_MARKS


def cost_and_loss(
    sizes: list[int], ms: list[float], gigas: list[float], lost: dict[str, list[float]], now: int
) -> go.Figure:
    """Left: ms a crop (measured) beside the square of the size; right: photo px lost by each encoding in ``lost``.

    ``gigas`` are 10^9 multiply-adds, shown on hover; ``now`` is the size the page is at.
    """
    figure = make_subplots(
        1, 2, subplot_titles=("Time of one crop, ms", "Lost by rounding, photo px"), horizontal_spacing=0.1
    )
    square = [ms[-1] * (size / sizes[-1]) ** 2 for size in sizes]
    figure.add_scatter(
        x=sizes,
        y=ms,
        name="measured here",
        mode="lines+markers",
        line_color="#009E73",
        row=1,
        col=1,
        customdata=gigas,
        hovertemplate="%{x} px: %{y:.0f} ms, %{customdata:.2f} G multiply-adds<extra></extra>",
    )
    figure.add_scatter(
        x=sizes,
        y=square,
        name="square of the size",
        mode="lines",
        line=dict(color="#9AA0A6", dash="dot"),
        row=1,
        col=1,
        hoverinfo="skip",
    )
    symbols = {"square": "square", "diamond": "diamond", "star": "star"}
    for name, values in lost.items():
        style = ENCODING_MARKS[name]
        figure.add_scatter(
            x=sizes,
            y=values,
            name=style["title"],
            mode="lines+markers",
            row=1,
            col=2,
            line_color=style["colour"],
            marker=dict(symbol=symbols[style["shape"]], size=9, line=dict(width=1, color="#000")),
            hovertemplate="%{x} px: %{y:.1f} photo px<extra>" + style["title"] + "</extra>",
        )
    figure.add_vline(x=now, line=dict(color="#9AA0A6", width=1))
    figure.update_xaxes(title_text="network input, px", tickvals=sizes)
    figure.update_yaxes(rangemode="tozero")
    figure.update_layout(height=300, margin=dict(l=10, r=10, t=40, b=10), legend=dict(orientation="h", y=-0.28))
    return figure
