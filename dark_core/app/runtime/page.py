"""The frame of every page: title, menu, and what a presenter asks for in the address.

``?present=1`` shows large type and no sidebar; ``?hide=answer,scene`` leaves out what it names: the key of any
control or figure, or a part of a figure. Called first in app.py and in every page, whose style the server sends
ahead (``assets/components/page.css``).
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import streamlit as st

from dark_core.app.runtime import upload_recovery
from dark_core.app.runtime.html_shell import late_style

PAGES = (
    ("app.py", "Home", ":material/home:"),
    ("pages/1_Encode.py", "Encode", ":material/grid_on:"),
    ("pages/2_Smooth.py", "Smooth", ":material/blur_on:"),
    ("pages/3_Decode.py", "Decode", ":material/my_location:"),
    ("pages/4_Your_photo.py", "Your photo", ":material/add_a_photo:"),
    ("pages/5_Your_heatmaps.py", "Your heatmaps", ":material/upload_file:"),
    ("pages/6_Noise_lab.py", "Noise lab", ":material/science:"),
    ("pages/7_Evidence.py", "Evidence", ":material/balance:"),
)
"""The menu: path, name, icon. A page stands here once it exists."""

ICON = str(Path(__file__).parents[3] / "assets" / "icon.png")
"""A file of our own: a named icon would be fetched from its maker's server."""

SCENE, JOINT = "runner", "head top"
"""The scene and joint shown at first: the decoders differ visibly, and on Home DARK is nearest over all joints."""

CONVENTION = "pixels count from their centers: x_heatmap = (x_crop + ½) / 4 − ½"
"""Said under every grid."""

DARK_THEME = """
<style>
button[data-selected="true"] p, [data-testid="stSliderThumbValue"] p { color: %s !important; }
</style>
"""
"""Text of the accent color, which on a dark page carries white labels and is too dim to be read itself."""

RUNS, BURST = 4.0, 40
"""Runs of a page that a tab may ask for a second in the long run, and at once."""

_REVEALED, _PAGE, _DUE, _FIRST = "answer revealed", "page", "next run due", "first of the next run"
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,30}")


def presenting() -> bool:
    """True under ``?present=1``."""
    return st.query_params.get("present") == "1"


def hidden() -> frozenset[str]:
    """The names in ``?hide=…``: keys of controls and figures, parts of figures, or "answer" until it is revealed."""
    names = frozenset(_NAME.findall(st.query_params.get("hide", "").lower()[:500]))
    return names - {"answer"} if st.session_state.get(_REVEALED) else names


def answer_hidden() -> bool:
    """True while the address hides the answer of an exercise and nobody has revealed it."""
    return "answer" in hidden()


def reveal() -> None:
    """Show on this page the answer that the address hides."""
    st.session_state[_REVEALED] = True


def headline(claim: str, lead: str) -> None:
    """The page's claim, and below it the few lines that a presenter says instead."""
    st.title(claim)
    with st.container(key="lead"):
        st.markdown(lead)


def whole_number(label: str, most: int, key: str, start: int = 0) -> int:
    """A whole number from 0 to ``most`` that the address holds; ``start`` for an empty one.

    Of floats, because an infinite whole number in the address is more than the widget can bear.
    """
    value = st.number_input(label, 0.0, float(most), float(start), 1.0, "%.0f", key=key, bind="query-params")
    return start if value is None else int(value)


def run_anew(act: Callable[[], None]) -> NoReturn:
    """End this run and begin the page anew with ``act``, which like a callback may set what a widget holds."""
    st.session_state[_FIRST] = act
    st.rerun()


def _pace() -> None:
    """Hold up a tab that asks for more runs than a person can, so that the others get theirs."""
    now = time.monotonic()
    due = max(st.session_state.get(_DUE, 0.0), now - BURST / RUNS) + 1 / RUNS
    st.session_state[_DUE] = due
    if due > now:
        time.sleep(min(due - now, 1.0))


def page_frame(name: str) -> None:
    """Set the page up under ``name`` and draw the menu."""
    _pace()
    if act := st.session_state.pop(_FIRST, None):
        act()
    st.set_page_config(
        page_title=f"{name} · DARK Explorer" if name != "Home" else "DARK Explorer",
        page_icon=ICON,
        layout="wide",
        initial_sidebar_state="collapsed" if presenting() else "auto",
    )
    if st.session_state.get(_PAGE) != name:
        st.session_state[_PAGE] = name
        st.session_state[_REVEALED] = False
    gone = "".join(f".st-key-{part} {{ display: none; }}" for part in sorted(hidden()))
    themed = DARK_THEME % st.get_option("theme.dark.linkColor") if st.context.theme.type == "dark" else ""
    st.html(f"{late_style(presenting())}{themed}<style>{gone}</style>")
    with st.sidebar:
        st.markdown("**DARK Explorer**")
        for path, title, icon in PAGES:
            st.page_link(path, label=title, icon=icon, query_params={"present": "1"} if presenting() else None)
        st.caption("How a pose network’s heatmap is written and read decides where the joint lands.")
    upload_recovery.keep("maps" if name == "Your heatmaps" else "photo")
