"""The visitor's own video: chosen, cut to a stretch, tracked with a progress bar, and kept by the session."""

from __future__ import annotations

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from dark_core.app.motion.footage import Footage
from dark_core.app.motion.text import TEXT
from dark_core.app.motion.tracking import Tracking
from dark_core.app.runtime.inference import video_predictor
from dark_core.app.runtime.streamlit_patches import is_lost, upload_bytes
from dark_core.files.motion.videos import MAX_BYTES, MAX_SECONDS, VideoError, VideoFacts, video_facts

_TRACKING, _FACTS = "own_video", "own_video_facts"


def own_footage() -> Footage | None:
    """The visitor's tracked video, None until there is one; shows the uploader and what becomes of the file.

    Files of every kind reach it: where Streamlit refuses one for its name, it hides the reason.
    """
    texts = TEXT["own"]
    given = st.file_uploader(
        texts["upload"], max_upload_size=MAX_BYTES // 10**6, key="video", on_change=_uploader_changed
    )
    with st.container():  # always there, so that a notice moves nothing out of its place
        if given is None and is_lost(st.session_state.get("video")):
            st.error(texts["lost"], icon=":material/broken_image:")
        facts = None if given is None else _facts(given)
        if isinstance(facts, str):
            st.error(facts, icon=":material/broken_image:")
            return None
        # A visitor who comes back from a clip finds the uploader empty, and the video as it was left.
        tracking: Tracking | None = st.session_state.get(_TRACKING)
        if given is not None and facts is not None:
            tracking = _tracked(given, facts)
        if tracking is None:
            return None
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


def _forget() -> None:
    st.session_state.pop(_TRACKING, None)


def _facts(given: UploadedFile) -> VideoFacts | str:
    """What the video says of itself, or one sentence where it cannot be used. Looks at each upload once."""
    known = st.session_state.get(_FACTS)
    if known is None or known[0] != given.file_id:
        found: VideoFacts | str
        try:
            found = video_facts(upload_bytes(given))
        except VideoError as error:
            found = TEXT["own"]["refused"].format(why=str(error).removesuffix("."))
        known = st.session_state[_FACTS] = (given.file_id, found)
    return known[1]


def _tracked(given: UploadedFile, facts: VideoFacts) -> Tracking | None:
    """The tracking of the chosen stretch, begun where need be; None while the visitor chooses one."""
    tracking: Tracking | None = st.session_state.get(_TRACKING)
    start, asked = 0.0, True
    if facts.seconds > MAX_SECONDS + 0.5:
        texts = TEXT["own"]
        which, go = st.columns([3, 1], vertical_alignment="bottom")
        latest = round(facts.seconds - MAX_SECONDS, 1)
        start = which.slider(texts["start"].format(length=MAX_SECONDS), 0.0, latest, 0.0, 0.1, key="stretch")
        asked = go.button(texts["track"], key="track", type="primary")
    key = f"own {given.file_id} {start:.1f}"
    theirs = tracking is not None and tracking.key.startswith(f"own {given.file_id} ")
    if asked and (tracking is None or tracking.key != key):
        if tracking is not None:
            tracking.cancel()
        tracking = Tracking(key, upload_bytes(given), facts, start, video_predictor())
        st.session_state[_TRACKING] = tracking
        return tracking
    return tracking if theirs else None


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
