"""The numbers behind the figure of Evidence: every cell, bias and scatter, joint by joint, and the files."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import asdict, replace
from html import escape

import streamlit as st

from dark_core.app.evidence import text as evidence_text
from dark_core.app.evidence.view import (
    COMMAND,
    DARK,
    ENCODINGS,
    FIRST,
    METRICS,
    Asked,
    interval,
    reading_title,
    set_title,
    signed,
)
from dark_core.app.noise_lab.tables import CAPTION, FROZEN
from dark_core.app.widgets.static_figure import figure
from dark_core.evaluation import ablation
from dark_core.evaluation.ablation import BASELINE, VARIANTS, Table
from dark_core.evaluation.published_results import HEADLINE, PUBLISHED, SOURCE
from dark_core.figures.legend import line_mark
from dark_core.pose.skeleton import SKELETON

APART = "style='padding-left: 1.6rem'"
"""Between the columns of one input size and those of the next."""

PAIRS = [(encoding, reading) for encoding in ENCODINGS for reading in VARIANTS]


def _table(caption: str, head: str, rows: str) -> str:
    return (
        f"<div class='wide-table'><table><caption><span {CAPTION}>{escape(caption)}</span></caption>"
        f"<thead>{head}</thead><tbody>{rows}</tbody></table></div>"
    )


def _name(encoding: str, reading: str) -> str:
    mark = line_mark(VARIANTS[reading][0], encoding == "floor")
    return f"<td {FROZEN}>{mark}{escape(reading_title(reading))}</td>"


def _rows(cells: Callable[[tuple[str, str]], str], columns: int) -> str:
    """A row a combination under the name of its encoding; ``cells``: encoding and reading -> the rest of the row."""
    rows = ""
    for encoding, called in ENCODINGS.items():
        rows += f"<tr><th {FROZEN}>{called} targets</th><th colspan='{columns}'></th></tr>"
        rows += "".join(f"<tr>{_name(encoding, reading)}{cells((encoding, reading))}</tr>" for reading in VARIANTS)
    return rows


def cells(asked: Asked) -> str:
    """A row a combination; for each size the figure and its gain over the standard, with their intervals."""
    best = {}
    for size in asked.sizes:
        pick = min if asked.how.less else max
        best[size] = pick(PAIRS, key=lambda pair, size=size: asked.value(pair[0], size, pair[1]).value)

    def cell(pair: tuple[str, str], size: int) -> str:
        value, gain = asked.value(pair[0], size, pair[1]), asked.gain(pair[0], size, pair[1])
        weight = " style='font-weight: 650'" if best[size] == pair else ""
        beside = "standard" if pair == BASELINE else f"{signed(gain.value)} {_small(interval(gain, sign=True))}"
        return f"<td{weight}>{value.value:.1f} {_small(interval(value))}</td><td>{beside}</td>"

    rows = _rows(lambda pair: "".join(cell(pair, size) for size in asked.sizes), 2 * len(asked.sizes))
    top = "".join(f"<th colspan='2'>{size} px</th>" for size in asked.sizes)
    below = f"<th>{escape(asked.how.unit)}</th><th>gain</th>" * len(asked.sizes)
    head = f"<tr><th></th>{top}</tr><tr><th></th>{below}</tr>"
    whose = "all limb joints" if asked.joint is None else asked.who
    ends = ", 95 % intervals in brackets" if asked.joint is None else ", no intervals for a single joint"
    caption = f"{set_title(asked.name)}: {asked.how.title}, {whose}, and the gain over the standard{ends}"
    return _table(caption, head, rows)


def _small(text: str) -> str:
    return f"<span class='narrow-hide' style='opacity: 0.72; font-size: 0.92em'>{text}</span>" if text else ""


def sets(asked: Asked) -> str:
    """A row a set: what the paper's way has more than the standard at each size, with intervals."""
    rows = ""
    for name, one in asked.table.sets.items():
        if asked.metric not in asked.table.metrics(name):
            continue
        other = replace(asked, name=name)
        gains = [other.gain(DARK[0], size, DARK[1]) for size in asked.sizes]
        kept = "".join(f"<td>{signed(gain.value)} {_small(interval(gain, sign=True))}</td>" for gain in gains)
        mark = " class='best'" if name == asked.name else ""
        people = f"<span class='narrow-hide'>, {one['people']} people</span>"
        rows += f"<tr{mark}><td>{escape(set_title(name))}{people}</td>{kept}</tr>"
    head = f"<tr><th></th>{''.join(f'<th>{size} px</th>' for size in asked.sizes)}</tr>"
    whose = "all limb joints" if asked.joint is None else asked.who
    caption = f"Gain of unbiased targets read by DARK over the standard: {asked.how.title}, {asked.how.points}, {whose}"
    return _table(caption, head, rows)


def leans(asked: Asked) -> str:
    """Bias and scatter of every cell in heatmap px, where the truth is exact."""

    def cell(pair: tuple[str, str], size: int) -> str:
        lean = asked.table.cell(asked.name, pair[0], size, pair[1])["lean"]
        x, y = (signed(lean[axis], 2) for axis in ("bias_x", "bias_y"))
        return f"<td {APART}>{x}</td><td>{y}</td><td>{lean['scatter']:.2f}</td>"

    rows = _rows(lambda pair: "".join(cell(pair, size) for size in asked.sizes), 3 * len(asked.sizes))
    top = "".join(f"<th colspan='3'>{size} px</th>" for size in asked.sizes)
    head = f"<tr><th></th>{top}</tr><tr><th></th>{'<th>x</th><th>y</th><th>scatter</th>' * len(asked.sizes)}</tr>"
    caption = (
        f"{set_title(asked.name)}: median error along x (right) and y (down), and scatter an axis about it "
        "(1.48 times the median distance), heatmap px, limb joints"
    )
    return _table(caption, head, rows)


def joints(asked: Asked) -> str:
    """PCK of each joint at each size: the standard, the paper's way, the gain."""
    metric = asked.metric if asked.metric.startswith("pck") else FIRST

    def share(pair: tuple[str, str], size: int, joint: int) -> float:
        return asked.table.cell(asked.name, pair[0], size, pair[1])["joints"][metric][joint]

    def cell(size: int, joint: int) -> str:
        before, after = share(BASELINE, size, joint), share(DARK, size, joint)
        return (
            f"<td class='narrow-hide' {APART}>{before:.1f}</td><td class='narrow-hide'>{after:.1f}</td>"
            f"<td>{signed(after - before)}</td>"
        )

    rows = "".join(
        f"<tr data-pick='{escape(name)}' tabindex='0' aria-current='{str(k == asked.joint).lower()}'>"
        f"<td>{escape(name)}</td>{''.join(cell(size, k) for size in asked.sizes)}</tr>"
        for k, name in enumerate(SKELETON.names)
    )
    top = "".join(
        f"<th class='narrow-hide'></th><th class='narrow-hide'></th><th>{size} px</th>" for size in asked.sizes
    )
    below = "<th class='narrow-hide'>standard</th><th class='narrow-hide'>unbiased + DARK</th><th>gain</th>"
    head = f"<tr><th></th>{top}</tr><tr><th></th>{below * len(asked.sizes)}</tr>"
    caption = (
        f"{set_title(asked.name)}: {METRICS[metric].title} of each joint, %, without intervals; "
        "choose a row to see that joint in the figure"
    )
    return _table(caption, head, rows)


def as_csv(table: Table) -> str:
    """Every cell of every set, one row each."""
    rows = table.rows()
    columns = dict.fromkeys(key for row in rows for key in row)
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def as_json(table: Table) -> str:
    """The whole table, and beside it what was published, with its source."""
    published = {
        "source": SOURCE,
        "headline": HEADLINE,
        "size": "width, height",
        "rows": [asdict(p) for p in PUBLISHED],
    }
    units = {name: metric.axis for name, metric in METRICS.items()}
    titles = {name: reading_title(name) for name in VARIANTS}
    return json.dumps(
        {
            "intervals": "value, then the ends of the 95 % interval over resamples of the people",
            "units": units,
            "readings": titles,
            "measured": table.data,
            "published": published,
        },
        indent=1,
        ensure_ascii=False,
    )


def _elsewhere(table: Table) -> str:
    """What the command needs besides, where networks of the table are not in this copy."""
    away = [one["seed"] for one in ablation.missing(table)]
    if not away:
        return ""
    seeds = " and ".join(map(str, sorted(set(away))))
    return f", `--networks` a folder that holds those of seed {seeds} too, which are not in this copy"


def offer(table: Table) -> None:
    """The table as files, and the command that makes it."""
    with st.container(horizontal=True, key="files"):
        st.download_button(
            "Table (CSV)",
            lambda: as_csv(table),
            "evidence.csv",
            "text/csv",
            on_click="ignore",
            icon=":material/download:",
        )
        st.download_button(
            "Everything (JSON)",
            lambda: as_json(table),
            "evidence.json",
            "application/json",
            on_click="ignore",
            icon=":material/download:",
        )
        with st.popover("Command", icon=":material/code:"):
            st.markdown(
                f"Reads every set by every network again and writes this table; `--set` may be given several times, "
                f"`--exact` names the sets whose joints are known exactly{_elsewhere(table)}:"
            )
            st.code(COMMAND, language="bash")


def follow(chosen: str) -> None:
    """The joint chosen in the table, in the figure."""
    st.session_state["limb"] = chosen


def show(asked: Asked) -> None:
    """The tables, one at a time."""
    with st.container(key="tables"):
        figure(sets(asked), key="sets")
        st.markdown(f"{evidence_text.parts(asked, asked.sizes[0])} {evidence_text.seeds(asked)}")
        every, by_joint, leaning = st.tabs(["Every cell", "Joint by joint", "Bias and scatter"])
        with every:
            figure(cells(asked), key="cells")
        with by_joint:
            figure(joints(asked), key="joints", on_pick=follow)
        with leaning:
            if asked.exact:
                st.markdown(evidence_text.leaning(asked))
                figure(leans(asked), key="leans")
            else:
                st.markdown("Bias and scatter are given where the truth is exact: labels lean and scatter themselves.")
