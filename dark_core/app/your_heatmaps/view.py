"""What Your heatmaps shows of one heatmap: which one, in which colors, raw and smoothed and up close."""

from __future__ import annotations

import numpy as np
import streamlit as st

from dark_core.app.runtime.page import whole_number
from dark_core.app.widgets import teaching
from dark_core.app.widgets.static_figure import panel
from dark_core.codec import DECODERS, smooth
from dark_core.evaluation.batch_decode import InputFrame
from dark_core.figures import colors, panels, svg
from dark_core.figures.legend import legend
from dark_core.files.heatmap_layouts import Heatmaps, Survey

PARTS = {
    "answer": "the landing points, the tables, the whole file and the results",
    "sheet": "the person’s maps",
    "raw": "the raw map",
    "smoothed": "the smoothed map",
    "landing": "the landing points",
    "table": "every decoder on this map",
    "choice": "which decoder the network needs",
    "whole": "the whole file",
    "decoders_list": "what each decoder does",
    "maps, maps_file, truth_file, sample_file, array, layout, values, parts": "the controls of the file",
    "maps_sigma, stride, frame, person, number, stretch": "the controls of what is shown",
}
"""What ``?hide=`` can leave out on this page."""

HEATMAP_PX = "heatmap px alone"
"""The choice of no input px, beside the names of the pixel conventions."""

MARKED = ("argmax", "quarter_shift", "weighted_average", "noise_matched", "dark")
"""The decoders that are marked on the figure; the tables have all of them."""

Positions = dict[str, np.ndarray]
"""Decoder name -> (2,) heatmap px, of every decoder."""


def choose_heatmap(heatmaps: Heatmaps) -> tuple[int, int]:
    """(person, joint), counted from 0 as in the array."""
    chosen = []
    for column, key, label, count in zip(
        st.columns(2), ("person", "number"), ("Person", "Joint"), (heatmaps.people, heatmaps.joints), strict=True
    ):
        if not 0 <= (st.session_state.get(key) or 0) < count:
            st.session_state[key] = 0.0  # of a file with more of them
        with column:
            chosen.append(whole_number(f"{label}, 0 to {count - 1}", count - 1, key))
    teaching.steps("number", range(heatmaps.joints), "joint")
    return chosen[0], chosen[1]


def color_range(found: Survey, raw: np.ndarray, stretch: bool) -> tuple[float, str]:
    """(the value shown brightest, in words): 1 where the file's values are about that, else the file's largest."""
    if stretch:
        top = float(np.max(raw, where=np.isfinite(raw), initial=0))
        return (top if top > 0 else 1.0), f"0 to {top:.3g}, this map’s peak"
    if 0.2 < found.most <= 1.5 or found.most <= 0:
        return 1.0, "0 to 1"
    return found.most, f"0 to {found.most:.3g}, the file’s largest value"


def detail_panels(
    raw: np.ndarray,
    positions: Positions,
    sigma: float,
    frame: InputFrame,
    name: str,
    shown: tuple[float, str],
    revealed,
):
    """The heatmap raw and smoothed, and the pixels under the decoded positions, magnified.

    ``shown`` is what ``color_range`` says. Until ``revealed`` nothing is marked on them.
    """
    top, colors_text = shown
    # As the decoders see it: what is not finite is zero.
    values = np.where(np.isfinite(raw), raw, 0).astype(np.float64)
    smoothed = smooth(values, sigma)
    marked = {decoder: positions[decoder] for decoder in MARKED}
    near = [xy for decoder, xy in marked.items() if decoder != "weighted_average"]
    center, radius = panels.window(near, None)
    marks = (marked, None, (center, radius)) if revealed else ()
    far = ", ".join(
        f"{DECODERS[decoder].title} {np.linalg.norm(xy - marked['dark']):.2f} heatmap px from DARK"
        for decoder, xy in marked.items()
        if decoder != "dark"
    )
    bar = "The bar and the grid: 1 heatmap px" + (f" = {frame.stride_length:.3g} input px." if frame.name else ".")
    pieces = [
        panel(
            "Raw heatmap",
            bounded(panels.heatmap(values / top, f"Raw heatmap of {name}, peak {values.max():.3g}", *marks)),
            f"Peak {values.max():.3g}; colors {colors_text}.",
            parts="raw",
        ),
        panel(
            "Smoothed",
            bounded(panels.heatmap(smoothed / top, f"The same map smoothed with sigma {sigma:g}", *marks)),
            f"K ∗ h, σ = {sigma:g} px; peak {smoothed.max():.3g}.",
            parts="smoothed",
        ),
        panel(
            "Landing points",
            panels.magnified(
                _ground(values / top, center, radius), center, radius, marked, None, f"Landing points: {far}"
            ),
            bar,
            classes="landing",
            parts="answer landing",
        ),
    ]
    return f'<div class="detail-panels">{"".join(pieces)}</div>{legend(list(MARKED)) if revealed else ""}'


def bounded(drawing: str) -> str:
    """A drawing of bounded height, however high and narrow the heatmap is."""
    return f'<div class="overview">{drawing}</div>'


def _ground(shares: np.ndarray, center: np.ndarray, radius: float) -> str:
    """The pixels of a heatmap (H, W), 0 to 1, under the window of ``magnified``; nothing where there are none."""
    height, width = shares.shape
    (x0, y0), (x1, y1) = (np.floor(center - radius).astype(int), np.ceil(center + radius).astype(int) + 1)
    x0, y0, x1, y1 = max(x0, 0), max(y0, 0), min(x1, width), min(y1, height)
    if x0 >= x1 or y0 >= y1:
        return ""
    return svg.picture(colors.colored(shares[y0:y1, x0:x1]), x0 - 0.5, y0 - 0.5, x1 - x0, y1 - y0, smooth=False)
