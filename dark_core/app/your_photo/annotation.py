"""Placing the true joints on an own picture: the live figure, and what is kept of what it reports."""

from __future__ import annotations

from functools import partial

import numpy as np
import streamlit as st

from dark_core.app.text.catalog import read_catalog
from dark_core.app.widgets.downloads import Download, download_buttons
from dark_core.app.widgets.interactive_component import keep_photo, mount_figure
from dark_core.app.widgets.photo_source import Picture, place_joints
from dark_core.app.your_photo.placed_joints import JointsError, as_json, checked, named, read_joints
from dark_core.figures.images import data_url
from dark_core.pose.crop_transform import CropTransform
from dark_core.pose.pose import Pose
from dark_core.pose.skeleton import SKELETON

TEXT = read_catalog("your_photo")["placing"]

SPAN = 8
"""Heatmap px that the magnifier shows on a side."""

COARSE = 3
"""Heatmap px to which the magnifier's first place is rounded, so that its middle gives no reading away."""

_LOADED = "joints_loaded"


def views(pose: Pose, frame: CropTransform, size: tuple[int, int]) -> np.ndarray:
    """(14, 2) photo px where the magnifier looks for a joint not placed yet: about where the network saw it."""
    height, width = pose.heatmaps.shape[1:]
    peaks = np.stack(np.unravel_index(pose.heatmaps.reshape(len(SKELETON), -1).argmax(1), (height, width))[::-1], 1)
    return np.clip(frame.to_photo(COARSE * np.round(peaks / COARSE)), 0, np.array(size) - 1)


def arrow_step(frame: CropTransform) -> float:
    """Photo px that an arrow key moves the joint by: half a px, on large photos about 1/20 heatmap px."""
    return max(0.5, np.floor(frame.photo_px / 10) / 2)


def figure_data(picture: Picture, pose: Pose, frame: CropTransform) -> dict:
    """What the live figure draws from, all in px of the picture's own file."""
    return {
        "names": SKELETON.names,
        "bones": SKELETON.bones,
        "size": picture.size,
        "views": views(pose, frame, picture.size).round(1).tolist(),
        "span": SPAN * frame.photo_px,
        "photoPx": frame.photo_px,
        "step": arrow_step(frame),
        "photo": picture.key,
        "text": TEXT["figure"],
    }


def place(picture: Picture, pose: Pose, frame: CropTransform, joint: str) -> None:
    """The photo and the magnifier on which the joints are placed."""
    epoch = f"{picture.of_person} {_loaded().get('count', 0)}"
    state = {"joint": joint, "placed": {} if picture.truth is None else named(picture.truth)}
    st.markdown(TEXT["explained"])
    mount_figure(
        "annotation",
        {"epoch": epoch, "state": state, **figure_data(picture, pose, frame)},
        lambda sent: take(sent, epoch, picture),
    )


def files(picture: Picture) -> None:
    """What ends the placing, the file of the joints placed, and the photo that the figure draws."""
    st.button(TEXT["done"], on_click=_done, type="primary", icon=":material/straighten:")
    truth = np.full((len(SKELETON), 2), np.nan) if picture.truth is None else picture.truth
    save = partial(as_json, truth, picture.size, picture.key)
    download_buttons(Download(TEXT["save"], save, "placed_joints.json", disabled=picture.truth is None))
    st.file_uploader(TEXT["load"], max_upload_size=1, key="joints_file", on_change=_load, args=(picture,))
    keep_photo(picture.key, photo_href(picture.key, picture.rgb))


def take(sent: object, epoch: str, picture: Picture) -> None:
    """Keep what the browser reports, unless it makes no sense or was sent before other joints were loaded."""
    if not isinstance(sent, dict) or sent.get("epoch") != epoch:
        return
    try:
        place_joints(picture, checked(sent.get("placed"), picture.size))
    except JointsError:
        return
    if sent.get("joint") in SKELETON.names:
        st.session_state["joint"] = sent["joint"]


def loaded_note(picture: Picture) -> tuple[str, str]:
    """(complaint, note) on the file of joints that lies in the uploader, if it was loaded on this picture."""
    said = _loaded()
    if st.session_state.get("joints_file") is None or said.get("key") != picture.of_person:
        return "", ""
    return said["complaint"], said["note"]


def _loaded() -> dict:
    """What came of the last file of joints: picture key, complaint, note; and how many were loaded."""
    return st.session_state.get(_LOADED, {})


def _load(picture: Picture) -> None:
    """A file was put into the uploader, or taken out: its joints replace those placed before."""
    file = st.session_state["joints_file"]
    if file is None:
        return
    count, complaint, note = _loaded().get("count", 0), "", ""
    try:
        joints, note = read_joints(file.getvalue(), picture.size, picture.key)
        place_joints(picture, joints)
        count += 1
    except JointsError as error:
        complaint = str(error)
    st.session_state[_LOADED] = {"key": picture.of_person, "count": count, "complaint": complaint, "note": note}


def _done() -> None:
    st.session_state["place"] = False


@st.cache_data(max_entries=8, show_spinner=False)
def photo_href(key: str, _rgb: np.ndarray) -> str:
    """The photo as it is shown, as a data URL."""
    return data_url(_rgb, quality=85)
