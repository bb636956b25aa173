"""The positions that a decoder gives one joint in repeated noise, beside the least scatter that the noise allows."""

from __future__ import annotations

import numpy as np

from dark_core.figures import svg
from dark_core.figures.decoder_style import style_of
from dark_core.figures.style import CASING


def cloud(name: str, xy: np.ndarray, truth: np.ndarray, covariance: np.ndarray, reach: float, alt: str) -> str:
    """Positions (count, 2) decoded by ``name`` as dots in a square of ``reach`` heatmap px around the truth.

    ``covariance`` (2, 2) is the Cramér–Rao bound, drawn as the ellipse that holds 95 % of the positions of
    a decoder which reaches it: Mahalanobis radius sqrt(5.991). A dot beyond the square is left out.
    """
    x0, y0, side = truth[0] - reach, truth[1] - reach, 2 * reach
    inside = (np.abs(xy - truth) <= reach).all(1)
    ink = style_of(name).color
    dots = "".join(
        svg.tag("circle", cx=float(x), cy=float(y), r=side / 90, fill=ink, stroke="#000", stroke_width=side / 600)
        for x, y in xy[inside]
    )
    return svg.view(
        x0,
        y0,
        side,
        side,
        svg.grid(x0, y0, side),
        dots,
        _ellipse(truth, covariance, side),
        svg.scale_bar(x0, y0, side, bar_length(reach)),
        alt=alt,
        style=f"background: {CASING}",
    )


def bar_length(reach: float) -> float:
    """Heatmap px of the scale bar: the longest of 1, 0.5, 0.2, … that fits the corner."""
    return next(length for length in (1.0, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01) if length < reach)


def _ellipse(center: np.ndarray, covariance: np.ndarray, side: float) -> str:
    values, vectors = np.linalg.eigh(covariance)
    angle = np.linspace(0, 2 * np.pi, 61)
    outline = center + (np.stack([np.cos(angle), np.sin(angle)], -1) * np.sqrt(5.991 * values)) @ vectors.T
    path = "M" + "L".join(f"{x:.4f} {y:.4f}" for x, y in outline) + "Z"
    return "".join(
        svg.tag("path", d=path, fill="none", stroke=ink, stroke_width=side * width)
        for ink, width in (("#000", 0.016), ("#fff", 0.008))
    )
