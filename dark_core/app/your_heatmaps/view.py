"""What Your heatmaps shows of one heatmap: which one, in which colors, raw and smoothed and up close."""

from __future__ import annotations

import numpy as np
import streamlit as st

from dark_core.app.runtime.page import whole_number
from dark_core.app.text.catalog import read_catalog
from dark_core.app.widgets import teaching
from dark_core.app.widgets.static_figure import panel
from dark_core.codec import DECODERS, smooth
from dark_core.evaluation.batch_decode import InputFrame
from dark_core.figures import colors, panels, svg
from dark_core.figures.legend import legend
from dark_core.files.heatmap_layouts import Heatmaps, Survey

TEXT = read_catalog("your_heatmaps")

HEATMAP_PX: str = TEXT["controls"]["heatmap_px"]
"""The choice of no input px, beside the names of the pixel conventions."""

MARKED = ("argmax", "quarter_shift", "weighted_average", "noise_matched", "dark")
"""The decoders that are marked on the figure; the tables have all of them."""

Positions = dict[str, np.ndarray]
"""Decoder name -> (2,) heatmap px, of every decoder."""


def choose_heatmap(heatmaps: Heatmaps) -> tuple[int, int]:
    """(person, joint), counted from 0 as in the array."""
    chosen = []
    labels, counts = TEXT["controls"], {"person": heatmaps.people, "number": heatmaps.joints}
    for column, (key, count) in zip(st.columns(2), counts.items(), strict=True):
        if not 0 <= (st.session_state.get(key) or 0) < count:
            st.session_state[key] = 0.0  # of a file with more of them
        with column:
            chosen.append(whole_number(labels[key].format(last=count - 1), count - 1, key))
    teaching.steps("number", range(heatmaps.joints), labels["step"])
    return chosen[0], chosen[1]


def color_range(found: Survey, raw: np.ndarray, stretch: bool) -> tuple[float, str]:
    """(the value shown brightest, in words): 1 where the file's values are about that, else the file's largest."""
    texts = TEXT["figure"]
    if stretch:
        top = float(np.max(raw, where=np.isfinite(raw), initial=0))
        return (top if top > 0 else 1.0), texts["colors_peak"].format(top=top)
    if 0.2 < found.most <= 1.5 or found.most <= 0:
        return 1.0, texts["colors_unit"]
    return found.most, texts["colors_file"].format(top=found.most)


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
    texts, (top, colors_text) = TEXT["figure"], shown
    # As the decoders see it: what is not finite is zero.
    values = np.where(np.isfinite(raw), raw, 0).astype(np.float64)
    smoothed = smooth(values, sigma)
    marked = {decoder: positions[decoder] for decoder in MARKED}
    near = [xy for decoder, xy in marked.items() if decoder != "weighted_average"]
    center, radius = panels.window(near, None)
    marks = (marked, None, (center, radius)) if revealed else ()
    far = ", ".join(
        texts["distance"].format(decoder=DECODERS[decoder].title, distance=np.linalg.norm(xy - marked["dark"]))
        for decoder, xy in marked.items()
        if decoder != "dark"
    )
    bar = texts["positions_note_input" if frame.name else "positions_note"].format(stride=frame.stride_length)
    peaks = {"joint": name, "peak": values.max(), "colors": colors_text}
    pieces = [
        panel(
            texts["raw"],
            bounded(panels.heatmap(values / top, texts["raw_alt"].format(**peaks), *marks)),
            texts["raw_note"].format(**peaks),
            parts="raw",
        ),
        panel(
            texts["smoothed"],
            bounded(panels.heatmap(smoothed / top, texts["smoothed_alt"].format(sigma=sigma), *marks)),
            texts["smoothed_note"].format(sigma=sigma, peak=smoothed.max()),
            parts="smoothed",
        ),
        panel(
            texts["positions"],
            panels.magnified(
                _ground(values / top, center, radius),
                center,
                radius,
                marked,
                None,
                texts["positions_alt"].format(distances=far),
            ),
            bar,
            classes="landing",
            parts=" ".join(("answer", "landing")),
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
