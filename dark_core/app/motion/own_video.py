"""The visitor's own video: chosen, cut to a stretch, tracked with a progress bar, and kept by the session."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from dark_core.app.motion.footage import Footage
from dark_core.app.motion.text import TEXT
from dark_core.app.motion.tracking import Tracking
from dark_core.app.runtime.inference import video_predictor
from dark_core.app.runtime.own_file import OwnFile
from dark_core.app.runtime.streamlit_patches import is_lost
from dark_core.errors import InputError
from dark_core.files.motion.videos import MAX_BYTES, MAX_SECONDS, VideoFacts, video_facts

_TRACKING, _OWN = "own_video", "own_video_file"


@dataclass(eq=False)
class OwnVideo:
    """data: the file, b"" where nothing more is to be tracked of it; facts: what it says of itself; upload: its id."""

    data: bytes
    facts: VideoFacts
    upload: str

    @property
    def long(self) -> bool:
        """Whether the visitor chooses which stretch is tracked."""
        return self.facts.seconds > MAX_SECONDS + 0.5


def own_footage() -> Footage | None:
    """The visitor's tracked video, None until there is one; shows the uploader and what becomes of the file.

    Files of every kind reach it: where Streamlit refuses one for its name, it hides the reason.
    """
    texts = TEXT["own"]
    given = st.file_uploader(
        texts["upload"], max_upload_size=MAX_BYTES // 10**6, key="video", on_change=_uploader_changed
    )
    with st.container():  # always there, so that a notice moves nothing out of its place
        own, complaint = _OWN_FILE.taken(given)
        if complaint:
            st.error(complaint, icon=":material/broken_image:")
            return None
        if own is None:
            if is_lost(st.session_state.get("video")):
                st.error(texts["lost"], icon=":material/broken_image:")
            return None
        tracking = _tracked(own)
        if tracking is None:
            return None
        if tracking.footage is not None and not own.long:
            own.data = b""
        if not tracking.finished:
            _watch(tracking)
        elif tracking.complaint:
            st.error(tracking.complaint, icon=":material/broken_image:")
            st.button(texts["again"], on_click=_forget, key="again", icon=":material/refresh:")
        return tracking.footage


def _uploader_changed() -> None:
    """A video that is taken out, or replaced, is not tracked any further."""
    tracking: Tracking | None = st.session_state.get(_TRACKING)
    if tracking is not None:
        tracking.cancel()
        _forget()
    _OWN_FILE.forget()


def _forget() -> None:
    st.session_state.pop(_TRACKING, None)


def _open(data: bytes, name: str, upload: str) -> OwnVideo:
    return OwnVideo(data, video_facts(data), upload)


def _refusal(error: InputError) -> str:
    return TEXT["own"]["refused"].format(why=str(error).removesuffix("."))


_OWN_FILE = OwnFile("video", _OWN, _open, _refusal)


def _tracked(own: OwnVideo) -> Tracking | None:
    """The tracking of the chosen stretch, begun where need be; None while the visitor chooses one."""
    tracking: Tracking | None = st.session_state.get(_TRACKING)
    start, asked = 0.0, True
    if own.long:
        texts = TEXT["own"]
        which, go = st.columns([3, 1], vertical_alignment="bottom")
        latest = round(own.facts.seconds - MAX_SECONDS, 1)
        start = which.slider(texts["start"].format(length=MAX_SECONDS), 0.0, latest, 0.0, 0.1, key="stretch")
        asked = go.button(texts["track"], key="track", type="primary")
    key = f"own {own.upload} {start:.1f}"
    if asked and (tracking is None or tracking.key != key):
        if tracking is not None:
            tracking.cancel()
        tracking = Tracking(key, own.data, own.facts, start, video_predictor())
        st.session_state[_TRACKING] = tracking
    return tracking


@st.fragment(run_every=0.5)  # no more of the page runs than this
def _watch(tracking: Tracking) -> None:
    texts = TEXT["own"]
    if tracking.finished:
        st.rerun()
    tracking.look()
    bar, stop = st.columns([4, 1], vertical_alignment="center")
    if tracking.waiting:
        bar.progress(0.0, texts["waiting"])
    elif not tracking.done:
        bar.progress(0.0, texts["looking"])
    else:
        left = tracking.seconds_left
        told = texts["progress_open" if left is None else "progress"]
        share = min(tracking.done / tracking.total, 1.0) if tracking.total else 0.0
        bar.progress(share, told.format(done=tracking.done, total=tracking.total, left=left))
    stop.button(texts["cancel"], on_click=tracking.cancel, key="cancel", icon=":material/close:")
