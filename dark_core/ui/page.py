"""The frame of every page: title, style, menu. Called first in app.py and in every page."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

PAGES = (
    ("app.py", "Home", ":material/home:"),
    ("pages/4_Your_photo.py", "Your photo", ":material/add_a_photo:"),
)
"""The menu: path, name, icon. A page stands here once it exists."""

ICON = str(Path(__file__).parents[2] / "assets" / "icon.png")
"""A file of our own: a named icon would be fetched from its maker's server."""

SCENE, JOINT = "kick", "right wrist"
"""What a first look shows: one of the joints on which the readings part most visibly."""

CONVENTION = "pixels count from their centres: x_heatmap = (x_crop + ½) / 4 − ½"
"""Said under every grid."""

STYLE = """
<style>
.block-container { max-width: 1180px; padding-top: 2.2rem; padding-left: 1.5rem; padding-right: 1.5rem; }
h1 { line-height: 1.15; padding: 0.2rem 0 0.1rem; text-wrap: balance; }
.stMarkdown p { max-width: 92ch; }
.stVerticalBlock { gap: 0.8rem; }
.lead p { font-size: 1.05rem; }
[data-testid="stHeader"] { background: transparent; }
[data-testid="stHeaderActionElements"] { display: none; }
@media (max-width: 640px) {
  h1 { font-size: 1.55rem !important; }
  .block-container { padding-left: 1rem; padding-right: 1rem; }
}
</style>
"""


def page_frame(name: str) -> None:
    """Set the page up under ``name`` and draw the menu."""
    st.set_page_config(
        page_title=f"{name} · DARK Explorer" if name != "Home" else "DARK Explorer",
        page_icon=ICON,
        layout="wide",
    )
    st.html(STYLE)
    with st.sidebar:
        st.markdown("**DARK Explorer**")
        for path, title, icon in PAGES:
            st.page_link(path, label=title, icon=icon)
        st.caption("How a pose network’s heatmap is written and read decides where the joint lands.")
