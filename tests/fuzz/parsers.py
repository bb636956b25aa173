"""What reads a visitor's bytes, each to the end: "read" or "refused" with one sentence; all else has broken out.

The app's modules are imported where they are needed, so that the bare parsers stay free of Streamlit and torch.
"""

from __future__ import annotations

import json
from collections.abc import Callable

import numpy as np

from tests.fuzz.seeds import SHA256, SIZE

READ, REFUSED = "read", "refused"


class BrokenOut(AssertionError):
    """A parser gave what it must not give."""


def photo(data: bytes) -> str:
    from dark_core.files.photos import MAX_SIDE, PhotoError, read_photo

    try:
        found = read_photo(data)
    except PhotoError as error:
        return refused(error)
    sound(found.rgb.dtype == np.uint8 and found.rgb.shape[2:] == (3,) and max(found.rgb.shape) <= MAX_SIDE)
    return READ


def heatmaps(data: bytes) -> str:
    """As the page does: the array that is chosen, what its values tell, and every decoder on one of its maps."""
    from dark_core.codec import DECODERS
    from dark_core.evaluation.batch_decode import decode_block
    from dark_core.files.formats.stored import HeatmapsError, listed
    from dark_core.files.heatmap_files import open_heatmaps
    from dark_core.files.heatmap_layouts import as_heatmaps, survey

    try:
        file = open_heatmaps(data)
        sentence(listed(file.arrays) + ".")
        maps = as_heatmaps(file.choose())
    except HeatmapsError as error:
        return refused(error)
    found = survey(maps)
    sound(0 < found.sigma < 1e4)
    block = decode_block(maps, range(1), found.sigma, DECODERS)
    sound(all(np.isfinite(xy).all() for xy in block.xy.values()))
    return READ


def joints(data: bytes) -> str:
    from dark_core.app.your_photo.placed_joints import JointsError, read_joints

    try:
        xy, note = read_joints(data, SIZE, SHA256)
    except JointsError as error:
        return refused(error)
    sound(xy.shape == (14, 2) and np.isfinite(xy).any() and np.nanmax(xy) <= max(SIZE))
    sentence(note or ".")
    return READ


def tracks(data: bytes) -> str:
    """As the page does: the coordinates of a file, and what the audit says of them."""
    from dark_core.files.motion.track_files import TracksError, read_tracks
    from dark_core.motion.audit import audit

    try:
        file = read_tracks(data)
    except TracksError as error:
        return refused(error)
    sound(file.xy.ndim == 3 and file.xy.shape[2] == 2 and np.isfinite(file.xy).any() and np.nanmax(file.xy) < 1e6)
    said = audit(file.xy, None, file.consecutive).text
    sound(said.endswith(".") and said.isprintable() and "nan" not in said, said)
    return READ


def box(data: bytes) -> str:
    from dark_core.app.widgets.photo_source import Picture, parse_box

    picture = Picture(SHA256, "Your photo", np.zeros((*SIZE[::-1], 3), np.uint8), SIZE)
    found, complaint = parse_box(data.decode("utf-8", "replace"), picture)
    if complaint:
        return refused(complaint)
    sound(found is None or (len(found) == 4 and np.isfinite(found).all() and np.abs(found).max() < 1e4))
    return READ


def address(data: bytes) -> str:
    """A number of a live figure in the address."""
    return _moved(data.decode("utf-8", "replace"))


def message(data: bytes) -> str:
    """What a component reports, as Streamlit hands it on: JSON, or the text itself."""
    from dark_core.app.widgets.static_figure import is_box, is_pick
    from dark_core.app.your_photo.placed_joints import JointsError, checked

    text = data.decode("utf-8", "replace")
    try:
        sent = json.loads(text)
    except (ValueError, RecursionError):
        sent = text
    if is_box(sent):
        sound(len(sent) == 4 and np.isfinite(sent).all())
    if is_pick(sent):
        sound(isinstance(sent, str) and len(sent) < 100)
    if not isinstance(sent, dict):
        return READ
    for value in sent.values():
        _moved(value)
    if "placed" not in sent:
        return READ
    try:
        checked(sent.get("placed"), SIZE)
    except JointsError as error:
        return refused(error)
    return READ


def _moved(value: object) -> str:
    from dark_core.app.decode import view
    from dark_core.app.smooth import view as smooth_view

    for field in (view.fields(None) | smooth_view.fields(smooth_view.CASE, 2.0)).values():
        sound(field.low <= field.checked(value) <= field.high)
    return READ


PARSERS: dict[str, Callable[[bytes], str]] = {
    "photo": photo,
    "heatmaps": heatmaps,
    "joints": joints,
    "tracks": tracks,
    "box": box,
    "address": address,
    "message": message,
}


def refused(said: object) -> str:
    sentence(str(said))
    return REFUSED


def sentence(text: str) -> None:
    """One sentence in one line that shows nothing but print."""
    sound(text.endswith(".") and ". " not in text and text.isprintable() and len(text) < 2500, text)


def sound(holds: object, what: object = "") -> None:
    if not holds:
        raise BrokenOut(str(what))
