"""A number to guess before the answer is revealed, by one visitor or by a class in a room."""

from __future__ import annotations

import numpy as np
import streamlit as st

from dark_core.app.class_room import view as class_room
from dark_core.app.runtime.page import answer_hidden, current_page, hidden_names
from dark_core.app.text.catalog import read_catalog
from dark_core.app.widgets.static_figure import figure
from dark_core.figures.guess_strip import strip

TEXT = read_catalog("widgets")["guess"]

MOST = 1000.0
"""The largest guess."""


def ask(question: str, unit: str, *, answer: float, case: str, digits: int = 1, **values: object) -> None:
    """Ask for the number ``answer`` on a page whose address hides it, and judge the guess once it is revealed.

    unit: of the number, such as "photo px"; case: tells apart what is asked; digits: decimals of the answer; values:
    fill the question. Nothing is asked where the answer is no number, as for a joint whose truth nobody knows.
    """
    if "answer" not in hidden_names() or not np.isfinite(answer):
        return
    seat = class_room.sit_down(f"{current_page()} {case}", "guest_number")
    waiting = answer_hidden()
    with st.container(key="number_guess", horizontal=True, vertical_alignment="bottom"):
        guess = st.number_input(
            TEXT["label"].format(question=question.format(**values), unit=unit),
            0.0,
            MOST,
            None,
            0.1,
            "%.1f",
            key=f"guess {case}",
            disabled=not waiting,
            width=420,
        )
        if seat and not seat.key:
            st.button(
                class_room.TEXT["send"],
                key="send_number",
                on_click=seat.take,
                args=([guess, 0.0],),
                disabled=guess is None or not waiting,
            )
        if not waiting:  # beside the guess, so that nothing below moves
            told, miss = f"{answer:.{digits}f}", abs(answer - (guess or 0.0))
            said = TEXT["answer"] if guess is None else TEXT["judged"]
            st.markdown(said.format(answer=told, unit=unit, guess=guess, miss=f"{miss:.{digits}f}"))
    if seat:
        _show_class([guess for guess, _ in seat.guesses()], unit, None if waiting else answer)


def _show_class(guesses: list[float], unit: str, answer: float | None) -> None:
    """The dots of a class, and their mean."""
    if not guesses:
        return
    values = {"count": len(guesses), "mean": np.mean(guesses), "low": min(guesses), "high": max(guesses), "unit": unit}
    said = TEXT["class_one" if len(guesses) == 1 else "class"].format(**values)
    most = max(*guesses, answer or 0.0, 1.0)
    ends = f'<p style="display: flex; justify-content: space-between"><span>0</span><span>{most:.1f}</span></p>'
    figure(f"<div>{strip(guesses, answer, most, said)}{ends}<p>{said}</p></div>", key="class_guesses")
