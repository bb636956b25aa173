"""The inline components: figures drawn by Python, and live ones that the browser draws under the visitor's hand."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import asdict
from functools import cache
from html import escape

import streamlit as st

from dark_core.app.runtime.page import hidden, presenting, run_anew
from dark_core.app.runtime.scripts import source
from dark_core.codec import DECODERS
from dark_core.codec._fast.newton import REASONS
from dark_core.figures import colors, svg
from dark_core.figures.decoder_style import ENCODING_STYLES, ENCODING_TITLES, style_of
from dark_core.figures.marker_shapes import SHAPES
from dark_core.figures.style import STYLE

_MET = "live figures met"


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
    component = st.components.v2.component("dark_explorer.figure", css=source("figure.css"), js=source("figure.js"))

    def report(name: str, to: Callable | None, meant: Callable[[object], bool]) -> Callable[[], None]:
        def changed() -> None:
            value = st.session_state[key].get(name)
            if to is not None and meant(value):
                to(value)

        return changed

    component(
        key=key,
        data={"html": html, "hide": sorted(hidden() | hide), "present": presenting()},
        on_pick_change=report("pick", on_pick, is_pick),
        on_box_change=report("box", on_box, is_box),
    )


def is_pick(sent: object) -> bool:
    """Whether this can be the data-pick of a figure's part."""
    return isinstance(sent, str) and len(sent) < 100


def is_box(sent: object) -> bool:
    """Whether these are the four numbers of a box on a picture."""
    return isinstance(sent, list) and len(sent) == 4 and all(type(v) in (int, float) and abs(v) < 1e6 for v in sent)


@cache
def live_source(name: str) -> str:
    """The script of a live figure: our constants, the codec, the drawing and the figure's own part."""
    constants = {
        "PALETTES": {key: base64.b64encode(table.tobytes()).decode() for key, table in colors.TABLES.items()},
        "SHAPES": SHAPES,
        "STYLE": STYLE,
        "DECODERS": {name: {"title": d.title, **asdict(style_of(name))} for name, d in DECODERS.items() if d.classic},
        "ENCODINGS": {name: {"title": ENCODING_TITLES[name], **asdict(s)} for name, s in ENCODING_STYLES.items()},
        "REASONS": REASONS,
    }
    written = "".join(f"const {key} = {json.dumps(value)};\n" for key, value in constants.items())
    return written + "\n".join(source(file) for file in ("codec.js", "draw.js", f"{name}.js"))


def live_figure(name: str, data: dict, on_state: Callable[[dict], None], hide: frozenset[str] = frozenset()) -> None:
    """The live figure ``assets/components/NAME.js`` without the parts in ``hide``.

    ``on_state`` hears of every change before the page runs.

    ``data`` must hold JSON: "epoch", "state" and what the figure draws.
    """
    component = st.components.v2.component(
        f"dark_explorer.{name}", css=source("figure.css") + source("live.css"), js=live_source(name)
    )

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
        # Whom the browser told what was moved before this session met the figure is gone, or never ran the page.
        if st.session_state[name].get("state") is not None:
            run_anew(changed)


def keep_photo(key: str, href: str) -> None:
    """Hand the browser a photo that the live figures of the page draw by its ``key``.

    It is an element of its own because an element that stays the same is sent once, a live figure at each change.
    """
    component = st.components.v2.component("dark_explorer.photo", js=source("photo.js"))
    component(key="kept_photo", data={"key": key, "href": href})


def share_links(photo: bool) -> None:
    """Buttons that copy the page's address; ``photo`` says that a visitor's photo belongs to what is seen."""
    component = st.components.v2.component("dark_explorer.share", css=source("live.css"), js=source("share.js"))
    component(key="share", data={"photo": photo})


def panel(title: str, drawing: str, note: str = "", step: int | None = None, classes: str = "", parts: str = "") -> str:
    """A drawing under its title, with a note below; ``title`` and ``note`` are text, ``drawing`` is SVG or HTML.

    ``parts`` are the names, with blanks between, under which ``?hide=`` can leave it out.
    """
    number = f'<span class="step">{step}</span>' if step else ""
    return (
        f'<figure class="panel {classes}" data-part="{parts}"><p class="title">{number}<span>{escape(title)}</span>'
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
    shape = svg.truth_mark(0, 0, 1.3) if name == "truth" else svg.marker(style_of(name), 0, 0, 1.0)
    return f'<svg class="key" viewBox="-2 -2 4 4" aria-hidden="true">{shape}</svg>'
