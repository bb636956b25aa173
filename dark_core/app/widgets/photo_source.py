"""Which picture is on the table: a bundled scene, an upload or a webcam shot."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import dataclass, replace

import numpy as np
import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from dark_core.app.runtime import upload_recovery
from dark_core.app.runtime.page import SCENE
from dark_core.app.runtime.streamlit_patches import is_lost
from dark_core.app.text.catalog import read_catalog
from dark_core.app.your_photo.placed_joints import JointsError, checked, named
from dark_core.files.photos import MAX_BYTES, Photo, PhotoError, read_photo
from dark_core.files.scenes import Scene, load_scenes
from dark_core.pose.detector import Box
from dark_core.pose.predictor import MOST_PEOPLE

TEXT = read_catalog("your_photo")

OWN = "own_picture"
"""Where a session keeps its photo, so that it is still there after a look at another page."""

PLACED = "placed_joints"
"""Where a session keeps the joints placed on its photos: {picture key: (14, 2) photo px, NaN where not placed}."""

REMEMBERED = 8
"""Photos whose placed joints a session keeps."""

_LOOKED_AT = "upload_looked_at"
"""(id, complaint) of the upload that this session looked at last."""


@dataclass(frozen=True, eq=False)
class Picture:
    """What is read and shown.

    key: names the content for the caches; title: for captions; rgb: (H, W, 3) uint8 as the network
    sees it, maybe reduced; size: (W, H) of the visitor's own file, whose pixels are the photo px of
    the page; truth: (14, 2) photo px, NaN where unknown, or None; notes: what was done to the
    picture on its way in; box: the person's (x0, y0, x1, y1) in photo px, None to find everyone; person: who of those
    found is meant, counted from 0.
    """

    key: str
    title: str
    rgb: np.ndarray
    size: tuple[int, int]
    truth: np.ndarray | None = None
    notes: tuple[str, ...] = ()
    box: Box | None = None
    person: int = 0

    @property
    def own(self) -> bool:
        """True for a visitor's photo, which no link can carry; its truth is what they placed, a scene's is exact."""
        return not self.key.startswith("scene ")

    def knows(self, joint: int) -> bool:
        """Whether the true position of a joint is known."""
        return self.truth is not None and bool(np.isfinite(self.truth[joint]).all())

    @property
    def of_person(self) -> str:
        """Names the content and the person, for what was placed on them by hand."""
        return f"{self.key} {self.person + 1}" if self.person else self.key

    @property
    def scale(self) -> np.ndarray:
        """(2,) photo px a px of ``rgb``, in x and y."""
        return np.array(self.size) / self.rgb.shape[1::-1]

    def to_own(self, xy: np.ndarray) -> np.ndarray:
        """Points (..., 2) in px of ``rgb`` as photo px."""
        return (xy + 0.5) * self.scale - 0.5

    def box_to_own(self, box: Box) -> Box:
        """A box in px of ``rgb`` as a box in photo px."""
        x0, y0, x1, y1 = np.asarray(box) * np.tile(self.scale, 2)
        return float(x0), float(y0), float(x1), float(y1)

    def to_shown(self, box: Box | None) -> Box | None:
        """A box in photo px as a box in px of ``rgb``."""
        return None if box is None else tuple(np.asarray(box) / np.tile(self.scale, 2))


def current_picture() -> Picture:
    """The picture chosen on this page: the chosen scene until there is an own photo that can be read.

    What is wrong with a file is said below the uploader. Files of every kind reach it: where Streamlit refuses one for
    its name, it hides the reason.
    """
    scenes, texts = load_scenes(), TEXT["picture"]
    names = list(scenes)
    own_picture()  # what the tab has handed in again is the own photo before anything is drawn
    chosen, theirs, bundled = st.columns([1, 1.6, 1])
    with chosen:
        source = st.segmented_control(
            texts["source"],
            ["upload", "webcam", "scene"],
            default="upload",
            required=True,
            format_func=texts.__getitem__,
            key="source",
            bind="query-params",
        )
    given = None
    with theirs:
        if source == "upload":
            given = st.file_uploader(
                texts["own"],
                max_upload_size=MAX_BYTES // 2**20,
                key="upload",
                on_change=uploader_changed,
                args=("upload",),
            )
        elif source == "webcam":
            given = st.camera_input(texts["take"], key="camera", on_change=uploader_changed, args=("camera",))
    with bundled:
        name = st.selectbox(
            texts["scene" if source == "scene" else "scene_until"],
            names,
            index=names.index(SCENE),
            format_func=lambda n: scenes[n].title,
            key="scene",
            bind="query-params",
            disabled=given is not None or (source != "scene" and OWN in st.session_state),
            on_change=_forget_box,
        )
    complaint = "" if given is None else _take(given)
    own = own_picture() if source != "scene" else None
    if own is None and source == "upload" and is_lost(st.session_state.get("upload")):
        complaint = texts["lost"]
    if complaint:
        theirs.error(complaint, icon=":material/broken_image:")
    return own or scene_picture(scenes[name])


def scene_picture(scene: Scene) -> Picture:
    """A bundled scene with its truth and its box."""
    height, width = scene.photo.shape[:2]
    return Picture(f"scene {scene.name}", scene.title, scene.photo, (width, height), scene.joints, box=scene.box)


def own_picture() -> Picture | None:
    """The photo this session brought, with the joints its visitor placed on it."""
    if again := upload_recovery.handed("photo"):
        _take_again(*again)
    own = st.session_state.get(OWN)
    return own and replace(own, truth=_placed_on(own))


def _placed_on(picture: Picture) -> np.ndarray | None:
    """The joints that the visitor placed on the picture's person."""
    return st.session_state.get(PLACED, {}).get(picture.of_person)


def keep_person(picture: Picture, box: Box | None, person: int) -> Picture:
    """Remember who of an own picture is meant, so that the other pages show the same person; returns the picture."""
    if not picture.own:
        return picture
    picture = replace(picture, box=box, person=person)
    picture = replace(picture, truth=_placed_on(picture))
    st.session_state[OWN] = picture
    _tell_tab()
    return picture


def place_joints(picture: Picture, joints: np.ndarray) -> None:
    """Keep ``joints`` (14, 2) in photo px, NaN where not placed, as the truth of an own picture."""
    _remember(picture, joints)
    _tell_tab()


def _remember(picture: Picture, joints: np.ndarray) -> None:
    kept = st.session_state.setdefault(PLACED, {})
    kept.pop(picture.of_person, None)
    if np.isfinite(joints).any():
        kept[picture.of_person] = joints
    while len(kept) > REMEMBERED:
        del kept[next(iter(kept))]


def _take(given: UploadedFile) -> str:
    """Make an upload the own photo; returns one sentence if it cannot be read, and what is shown. Looks at each once.

    The photo before stays until then, but its box goes; that of a link is for the first photo, maybe the one it was
    drawn on.
    """
    looked_at, complaint = st.session_state.get(_LOOKED_AT, ("", ""))
    if looked_at == given.file_id:
        return complaint
    complaint, before = "", st.session_state.get(OWN)
    try:
        st.session_state[OWN] = _as_picture(given.getvalue())
        upload_recovery.took("photo")
        if before is not None:
            _forget_box()
        _tell_tab()
    except PhotoError as error:
        refused = TEXT["picture"]["refused" if before is None else "refused_another"]
        complaint = refused.format(why=str(error).removesuffix("."))
        upload_recovery.refused("photo")
    st.session_state[_LOOKED_AT] = (given.file_id, complaint)
    return complaint


def _take_again(given: UploadedFile, notes: dict) -> None:
    """Make what the tab kept the own photo of this session, with its box and its joints as far as they make sense."""
    try:
        own = _as_picture(given.getvalue())
    except PhotoError:
        return upload_recovery.used("photo")
    given_box, person = notes.get("box"), notes.get("person")
    box = None
    if isinstance(given_box, list) and all(type(value) in (int, float) for value in given_box):
        box, _ = parse_box(", ".join(map(str, given_box)), own)
    own = replace(own, box=box, person=person if type(person) is int and 0 <= person < MOST_PEOPLE else 0)
    st.session_state[OWN] = own
    with suppress(JointsError):
        _remember(own, checked(notes.get("placed"), own.size))
    upload_recovery.used("photo")  # not before all of it is kept: this run may be overtaken at any line
    _tell_tab()


def _as_picture(data: bytes) -> Picture:
    """The photo in a visitor's bytes. Raises PhotoError."""
    photo = _decoded(hashlib.sha256(data).hexdigest(), data)
    return Picture(photo.sha256, TEXT["picture"]["own"], photo.rgb, photo.original, notes=photo.notes)


def _tell_tab() -> None:
    """Let the tab keep the own photo's box and joints beside it."""
    if (own := own_picture()) is not None:
        placed = {} if own.truth is None else named(own.truth)
        upload_recovery.note("photo", {"box": own.box, "person": own.person, "placed": placed})


def uploader_changed(key: str) -> None:
    """The uploader ``key`` holds another file or none. One taken out takes the own photo with it.

    Not so where another was chosen in its place, which is on its way or broke off there.
    """
    if (
        st.session_state[key] is None
        and not upload_recovery.replacing("photo")
        and st.session_state.pop(OWN, None) is not None
    ):
        upload_recovery.dropped("photo")
        _forget_box()


def _forget_box() -> None:
    """A box and a person belong to the picture they were chosen on."""
    st.session_state["box"] = ""
    st.session_state["person"] = "1"


@st.cache_resource(max_entries=16, show_spinner=TEXT["picture"]["opening"])
def _decoded(sha256: str, _data: bytes) -> Photo:
    """A visitor's photo, decoded once however often the page runs."""
    return read_photo(_data)


def parse_box(text: str, picture: Picture) -> tuple[Box | None, str]:
    """(box in photo px, complaint): no box for an empty text, one sentence where it cannot be meant."""
    if not text.strip():
        return None, ""
    texts = TEXT["box"]
    try:
        x0, y0, x1, y1 = (float(part) for part in text.replace(";", ",").split(","))
    except ValueError:
        return None, texts["no_numbers"]
    width, height = picture.size
    least = 0.02 * max(width, height)
    if not (np.isfinite([x0, y0, x1, y1]).all() and x1 - x0 >= least and y1 - y0 >= least):
        return None, texts["too_small"]
    if min(x1, width) - max(x0, 0) < least or min(y1, height) - max(y0, 0) < least:
        return None, texts["outside"].format(width=width, height=height)
    if max(x1 - x0, y1 - y0) > 3 * max(width, height):
        return None, texts["too_large"]
    return (x0, y0, x1, y1), ""
