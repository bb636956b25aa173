"""The webcam, live: argmax and DARK on the same frames, with how much each jitters."""

from __future__ import annotations

import os

import streamlit as st

from dark_core.app.live.route import ADDRESS, DECODERS, FULL, REPLACED, SIDE
from dark_core.app.motion.text import TEXT
from dark_core.app.runtime.component_files import component_file
from dark_core.app.runtime.page import hidden_names, presenting
from dark_core.app.runtime.settings import live_visitors
from dark_core.app.text import glossary
from dark_core.app.widgets.interactive_component import figure_script
from dark_core.pose.skeleton import SKELETON


def show() -> None:
    """The section; nothing where this server has no seats, or the address hides it."""
    if not live_visitors(os.environ) or "live" in hidden_names():
        return
    texts = TEXT["live"]
    st.subheader(texts["title"])
    glossary.markdown(texts["lead"])
    styles = "".join(component_file(f"{part}.css") for part in ("figure", "interactive_figure", "live"))
    component = st.components.v2.component("dark_explorer.live", css=styles, js=figure_script("live"))
    base = st.get_option("server.baseUrlPath").strip("/")
    component(
        key="live",
        data={
            "address": f"/{base}/{ADDRESS}" if base else f"/{ADDRESS}",
            "side": SIDE,
            "decoders": DECODERS,
            "bones": SKELETON.bones,
            "present": presenting(),
            "full": FULL,
            "replaced": REPLACED,
            "text": texts,
        },
    )
    st.caption(texts["privacy"])
