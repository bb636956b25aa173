"""What the page plays: the frames of a clip as small pictures, the tracks decoded from them, and the truth if known."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import streamlit as st

from dark_core.figures.images import data_url
from dark_core.files.motion.clips import Clip, load_clip
from dark_core.motion.clip_tracks import load_clip_tracks
from dark_core.motion.tracks import Tracks

CLIPS = ("wave", "walk", "stand")
"""The bundled clips in the order of the list; the first is shown at first."""

LONGEST = 640
"""Longest side in px of a frame as the browser is sent it."""

QUALITY = 75
"""Of these JPEGs: some 20 kB a frame."""


@dataclass(frozen=True, eq=False)
class Footage:
    """A stretch of video and its tracks.

    key: names it to the browser; title, description: in words; size: (W, H) px of a frame, in which the tracks count;
    frames: a data URL each, maybe of a smaller picture; truth: (T, K, 2) photo px, None where nobody knows it.
    """

    key: str
    title: str
    description: str
    size: tuple[int, int]
    frames: tuple[str, ...]
    tracks: Tracks
    truth: np.ndarray | None = None

    @property
    def own(self) -> bool:
        """True for a visitor's video, which no link can carry."""
        return not self.key.startswith("clip ")


def picture(rgb: np.ndarray) -> str:
    """A frame (H, W, 3) as the browser is sent it."""
    height, width = rgb.shape[:2]
    ratio = LONGEST / max(width, height)
    if ratio < 1:
        rgb = cv2.resize(rgb, (round(width * ratio), round(height * ratio)), interpolation=cv2.INTER_AREA)
    return data_url(rgb, quality=QUALITY)


@st.cache_resource(max_entries=len(CLIPS), show_spinner=False)
def clip_footage(name: str) -> Footage:
    """A bundled clip with the tracks stored beside it, for all visitors."""
    clip: Clip = load_clip(name)
    height, width = clip.frames.shape[1:3]
    frames = tuple(picture(rgb) for rgb in clip.frames)
    tracks = load_clip_tracks(name)
    return Footage(f"clip {name}", clip.title, clip.description, (width, height), frames, tracks, clip.joints)
