"""Figures that Python draws: shown as they are, with the choices made in them handed back."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import streamlit as st

from dark_core.app.runtime.component_files import component_file
from dark_core.app.runtime.page import hidden, presenting
from dark_core.app.text.catalog import read_catalog

TEXT = read_catalog("widgets")["figure"]
"""What the script says below a table that is wider than the page, and of a magnified panel."""


def figure(
    html: str,
    key: str,
    on_pick: Callable[[str], None] | None = None,
    on_box: Callable[[list], None] | None = None,
    hide: frozenset[str] = frozenset(),
) -> None:
    """Show ``html`` (ours, with every visitor's string escaped) without the parts in ``hide``; hand choices on.

    ``on_pick`` receives the data-pick of what was clicked or entered, ``on_box`` (x0, y0, x1, y1)
    in pixel edges of the picture marked data-draw. Both run before the page does; whatever else a browser sends is
    no choice.
    """
    component = st.components.v2.component(
        "dark_explorer.figure", css=component_file("figure.css"), js=component_file("static_figure.js")
    )

    def report(name: str, to: Callable | None, meant: Callable[[object], bool]) -> Callable[[], None]:
        def changed() -> None:
            value = st.session_state[key].get(name)
            if to is not None and meant(value):
                to(value)

        return changed

    component(
        key=key,
        data={"html": html, "hide": sorted(hidden() | hide), "present": presenting(), "text": TEXT},
        on_pick_change=report("pick", on_pick, is_pick),
        on_box_change=report("box", on_box, is_box),
    )


def choose_in(key: str) -> Callable[[str], None]:
    """An ``on_pick`` that makes the picked name the value of the widget ``key``."""

    def choose(picked: str) -> None:
        st.session_state[key] = picked

    return choose


def is_pick(sent: object) -> bool:
    """Whether this can be the data-pick of a figure's part."""
    return isinstance(sent, str) and len(sent) < 100


def is_box(sent: object) -> bool:
    """Whether these are the four numbers of a box on a picture."""
    return isinstance(sent, list) and len(sent) == 4 and all(type(v) in (int, float) and abs(v) < 1e6 for v in sent)


def panel(
    title: str,
    drawing: str,
    note: str = "",
    step: int | None = None,
    classes: str = "",
    parts: str = "",
    colors: str = "",
) -> str:
    """A drawing under its title, with a note below; ``title`` and ``note`` are text, ``drawing`` is SVG or HTML.

    ``parts`` are the names, with blanks between, under which ``?hide=`` can leave it out. ``colors``: HTML for the
    end of the title, which says what values the colors of the drawing stand for.
    """
    number = f'<span class="step">{step}</span>' if step else ""
    return (
        f'<figure class="panel {classes}" data-part="{parts}"><p class="title">{number}<span>{escape(title)}</span>'
        f'{colors}<span class="magnification"></span></p>{drawing}'
        f'<figcaption class="note">{escape(note)}</figcaption></figure>'
    )
