"""Why three quarters of a pixel: joints spread evenly over one cell, each with an arrow to its target."""

from __future__ import annotations

from math import asinh, sqrt

import numpy as np

from dark_core.app.text.catalog import read_catalog
from dark_core.app.widgets.static_figure import panel
from dark_core.codec import quantize
from dark_core.figures import svg
from dark_core.figures.decoder_style import ENCODING_TITLES, style_of
from dark_core.figures.style import CASING

TEXT = read_catalog("encode")["rounding"]

SIDE = 10
"""Joints along each side of the cell: 100 in all, few enough to be told apart from afar."""

FLOOR_MEAN = (sqrt(2) + asinh(1)) / 3
"""Heatmap px from a point of the unit square to its corner, on average."""

MEAN = {"floor": FLOOR_MEAN, "round": FLOOR_MEAN / 2}
"""Heatmap px from a joint to its target, on average: to the center of a cell it is half as far as to its corner."""

FIRST = {"floor": 0.0, "round": -0.5}
"""Where the cell of the joints that share the target at (0, 0) begins, along each axis."""

WINDOW = (-0.75, 2.0)
"""First corner and side of what is shown, heatmap px: the cells of both, and the borders of the pixels."""


def joints(method: str) -> np.ndarray:
    """(100, 2) heatmap px: joints spread evenly over the cell in which ``method`` draws the same target."""
    phase = (np.arange(SIDE) + 0.5) / SIDE + FIRST[method]
    return np.stack(np.meshgrid(phase, phase), -1).reshape(-1, 2)


def panels() -> str:
    """The arrows of floor and of round, side by side, as HTML."""
    drawn = []
    for method, mean in MEAN.items():
        values = {"encoding": ENCODING_TITLES[method], "mean": mean, "count": SIDE**2}
        arrows = _arrows(method, TEXT["alt"].format(**values))
        drawn.append(panel(TEXT["panel"].format(**values), arrows, TEXT[method]))
    return f'<div class="rounding">{"".join(drawn)}</div>'


def _arrows(method: str, alt: str) -> str:
    start, side = WINDOW
    look, first = style_of(method), FIRST[method]
    ends = [(joint, quantize(joint, method)) for joint in joints(method)]
    arrows = "".join(f"M{x:.3f} {y:.3f}L{u:.0f} {v:.0f}" for (x, y), (u, v) in ends)
    dots = "".join(f"M{x:.3f} {y:.3f}h0" for (x, y), _ in ends)
    centers = "".join(svg.tag("circle", cx=x, cy=y, r=0.022, fill="#9aa0a6") for x in (0, 1) for y in (0, 1))
    cell = svg.tag("rect", x=first, y=first, width=1, height=1, fill="none", stroke="#fff", stroke_width=0.012)
    return svg.view(
        start,
        start,
        side,
        side,
        svg.grid(start, start, side),
        centers,
        cell,
        svg.tag("path", d=arrows, stroke=look.color, stroke_width=0.009, opacity=0.8),
        svg.tag("path", d=dots, stroke="#fff", stroke_width=0.034, stroke_linecap="round"),
        svg.marker(look, 0, 0, 0.06),
        alt=alt,
        style=f"background: {CASING}",
    )
