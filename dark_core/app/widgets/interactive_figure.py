"""The state of an interactive figure: drawn by the browser, kept by the session, written in the address.

A field is a number that something on the figure moves. On a session's first sight of the page it comes from the
address, later from the session; what is at its default stays out of the address. Whatever an address or a browser
sends is checked: garbage becomes the default, a number too large the bound.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import streamlit as st

from dark_core.app.class_room import view as class_room
from dark_core.app.runtime.page import answer_hidden
from dark_core.app.widgets.interactive_component import mount_figure


@dataclass(frozen=True)
class Field:
    """A number with its default, bounds and the decimals it is kept with, so that a link holds it exactly."""

    default: float
    low: float
    high: float
    digits: int = 2

    def checked(self, value) -> float:
        """``value``, maybe a string, as a number of this field; the default where it is none."""
        try:
            number = float(value)
        except (TypeError, ValueError, OverflowError):
            return self.start
        if not math.isfinite(number):
            return self.start
        return round(min(max(number, self.low), self.high), self.digits)

    @property
    def start(self) -> float:
        return round(self.default, self.digits)


@dataclass
class InteractiveFigure:
    """The fields of one figure and their values; ``origin`` names what they belong to, a case or a picture.

    A new origin starts from the defaults. ``revealed`` is False while the visitor is asked to predict.
    """

    name: str
    fields: dict[str, Field]
    origin: str

    def __post_init__(self) -> None:
        kept = st.session_state.get(self._key)
        if kept is None:
            given = {name: st.query_params.get(name) for name in self.fields}
        else:
            given = kept["values"] if kept["origin"] == self.origin else {}
        concealed = answer_hidden()
        revealed = not concealed  # a new origin hides what the address hides; the page's own button reveals it
        if kept is not None and kept["origin"] == self.origin and kept["concealed"] == concealed:
            revealed = kept["revealed"]
        st.session_state[self._key] = {
            "origin": self.origin,
            "values": {name: field.checked(given.get(name)) for name, field in self.fields.items()},
            "revealed": revealed,
            "concealed": concealed,
            "said": None if kept is None else kept["said"],
        }
        self._write()

    @property
    def _key(self) -> str:
        return f"interactive {self.name}"

    @property
    def values(self) -> dict[str, float]:
        return st.session_state[self._key]["values"]

    @property
    def revealed(self) -> bool:
        return st.session_state[self._key]["revealed"]

    def show(self, data: dict, epoch: str = "", hide: frozenset[str] = frozenset(), asks: bool = False) -> None:
        """The figure ``assets/components/NAME.js`` with ``data``, without the parts in ``hide``.

        A new ``epoch`` makes the browser take our values. ``asks``: it lets the visitor guess, and so a class.
        """
        whole = f"{self.origin} {epoch}"
        seat = class_room.sit_down(f"{self.name} {whole} {self._asked}") if asks else None

        def take(sent: dict) -> None:
            if not isinstance(sent, dict) or sent.get("epoch") != whole:
                return  # sent before the case changed
            kept = st.session_state[self._key]
            kept["values"] = {name: field.checked(sent.get(name)) for name, field in self.fields.items()}
            kept["revealed"] = sent.get("revealed") is not False
            if seat:
                seat.take(sent.get("guess"))

        room = {"class": seat.figure_data()} if seat else {}
        mount_figure(self.name, {"epoch": whole, "state": self.values, **room, **data}, take, hide)

    @property
    def _asked(self) -> str:
        """The values that a question is about: all but the step that is looked at."""
        return " ".join(f"{name}={value}" for name, value in sorted(self.values.items()) if name != "step")

    def _write(self) -> None:
        """The address says what differs from the defaults.

        A run knows the address that the browser had at its request. What was sent before may still be on its way, so
        what differs from that is said even where the address already agrees.
        """
        kept = st.session_state[self._key]
        texts = {
            name: f"{self.values[name]:.{field.digits}f}"
            for name, field in self.fields.items()
            if self.values[name] != field.start
        }
        said, kept["said"] = kept["said"], texts
        found = {name: st.query_params[name] for name in self.fields if name in st.query_params}
        if texts != found or said not in (None, texts):
            for name in found.keys() - texts.keys():
                del st.query_params[name]
            st.query_params.update(texts)
