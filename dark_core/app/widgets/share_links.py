"""The buttons that copy a page's address."""

from __future__ import annotations

import streamlit as st

from dark_core.app.runtime.component_files import component_file


def share_links(photo: bool) -> None:
    """Buttons that copy the page's address; ``photo`` says that a visitor's photo belongs to what is seen."""
    component = st.components.v2.component(
        "dark_explorer.share_links", css=component_file("interactive_figure.css"), js=component_file("share_links.js")
    )
    component(key="share", data={"photo": photo})
