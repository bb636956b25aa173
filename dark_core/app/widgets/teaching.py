"""What a teacher needs on every page: links, an exercise's hidden answer, a question, arrows that step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from dark_core.app.runtime.page import answer_hidden, presenting, reveal
from dark_core.app.widgets.share_links import share_links


@dataclass(frozen=True)
class Option:
    """One answer to a question and the feedback to a visitor who chooses it."""

    text: str
    feedback: str
    right: bool = False


def question(text: str, options: list[Option]) -> None:
    """One question with feedback; the choice is neither recorded nor in the address."""
    with st.container(key="question"):
        chosen = st.radio(f"**A question.** {text}", options, index=None, format_func=lambda o: o.text, key="asked")
        if chosen is not None:
            (st.success if chosen.right else st.info)(chosen.feedback)


def reveal_button() -> None:
    """Where the address hides the answer, the button that shows it."""
    if answer_hidden():
        st.button("Reveal the answer", key="reveal", on_click=reveal, type="primary")


def steps(key: str, options: Sequence, what: str) -> None:
    """While presenting, Left and Right move the widget ``key`` through ``options``; ``what`` names one of them."""
    if not presenting():
        return

    def move(by: int) -> None:
        at = options.index(st.session_state[key] or options[0])  # an empty name in the address is None
        st.session_state[key] = options[(at + by) % len(options)]

    with st.container(horizontal=True, width="content"):
        st.button(f"Previous {what}", shortcut="Left", on_click=move, args=(-1,), key="back")
        st.button(f"Next {what}", shortcut="Right", on_click=move, args=(1,), key="next")


def views(titles: dict[str, str]) -> frozenset[str]:
    """While presenting, the parts of the figure that wait for their turn: Left and Right step through the views.

    ``titles``: view -> the names of the parts that it shows, with blanks between; all others are left out.
    """
    if not presenting():
        return frozenset()
    with st.container(horizontal=True, vertical_alignment="center", key="views"):
        names = list(titles)
        view = st.segmented_control(
            "View",
            names,
            default=names[0],
            required=True,
            key="view",
            bind="query-params",
            label_visibility="collapsed",
        )
        steps("view", names, "view")
    every = {part for parts in titles.values() for part in parts.split()}
    return frozenset(every - set(titles[view or names[0]].split()))


def foot(parts: dict[str, str], photo: bool = False) -> None:
    """The links of this page and, for a teacher, the names that ``?hide=`` knows.

    ``parts``: name -> what it is; "answer" is everything that an exercise hides. ``photo``: the state includes the
    visitor's own photo, which no link can carry.
    """
    with st.container(key="teach"):
        share_links(photo)
        with st.expander("Teach with this page"):
            names = "\n".join(f"- `{'`, `'.join(name.split(', '))}`: {what}" for name, what in parts.items())
            st.markdown(
                "Add to the address of any page, after `?` or `&`:\n\n"
                "- `present=1`: large type, no sidebar, at most two panels side by side; the arrow keys step\n"
                "- `hide=…`: leave out one or more of these, with commas between\n\n"
                f"{names}\n- `teach`: this box and the links above it"
            )
