"""The room as a page shows it: code, QR code and count for the teacher, what became of the guess for a phone."""

from __future__ import annotations

import hashlib
import logging
import math
import re
import secrets
import sqlite3
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar

import streamlit as st

from dark_core.app.class_room.store import LENGTH, LETTERS, LIFE, Rooms, shared_file
from dark_core.app.runtime.component_files import component_file
from dark_core.app.runtime.page import conceal, hidden_names
from dark_core.app.text.catalog import read_catalog
from dark_core.app.widgets.share_links import page_address, show_qr_code

TEXT = read_catalog("class_room")
"""What is said of a room."""
COOKIE = "dark_room_"
"""What the name of a cookie with a teacher's key begins with; the code of the room follows."""
EVERY = 2.0
"""Seconds between two looks of the teacher's page at the guesses."""

Found = TypeVar("Found")
log = logging.getLogger(__name__)

_CODE = re.compile(f"[{LETTERS}]{{{LENGTH}}}")
_KEYS, _REFUSED = "room_keys", "room_refused"
_SEAT, _SENT = "room_seat", "room_sent"


@dataclass(frozen=True)
class Seat:
    """A tab's part in a room: the teacher's, who has its ``key``, or with none a guest's."""

    code: str
    key: str
    question: str

    def figure_data(self) -> dict:
        """What the figure draws of the room: the cloud for the teacher who shows it, a button to send for a guest."""
        text = {name: TEXT[name] for name in ("send", "mean")}
        return {"teacher": bool(self.key), "guesses": self.guesses(), "text": text}

    def guesses(self) -> list[list[float]]:
        """The [x, y] of the class for the teacher who shows them; none for a guest."""
        if not (self.key and st.session_state.get("class_cloud", False)):
            return []
        return _ask(lambda rooms: rooms.guesses(self.code, self.question).round(2).tolist(), [])

    def take(self, guess: object) -> None:
        """Note a guest's guess as the browser sends it, two numbers; anything else is none."""
        sent = (self.question, guess)
        if self.key or not is_position(guess) or st.session_state.get(_SENT, (None,))[0:2] == sent:
            return
        name = st.session_state.setdefault(_SEAT, secrets.token_hex(8))
        xy: tuple[float, float] = tuple(guess)  # type: ignore[assignment,arg-type]
        counted = _ask(lambda rooms: rooms.guess(self.code, self.question, name, xy), False)
        st.session_state[_SENT] = (*sent, counted)


def sit_down(question: str, prompt: str = "guest") -> Seat | None:
    """Take part in the room that the address names, and draw the line that says so; None without an open room.

    ``question`` tells apart what is asked: what the figure shows, and where. ``prompt``: the name of the text that
    asks a guest to guess.
    """
    code = st.query_params.get("room", "").upper()
    if not _CODE.fullmatch(code):
        return None
    is_open = _is_open(code)
    refused = st.session_state.pop(_REFUSED, None)
    if not is_open:
        with st.container(key="class_room"):
            st.caption(refused or TEXT["closed"].format(code=code))
        return None
    seat = Seat(code, _key(code), digest(question))
    with st.container(key="class_room", horizontal=True, vertical_alignment="center"):
        if refused:
            st.caption(refused)
        if seat.key:
            _teacher(seat)
        else:
            asked, _, counted = st.session_state.get(_SENT, (None, None, None))
            said = prompt if asked != seat.question else "sent" if counted else "full"
            st.caption(TEXT[said].format(code=code))
    return seat


def door(photo: bool) -> None:
    """Where a teacher opens a room for the page's question; not for the visitor's own ``photo``."""
    st.markdown(f"**{TEXT['title']}.** {TEXT['own_photo' if photo else 'what']}")
    if not photo:
        mine = [code for code in st.session_state.get(_KEYS, {}) if _is_open(code)]
        label = TEXT["again"].format(code=mine[-1]) if mine else TEXT["open"]
        st.button(label, key="open_room", on_click=_open, args=(mine[-1] if mine else None,))
        if refused := st.session_state.pop(_REFUSED, None):
            st.error(refused)


def _teacher(seat: Seat) -> None:
    with st.popover(TEXT["join"].format(code=seat.code)):
        link = page_address(room=seat.code, present="", view="")
        st.markdown(TEXT["scan"])
        show_qr_code(link, 480)
        st.code(link, language=None, wrap_lines=True)
    _count(seat)
    _keep_key(seat)
    st.toggle(TEXT["show"], key="class_cloud")
    st.button(TEXT["clear"], key="clear_room", on_click=_clear, args=(seat,))
    st.button(TEXT["close"], key="close_room", on_click=_close, args=(seat,))


@st.fragment(run_every=EVERY)
def _count(seat: Seat) -> None:
    """How many have guessed; while the cloud is shown, the page draws it anew for each."""
    count = _ask(lambda rooms: len(rooms.guesses(seat.code, seat.question)), 0)
    st.markdown(TEXT["count_one"] if count == 1 else TEXT["count"].format(count=count))
    before = st.session_state.get("class_count")
    st.session_state["class_count"] = count
    if before not in (None, count) and st.session_state.get("class_cloud"):
        st.rerun()


def _open(code: str | None) -> None:
    """Bring a class to this page: into the room ``code``, or a new one. The answer is hidden until it is revealed."""
    keys = st.session_state.setdefault(_KEYS, {})
    if code is None:
        try:
            opened = _ask(Rooms.open, None)
        except RuntimeError as error:
            st.session_state[_REFUSED] = str(error)
            return
        if opened is None:
            return
        code, key = opened
        keys[code] = key
        end = threading.Timer(LIFE + 1, _forget)  # even if nobody visits a room again
        end.daemon = True
        end.start()
    st.query_params["room"] = code
    st.query_params["hide"] = ",".join(sorted(hidden_names() | {"answer"}))
    conceal()


def _clear(seat: Seat) -> None:
    _ask(lambda rooms: rooms.clear(seat.code, seat.key), None)


def _close(seat: Seat) -> None:
    _ask(lambda rooms: rooms.close(seat.code, seat.key), None)
    st.session_state[_KEYS].pop(seat.code, None)
    st.query_params.pop("room", None)


def _is_open(code: str) -> bool:
    return _ask(lambda rooms: rooms.is_open(code), False)


def _forget() -> None:
    with suppress(sqlite3.Error, OSError):
        Rooms(shared_file()).forget()


def _key(code: str) -> str:
    """The key of this teacher's room, which after a reload the browser's cookie has; "" for a guest."""
    keys = st.session_state.setdefault(_KEYS, {})
    if code not in keys:
        kept = st.context.cookies.get(COOKIE + code, "")
        if not (kept and _ask(lambda rooms: rooms.is_teacher(code, kept), False)):
            return ""
        keys[code] = kept
    return keys[code]


def _keep_key(seat: Seat) -> None:
    """Have the browser keep the teacher's key for as long as the room lives."""
    component = st.components.v2.component("dark_explorer.room_key", js=component_file("room_key.js"))
    with st.container(key="room_key"):
        component(key="kept_key", data={"name": COOKIE + seat.code, "key": seat.key, "life": int(LIFE)})


def _ask(act: Callable[[Rooms], Found], otherwise: Found) -> Found:
    """What ``act`` finds in the rooms; ``otherwise`` where their file cannot be used, which the page then says."""
    try:
        return act(Rooms(shared_file()))
    except (sqlite3.Error, OSError) as error:
        log.warning("the file of the class rooms cannot be used: %s", error)
        st.session_state[_REFUSED] = TEXT["broken"]
        return otherwise


def digest(question: str) -> str:
    """What the store calls a question."""
    return hashlib.sha256(question.encode()).hexdigest()[:16]


def is_position(guess: object) -> bool:
    """Whether it is [x, y], two finite numbers that may lie on a heatmap."""
    if not isinstance(guess, list) or len(guess) != 2:
        return False
    return all(type(one) in (int, float) and math.isfinite(one) and abs(one) < 1e4 for one in guess)
