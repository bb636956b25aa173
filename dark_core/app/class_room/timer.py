"""The timer that a teacher starts for a guess; it runs in the browser only."""

from __future__ import annotations

import streamlit as st

from dark_core.app.runtime.component_files import component_file
from dark_core.app.text.catalog import read_catalog

TEXT = read_catalog("class_room")["timer"]
MINUTES = (1, 3, 5)
"""What it can be started with."""


def timer(present: bool) -> None:
    """The buttons that start it; while it runs, the time that is left, large while presenting."""
    styles = component_file("interactive_figure.css") + component_file("timer.css")
    component = st.components.v2.component("dark_explorer.timer", css=styles, js=component_file("timer.js"))
    with st.container(key="timer"):
        component(key="class_timer", data={**TEXT, "minutes": MINUTES, "present": present})
