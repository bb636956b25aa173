"""Color, marker and title of each decoder and each encoding: one color a family, one marker within it (law 4)."""

from __future__ import annotations

from dataclasses import dataclass

from dark_core.codec import DECODERS
from dark_core.figures.style import COLORS, NEUTRAL, STYLE


@dataclass(frozen=True)
class MarkStyle:
    """A hex color and the name of a marker of ``marker_shapes.SHAPES``."""

    color: str
    marker: str


def _styles(group: str) -> dict[str, MarkStyle]:
    return {name: MarkStyle(COLORS[one["color"]], one["marker"]) for name, one in STYLE[group].items()}


DECODER_STYLES = _styles("decoders")
ENCODING_STYLES = _styles("encodings")
SIMCC_STYLES = _styles("simcc")
ENCODING_TITLES: dict[str, str] = {name: one["title"] for name, one in STYLE["encodings"].items()}
SIMCC_TITLES: dict[str, str] = {name: one["title"] for name, one in STYLE["simcc"].items()}

UNKNOWN = MarkStyle(NEUTRAL, "circle")
"""A decoder that somebody adds without choosing a style is drawn as a gray disc."""


def style_of(name: str) -> MarkStyle:
    """The color and marker of the decoder or encoding of this name."""
    return (DECODER_STYLES | SIMCC_STYLES | ENCODING_STYLES).get(name, UNKNOWN)


def title_of(name: str) -> str:
    """The title of the decoder of this name, of heatmaps or of SimCC's bins."""
    return SIMCC_TITLES.get(name) or DECODERS[name].title
