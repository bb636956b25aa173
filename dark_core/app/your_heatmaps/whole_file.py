"""What Your heatmaps shows of the whole file: every decoder over all maps, in words, as a figure, as a table."""

from __future__ import annotations

import threading
from html import escape

import numpy as np
import streamlit as st

from dark_core.app.widgets.static_figure import figure
from dark_core.app.your_heatmaps.source import Source
from dark_core.app.your_heatmaps.view import input_px
from dark_core.codec import DECODERS, Status
from dark_core.evaluation.batch_decode import EDGE, PERCENTILES, BatchResult, InputFrame
from dark_core.figures.charts import decoder_ranges
from dark_core.figures.legend import key_mark
from dark_core.files.heatmap_layouts import Heatmaps

_turn = threading.Lock()
"""One block at a time: visitors' files take turns."""


@st.cache_resource(max_entries=4, show_spinner=False)
def _begun(key: str, array: str, layout: str, sigma: float, names: tuple[str, ...], count: int) -> BatchResult:
    """What has been read of these maps with these settings, by whomever; it holds results and no maps."""
    return BatchResult(count, sigma, names)


def read(source: Source, array: str, heatmaps: Heatmaps, sigma: float) -> BatchResult:
    """Every decoder over all maps, with a bar that says how far it is; taken up again where it was left."""
    across = _begun(source.key, array, heatmaps.layout, sigma, tuple(DECODERS), len(heatmaps))
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


def in_words(across: BatchResult, frame: InputFrame) -> str:
    """The file in a few numbers, as Markdown."""
    maps = f"{across.count:,} map{'' if across.count == 1 else 's'}"
    full = int((across.reason["dark"] == Status.FINE).sum())
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


def table(across: BatchResult, frame: InputFrame) -> str:
    """A row a decoder: percentiles of the distance from DARK, and how often it fell back."""
    heatmap_px = InputFrame("", 1.0, frame.size)
    narrow = {5: " class='narrow-hide'", 25: " class='narrow-hide'", 75: " class='narrow-hide'"}
    head = "<th>Decoder</th>" + "".join(f"<th{narrow.get(p, '')}>{p} %</th>" for p in PERCENTILES)
    head += ("<th class='narrow-hide'>median, input px</th>" if frame.name else "") + "<th>fallbacks</th>"
    rows = []
    for name in across.decoders:
        values = across.percentiles(name, heatmap_px)
        cells = [f"<td{narrow.get(p, '')}>{_told(v)}</td>" for p, v in zip(PERCENTILES, values, strict=True)]
        if frame.name:
            cells.append(f"<td class='narrow-hide'>{_told(across.percentiles(name, frame)[2])}</td>")
        fell = sum(across.fallbacks(name).values())
        cells.append(f"<td>{100 * fell / across.count:.1f} %</td>")
        rows.append(f"<tr><td>{key_mark(name)}{escape(DECODERS[name].title)}</td>{''.join(cells)}</tr>")
    caption = "Distance from DARK, heatmap px: that many % of the maps lie below"
    return (
        f'<div class="wide-table"><table><caption>{caption}</caption><thead><tr>{head}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>{_fallbacks(across)}"
    )


def _told(value: float) -> str:
    return f"{value:.3f}" if np.isfinite(value) else "–"


def _fallbacks(across: BatchResult) -> str:
    """Why readings fell back: a line a reason, with the decoders and on how many maps."""
    by_reason: dict[str, dict[str, int]] = {}
    for name in across.decoders:
        for reason, count in across.fallbacks(name).items():
            by_reason.setdefault(reason, {})[name] = count
    if not by_reason:
        return "<p style='font-size:0.84rem'>Every decoder gave a full reading of every map.</p>"
    rows = []
    for reason, counts in by_reason.items():
        told = " · ".join(f"{escape(DECODERS[name].title)} {count:,}" for name, count in counts.items())
        if len(counts) == len(across.decoders) and len(set(counts.values())) == 1:
            told = f"every decoder {next(iter(counts.values())):,}"
        wrapped = "style='white-space:normal;text-align:left'"
        rows.append(f"<tr><td {wrapped}>{escape(reason)}</td><td {wrapped}>{told}</td></tr>")
    return (
        "<table style='margin-top:1rem'><caption>Why readings fell back, and on how many maps</caption><tbody>"
        f"{''.join(rows)}</tbody></table>"
    )


def show(across: BatchResult, frame: InputFrame) -> None:
    """The whole file: in words, as a figure, as a table."""
    st.subheader("Over the whole file")
    st.markdown(in_words(across, frame))
    found = chart(across, frame)
    if found is not None:
        drawing, alt = found
        st.plotly_chart(drawing, key="whole_chart", config={"displayModeBar": False}, alt=alt)
        st.caption("Marker: median; thick: the middle half of the maps; thin: 5 to 95 %.")
    figure(table(across, frame), key="whole_table")
