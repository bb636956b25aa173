"""The curves of the Noise lab as files, and the code that makes them again."""

from __future__ import annotations

import json
import math
from dataclasses import asdict

import streamlit as st

from dark_core.app.noise_lab.view import BASE, Lab
from dark_core.app.text.catalog import read_catalog
from dark_core.app.widgets.downloads import Download, csv_text, download_buttons
from dark_core.figures.decoder_style import title_of
from dark_core.simulation.sweeps import SweepPoint

TEXT = read_catalog("noise_lab")["files"]


def show(lab: Lab, points: list[SweepPoint]) -> None:
    """The numbers as files, and the code that makes them."""
    with st.container(horizontal=True, key="files"):
        download_buttons(
            Download(TEXT["csv"], lambda: as_csv(lab, points), f"{lab.name}.csv"),
            Download(TEXT["json"], lambda: as_json(lab, points), f"{lab.name}.json"),
        )
        with st.popover(TEXT["code"], icon=":material/code:"):
            st.markdown(TEXT["code_how"])
            st.code(as_python(lab), language="python")


def rows(lab: Lab, points: list[SweepPoint]) -> list[dict]:
    """One row per value and decoder, lengths in heatmap px: what the files hold. None where there is no number."""
    found = [
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
            "limit": point.limit_of(name),
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

    return [{key: known(value) for key, value in row.items()} for row in found]


def as_csv(lab: Lab, points: list[SweepPoint]) -> str:
    """Return the numbers of the curves as CSV."""
    found = rows(lab, points)
    return csv_text(found, () if found else ("quantity", "value", "decoder"))


def as_json(lab: Lab, points: list[SweepPoint]) -> str:
    """The curves, the setting and what the numbers mean, for a program."""
    return json.dumps(
        {
            "quantity": {"name": lab.name, "title": lab.quantity.title, "axis": lab.quantity.axis},
            **{key: TEXT[key] for key in ("lengths", "errors", "limit")},
            "base": asdict(lab.base),
            "count": lab.count,
            "seed": lab.seed,
            "decoders": {name: title_of(name) for name in lab.decoders},
            "points": rows(lab, points),
        },
        indent=1,
        ensure_ascii=False,
    )


def as_python(lab: Lab) -> str:
    """A program that prints the curves' numbers again."""
    changed = {name: value for name, value in asdict(lab.base).items() if value != getattr(BASE, name)}
    return TEXT["program"].format(
        name=lab.name,
        values=lab.values,
        decoders=list(lab.decoders),
        setting=", ".join(f"{name}={value!r}" for name, value in changed.items()),
        count=lab.count,
        seed=lab.seed,
        value="point.value" if lab.quantity.named else "point.value:g",
    )
