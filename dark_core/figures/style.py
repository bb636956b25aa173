"""The look of every drawing, from ``style.json``: Python draws with it, and the browser's figures are given the same.

Sizes are relative. ``marker``, ``truth``, ``line``, ``frame`` and ``scale_bar`` count in the size of the thing itself;
``inset_side_over`` and ``heatmap_width_over`` say which fraction of the picture a thing is: 34 means 1/34 of the side.
``inset`` holds the magnified window: its radius in heatmap px, its ``air`` around the points, and how a point beyond it
is drawn: ``border`` marker sizes inside, ``beyond`` times as large and as opaque, with a dash that points to it.
"""

from __future__ import annotations

import json
from importlib.resources import files

STYLE = json.loads(files(__package__).joinpath("style.json").read_text(encoding="utf-8"))

COLORS: dict[str, str] = STYLE["colors"]
"""Hex strings by name: the palette of Okabe and Ito (2008), gray for what is compared, ink for casings."""

LEFT, RIGHT, NEUTRAL = (COLORS[STYLE["limbs"][side]] for side in ("left", "right", "neutral"))
"""Limbs: the person's left sky, right vermillion, and gray where decoders are compared (law 4)."""

CASING = COLORS["ink"]
"""Around the lines and markers of plotly figures."""
