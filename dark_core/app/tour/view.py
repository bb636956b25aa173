"""The bar of the tour on top of a page, and the links that start it."""

from __future__ import annotations

from html import escape

import streamlit as st

from dark_core.app.runtime.component_files import component_file
from dark_core.app.tour.stops import STOPS, TEXT, link, stop_at


def on_tour(page: str) -> bool:
    """Whether the address of ``page`` names one of its stops."""
    return stop_at(st.query_params.get("tour", ""), page) is not None


def bar(page: str, present: bool) -> None:
    """The stop that the address names; nothing where it names none of ``page``."""
    at = stop_at(st.query_params.get("tour", ""), page)
    if at is None:
        return
    stop = STOPS[at - 1]
    words = {name: TEXT[name] for name in ("label", "back", "next", "end", "checkpoint", "right", "wrong")}
    component = st.components.v2.component(
        "dark_explorer.tour", css=component_file("tour.css"), js=component_file("tour.js")
    )
    with st.container(key="tour"):
        component(
            key="tour_bar",
            data={
                **words,
                "count": TEXT["count"].format(at=at, count=len(STOPS)),
                "keys": TEXT["keys_presenting" if present else "keys"],
                "previousHref": link(at - 1, present) if at > 1 else "",
                "nextHref": link(at + 1, present) if at < len(STOPS) else "",
                "say": stop.say,
                "question": stop.question,
                "options": stop.options,
                "present": present,
            },
        )


def start(text: str = TEXT["start"]) -> None:
    """A link that looks like a button and starts the tour."""
    st.html(f'<a class="tour-start" href="{escape(link(1))}" target="_self">{escape(text)}</a>')
