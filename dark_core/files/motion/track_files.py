"""Files of coordinates over time, as pose tools write them: COCO results, OpenPose, MediaPipe, DeepLabCut, SLEAP, CSV.

A file is parsed within bounds. All become (T, K, 2): T people of pictures, or frames of one person, with K joints.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from dark_core.errors import InputError
from dark_core.files.joint_files import MOST_JOINTS

MAX_BYTES = 50_000_000
"""The largest file."""

MOST_VALUES = 10_000_000
"""Coordinates of a file, beyond which it is refused."""

MOST_ROWS = 2_000_000
"""Rows of a CSV, each of which takes memory however short it is."""

MOST_MEMORY = 500_000_000
"""Bytes that the parts of a file may take while it is parsed, by ``COSTS``."""

COSTS = {"json": {"[": 72, "{": 72, ",": 32, '"': 32, ":": 64}, "csv": {",": 64, "\n": 72}}
"""Kind of file -> bytes that Python holds, about, for what each mark begins: a list, a value, half of a text."""


class TracksError(InputError, ValueError):
    """The file holds no usable coordinates; the message is one sentence."""


@dataclass(frozen=True, eq=False)
class TrackFile:
    """xy: (T, K, 2) in photo px, or in shares of the picture where ``normalized``; NaN where not known. kind: what the
    file is, in words; names: (K,), or () where it does not tell; consecutive: whether the T are frames of one person.
    """

    xy: np.ndarray
    kind: str
    names: tuple[str, ...] = ()
    normalized: bool = False
    consecutive: bool = True


def read_tracks(source: bytes | Path) -> TrackFile:
    """The coordinates of a file: bytes, or a path. Raises TracksError, with one sentence, for any other file."""
    try:
        if not isinstance(source, bytes) and Path(source).stat().st_size > MAX_BYTES:
            raise _too_large()
        data = source if isinstance(source, bytes) else Path(source).read_bytes()
    except OSError as error:
        raise TracksError(f"The file of coordinates cannot be opened ({error.strerror}): check the path.") from error
    if len(data) > MAX_BYTES:
        raise _too_large()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise TracksError("The file is neither JSON nor CSV: export the tracks as one.") from error
    if not text.strip() or "\0" in text:
        raise TracksError("The file holds no text: export the tracks as JSON or CSV.")
    kind = "json" if text.lstrip()[0] in "{[" else "csv"
    if sum(text.count(mark) * cost for mark, cost in COSTS[kind].items()) > MOST_MEMORY:
        raise TracksError("The file has too many values to be read within bounds of memory: export fewer frames.")
    found = _of_json(text) if kind == "json" else _of_csv(text)
    finite = np.isfinite(found.xy).all(-1, keepdims=True)
    xy = np.where(finite & (np.abs(found.xy) < 1e6).all(-1, keepdims=True), found.xy, np.nan)
    if not np.isfinite(xy).any():
        raise TracksError("No joint of the file has a position: export x and y as finite numbers of photo px.")
    return TrackFile(xy, found.kind, found.names, found.normalized, found.consecutive)


def _too_large() -> TracksError:
    return TracksError(f"The file has more than {MAX_BYTES // 10**6} MB: export fewer frames.")


# JSON


def _of_json(text: str) -> TrackFile:
    try:
        given = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise TracksError("The file starts as JSON and is damaged further on: export it again.") from error
    if isinstance(given, dict) and isinstance(given.get("tracks"), dict) and given["tracks"]:
        xy = [_rows(frame, 2) for frame in _list(next(iter(given["tracks"].values())))]
        return TrackFile(_stacked(xy), "tracks of dark-core track")
    frames = given if isinstance(given, list) else [given]
    if isinstance(given, dict):
        frames = next((given[key] for key in ("annotations", "frames", "results") if _list(given.get(key))), frames)
    if not all(isinstance(one, dict | list) for one in frames):
        raise _no_layout()
    for key, read in (("keypoints", _coco), ("people", _openpose)):
        if any(isinstance(one, dict) and key in one for one in frames):
            return read([one for one in frames if isinstance(one, dict)])
    return _mediapipe(frames)


def _coco(frames: list[dict]) -> TrackFile:
    people = [_triples(one["keypoints"]) for one in frames if _list(one.get("keypoints"))]
    return TrackFile(_stacked(people), "COCO results", consecutive=False)


def _openpose(frames: list[dict]) -> TrackFile:
    first: list[Any] = [next(iter(_list(one.get("people"))), {}) for one in frames]
    people = [_triples(one.get("pose_keypoints_2d")) for one in first if isinstance(one, dict)]
    return TrackFile(_stacked([one for one in people if len(one)]), "OpenPose JSON")


def _mediapipe(frames: list) -> TrackFile:
    """Landmarks with x and y in shares of the picture, a list per frame."""
    landmarks = []
    for frame in frames:
        points: Any = frame
        if isinstance(frame, dict):
            points = next((value for key, value in frame.items() if "landmark" in key.lower()), [])
        if isinstance(points, dict):
            points = points.get("landmark")
        points = _list(points)
        if points and isinstance(points[0], list):  # a list for each person
            points = points[0]
        if points and all(isinstance(one, dict) and "x" in one and "y" in one for one in points):
            landmarks.append(np.array([_numbers([one["x"], one["y"]]) for one in points]))
    if not landmarks:
        raise _no_layout()
    xy = _stacked(landmarks)
    return TrackFile(xy, "MediaPipe landmarks", normalized=bool(np.nanmedian(np.abs(xy)) <= 1.5))


def _no_layout() -> TracksError:
    return TracksError(
        "The JSON holds no joints: expected COCO's results with keypoints, OpenPose's people, or MediaPipe's landmarks."
    )


def _list(value: Any) -> list:
    return value if isinstance(value, list) else []


def _numbers(values: Sequence) -> list[float]:
    found = []
    for value in values:
        try:
            found.append(float(value))
        except (TypeError, ValueError, OverflowError):
            found.append(float("nan"))
    return found


def _triples(values: Any) -> np.ndarray:
    """(K, 2) of x, y and a score in a row; a score of 0 means that there is no position."""
    flat = np.array(_numbers(_list(values)))
    if len(flat) % 3:
        raise TracksError("The keypoints of a person are not x, y and a score for each joint: export them again.")
    rows = flat.reshape(-1, 3)
    return np.where(rows[:, 2:] != 0, rows[:, :2], np.nan)


def _rows(values: Any, width: int) -> np.ndarray:
    rows = [_numbers(_list(one)[:width]) for one in _list(values)]
    return np.array([one if len(one) == width else [np.nan] * width for one in rows]).reshape(-1, width)


def _stacked(people: list[np.ndarray]) -> np.ndarray:
    counts = {len(one) for one in people}
    if not counts:
        raise TracksError("The file holds no joints: export at least one frame.")
    if len(counts) > 1:
        kinds = " or ".join(map(str, sorted(counts)))
        raise TracksError(f"The people of the file have {kinds} joints: export one kind.")
    xy = np.stack(people)
    if not xy.shape[1] or xy.shape[1] > MOST_JOINTS or xy.size > MOST_VALUES:
        raise TracksError(f"The file holds {xy.shape[0]} frames of {xy.shape[1]} joints: export at most 2000 joints.")
    return xy


# CSV


def _of_csv(text: str) -> TrackFile:
    try:
        filled = (row for row in csv.reader(io.StringIO(text)) if any(cell.strip() for cell in row))
        rows = list(islice(filled, MOST_ROWS + 1))
    except csv.Error as error:
        raise TracksError(f"The file is not CSV that can be read ({error}): export it again.") from error
    if len(rows) > MOST_ROWS:
        raise TracksError(f"The CSV has more than {MOST_ROWS:,} rows: export fewer frames.")
    if len(rows) < 2:
        raise TracksError("The CSV has no rows under its header: export at least one frame.")
    first = [row[0].strip().lower() for row in rows[:4]]
    if first[0] == "scorer" and "coords" in first:
        return _deeplabcut(rows, first.index("coords"))
    header = [cell.strip().lower() for cell in rows[0]]
    if {"joint", "x", "y"} <= set(header) and {"frame", "person"} & set(header):
        return _long(header, rows[1:])
    return _wide(header, rows[1:])


def _deeplabcut(rows: list[list[str]], coords: int) -> TrackFile:
    """A header of scorer, perhaps individuals, bodyparts and coords; then a row per frame."""
    kinds = [cell.strip().lower() for cell in rows[coords]]
    parts = rows[coords - 1]
    columns = [(k, k + 1) for k in range(1, len(kinds) - 1) if kinds[k : k + 2] == ["x", "y"]]
    names = [parts[k].strip() if k < len(parts) else "" for k, _ in columns]
    return TrackFile(_columns(rows[coords + 1 :], columns), "DeepLabCut CSV", tuple(names))


def _wide(header: list[str], rows: list[list[str]]) -> TrackFile:
    """A row per frame, with the columns wrist.x and wrist.y, wrist_x and wrist_y, x1 and y1, or x and y."""
    places = {name: k for k, name in enumerate(header)}
    columns, names = [], []
    for name, k in places.items():
        if name.endswith("x") and name[:-1] + "y" in places and (len(name) == 1 or not name[-2].isalnum()):
            other, joint = name[:-1] + "y", name[:-1].rstrip("._- ")
        elif name.startswith("x") and "y" + name[1:] in places and not name[1:2].isalpha():
            other, joint = "y" + name[1:], name[1:].lstrip("._- ")
        else:
            continue
        columns.append((k, places[other]))
        names.append(joint)
    if not columns:
        raise TracksError("The CSV has no columns of x and y: name them wrist.x and wrist.y, or x1 and y1.")
    sleap = any("." in header[k] for k, _ in columns) and {"track", "frame_idx"} <= set(header)
    if sleap:
        tracks = [row[places["track"]] if places["track"] < len(row) else "" for row in rows]
        most = max(set(tracks), key=tracks.count)
        rows = [row for row, track in zip(rows, tracks, strict=True) if track == most]
    kind = "SLEAP CSV" if sleap else "plain columns"
    xy = _columns(rows, columns)
    return TrackFile(xy, kind, tuple(names), normalized=bool(0 < np.nanmax(np.abs(xy), initial=0) <= 1.5))


def _columns(rows: list[list[str]], columns: list[tuple[int, int]]) -> np.ndarray:
    if len(columns) > MOST_JOINTS or len(rows) * len(columns) > MOST_VALUES // 2:
        raise TracksError("The CSV has more joints or frames than are supported: export fewer.")
    xy = np.empty((len(rows), 2 * len(columns)))
    for t, row in enumerate(rows):  # row by row: numbers as objects would take four times as much
        xy[t] = _numbers([row[k] if k < len(row) else "" for pair in columns for k in pair])
    return xy.reshape(len(rows), len(columns), 2)


def _long(header: list[str], rows: list[list[str]]) -> TrackFile:
    """A row per joint, with frame or person, joint, x and y, and perhaps decoder, of which the first one counts."""
    at = {name: header.index(name) for name in header}
    rows = [row + [""] * (len(header) - len(row)) for row in rows]
    if "decoder" in at:
        rows = [row for row in rows if row[at["decoder"]] == rows[0][at["decoder"]]]
    key = at["frame"] if "frame" in at else at["person"]
    frames = {value: k for k, value in enumerate(dict.fromkeys(row[key] for row in rows))}
    joints = {value: k for k, value in enumerate(dict.fromkeys(row[at["joint"]] for row in rows))}
    if len(joints) > MOST_JOINTS or len(frames) * len(joints) > MOST_VALUES // 2:
        raise TracksError("The CSV has more joints or frames than are supported: export fewer.")
    xy = np.full((len(frames), len(joints), 2), np.nan)
    for row in rows:
        xy[frames[row[key]], joints[row[at["joint"]]]] = _numbers([row[at["x"]], row[at["y"]]])
    return TrackFile(xy, "plain columns", tuple(joints), consecutive="frame" in at)
