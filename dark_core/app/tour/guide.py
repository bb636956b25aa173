"""The tour as a teacher's lesson: the same stops with their times and what to talk about."""

from __future__ import annotations

from itertools import accumulate

import streamlit as st

from dark_core.app.tour.stops import STOPS, TEXT, link

GUIDE = TEXT["guide"]

LENGTH = sum(stop.class_minutes for stop in STOPS)
"""Minutes of the lesson."""


def opening() -> str:
    """How to use the guide."""
    visitor = sum(stop.minutes for stop in STOPS)
    return GUIDE["how"].format(count=len(STOPS), visitor=f"{visitor:g}", minutes=LENGTH)


def stop_text(at: int, printed: bool) -> str:
    """Stop ``at`` as Markdown; ``printed`` names its address where the page has a link."""
    stop = STOPS[at - 1]
    begin = [0, *accumulate(stop.class_minutes for stop in STOPS)][at - 1]
    heading = GUIDE["heading"].format(at=at, page=stop.page, title=stop.title, minutes=stop.class_minutes)
    where = GUIDE["address"].format(address=link(at)[2:]) if printed else f"[{GUIDE['open_stop']}]({link(at)})"
    right = next(option for option in stop.options if option.get("right"))
    answer = GUIDE["answer"].format(answer=right["text"], feedback=right["feedback"])
    lines = [
        f"### {heading}",
        f"{where}, {GUIDE['clock'].format(start=begin)}.",
        stop.say,
        f"{GUIDE['question'].format(question=stop.question)}  \n{answer}",
        "\n".join(f"- {point}" for point in stop.points),
    ]
    return "\n\n".join(lines)


def printed() -> str:
    """The guide as a section of docs/teaching.md."""
    title = GUIDE["title"].format(minutes=LENGTH)
    stops = [stop_text(at, printed=True) for at in range(1, len(STOPS) + 1)]
    return "\n\n".join([f"## {title}", opening(), *stops]) + "\n"


@st.dialog(GUIDE["title"].format(minutes=LENGTH), width="large")
def _dialog() -> None:
    st.markdown(opening())
    for at in range(1, len(STOPS) + 1):
        st.markdown(stop_text(at, printed=False))


def open_button() -> None:
    """The button that opens the guide on the page."""
    if st.button(GUIDE["open"].format(minutes=LENGTH), key="guide"):
        _dialog()
