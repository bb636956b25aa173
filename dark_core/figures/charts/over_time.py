"""The decoders' positions, or their errors, over the frames of a track, beside a reference."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go

from dark_core.figures.charts.chart import Axis, ChartStyle, add_line, marker, set_axes, span
from dark_core.figures.charts.curves import dash
from dark_core.figures.decoder_style import style_of, title_of
from dark_core.figures.style import NEUTRAL

MARKED = 6
"""Markers on each line, which tell it from the others without its color."""


def over_time(
    reference: np.ndarray,
    tracks: Mapping[str, np.ndarray],
    titles: tuple[str, str, str],
    least: float,
    style: ChartStyle,
) -> go.Figure:
    """A line per decoder over the frames, its marker here and there, and the reference (T,) dashed in gray.

    tracks: decoder -> (T,); titles: of the axes and of the reference; least: how much the scale shows at least.
    """
    figure, frames = go.Figure(), np.arange(len(reference))
    across, up, named = titles
    line = dict(color=NEUTRAL, width=6, dash="9px,6px")
    said = f"{named}: %{{y:.3f}}<extra></extra>"
    figure.add_scatter(x=frames, y=reference, mode="lines", line=line, name=named, hovertemplate=said)
    for k, (name, values) in enumerate(tracks.items()):
        add_line(figure, frames.tolist(), values.tolist(), style_of(name).color, name, dash(name), width=1.8)
        shown = frames[(2 + 5 * k) % 20 :: max(1, len(frames) // MARKED)]
        figure.add_scatter(
            x=shown,
            y=values[shown],
            mode="markers",
            name=title_of(name),
            marker=marker(style_of(name), 9),
            hovertemplate=f"%{{x}}: %{{y:.3f}}<extra>{title_of(name)}</extra>",
        )
    every = np.concatenate([reference, *tracks.values()])
    middle = (every.max() + every.min()) / 2
    shown_up = span([*every, middle - least / 2, middle + least / 2], False)
    set_axes(figure, Axis(across, False, (-0.5, len(frames) - 0.5)), Axis(up, False, shown_up), style)
    return figure
