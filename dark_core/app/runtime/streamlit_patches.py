"""What the app changes in Streamlit and Starlette, and what it uses of them that is not public.

Everything here was tried with Streamlit 1.67. Each part says why it is there, and a test in
``tests/app/runtime/test_streamlit_patches.py`` fails where the inside it relies on has changed. With another
Streamlit the app still starts, and says in its log that these parts were not tried.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from threading import RLock

import streamlit as st
from starlette.formparsers import MultiPartParser
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.runtime import state
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequestType
from streamlit.runtime.state.safe_session_state import SafeSessionState
from streamlit.runtime.state.session_state import SessionState
from streamlit.runtime.uploaded_file_manager import DeletedFile, UploadedFile, UploadedFileRec

log = logging.getLogger(__name__)

TRIED = "1.67."

PAGE = (Path(st.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
"""Streamlit's own HTML page. The server sends it under our title and with our style, see ``html_shell``."""


class LockedState(SessionState):
    """A session's state with one lock for all its runs.

    Streamlit gives each run a lock of its own, so that a run that was overtaken changes the state while the next run
    reads it.
    """

    def __init__(self) -> None:
        super().__init__()
        self.lock = RLock()


_begin = SafeSessionState.__init__


def _begin_with_its_lock(self: SafeSessionState, shared: SessionState, yield_callback: Callable[[], None]) -> None:
    _begin(self, shared, yield_callback)
    if isinstance(shared, LockedState):
        object.__setattr__(self, "_lock", shared.lock)


PAUSE = 0.01
"""Seconds until a fragment's run is asked for again, where the run before it is still being sent."""

_rerun = AppSession.request_rerun


def _rerun_once_all_is_sent(self: AppSession, asked: ClientState | None) -> None:
    """Ask for a run; that of a fragment waits until everything that the run before it drew is on its way.

    A run's thread may have ended while what it drew still waits in the server's loop. Where a fragment is to run at
    that moment, Streamlit starts another thread and ignores what comes from the old one: a whole run, such as the
    last of a drag, would never be shown.
    """
    last = self._scriptrunner
    if asked and asked.fragment_id and last and last._requests._state is ScriptRequestType.STOP:
        self._event_loop.call_later(PAUSE, self.request_rerun, asked)
    else:
        _rerun(self, asked)


_clear = ForwardMsgQueue.clear


def _clear_but_for_places(
    self: ForwardMsgQueue, retain_lifecycle_msgs: bool = False, fragment_ids_this_run: list[str] | None = None
) -> None:
    """Clear what waits to be sent, but not the answer to a browser that asks where to put a file.

    A run that begins clears what the run before it drew. The answer waits in the same queue, and without it the file is
    never sent: the visitor chooses a photo, and nothing comes of it.
    """
    places = [one for one in self._queue if retain_lifecycle_msgs and one.WhichOneof("type") == "file_urls_response"]
    _clear(self, retain_lifecycle_msgs, fragment_ids_this_run)
    self._queue.extend(one for one in places if not any(one is kept for kept in self._queue))


def apply() -> None:
    """Change Streamlit and Starlette in this process, before the server starts."""
    if not st.__version__.startswith(TRIED):
        log.warning("Streamlit %s was not tried with this app: it was written for %sx.", st.__version__, TRIED)
    # Uploads above 1 MB would go to a temporary file. They are bounded by server.maxUploadSize and stay in memory.
    MultiPartParser.spool_max_size = 2**31
    AppSession.request_rerun = _rerun_once_all_is_sent  # type: ignore[method-assign, assignment]
    ForwardMsgQueue.clear = _clear_but_for_places  # type: ignore[method-assign]
    SafeSessionState.__init__ = _begin_with_its_lock  # type: ignore[method-assign, assignment]
    state.SessionState = LockedState  # type: ignore[misc, assignment]  # where each new session takes it from


def session_id() -> str:
    """Return the name of the session that runs this page, "" outside one. Streamlit has no public one."""
    context = get_script_run_ctx()
    return context.session_id if context else ""


def upload_bytes(given: UploadedFile) -> bytes:
    """Return the bytes of an upload as Streamlit holds them; ``getvalue`` would copy up to 200 MB in each run."""
    context = get_script_run_ctx()
    records: list[UploadedFileRec] = (
        context.uploaded_file_mgr.get_files(context.session_id, [given.file_id]) if context else []
    )
    return records[0].data if records else given.getvalue()


def forget_upload(file_id: str) -> None:
    """Let go of an upload at once. Streamlit would keep it until its uploader is drawn without it."""
    if context := get_script_run_ctx():
        context.uploaded_file_mgr.remove_file(context.session_id, file_id)  # type: ignore[attr-defined]


def is_lost(upload: object) -> bool:
    """Tell whether the browser names an upload that this process never had: another process had it, and has ended."""
    return isinstance(upload, DeletedFile)
