"""A strip of ticks: for which of many joints one decoder is nearest to the truth."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dark_core.figures import svg
from dark_core.figures.decoder_style import style_of
from dark_core.figures.style import CASING

HEIGHT, GAP = 5.0, 1.5
"""In ticks: of the strip, and between two groups."""


def strip(decoder: str, nearest: Sequence[np.ndarray], chosen: tuple[int, int] | None, alt: str) -> str:
    """The strip of one decoder, stretched to its container.

    nearest: for each group (K,) True where the decoder is nearest; chosen: group and joint that get a frame.
    """
    color = style_of(decoder).color
    ticks, x = [], 0.0
    for group, hits in enumerate(nearest):
        ticks.append(svg.tag("rect", x=x, y=0, width=len(hits), height=HEIGHT, fill=CASING))
        for joint in np.flatnonzero(hits):
            ticks.append(svg.tag("rect", x=x + joint, y=0, width=0.8, height=HEIGHT, fill=color))
        if chosen is not None and chosen[0] == group:
            at = {"x": x + chosen[1] - 0.1, "y": 0.0, "width": 1.0, "height": HEIGHT}
            ticks.append(svg.tag("rect", fill="none", stroke="#fff", vector_effect="non-scaling-stroke", **at))
        x += len(hits) + GAP
    return svg.view(0, 0, x - GAP, HEIGHT, *ticks, alt=alt, preserveAspectRatio="none", class_="strip")
