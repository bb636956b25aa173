"""Marks for legends and tables: a decoder's or an encoding's marker, the truth, a line of a chart, each a small SVG."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

import numpy as np

from dark_core.figures import svg
from dark_core.figures.colors import VIRIDIS
from dark_core.figures.decoder_style import style_of, title_of
from dark_core.figures.style import CASING, NEUTRAL

TITLES = {"truth": "true joint", "bound": "Cramér–Rao bound", "simcc_bound": "bound of SimCC"}
"""What a legend names besides decoders."""


def legend(names: Iterable[str]) -> str:
    """Which mark is which decoder, in a line; the names of ``TITLES`` may be among the names."""
    return legend_of((key_mark(name), TITLES.get(name) or title_of(name)) for name in names)


def legend_of(items: Iterable[tuple[str, str]]) -> str:
    """A legend of marks, each with its title."""
    return f'<ul class="legend">{"".join(f"<li>{mark}{escape(title)}</li>" for mark, title in items)}</ul>'


def key_mark(name: str) -> str:
    """The marker of a decoder or an encoding as a small picture; the names of ``TITLES`` have one too."""
    if name == "truth":
        return _key(svg.truth_mark(0, 0, 1.3))
    if name in ("bound", "simcc_bound"):
        color = NEUTRAL if name == "bound" else style_of("simcc").color
        return _key(svg.line((-2, 0), (2, 0), color, 1.1, stroke_dasharray="0.8 0.8"))
    return _key(svg.marker(style_of(name), 0, 0, 1.0))


def color_range(low: str, high: str) -> str:
    """The colors of a heatmap between the values of their ends, for the title of its panel."""
    stops = ", ".join(f"rgb({' '.join(map(str, VIRIDIS[k]))})" for k in np.linspace(0, 255, 9).round().astype(int))
    return f'<span class="range">{low}<i style="background: linear-gradient(to right, {stops})"></i>{high}</span>'


def line_mark(decoder: str, hollow: bool = False) -> str:
    """A decoder's marker on its line; dashed and ``hollow`` for floored targets."""
    look = style_of(decoder)
    dash = "0.9 0.6" if hollow else None
    line = svg.line((-3, 0), (3, 0), CASING, 1.1) + svg.line((-3, 0), (3, 0), look.color, 0.7, stroke_dasharray=dash)
    return _key(line + svg.marker(look, 0, 0, 1.0) + (svg.hole(0, 0, 1.0) if hollow else ""), wide=True)


def interval_mark() -> str:
    """A bar, as a chart draws the interval of a marker beside it."""
    return _key(svg.line((0, -1.6), (0, 1.6), CASING, 0.9) + svg.line((0, -1.6), (0, 1.6), NEUTRAL, 0.5))


def arrow_mark(decoder: str) -> str:
    """An arrow down to a decoder's curve, in its color."""
    color = style_of(decoder).color
    head = svg.tag("path", d="M -1 0.2 L 1 0.2 L 0 1.9 Z", fill=color)
    return _key(svg.line((0, -1.9), (0, 0.6), color, 0.6) + head)


def _key(shape: str, wide: bool = False) -> str:
    half, style = (3, ' style="width: 1.9em"') if wide else (2, "")
    return f'<svg class="key" viewBox="{-half} -2 {2 * half} 4"{style} aria-hidden="true">{shape}</svg>'
