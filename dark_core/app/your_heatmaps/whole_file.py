"""What Your heatmaps shows of the whole file: every decoder over all heatmaps, in words, as a figure, as a table."""

from __future__ import annotations

import threading

import numpy as np
import streamlit as st

from dark_core.app.widgets.static_figure import figure
from dark_core.app.your_heatmaps import tables, text
from dark_core.app.your_heatmaps.source import Source
from dark_core.codec import DECODERS
from dark_core.evaluation.batch_decode import BatchResult, InputFrame
from dark_core.figures.charts import decoder_ranges
from dark_core.files.heatmap_layouts import Heatmaps

TEXT = text.TEXT["whole"]

_turn = threading.Lock()
"""One block at a time: visitors' files take turns."""


@st.cache_resource(max_entries=4, show_spinner=False)
def batch_result(key: str, array: str, choices: str, sigma: float, names: tuple[str, ...], count: int) -> BatchResult:
    """The result so far of these heatmaps with these settings, shared by all visitors; it holds no heatmaps."""
    return BatchResult(count, sigma, names)


def decode_all(source: Source, array: str, heatmaps: Heatmaps, sigma: float) -> BatchResult:
    """Every decoder over all heatmaps, with a progress bar; an interrupted run continues where it stopped."""
    result = batch_result(source.key, array, heatmaps.choices, sigma, tuple(DECODERS), len(heatmaps))
    if result.finished:
        return result
    bar = st.progress(0.0)
    while not result.finished:
        with _turn:
            result.step(heatmaps)
        told = TEXT["progress"].format(done=result.done, count=result.count, decoders=len(result.decoders))
        bar.progress(result.done / result.count, text=told)
    bar.empty()
    return result


def chart(result: BatchResult, frame: InputFrame):
    """(figure, its text alternative), or None where DARK falls back on every heatmap."""
    heatmap_px = InputFrame("", 1.0, frame.size)
    found = {name: result.percentiles(name, heatmap_px) for name in result.decoders if name != "dark"}
    if not found or np.isnan(next(iter(found.values()))).any():
        return None
    distances = [
        TEXT["chart_distance"].format(decoder=DECODERS[name].title, distance=values[2])
        for name, values in found.items()
    ]
    alt = TEXT["chart_alt"].format(distances=", ".join(distances))
    return decoder_ranges.ranges(found, frame.stride_length if frame.name else None), alt


def show(result: BatchResult, frame: InputFrame) -> None:
    """The whole file: in words, as a figure, as a table."""
    st.subheader(TEXT["title"])
    st.markdown(text.file_summary_text(result, frame))
    found = chart(result, frame)
    if found is not None:
        drawing, alt = found
        st.plotly_chart(drawing, key="whole_chart", config={"displayModeBar": False}, alt=alt)
        st.caption(TEXT["chart_note"])
    figure(tables.whole_table(result, frame), key="whole_table")
