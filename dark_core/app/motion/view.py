"""What Motion shows: the clip under two skeletons, a zoom on one joint, and its path over time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from dark_core.app.motion.footage import Footage
from dark_core.app.motion.text import TEXT
from dark_core.app.runtime.component_files import component_file
from dark_core.app.widgets.interactive_figure import Field
from dark_core.motion.filters import savitzky_golay
from dark_core.motion.tracks import Tracks
from dark_core.pose.skeleton import SKELETON

JOINTS = {"walk": "neck", "stand": "right shoulder"}
"""The joint shown at first where it is not ``JOINT``: one that moves, is seen in every frame, and is found well."""

JOINT = "left wrist"
"""The joint shown at first of the other clips."""

CURVES = ("position", "difference")
"""What the curves can show; which one at first is up to the clip."""

TELLING = {"walk": "difference", "own": "difference"}
"""What they show at first where it is not the position: the steps of argmax are small beside a long way."""

SPAN = 7
"""Heatmap px that the zoom shows on a side."""

VIEWS = {TEXT["views"][name]: parts for name, parts in {"clip": ("stage", "zoom"), "curves": ("curves",)}.items()}
"""What is shown together while presenting."""

ANSWER = frozenset({"curves"})
"""The parts that an exercise keeps back."""


PARTS = {name: what for name, what in TEXT["parts"].items() if name != "controls"} | {
    "clip, joint, curve_wave, curve_walk, curve_stand, curve_own, video, stretch, track, more, before, after, show, "
    "over, filtered": TEXT["parts"]["controls"],
}
"""What ``?hide=`` can leave out on this page."""


def first_joint(clip: str | None) -> str:
    """The joint that is shown at first of a clip."""
    return JOINTS.get(clip or "", JOINT)


def begin_with_its_joint() -> None:
    """A clip that was just chosen begins with the joint that tells most of it."""
    st.session_state["joint"] = first_joint(st.session_state["clip"])


def fields(footage: Footage, joint: int, before: str, after: str) -> dict[str, Field]:
    """The frame, at first the most telling one, and the line, in shares of the width."""
    return {
        "frame": Field(telling_frame(footage, joint, before, after), 0, max(0, len(footage.tracks) - 1), 0),
        "line": Field(0.5, 0, 1, 3),
    }


def telling_frame(footage: Footage, joint: int, before: str, after: str) -> int:
    """The frame of the middle half in which ``after`` is most of all nearer to the joint than ``before``.

    Where the truth is not known, the one in which they are farthest apart; the first of several.
    """
    one, other = (footage.tracks.photo_xy[name][:, joint] for name in (before, after))
    if footage.truth is None:
        gain = np.linalg.norm(one - other, axis=-1)
    else:
        gain = np.subtract(*(np.linalg.norm(xy - footage.truth[:, joint], axis=-1) for xy in (one, other)))
    first, last = len(gain) // 4, len(gain) - len(gain) // 4
    return first + int(np.nan_to_num(gain[first:last], nan=-np.inf).argmax()) if len(gain) else 0


def data(footage: Footage, joint: int, before: str, after: str, shown: Sequence[str], difference: bool = False) -> dict:
    """What the figure draws from, all in px of a frame; ``shown`` are the decoders of the curves.

    difference: the curves show how far the decoders are from ``reference_joint``, and not where they are.
    """
    tracks = footage.tracks
    truth = None if footage.truth is None else footage.truth[:, joint]
    return {
        "video": footage.key,
        "title": footage.title,
        "size": footage.size,
        "seconds": tracks.seconds.round(4).tolist(),
        "names": [before, after],
        "shown": list(shown),
        "joint": joint,
        "skeletons": {name: _frames(tracks.photo_xy[name]) for name in (before, after)},
        "bones": SKELETON.bones,
        "curves": {name: _points(tracks.photo_xy[name][:, joint]) for name in {*shown, before, after}},
        "truth": None if truth is None else _points(truth),
        "reference": _points(reference_joint(footage, joint)) if difference else None,
        "followed": _points(followed_joint(footage, joint, after)),
        "span": zoom_span(footage),
        "lattice": lattice(tracks),
        "text": curve_words(footage, joint, difference),
    }


def curve_words(footage: Footage, joint: int, difference: bool) -> dict[str, str]:
    """The words of the figure, with the titles of what its curves show."""
    titles = TEXT["difference" if footage.truth is not None else "difference_own"] if difference else {}
    return {**TEXT["figure"], **titles, "joint": SKELETON.names[joint]}


def reference_joint(footage: Footage, joint: int) -> np.ndarray:
    """(T, 2) photo px that differences are taken from: the truth, or DARK's track after Savitzky–Golay."""
    return (
        savitzky_golay(footage.tracks.photo_xy["dark"][:, joint]) if footage.truth is None else footage.truth[:, joint]
    )


def followed_joint(footage: Footage, joint: int, name: str) -> np.ndarray:
    """(T, 2) photo px at the middle of the zoom: the truth, or the smoothed track of decoder ``name``."""
    if footage.truth is not None:
        return _filled(footage.truth[:, joint])
    return _filled(savitzky_golay(footage.tracks.photo_xy[name][:, joint]))


def zoom_span(footage: Footage) -> float:
    """Side of the zoom in photo px."""
    scale = footage.tracks.scale
    return SPAN * scale if np.isfinite(scale) else min(footage.size) / 4


def lattice(tracks: Tracks) -> list[list[float] | None]:
    """x and y in photo px of the center of the first heatmap pixel of each frame, and photo px per heatmap px."""
    name = next(iter(tracks.heatmap_xy))
    first = tracks.photo_xy[name][:, 0] - tracks.photo_px[:, None] * tracks.heatmap_xy[name][:, 0]
    return _points(np.column_stack([first, tracks.photo_px]))


def keep_frames(footage: Footage) -> None:
    """Hand the browser the frames, in an element of their own, which is sent once and not at each change."""
    component = st.components.v2.component("dark_explorer.kept_frames", js=component_file("kept_frames.js"))
    component(key="kept_frames", data={"key": footage.key, "frames": footage.frames})


def _frames(xy: np.ndarray) -> list[list[list[float] | None]]:
    return [_points(one) for one in xy]


def _points(xy: np.ndarray) -> list[list[float] | None]:
    """Rows for the browser, None for one that is not known."""
    known = np.isfinite(xy).all(-1).tolist()
    return [point if there else None for point, there in zip(xy.round(2).tolist(), known, strict=True)]


def _filled(xy: np.ndarray) -> np.ndarray:
    """(T, 2) with each gap filled by the position before it, and the first one by the next."""
    known = np.isfinite(xy).all(-1)
    if not known.any():
        return np.zeros_like(xy)
    last = np.maximum.accumulate(np.where(known, np.arange(len(xy)), -1))
    filled: np.ndarray = xy[np.where(last < 0, int(known.argmax()), last)]
    return filled
