"""The scripts of the interactive figures: what the browser is sent to draw one under the visitor's hand."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import asdict
from functools import cache

import streamlit as st

from dark_core.app.runtime.component_files import component_file
from dark_core.app.runtime.page import hidden, presenting, run_anew
from dark_core.codec import DECODERS, Status
from dark_core.figures import colors
from dark_core.figures.decoder_style import ENCODING_STYLES, ENCODING_TITLES, style_of
from dark_core.figures.marker_shapes import SHAPES
from dark_core.figures.style import STYLE

_MET = "interactive_figures_met"


SHARED = ("codec", "shapes", "plot", "controls", "interactive_figure", "prediction")
"""What every interactive figure's script begins with, in this order; its own file comes last."""

OWN = {"decode": ("decode_formulas", "decode_code", "decode")}
"""The files of a figure that has more than one."""


@cache
def figure_script(name: str) -> str:
    """The script of an interactive figure: our constants, the codec, the drawing and the figure's own part."""
    constants = {
        "PALETTES": {key: base64.b64encode(table.tobytes()).decode() for key, table in colors.TABLES.items()},
        "SHAPES": SHAPES,
        "STYLE": STYLE,
        "DECODERS": {name: {"title": d.title, **asdict(style_of(name))} for name, d in DECODERS.items() if d.core},
        "ENCODINGS": {name: {"title": ENCODING_TITLES[name], **asdict(s)} for name, s in ENCODING_STYLES.items()},
        "REASONS": [status.sentence for status in Status],
    }
    written = "".join(f"const {key} = {json.dumps(value)};\n" for key, value in constants.items())
    return written + "\n".join(component_file(f"{file}.js") for file in [*SHARED, *OWN.get(name, [name])])


def mount_figure(name: str, data: dict, on_state: Callable[[dict], None], hide: frozenset[str] = frozenset()) -> None:
    """The interactive figure ``assets/components/NAME.js``, without the parts in ``hide``.

    ``data`` holds JSON: "epoch", "state" and what the figure draws. ``on_state`` receives every change of the state,
    before the page runs.
    """
    styles = "".join(component_file(f"{part}.css") for part in ("figure", "interactive_figure", "symbol"))
    component = st.components.v2.component(f"dark_explorer.{name}", css=styles, js=figure_script(name))

    def changed() -> None:
        value = st.session_state[name].get("state")
        if value is not None:
            on_state(value)

    component(
        key=name, data={"hide": sorted(hidden() | hide), "present": presenting(), **data}, on_state_change=changed
    )
    met = st.session_state.setdefault(_MET, set())
    if name not in met:
        met.add(name)
        # The browser moved something before this session met the figure: its own session is gone, or never ran.
        if st.session_state[name].get("state") is not None:
            run_anew(changed)


def keep_photo(key: str, href: str) -> None:
    """Hand the browser a photo that the interactive figures of the page draw by its ``key``.

    It is an element of its own because an element that stays the same is sent once, a figure at each change.
    """
    component = st.components.v2.component("dark_explorer.kept_photo", js=component_file("kept_photo.js"))
    component(key="kept_photo", data={"key": key, "href": href})
