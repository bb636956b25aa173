"""What a teacher needs on every page: links, an exercise's hidden answer, a question, arrows that step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from dark_core.app.class_room import view as class_room
from dark_core.app.class_room.timer import timer
from dark_core.app.runtime.page import PAGES, TITLES, answer_hidden, current_page, hidden, link_to, presenting, reveal
from dark_core.app.text.catalog import read_catalog
from dark_core.app.tour import guide
from dark_core.app.widgets.share_links import page_address, share_links, show_qr_code

QUESTIONS = read_catalog("questions")
"""Title of a page -> the question that it answers, asked at the foot of the page before it."""

TEXT = read_catalog("widgets")["teaching"]

ALWAYS = TEXT["always"]
"""What ``?hide=`` can leave out on every page."""


@dataclass(frozen=True)
class Option:
    """One answer to a question and the feedback to a visitor who chooses it."""

    text: str
    feedback: str
    right: bool = False


def filled_quiz(texts: dict[str, Any], right: str, **values: object) -> tuple[str, list[Option]]:
    """The question of a catalog and its options, their ``values`` filled in; ``right`` is the key of the right one."""
    options = texts["options"].items()
    return texts["question"].format(**values), [
        Option(one["text"].format(**values), one["feedback"].format(**values), name == right) for name, one in options
    ]


def question(text: str, options: list[Option], revealed: bool | None = None) -> None:
    """One question with feedback; the choice is neither recorded nor in the address.

    Its answers give away that of an exercise, so it waits until this is ``revealed``: by the page, or by its figure.
    """
    if answer_hidden() if revealed is None else not revealed:
        return
    with st.container(key="question"):
        chosen = st.radio(
            TEXT["question"].format(text=text), options, index=None, format_func=lambda o: o.text, key="asked"
        )
        if chosen is not None:
            (st.success if chosen.right else st.info)(chosen.feedback)


def reveal_button() -> None:
    """Where the address hides the answer, the button that shows it."""
    if answer_hidden():
        st.button(TEXT["reveal"], key="reveal", on_click=reveal, type="primary")


def steps(key: str, options: Sequence, what: str) -> None:
    """While presenting, Left and Right move the widget ``key`` through ``options``; ``what`` names one of them."""
    if not presenting():
        return

    def move(by: int) -> None:
        at = options.index(st.session_state[key] or options[0])  # an empty name in the address is None
        st.session_state[key] = options[(at + by) % len(options)]

    with st.container(horizontal=True, width="content"):
        st.button(TEXT["previous"].format(what=what), shortcut="Left", on_click=move, args=(-1,), key="back")
        st.button(TEXT["next"].format(what=what), shortcut="Right", on_click=move, args=(1,), key="next")


def views(
    titles: Mapping[str, Sequence[str]], kept_back: frozenset[str] = frozenset(), *, arrows: bool = True
) -> frozenset[str]:
    """While presenting, the parts of the figure that wait for their turn: a view is chosen, by Left and Right as well.

    ``titles``: view -> the names of the parts that it shows; all others are left out. ``kept_back``: parts that go with
    an exercise's answer. A view that would be blank, or like one before it, is not offered. ``arrows``: whether the
    arrow keys step through the views.
    """
    if not presenting():
        return frozenset()
    every = {part for parts in titles.values() for part in parts}
    gone, offered = hidden() | kept_back, dict[str, set[str]]()
    for name, parts in titles.items():
        if (rest := set(parts) - gone) and rest not in offered.values():
            offered[name] = rest
    names = list(offered)
    place = st.container(
        horizontal=True, vertical_alignment="center", key="views"
    )  # even if empty: nothing below moves
    if len(names) < 2:
        if names:
            st.session_state["view"] = names[0]  # it stays when the answer brings the others back
        return frozenset(every.difference(*offered.values()))
    if st.session_state.get("view") not in names:  # it was chosen before the answer was hidden again
        st.session_state.pop("view", None)
    with place:
        view = st.segmented_control(
            TEXT["view"],
            names,
            default=names[0],
            required=True,
            key="view",
            bind="query-params",
            label_visibility="collapsed",
        )
        if arrows:
            steps("view", names, TEXT["a_view"])
    return frozenset(every - offered[view or names[0]])


def next_page(title: str) -> tuple[str, str]:
    """The path and title of the page that follows ``title``; the last leads to the visitor's own heatmaps."""
    titles = [name for _path, name, _icon in PAGES]
    after = titles.index(title) + 1
    path, name, _icon = PAGES[after if after < len(PAGES) else titles.index(TITLES["your_heatmaps"])]
    return path, name


def _lead_on() -> None:
    """The way on: a link to the next page, with the question that it answers."""
    path, title = next_page(current_page())
    with st.container(key="onward"):
        link_to(path, TEXT["onward"].format(page=title, question=QUESTIONS[title]), ":material/arrow_forward:")


def foot(parts: dict[str, str], photo: bool = False, asks: bool = False) -> None:
    """The way on, the links of this page and, for a teacher, a link that hides what it should and a room for guesses.

    ``parts``: name -> what it is; "answer" is everything that an exercise hides. ``photo``: the state includes the
    visitor's own photo, which no link can carry. ``asks``: the figure lets a class guess.
    """
    _lead_on()
    with st.container(key="teach"):
        share_links(photo)
        if presenting():
            timer(True)
        with st.expander(TEXT["teach"]):
            guide.open_button()
            if not presenting():
                timer(False)
            if asks:
                class_room.door(photo)
            _link_for_class({**parts, **ALWAYS})


def _link_for_class(parts: dict[str, str]) -> None:
    """A link that hides the parts which the teacher ticks, and its QR code."""
    text = class_room.TEXT
    st.markdown(f"**{text['link']}.** {text['link_how']}")
    ticked = [
        name
        for name, what in parts.items()
        if st.checkbox(TEXT["part"].format(what=what[0].upper() + what[1:], names=name), key=f"hide {name}")
    ]
    projector = st.checkbox(text["projector"], key="for_projector")
    hide = ",".join(name for names in ticked for name in names.split(", "))
    link = page_address(hide=hide, present="1" if projector else "", view="", room="")
    st.code(link, language=None, wrap_lines=True)
    show_qr_code(link, 240)
