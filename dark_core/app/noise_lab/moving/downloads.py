"""The tracks of a moving joint as files, and the code that makes them again."""

from __future__ import annotations

import json
from dataclasses import asdict, fields

import streamlit as st

from dark_core.app.noise_lab.moving.track import Found, rms
from dark_core.app.text.catalog import read_catalog
from dark_core.app.widgets.downloads import Download, csv_text, download_buttons
from dark_core.simulation.motion import MovingGaussian

FILES = read_catalog("noise_lab")["files"]

TEXT = read_catalog("noise_lab")["moving"]["files"]

COLUMNS = ("frame", "decoder", "x", "y", "true_x", "true_y", "network_x", "network_y")


def show(motion: MovingGaussian, found: Found) -> None:
    """The tracks as files, and the code that makes them."""
    with st.container(horizontal=True, key="files"):
        download_buttons(
            Download(TEXT["csv"], lambda: as_csv(found), "moving.csv"),
            Download(TEXT["json"], lambda: as_json(motion, found), "moving.json"),
        )
        with st.popover(FILES["code"], icon=":material/code:"):
            st.markdown(FILES["code_how"])
            st.code(as_python(motion, tuple(found.xy)), language="python")


def as_csv(found: Found) -> str:
    """A row per decoder and frame, in heatmap px."""
    rows = [
        dict(zip(COLUMNS, (frame, name, *xy, *true, *network), strict=True))
        for name, track in found.xy.items()
        for frame, (xy, true, network) in enumerate(
            zip(track.tolist(), found.truth.tolist(), found.network.tolist(), strict=True)
        )
    ]
    return csv_text(rows, COLUMNS)


def as_json(motion: MovingGaussian, found: Found) -> str:
    """The setting, the measures and the parts of each decoder, and the tracks."""
    decoders = {}
    for name, one in found.measures.items():
        sizes = {key: asdict(value) for key in ("error", "bias", "scatter") if (value := getattr(one, key))}
        parts = {field.name: rms(getattr(found.parts[name], field.name)) for field in fields(found.parts[name])}
        decoders[name] = {**sizes, "step": one.step, "parts": parts, "xy": found.xy[name].round(5).tolist()}
    tracks = {"truth": found.truth.round(5).tolist(), "network": found.network.round(5).tolist()}
    return json.dumps({"unit": TEXT["unit"], "setting": asdict(motion), **tracks, "decoders": decoders}, indent=1)


def as_python(motion: MovingGaussian, decoders: tuple[str, ...]) -> str:
    """A program that prints the error of each decoder again."""
    setting = ", ".join(
        f"{field.name}={getattr(motion, field.name)!r}"
        for field in fields(motion)
        if getattr(motion, field.name) != field.default
    )
    return TEXT["program"].format(setting=setting, decoders=list(decoders))
