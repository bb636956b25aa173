"""What is taken away of a video: the tracks in full precision, the two skeletons side by side, the zoom as a GIF."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator, Sequence

import numpy as np
import streamlit as st
from PIL import Image

from dark_core.app.motion.footage import Footage
from dark_core.app.motion.text import TEXT
from dark_core.app.motion.view import curve_words, followed_joint, reference_joint, zoom_span
from dark_core.app.runtime.inference import turns
from dark_core.app.widgets.downloads import Download, download_buttons
from dark_core.figures.charts.track_curves import JointPath, as_png, as_svg
from dark_core.figures.track_pictures import side_by_side, zoom
from dark_core.files.motion.written_videos import as_gif, as_webm
from dark_core.motion.tracks import as_csv, as_json
from dark_core.pose.skeleton import SKELETON


def show(footage: Footage, joint: int, before: str, after: str, shown: Sequence[str], difference: bool = False) -> None:
    """Show the buttons; the tables hold all joints by all decoders, the pictures the two that are compared.

    The figure is that of the curves: the decoders ``shown``, as positions or as a ``difference``.
    """
    texts, names, tracks = TEXT["files"], list(dict.fromkeys([before, after])), footage.tracks
    fps, in_turn = tracks.fps, turns("clip")  # of the queue, because a long video takes a minute to encode
    with st.container(horizontal=True):
        download_buttons(
            Download(
                texts["video"], lambda: as_webm(skeleton_frames(footage, names), fps, in_turn), "side_by_side.webm"
            ),
            Download(texts["gif"], lambda: as_gif(zoom_frames(footage, joint, names), fps, in_turn), "zoom.gif"),
            Download(texts["svg"], lambda: as_svg(joint_path(footage, joint, shown, difference)), "curves.svg"),
            Download(texts["png"], lambda: as_png(joint_path(footage, joint, shown, difference)), "curves.png"),
            Download(texts["csv"], lambda: as_csv(tracks), "tracks.csv"),
            Download(texts["json"], lambda: as_json(tracks), "tracks.json"),
        )


def joint_path(footage: Footage, joint: int, shown: Sequence[str], difference: bool) -> JointPath:
    """What the page's curves show, to be drawn as a file."""
    words = curve_words(footage, joint, difference)
    return JointPath(
        footage.tracks.seconds,
        {name: footage.tracks.photo_xy[name][:, joint] for name in shown},
        None if footage.truth is None else footage.truth[:, joint],
        (words["x"].format(joint=words["joint"]), words["y"].format(joint=words["joint"])),
        reference_joint(footage, joint) if difference else None,
    )


def _pictures(footage: Footage) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Each frame as the browser has it, and px of it per px in which the tracks count, (2,) along x and y."""
    for url in footage.frames:
        rgb = np.asarray(Image.open(io.BytesIO(base64.b64decode(url.partition(",")[2]))))
        yield rgb, np.array(rgb.shape[1::-1]) / footage.size


def skeleton_frames(footage: Footage, names: list[str]) -> Iterator[np.ndarray]:
    """Each frame once for each decoder, with its skeleton."""
    for k, (rgb, ratio) in enumerate(_pictures(footage)):
        joints = {name: _scaled(footage.tracks.photo_xy[name][k], ratio) for name in names}
        yield side_by_side(rgb, joints, SKELETON.bones)


def zoom_frames(footage: Footage, joint: int, names: list[str]) -> Iterator[np.ndarray]:
    """Each frame's zoom, with the joint as the decoders find it."""
    centers, span = followed_joint(footage, joint, names[-1]), zoom_span(footage)
    for k, (rgb, ratio) in enumerate(_pictures(footage)):
        joints = {name: _scaled(footage.tracks.photo_xy[name][k, joint], ratio) for name in names}
        yield zoom(rgb, _scaled(centers[k], ratio), span * ratio[0], joints)


def _scaled(xy: np.ndarray, ratio: np.ndarray) -> np.ndarray:
    """Positions in a reduced picture; the centers of pixels are integers in both."""
    return (xy + 0.5) * ratio - 0.5
