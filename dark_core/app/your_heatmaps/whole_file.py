"""What Your heatmaps shows of the whole file: every decoder over all maps, in words, as a figure, as a table."""

from __future__ import annotations

import threading

import numpy as np
import streamlit as st

from dark_core.app.widgets.static_figure import figure
from dark_core.app.your_heatmaps import tables
from dark_core.app.your_heatmaps.source import Source
from dark_core.app.your_heatmaps.view import input_px
from dark_core.codec import DECODERS, in_full
from dark_core.evaluation.batch_decode import EDGE, BatchResult, InputFrame
from dark_core.figures.charts import decoder_ranges
from dark_core.files.heatmap_layouts import Heatmaps

_turn = threading.Lock()
"""One block at a time: visitors' files take turns."""


@st.cache_resource(max_entries=4, show_spinner=False)
def _begun(key: str, array: str, choices: str, sigma: float, names: tuple[str, ...], count: int) -> BatchResult:
    """What has been read of these maps with these settings, by whomever; it holds results and no maps."""
    return BatchResult(count, sigma, names)


def read(source: Source, array: str, heatmaps: Heatmaps, sigma: float) -> BatchResult:
    """Every decoder over all maps, with a bar that says how far it is; taken up again where it was left."""
    across = _begun(source.key, array, heatmaps.choices, sigma, tuple(DECODERS), len(heatmaps))
    if across.finished:
        return across
    bar = st.progress(0.0)
    while not across.finished:
        with _turn:
            across.step(heatmaps)
        told = f"Map {across.done:,} of {across.count:,} read by {len(across.decoders)} decoders"
        bar.progress(across.done / across.count, text=told)
    bar.empty()
    return across


def summary_text(across: BatchResult, frame: InputFrame) -> str:
    """The file in a few numbers, as Markdown."""
    maps = f"{across.count:,} map{'' if across.count == 1 else 's'}"
    full = int(in_full(across.reason["dark"]).sum())
    text = f"DARK reads {full:,} of {maps} in full"
    if full:
        far = across.percentiles("argmax", InputFrame("", 1.0, frame.size))
        half = f"**{far[2]:.2f} heatmap px**"
        if frame.name:
            half += f" ({across.percentiles('argmax', frame)[2]:.2f} input px)"
        text += f". On these, argmax lands a median {half} from it, and one in twenty more than {far[4]:.2f}"
    return text + (
        f". Of all peaks {100 * np.mean(across.border):.0f} % stand within {EDGE} heatmap px of an edge, where a "
        f"reading that smooths leans inwards; the mean score is {np.mean(across.score):.3g}."
    )


def chart(across: BatchResult, frame: InputFrame):
    """(figure, its text alternative), or None where DARK reads no map in full."""
    heatmap_px = InputFrame("", 1.0, frame.size)
    found = {name: across.percentiles(name, heatmap_px) for name in across.decoders if name != "dark"}
    if not found or np.isnan(next(iter(found.values()))).any():
        return None
    alt = "Median distance from DARK in heatmap px: " + ", ".join(
        f"{DECODERS[name].title} {values[2]:.3f}" for name, values in found.items()
    )
    return decoder_ranges.ranges(found, input_px(frame) if frame.name else None), alt


def show(across: BatchResult, frame: InputFrame) -> None:
    """The whole file: in words, as a figure, as a table."""
    st.subheader("Over the whole file")
    st.markdown(summary_text(across, frame))
    found = chart(across, frame)
    if found is not None:
        drawing, alt = found
        st.plotly_chart(drawing, key="whole_chart", config={"displayModeBar": False}, alt=alt)
        st.caption("Marker: median; thick: the middle half of the maps; thin: 5 to 95 %.")
    figure(tables.whole_table(across, frame), key="whole_table")
