"""Who of the people in the photo is meant: a list, the picture itself, or ``?person=2`` in the address."""

from __future__ import annotations

import streamlit as st

from dark_core.app.your_photo.text import TEXT

_KEY = "person"


def choose_person(count: int) -> int:
    """The chosen one of ``count`` people, counted from 0; a list to choose from where there are several."""
    names = [str(number) for number in range(1, count + 1)]
    if count == 1:
        return 0
    if st.session_state.get(_KEY, "1") not in names:  # of a picture with more people
        st.session_state[_KEY] = "1"
    chosen = st.segmented_control(
        TEXT["controls"]["people"].format(count=count),
        names,
        default=None if _KEY in st.session_state else "1",
        required=True,
        key=_KEY,
        bind="query-params",
    )
    return names.index(chosen or "1")


def follow(chosen: str) -> None:
    """Choose what was clicked on the picture or in the table: "person 2", or a joint by its name."""
    if chosen.startswith("person "):
        st.session_state[_KEY] = chosen.removeprefix("person ")
    else:
        st.session_state["joint"] = chosen
