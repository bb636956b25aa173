"""What a larger input costs, measured on this machine, beside what it buys."""

from __future__ import annotations

from concurrent.futures import Future
from itertools import pairwise

import streamlit as st

from dark_core.app.evidence import figure as evidence_figure
from dark_core.app.evidence.live import available, network
from dark_core.app.evidence.view import DARK, TEXT, Selection, title
from dark_core.app.runtime import inference
from dark_core.app.runtime.page import answer_hidden
from dark_core.app.widgets import tables
from dark_core.app.widgets.chart_style import chart_style
from dark_core.app.widgets.numbers import signed
from dark_core.app.widgets.static_figure import figure
from dark_core.app.widgets.tables import Column, Row
from dark_core.benchmarks.flops import Cost
from dark_core.evaluation.ablation_table import BASELINE, VARIANTS
from dark_core.figures.charts import ablation as drawing
from dark_core.figures.charts.ablation import Line
from dark_core.figures.charts.chart import Axis

COST = TEXT["cost"]

SIZES = (64, 128, 192)


@st.cache_resource(max_entries=4, show_spinner=False)
def bills(sizes: tuple[int, ...], measured: tuple[str, ...]) -> Future[list[Cost]]:
    """The cost of one crop at each size, measured once for all visitors; ``measured``: the networks that exist.

    A size without a network of the ablation is measured on the network of the app.
    """
    names = {size: f"{DARK[0]}_{size}_0" for size in sizes}
    return inference.measure_costs(
        {size: network(name) if name in measured else inference.estimator() for size, name in names.items()}
    )


def show(selection: Selection | None) -> None:
    """The costs as a sentence, a figure of what work buys, and a table."""
    sizes = SIZES if selection is None else tuple(selection.sizes)
    room = 14 if selection is None else 30
    st.html(f"<style>.st-key-cost {{ min-height: {room}rem; }}</style>")  # what follows keeps its place
    with st.container(key="cost"):
        st.subheader(COST["title"])
        measuring = bills(sizes, available())
        if not measuring.done():
            inference.wait_for_costs(measuring)
            return
        found = measuring.result()
        st.markdown(summary_text(found, selection))
        if selection is None:
            figure(table(found, None), key="bills")
            return
        left, right = st.columns([1.2, 1], gap="medium")
        with left:
            _figure(found, selection)
        with right:
            figure(table(found, selection), key="bills")


def summary_text(found: list[Cost], selection: Selection | None) -> str:
    """Three times the side is nine times the work; whether the better decoding saves it."""
    first, last = found[0], found[-1]
    times = last.size / first.size
    said = [
        COST["pixels"].format(times=times, squared=times**2),
        COST["work_ours" if available() else "work_bundled"].format(
            work=last.multiply_adds / first.multiply_adds, memory=last.activation_bytes / first.activation_bytes
        ),
        COST["time"].format(
            first=first.size,
            first_ms=first.ms,
            last=last.size,
            last_ms=last.ms,
            device=inference.device_name(inference.estimator()),
        ),
        COST["decoding"].format(first_ms=first.decode_ms, last_ms=last.decode_ms),
    ]
    if selection is not None and not answer_hidden():
        said.append(saved(found, selection))
    return " ".join(said).rstrip()


def saved(found: list[Cost], selection: Selection) -> str:
    """Whether the paper's way at one size reaches the baseline at the next size, and what the next would cost."""
    said = []
    for small, large in pairwise(found):
        ours, theirs = (
            selection.value(DARK[0], small.size, DARK[1]),
            selection.value(BASELINE[0], large.size, BASELINE[1]),
        )
        reached = ours.value <= theirs.value if selection.measure.less else ours.value >= theirs.value
        said.append(
            COST["saved"].format(
                size=small.size,
                value=ours.value,
                unit=selection.measure.unit,
                next=large.size,
                next_value=theirs.value,
                times=large.multiply_adds / small.multiply_adds,
            )
        )
        if reached:
            said.append(COST["makes_up"])
    return " ".join(said)


def _figure(found: list[Cost], selection: Selection) -> None:
    """The metric over the work, for the baseline and the paper's way."""
    work = [one.multiply_adds / 1e9 for one in found]
    lines = []
    unit = selection.measure.unit
    for encoding, variant in (BASELINE, DARK):
        values = [selection.value(encoding, one.size, variant) for one in found]
        bars = selection.joint is None
        lines.append(
            Line(
                title(encoding, variant),
                VARIANTS[variant][0],
                work,
                [value.value for value in values],
                [
                    COST["hover"].format(size=one.size, work=gigas, ms=one.ms, value=value.value, unit=unit)
                    for one, gigas, value in zip(found, work, values)
                ],
                [value.low for value in values] if bars else (),
                [value.high for value in values] if bars else (),
                hollow=encoding == "floor",
            )
        )
    held = [value for line in lines for value in (*line.y, *line.low, *line.high)]
    air = 0.07 * (max(held) - min(held)) or 1.0
    shown = lines[:1] if answer_hidden() else lines
    st.plotly_chart(
        drawing.lines(
            shown,
            Axis(COST["axis"], False, (0, 1.08 * work[-1]), work),
            Axis(evidence_figure.value_axis(selection), False, (min(held) - air, max(held) + air)),
            chart_style(evidence_figure.HEIGHT),
            [f"{gigas:.2f}<br>{one.size} px" for one, gigas in zip(found, work)],
        ),
        key="cost_chart",
        config={"displayModeBar": False},
        alt=COST["alt"].format(
            title=selection.measure.title, first=work[0], last=work[-1], ends=evidence_figure.ends(shown)
        ),
    )


def table(found: list[Cost], selection: Selection | None) -> str:
    """Return a row per size: work, time, memory, and what the better decoding is worth there."""
    gains = None if answer_hidden() else selection
    titles = [title for name, title in COST["columns"].items() if gains or name != "gain"]
    rows = []
    for one in found:
        cells = [f"{one.multiply_adds / 1e9:.2f}", f"{one.ms:.1f}"]
        cells += [f"{one.decode_ms:.1f}", f"{one.activation_bytes / 1e6:.1f}"]
        if gains:
            cells.append(signed(gains.gain(DARK[0], one.size, DARK[1]).value))
        rows.append(Row(TEXT["tables"]["size"].format(size=one.size), cells))
    caption = COST["caption"]
    if gains:
        caption = COST["caption_gain"].format(title=gains.measure.title, points=gains.measure.points)
    return tables.table(caption, [Column(title) for title in titles], rows, scroll=True)
