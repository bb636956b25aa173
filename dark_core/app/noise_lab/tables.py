"""The numbers behind the curves of the Noise lab: a table, files, and the code that makes them again."""

from __future__ import annotations

import csv
import io
import json
import math
from dataclasses import asdict
from html import escape

import numpy as np
import streamlit as st

from dark_core.app.noise_lab.text import signed, title
from dark_core.app.noise_lab.view import BASE, Lab
from dark_core.figures.legend import key_mark
from dark_core.simulation.sweeps import SweepPoint

FROZEN = "style='position: sticky; left: 0; background: var(--st-background-color)'"
CAPTION = "style='position: sticky; left: 0; display: inline-block; max-width: 100cqw'"
"""On a phone the numbers slide under their names."""


def table(lab: Lab, points: list[SweepPoint]) -> str:
    """A row a decoder, a column a value: the error with its standard error and the ratio, or bias and scatter."""
    parts = lab.measure == "parts"
    head = "".join(f"<th>{point.value:g}{escape(lab.quantity.unit)}</th>" for point in points)

    def cell(point: SweepPoint, name: str) -> str:
        one, px = point.accuracy[name], lab.px_at(point)
        if parts:
            first = give(one.bias[0] * px, one.bias_error[0] * px, sign=True)
            second = give(one.scatter * px, one.scatter_error * px)
        else:
            first, second = three(one.rmse * px), give(one.ratio, one.ratio_error)
        return f"<td>{first}<br>{second}</td>"

    rows = "".join(
        f"<tr><td {FROZEN}>{key_mark(name)}{escape(title(name))}</td>"
        + "".join(cell(point, name) for point in points)
        + "</tr>"
        for name in lab.decoders
    )
    least = "".join(f"<td>{three(point.limit * lab.px_at(point))}</td>" for point in points)
    what = (
        f"Bias along x (positive: away from the left edge) and, below it, scatter, {lab.px}, ± 1 standard error"
        if parts
        else f"Error (RMSE), {lab.px}, and below it how many times the limit it is, ± 1 standard error"
    )
    return (
        f"<div class='wide-table'><table><caption><span {CAPTION}>{what}; over {escape(lab.quantity.axis)}</span>"
        f"</caption><thead><tr><th></th>{head}</tr></thead><tbody>{rows}"
        f"<tr><td {FROZEN}>Cramér–Rao limit</td>{least}</tr></tbody></table></div>"
    )


def three(value: float) -> str:
    """Three significant digits, zeros among them."""
    if np.isinf(value):
        return "∞"
    return f"{value:#.3g}".rstrip(".")


def give(value: float, error: float, sign: bool = False) -> str:
    """A value and its standard error, to the first digit of the error; a dash where there is none."""
    if not np.isfinite(value):
        return "–"
    digits = int(np.clip(-np.floor(np.log10(float(f"{error:.0e}"))), 0, 6)) if error > 0 else 3
    return f"{signed(value, digits) if sign else f'{value:.{digits}f}'} ± {error:.{digits}f}"


def rows(lab: Lab, points: list[SweepPoint]) -> list[dict]:
    """One row a value and decoder, lengths in heatmap px: what the files hold. None where there is no number."""
    kept = [
        {
            "quantity": lab.name,
            "value": point.value,
            "decoder": name,
            "rmse": one.rmse,
            "rmse_error": one.rmse_error,
            "times_limit": one.ratio,
            "times_limit_error": one.ratio_error,
            "bias_x": float(one.bias[0]),
            "bias_x_error": float(one.bias_error[0]),
            "bias_y": float(one.bias[1]),
            "bias_y_error": float(one.bias_error[1]),
            "scatter": one.scatter,
            "scatter_error": one.scatter_error,
            "limit": point.limit,
            **asdict(point.setting),
            "photo_px": point.setting.photo_px,
            "count": point.count,
            "seed": lab.seed,
        }
        for point in points
        for name, one in point.accuracy.items()
    ]

    def known(value):
        return None if isinstance(value, float) and not math.isfinite(value) else value

    return [{key: known(value) for key, value in row.items()} for row in kept]


def as_csv(lab: Lab, points: list[SweepPoint]) -> str:
    out = io.StringIO()
    kept = rows(lab, points)
    writer = csv.DictWriter(out, kept[0] if kept else ["quantity", "value", "decoder"])
    writer.writeheader()
    writer.writerows(kept)
    return out.getvalue()


def as_json(lab: Lab, points: list[SweepPoint]) -> str:
    """The curves, the setting and what the numbers mean, to be read by a program."""
    return json.dumps(
        {
            "quantity": {"name": lab.name, "title": lab.quantity.title, "axis": lab.quantity.axis},
            "lengths": "heatmap px; photo_px is photo px per heatmap px",
            "errors": "rmse, bias and scatter over joints at every place in one pixel; *_error is one standard error",
            "limit": "root of the mean trace of the Cramer-Rao bound of unbiased readings, amplitude unknown",
            "base": asdict(lab.base),
            "count": lab.count,
            "seed": lab.seed,
            "decoders": {name: title(name) for name in lab.decoders},
            "points": rows(lab, points),
        },
        indent=1,
        ensure_ascii=False,
    )


def code(lab: Lab) -> str:
    """A program that prints the curves' numbers again."""
    changed = {name: value for name, value in asdict(lab.base).items() if value != getattr(BASE, name)}
    setting = ", ".join(f"{name}={value!r}" for name, value in changed.items())
    return (
        "from dark_core.simulation import SimulationConfig, sweep\n\n"
        f"values = {lab.values!r}\n"
        f"decoders = {list(lab.decoders)!r}\n"
        f'for point in sweep("{lab.name}", values, SimulationConfig({setting}), decoders, '
        f"count={lab.count}, seed={lab.seed}):\n"
        "    for name, found in point.accuracy.items():\n"
        '        print(f"{point.value:g} {name} {found.rmse:.4f} px {found.ratio:.2f} times {point.limit:.4f} px")\n'
    )


def offer(lab: Lab, points: list[SweepPoint]) -> None:
    """The numbers as files, and the code that makes them."""
    with st.container(horizontal=True, key="files"):
        st.download_button(
            "Curves (CSV)",
            lambda: as_csv(lab, points),
            f"{lab.name}.csv",
            "text/csv",
            on_click="ignore",
            icon=":material/download:",
        )
        st.download_button(
            "Curves (JSON)",
            lambda: as_json(lab, points),
            f"{lab.name}.json",
            "application/json",
            on_click="ignore",
            icon=":material/download:",
        )
        with st.popover("Code", icon=":material/code:"):
            st.markdown("Prints these numbers again, in the folder of this project:")
            st.code(code(lab), language="python")
