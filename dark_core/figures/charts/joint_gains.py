"""How much less the error of one decoder is than that of another, joint by joint, with intervals."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from dark_core.figures.charts.chart import marker
from dark_core.figures.decoder_style import style_of
from dark_core.figures.style import COLORS


def gains(decoder: str, names: Sequence[str], value: np.ndarray, low: np.ndarray, high: np.ndarray) -> go.Figure:
    """A row per joint: the gain in heatmap px with the marker of ``decoder``, and its interval where it has one.

    names: (K,); value, low, high: (K,) heatmap px, NaN where unknown.
    """
    figure, look = go.Figure(), style_of(decoder)
    figure.add_vline(x=0, line=dict(color=COLORS["gray"], width=1, dash="dot"))
    for name, middle, least, most in zip(names, value, low, high, strict=True):
        if np.isfinite([least, most]).all():
            line = dict(color=look.color, width=4)
            figure.add_scatter(x=[least, most], y=[name, name], mode="lines", line=line, opacity=0.75, hoverinfo="skip")
        interval = f", 95 % interval {least:.3f} to {most:.3f}" if np.isfinite(least) else ""
        text = f"{middle:.3f} heatmap px{interval}<extra>{name}</extra>"
        figure.add_scatter(x=[middle], y=[name], mode="markers", marker=marker(look), hovertemplate=text)
    title = "gain over argmax, heatmap px"
    figure.update_xaxes(title_text=title, zeroline=False)
    figure.update_yaxes(autorange="reversed", categoryorder="array", categoryarray=list(names))
    figure.update_layout(
        height=90 + 24 * max(len(names), 2), margin=dict(l=10, r=10, t=10, b=10), showlegend=False, hovermode="closest"
    )
    return figure
