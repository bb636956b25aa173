"""Which coordinates are looked at: the visitor's own file, or the tracks of a bundled clip until there is one."""

from __future__ import annotations

import hashlib
import threading
from dataclasses import dataclass

import streamlit as st

from dark_core.app.runtime.own_file import OwnFile
from dark_core.app.text.catalog import read_catalog
from dark_core.codec import CORE_DECODERS, DECODERS
from dark_core.errors import InputError
from dark_core.files.motion.clips import clip_titles
from dark_core.files.motion.track_files import MAX_BYTES, TrackFile, read_tracks
from dark_core.motion.clip_tracks import load_clip_tracks

CATALOG = read_catalog("track_audit")

TEXT = CATALOG["file"]

PARTS: dict[str, str] = CATALOG["parts"]
"""What ``?hide=`` can leave out where only coordinates are at hand."""

OWN = "own_tracks"

CLIP = "walk"
"""The example at first: its person moves, so that positions of DARK spread."""

_turn = threading.Lock()
"""One file at a time: JSON takes many times its length while it is parsed."""


@dataclass(frozen=True, eq=False)
class Coordinates:
    """Coordinates to look at. key: of their content; name: of the file; upload: id of the upload, "" if bundled;
    photo_px: photo px per heatmap px, None where not known."""

    key: str
    name: str
    file: TrackFile
    upload: str = ""
    photo_px: float | None = None

    @property
    def own(self) -> bool:
        """True for a visitor's file, which no link can carry."""
        return bool(self.upload)


def coordinates_only() -> bool:
    """Whether the visitor has no heatmaps, only coordinates, as they choose."""
    chosen = st.segmented_control(
        CATALOG["bring"],
        list(CATALOG["sources"]),
        default="heatmaps",
        required=True,
        format_func=CATALOG["sources"].get,
        key="bring",
        bind="query-params",
        label_visibility="collapsed",
    )
    return chosen == "coordinates"


def current_source() -> Coordinates:
    """The visitor's file, or else the example that is chosen beside the uploader."""
    theirs, clip, decoder = st.columns([2, 1, 1], vertical_alignment="bottom")
    with theirs:
        given = st.file_uploader(
            TEXT["upload"],
            max_upload_size=MAX_BYTES // 10**6,
            key="tracks_file",
            on_change=_OWN_FILE.forget,
            help=TEXT["upload_help"],
        )
    own, complaint = _OWN_FILE.taken(given)
    if complaint:
        theirs.error(complaint, icon=":material/broken_image:")
    shown = None if complaint else own
    titles = clip_titles()
    with clip:
        which = st.selectbox(
            TEXT["clip"],
            list(titles),
            index=list(titles).index(CLIP),
            format_func=lambda clip: titles[clip],
            key="audit_clip",
            bind="query-params",
            disabled=shown is not None,
        )
    with decoder:
        name = st.selectbox(
            TEXT["decoder"],
            CORE_DECODERS,
            format_func=lambda name: DECODERS[name].title,
            key="audit_decoder",
            bind="query-params",
            disabled=shown is not None,
        )
    return shown or example(which or CLIP, name or CORE_DECODERS[0])


def example(clip: str, decoder: str) -> Coordinates:
    """The track of one decoder on a bundled clip."""
    tracks = load_clip_tracks(clip)
    said = TEXT["example"].format(clip=clip_titles()[clip], decoder=DECODERS[decoder].title)
    file = TrackFile(tracks.photo_xy[decoder], TEXT["kind"], tracks.names)
    return Coordinates(f"{clip} {decoder}", said, file, photo_px=tracks.scale)


def picture_size() -> tuple[float, float] | None:
    """(W, H) in px of the picture of which the file holds shares, None while it is not given."""
    sides = []
    for column, key in zip(st.columns([1, 1, 2]), ("width", "height")):
        with column:
            name = f"picture_{key}"
            sides.append(st.number_input(TEXT[key], 1.0, 1e5, None, 1.0, "%.0f", key=name, bind="query-params"))
    if sides[0] is None or sides[1] is None:
        st.info(TEXT["normalized"], icon=":material/straighten:")
        return None
    return sides[0], sides[1]


def _open(data: bytes, name: str, upload: str) -> Coordinates:
    with _turn:
        return Coordinates(hashlib.sha256(data).hexdigest(), name, read_tracks(data), upload)


def _refusal(error: InputError) -> str:
    return TEXT["refused"].format(why=str(error).removesuffix("."))


_OWN_FILE = OwnFile("tracks", OWN, _open, _refusal)
