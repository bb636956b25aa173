"""The inline component that shows our figures and reports what was chosen or drawn on them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from html import escape
from pathlib import Path

import streamlit as st

from dark_core.codec import DECODERS
from dark_core.figures import svg

ASSETS = Path(__file__).parents[2] / "assets" / "components"


@cache
def _source(name: str) -> str:
    return (ASSETS / name).read_text(encoding="utf-8")


def figure(
    html: str, key: str, on_pick: Callable[[str], None] | None = None, on_box: Callable[[list], None] | None = None
) -> None:
    """Show ``html`` (ours, with every visitor's string escaped); hand choices and drawn boxes on.

    ``on_pick`` receives the data-pick of what was clicked or entered, ``on_box`` (x0, y0, x1, y1)
    in pixel edges of the picture marked data-draw. Both run before the page does.
    """
    component = st.components.v2.component("dark_explorer.figure", css=_source("figure.css"), js=_source("figure.js"))

    def report(name: str, to: Callable | None) -> Callable[[], None]:
        def changed() -> None:
            value = st.session_state[key].get(name)
            if to is not None and value is not None:
                to(value)

        return changed

    component(
        key=key,
        data={"html": html},
        on_pick_change=report("pick", on_pick),
        on_box_change=report("box", on_box),
    )


def panel(title: str, drawing: str, note: str = "", step: int | None = None, classes: str = "") -> str:
    """A drawing under its title, with a note below; ``title`` and ``note`` are text, ``drawing`` is SVG or HTML."""
    number = f'<span class="step">{step}</span>' if step else ""
    return (
        f'<figure class="panel {classes}"><p class="title">{number}<span>{escape(title)}</span>'
        f'<span class="magnification"></span></p>{drawing}'
        f'<figcaption class="note">{escape(note)}</figcaption></figure>'
    )


def legend(names: list[str]) -> str:
    """Which marker is which decoder, in a line; "truth" may be among the names."""
    items = "".join(
        f"<li>{key_mark(name)}{'true joint' if name == 'truth' else escape(DECODERS[name].title)}</li>"
        for name in names
    )
    return f'<ul class="legend">{items}</ul>'


def key_mark(name: str) -> str:
    """A decoder's marker as a small picture for tables and legends; "truth" has one too."""
    if name == "truth":
        shape = svg.truth_mark(0, 0, 1.3)
    else:
        shape = svg.marker(DECODERS[name].marker, 0, 0, 1.0, DECODERS[name].colour)
    return f'<svg class="key" viewBox="-2 -2 4 4" aria-hidden="true">{shape}</svg>'
