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
from dark_core.app.runtime.component_files import component_file
from dark_core.app.runtime.html_shell import late_style
from dark_core.app.text import glossary
from dark_core.app.text.catalog import read_catalog
from dark_core.app.tour import view as tour

TEXT, TITLES = (read_catalog("runtime")[table] for table in ("page", "titles"))

PAGES = (
    ("app.py", TITLES["home"], ":material/home:"),
    ("pages/1_Encode.py", TITLES["encode"], ":material/grid_on:"),
    ("pages/2_Decode.py", TITLES["decode"], ":material/my_location:"),
    ("pages/3_Smooth.py", TITLES["smooth"], ":material/blur_on:"),
    ("pages/4_Your_photo.py", TITLES["your_photo"], ":material/add_a_photo:"),
    ("pages/5_Motion.py", TITLES["motion"], ":material/directions_walk:"),
    ("pages/6_Your_heatmaps.py", TITLES["your_heatmaps"], ":material/upload_file:"),
    ("pages/7_Noise_lab.py", TITLES["noise_lab"], ":material/science:"),
    ("pages/8_Evidence.py", TITLES["evidence"], ":material/balance:"),
)
"""The menu: path, name, icon. A page stands here once it exists."""

ICON = str(Path(__file__).parents[3] / "assets" / "icon.png")
"""A file of our own: a named icon would be fetched from its maker's server."""

SCENE, JOINT = "runner", "head top"
"""The scene and joint shown at first: the decoders differ visibly, and on Home DARK is nearest over all joints."""

CONVENTION = TEXT["convention"]
"""Said under every grid."""

DARK_THEME = """
<style>
button[data-selected="true"] p, [data-testid="stSliderThumbValue"] p { color: %s !important; }
</style>
"""
"""Text of the accent color, which on a dark page carries white labels and is too dim to be read itself."""

RUNS, BURST = 4.0, 40
"""Runs of a page that a tab may ask for a second in the long run, and at once."""

_REVEALED, _PAGE, _DUE, _FIRST = "answer_revealed", "page", "next_run_due", "first_of_the_next_run"
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,30}")


def current_page() -> str:
    """The title of the page that runs."""
    return st.session_state[_PAGE]


def presenting() -> bool:
    """True under ``?present=1``."""
    return st.query_params.get("present") == "1"


def hidden_names() -> frozenset[str]:
    """The names in ``?hide=…``: keys of controls and figures, parts of figures, or "answer"."""
    return frozenset(_NAME.findall(st.query_params.get("hide", "").lower()[:500]))


def hidden() -> frozenset[str]:
    """What the page leaves out: the ``hidden_names``, without "answer" once it is revealed."""
    names = hidden_names()
    return names - {"answer"} if st.session_state.get(_REVEALED) else names


def answer_hidden() -> bool:
    """True while the address hides the answer of an exercise and nobody has revealed it."""
    return "answer" in hidden()


def reveal() -> None:
    """Show on this page the answer that the address hides."""
    st.session_state[_REVEALED] = True


def conceal() -> None:
    """Hide the answer again, if the address hides it."""
    st.session_state[_REVEALED] = False


def headline(claim: str, lead: str) -> None:
    """The page's claim, and below it the few lines, maybe with terms of the glossary, that a presenter says instead."""
    st.title(claim)
    with st.container(key="lead"):
        glossary.markdown(lead)


def link_to(path: str, label: str, icon: str) -> None:
    """A link to another page, which is presented as this one is."""
    st.page_link(path, label=label, icon=icon, query_params={"present": "1"} if presenting() else None)


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


def _turn_pages(name: str) -> None:
    """The number of the page, and Page Up and Page Down, which lead to its neighbors."""
    at = [title for _path, title, _icon in PAGES].index(name)
    with st.container(key="pager"):
        for label, shortcut, to in ((TEXT["previous"], "PageUp", at - 1), (TEXT["next"], "PageDown", at + 1)):
            if 0 <= to < len(PAGES) and st.button(label, shortcut=shortcut, key=shortcut):
                st.switch_page(PAGES[to][0], query_params={"present": "1"})
        st.caption(TEXT["indicator"].format(at=at + 1, count=len(PAGES)))


def _hear_keys() -> None:
    """Escape leaves presenting, and a choice in the menu closes it on phones."""
    component = st.components.v2.component("dark_explorer.page", js=component_file("page.js"))
    with st.container(key="hears_keys"):
        component(key="page", data={"present": presenting()})


def page_frame(name: str) -> None:
    """Set the page up under ``name`` and draw the menu."""
    _pace()
    if act := st.session_state.pop(_FIRST, None):
        act()
    st.set_page_config(
        page_title=TEXT["window"].format(page=name) if name != TITLES["home"] else TEXT["name"],
        page_icon=ICON,
        layout="wide",
        initial_sidebar_state="collapsed" if presenting() else "auto",
    )
    if st.session_state.get(_PAGE) != name:
        st.session_state[_PAGE] = name
        st.session_state[_REVEALED] = False
    gone = "".join(f".st-key-{part}{{display:none}}" for part in sorted(hidden()))
    themed = DARK_THEME % st.get_option("theme.dark.linkColor") if st.context.theme.type == "dark" else ""
    st.html(f"{late_style(presenting())}{themed}<style>{gone}</style>")
    with st.sidebar:
        st.markdown(f"**{TEXT['name']}**")
        for path, title, icon in PAGES:
            link_to(path, title, icon)
        tour.start(tour.TEXT["menu"])
        st.caption(TEXT["about"])
    _hear_keys()
    if presenting() and not tour.on_tour(name):
        _turn_pages(name)
    tour.bar(name, presenting())
    kept = {TITLES["your_heatmaps"]: ("maps", "tracks"), TITLES["motion"]: ("video",)}
    upload_recovery.keep(*kept.get(name, ("photo",)))
