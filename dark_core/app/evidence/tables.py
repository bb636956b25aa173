"""The numbers behind the figure of Evidence: every cell, bias and scatter, joint by joint."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from html import escape

import streamlit as st

from dark_core.app.evidence import text as evidence_text
from dark_core.app.evidence.view import (
    DARK,
    ENCODINGS,
    FIRST,
    METRICS,
    TEXT,
    Selection,
    set_title,
    variant_title,
)
from dark_core.app.widgets import tables
from dark_core.app.widgets.numbers import interval, signed
from dark_core.app.widgets.static_figure import choose_in, figure
from dark_core.app.widgets.tables import Column, Html, Row
from dark_core.evaluation.ablation_table import BASELINE, VARIANTS
from dark_core.figures.legend import line_mark
from dark_core.pose.skeleton import SKELETON

TABLES = TEXT["tables"]

PAIRS = [(encoding, variant) for encoding in ENCODINGS for variant in VARIANTS]


def _rows(cells: Callable[[tuple[str, str]], list[str]]) -> list[Row]:
    """Return a row per combination under the name of its encoding; ``cells``: encoding and variant -> its cells."""
    rows = []
    for encoding, title in ENCODINGS.items():
        rows.append(Row(TABLES["targets"].format(encoding=title), group=True))
        for variant in VARIANTS:
            mark = line_mark(VARIANTS[variant][0], encoding == "floor")
            rows.append(Row(Html(mark + escape(variant_title(variant))), cells((encoding, variant))))
    return rows


def _table(caption: str, columns: list[Column], rows: list[Row], groups: Sequence[Column] = ()) -> str:
    return tables.table(caption, columns, rows, groups=groups, scroll=True, frozen=True)


def cells(selection: Selection) -> str:
    """Return a row per combination: for each size the figure and its gain over the baseline, with their intervals."""
    best = {}
    for size in selection.sizes:
        worth = {pair: selection.value(pair[0], size, pair[1]).value for pair in PAIRS}
        best[size] = min(PAIRS, key=worth.__getitem__) if selection.measure.less else max(PAIRS, key=worth.__getitem__)

    def cell(pair: tuple[str, str], size: int) -> list[str]:
        value, gain = selection.value(pair[0], size, pair[1]), selection.gain(pair[0], size, pair[1])
        text = f"{value.value:.1f} {_small(interval(value))}"
        if best[size] == pair:
            text = f"<span style='font-weight: 650'>{text}</span>"
        beside = TABLES["baseline"] if pair == BASELINE else f"{signed(gain.value)} {_small(interval(gain, sign=True))}"
        return [Html(text), Html(beside)]

    rows = _rows(lambda pair: [text for size in selection.sizes for text in cell(pair, size)])
    groups = [Column(), *(Column(TABLES["size"].format(size=size), span=2) for size in selection.sizes)]
    columns = [Column(), *[Column(selection.measure.unit), Column(TABLES["gain"])] * len(selection.sizes)]
    caption = TABLES["cells" if selection.joint is None else "cells_joint"].format(
        set=set_title(selection.name), title=selection.measure.title, joints=_counted(selection)
    )
    return _table(caption, columns, rows, groups)


def _counted(selection: Selection) -> str:
    """The joints that a table counts."""
    return TABLES["all_joints"] if selection.joint is None else selection.joints_title


def _small(text: str) -> str:
    return f"<span class='narrow-hide' style='opacity: 0.72; font-size: 0.92em'>{text}</span>" if text else ""


def sets(selection: Selection) -> str:
    """Return a row per set: the gain of unbiased targets and DARK over the baseline at each size, with intervals."""
    rows = []
    for name, one in selection.table.sets.items():
        if selection.metric not in selection.table.metrics(name):
            continue
        other = replace(selection, name=name)
        gains = [other.gain(DARK[0], size, DARK[1]) for size in selection.sizes]
        texts = [Html(f"{signed(gain.value)} {_small(interval(gain, sign=True))}") for gain in gains]
        people = f"<span class='narrow-hide'>, {TABLES['people'].format(count=one['people'])}</span>"
        header = Html(escape(set_title(name)) + people)
        rows.append(Row(header, texts, "best" if name == selection.name else ""))
    columns = [Column(), *(Column(f"{size} px") for size in selection.sizes)]
    caption = TABLES["sets"].format(
        title=selection.measure.title, points=selection.measure.points, joints=_counted(selection)
    )
    return _table(caption, columns, rows)


def bias_table(selection: Selection) -> str:
    """Return bias and scatter of every cell in heatmap px, where the truth is exact."""

    def cell(pair: tuple[str, str], size: int) -> list[str]:
        bias = selection.table.cell(selection.name, pair[0], size, pair[1])["lean"]
        return [signed(bias["bias_x"], 2), signed(bias["bias_y"], 2), f"{bias['scatter']:.2f}"]

    rows = _rows(lambda pair: [text for size in selection.sizes for text in cell(pair, size)])
    groups = [Column(), *(Column(TABLES["size"].format(size=size), span=3) for size in selection.sizes)]
    columns = [Column(), *[Column("x", apart=True), Column("y"), Column(TABLES["scatter"])] * len(selection.sizes)]
    return _table(TABLES["biases"].format(set=set_title(selection.name)), columns, rows, groups)


def joints(selection: Selection) -> str:
    """Return PCK of each joint at each size: the baseline, unbiased targets with DARK, the gain."""
    metric = selection.metric if selection.metric.startswith("pck") else FIRST

    def cell(size: int, joint: int) -> list[str]:
        before, after = (
            selection.table.cell(selection.name, encoding, size, variant)["joints"][metric][joint]
            for encoding, variant in (BASELINE, DARK)
        )
        if before is None or after is None:  # nobody's joint is labeled
            return ["–", "–", "–"]
        return [f"{before:.1f}", f"{after:.1f}", signed(after - before)]

    rows = [
        Row(name, [text for size in selection.sizes for text in cell(size, k)], pick=name, current=k == selection.joint)
        for k, name in enumerate(SKELETON.names)
    ]
    wide = Column(wide_only=True)
    groups = [
        Column(),
        *(column for size in selection.sizes for column in (wide, wide, Column(TABLES["size"].format(size=size)))),
    ]
    three = [
        Column(TABLES["baseline"], wide_only=True, apart=True),
        Column(TABLES["paper"], wide_only=True),
        Column(TABLES["gain"]),
    ]
    caption = TABLES["joints"].format(set=set_title(selection.name), title=METRICS[metric].title)
    return _table(caption, [Column(), *three * len(selection.sizes)], rows, groups)


def show(selection: Selection, training: str) -> None:
    """Every number, folded: the gains by set and seed, every cell, joint by joint; ``training``: of the networks."""
    with st.container(key="tables"), st.expander(TABLES["title"]):
        figure(sets(selection), key="sets")
        st.markdown(evidence_text.gain_by_seed(selection))
        every, by_joint, biases = st.tabs([TABLES[name] for name in ("every", "by_joint", "bias")])
        with every:
            figure(cells(selection), key="cells")
        with by_joint:
            figure(joints(selection), key="joints", on_pick=choose_in("limb"))
        with biases:
            if selection.exact:
                st.markdown(evidence_text.bias_and_scatter(selection))
                figure(bias_table(selection), key="leans")
            else:
                st.markdown(TEXT["bias"]["only_exact"])
        st.caption(training)
