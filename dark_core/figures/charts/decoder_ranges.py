"""How far the decoders differ from DARK over many heatmaps, as ranges on a logarithmic axis."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from dark_core.codec import DECODERS
from dark_core.figures.charts.chart import marker
from dark_core.figures.decoder_style import style_of

LEAST = 1e-3
"""Heatmap px where the logarithmic axis begins; what is nearer is drawn there."""


def ranges(percentiles: dict[str, np.ndarray], px: float | None = None) -> go.Figure:
    """A row per decoder: the 5th to the 95th percentile, thick from the 25th to the 75th, its marker at the median.

    ``percentiles``: decoder name -> (5,) at 5, 25, 50, 75, 95, heatmap px; ``px``: input px per heatmap px, if known.
    """
    figure = go.Figure()
    titles = [DECODERS[name].title for name in percentiles]
    for name, title in zip(percentiles, titles, strict=True):
        values, look = percentiles[name], style_of(name)
        shown = np.maximum(values, LEAST)
        for low, high, width in ((0, 4, 2), (1, 3, 7)):
            figure.add_scatter(
                x=shown[[low, high]],
                y=[title, title],
                mode="lines",
                line=dict(color=look.color, width=width),
                opacity=0.75,
                hoverinfo="skip",
            )
        values_text = ", ".join(f"{value:.3f}" for value in values)
        also = "" if px is None else f"<br>median {values[2] * px:.2f} input px"
        figure.add_scatter(
            x=shown[[2]],
            y=[title],
            mode="markers",
            marker=marker(look),
            hovertemplate=f"5, 25, 50, 75, 95 %: {values_text} heatmap px{also}<extra>{title}</extra>",
        )
    ticks = [10.0**power for power in range(-3, 4, 2)]  # every second one: all of them touch on a phone
    figure.update_xaxes(
        type="log",
        title_text="distance to DARK,<br>heatmap px",  # two lines fit beside the decoders' names on a phone
        tickvals=ticks,
        ticktext=[f"{t:g}" for t in ticks],
        minor=dict(ticks="outside", dtick="D1"),
    )
    figure.update_yaxes(autorange="reversed", categoryorder="array", categoryarray=titles)
    figure.update_layout(
        height=90 + 30 * max(len(titles), 2), margin=dict(l=10, r=10, t=10, b=10), showlegend=False, hovermode="closest"
    )
    return figure
