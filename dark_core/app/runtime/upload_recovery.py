"""What the visitor's tab keeps, so that another process can go on where one has ended.

A session and the file its visitor gave live in one process. The tab keeps that file too, only in its memory, and what
was done with it (``assets/components/upload_recovery.js``); to a session that lacks it, it hands it in again by an
uploader out of sight, so that it is looked at anew like any upload. Files have numbers, which the tab counts.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from dark_core.app.runtime.component_files import component_file
from dark_core.app.runtime.streamlit_patches import forget_upload
from dark_core.app.text.catalog import read_catalog
from dark_core.files import heatmap_files, photos
from dark_core.files.motion import track_files, videos

TEXT = read_catalog("runtime")["recovery"]

MOST = {
    "photo": photos.MAX_BYTES,
    "maps": heatmap_files.MAX_BYTES,
    "tracks": track_files.MAX_BYTES,
    "video": videos.MAX_BYTES,
}
"""Kind of file -> bytes that its own uploader lets through."""

PATIENCE = 60.0
"""Seconds for which a session waits for what it lacks before the page goes on without."""

_FILES, _NAME = "files_of_the_tab", "name_for_the_tab"


@dataclass
class _Files:
    """What a session knows of the files of one kind.

    chosen: number of the last one chosen; last: of the last one looked at; kept: of the one it holds, 0 for none;
    notes: what the tab shall keep beside it; waiting: until when the page waits for one, on time.monotonic; handed: one
    that came again, and its notes.
    """

    chosen: int = 0
    last: int = 0
    kept: int = 0
    notes: dict = field(default_factory=dict)
    waiting: float = 0.0
    handed: tuple[UploadedFile, dict] | None = None


@dataclass(frozen=True)
class _Held:
    """A file that the tab says it holds, and the session it was given to."""

    kind: str
    number: int
    session: str
    notes: dict


def keep(*kinds: str) -> None:
    """Let the tab keep what it is given; wait for the files of these ``kinds`` that a session before this one had."""
    with st.container(key="kept_files"):
        _whole()
        _part()
        for kind in kinds:
            for one in _lacking(kind):
                given = st.file_uploader(TEXT["label"], key=f"handed_{kind}_{one.number}")
                if given is None:
                    if not _files(kind).kept:
                        _wait(kind)
                    break
                _receive(one, given)


def handed(kind: str) -> tuple[UploadedFile, dict] | None:
    """(file, notes from the browser) that the tab has handed in again, until it is ``used``.

    A visitor who clicks meanwhile has the run overtaken that looks at the file; the next one looks at it anew.
    """
    return _files(kind).handed


def used(kind: str) -> None:
    """The page has made what it makes of the file that was handed in again."""
    _files(kind).handed = None


def took(kind: str) -> None:
    """The page holds the file that was given last."""
    files = _files(kind)
    files.kept = files.last = max(files.chosen, files.last)


def refused(kind: str) -> None:
    """The file that was given last cannot be used; what the page held before it still holds."""
    files = _files(kind)
    files.last = max(files.chosen, files.last)


def dropped(kind: str) -> None:
    """The page holds no file any more."""
    _files(kind).kept = 0


def replacing(kind: str) -> bool:
    """Whether a file was chosen that has not arrived: it is on its way, or broke off.

    The choice and the emptied uploader may come with one message, and the uploader be asked about first.
    """
    if "chosen" in st.session_state:
        _note_choice()
    files = _files(kind)
    return files.chosen > files.last


def note(kind: str, notes: dict) -> None:
    """What the tab shall keep beside the file that the page holds, in JSON."""
    _files(kind).notes = notes


def _session() -> str:
    """A name for this session, which no other has."""
    return st.session_state.setdefault(_NAME, secrets.token_hex(8))


def _files(kind: str) -> _Files:
    return st.session_state.setdefault(_FILES, {name: _Files() for name in MOST})[kind]


def _lacking(kind: str) -> list[_Held]:
    """What the tab gave to a session before and this one has not looked at, oldest first."""
    last = _files(kind).last
    return [one for one in _held(kind) if one.session != _session() and one.number > last]


def _held(kind: str) -> list[_Held]:
    """The files of this kind that the tab held when its connection stood again, oldest first, checked."""
    said = st.session_state.get("tab", {}).get("held")
    found = []
    for one in said[:8] if isinstance(said, list) else []:
        if not isinstance(one, dict) or one.get("kind") != kind or not isinstance(one.get("session"), str):
            continue
        number, notes = _number(one.get("number")), one.get("notes")
        if number:
            found.append(_Held(kind, number, one["session"], notes if isinstance(notes, dict) else {}))
    return sorted(found, key=lambda one: one.number)


def _number(said: object) -> int:
    """The number of a file, 0 for anything else."""
    return said if type(said) is int and 0 < said < 1e6 else 0


def _wait(kind: str) -> None:
    """Hold the page as it stands until the tab has handed the file in: the run that brings it ends this one."""
    files = _files(kind)
    files.waiting = files.waiting or time.monotonic() + PATIENCE
    if time.monotonic() < files.waiting:
        st.toast(TEXT["restoring"], icon=":material/sync:")
    place = st.empty()
    while time.monotonic() < files.waiting:
        time.sleep(0.1)
        place.empty()  # where a run that was asked for meanwhile begins


def _receive(one: _Held, given: UploadedFile) -> None:
    files = _files(one.kind)
    files.handed, files.last, files.kept, files.notes = (given, one.notes), one.number, one.number, one.notes
    forget_upload(given.file_id)


def _whole() -> None:
    every = {kind: _files(kind) for kind in MOST}
    data = {
        "session": _session(),
        "seen": {kind: files.last for kind, files in every.items()},
        "kept": {kind: files.kept for kind, files in every.items()},
        "notes": {kind: files.notes for kind, files in every.items()},
        "most": MOST,
    }
    _component()(key="tab", data=data, on_held_change=lambda: None)


@st.fragment  # a file on its way runs no more of the page than this
def _part() -> None:
    _component()(key="chosen", data={}, on_chosen_change=_note_choice)


def _note_choice() -> None:
    said = st.session_state["chosen"].get("chosen")
    if isinstance(said, dict) and said.get("kind") in tuple(MOST):
        _files(said["kind"]).chosen = _number(said.get("number"))


def _component() -> Callable:
    return st.components.v2.component("dark_explorer.tab", js=component_file("upload_recovery.js"))
