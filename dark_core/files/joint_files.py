"""Files of joints, the true ones or those of a network: COCO keypoint JSON, NumPy arrays, CSV.

A file is parsed within bounds and never unpickled. JSON is COCO's annotations, COCO's results, or what ``dark-core
decode -o joints.json`` writes. An array is (N, K, 2) or (N, K, 3), whose third number is 0 where there is no label.
CSV has the columns person, joint, x, y, one row per joint, as ``dark-core decode`` writes it.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from dark_core.errors import InputError
from dark_core.files.formats.stored import HeatmapsError, native, plain, times
from dark_core.files.heatmap_files import MAX_BYTES, HeatmapFile, open_heatmaps
from dark_core.pose.skeleton import SKELETON

CONVENTION = "integer = pixel center, x right, y down; photo px of the original file"
"""What files of joints that the app writes say of their numbers."""

COCO = (
    *("nose", "left eye", "right eye", "left ear", "right ear", "left shoulder", "right shoulder", "left elbow"),
    *("right elbow", "left wrist", "right wrist", "left hip", "right hip", "left knee", "right knee", "left ankle"),
    "right ankle",
)
"""COCO's 17 joints."""

NAMES: dict[int, tuple[str, ...]] = {len(SKELETON): SKELETON.names, len(COCO): COCO}
"""The names assumed for a file without any, by the number of joints."""

TRUTHS = ("joints", "truth", "keypoints", "gt", "target", "targets", "xy", "preds", "predictions")
"""Names of arrays that hold joints, the likeliest first."""

MOST_JOINTS = 2000
"""Joints of a person, beyond which a file is refused."""


class JointsError(InputError, ValueError):
    """The file holds no usable joints; the message is one sentence."""


@dataclass(frozen=True, eq=False)
class Joints:
    """N people's K joints.

    xy: (N, K, 2) in the file's unit, NaN where not labeled; names: (K,) or () where the file does not tell; pictures:
    (N,) the picture that each person is on; areas: (N,) of the person in the file's px squared, NaN where unknown;
    boxes: (N, 4) x0, y0, x1, y1, NaN where unknown.
    """

    xy: np.ndarray
    names: tuple[str, ...]
    pictures: tuple[str, ...]
    areas: np.ndarray
    boxes: np.ndarray

    def __len__(self) -> int:
        return len(self.xy)

    def take(self, which: Sequence[int] | np.ndarray) -> Joints:
        """The people with these numbers."""
        pictures = tuple(self.pictures[one] for one in which)
        return Joints(self.xy[which], self.names, pictures, self.areas[which], self.boxes[which])


def read_joints(source: bytes | Path, name: str = "") -> Joints:
    """The joints of a file: bytes, or a path. ``name``: which array of an .npz.

    Raises JointsError for whatever is not such a file.
    """
    try:
        data = source if isinstance(source, bytes) else Path(source).read_bytes()
    except OSError as error:
        raise JointsError(f"The joints cannot be opened ({error.strerror}): check the path.") from error
    if len(data) > MAX_BYTES:
        raise JointsError(f"The file of joints has more than {MAX_BYTES // 10**6} MB: save fewer people.")
    if data.startswith((b"\x93NUMPY", b"PK\x03\x04")) or (data[8:9] == b"{" and b"\0" in data[:8]):
        try:
            return joints_of(open_heatmaps(data), name)
        except HeatmapsError as error:
            raise JointsError(str(error)) from error
    start = data[:64].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith((b"{", b"[")):
        return _of_json(data)
    return _of_csv(data)


def joints_beside(file: HeatmapFile, heatmaps: str) -> str | None:
    """Name of the array of joints that a file of heatmaps also holds, None where it has none."""
    found = file.joints_of(heatmaps)
    return next((name for name in (*TRUTHS, *found) if name in found), None)


def joints_of(file: HeatmapFile, name: str = "") -> Joints:
    """The joints of an array of a file, and its boxes where an array (N, 4) is called so."""
    likely = [one for one in TRUTHS if one in file.arrays] or [
        one for one, stored in file.arrays.items() if stored.shape[-1:] in ((2,), (3,))
    ]
    name = name or next(iter(likely), "")
    if name not in file.arrays:
        raise JointsError("The file has no array of joints: save one as joints, of shape (people, joints, 2).")
    stored = file.arrays[name]
    values = native(stored.load(), stored.dtype).astype(np.float64)
    values = values[None] if values.ndim == 2 else values
    if values.ndim != 3 or values.shape[-1] not in (2, 3):
        raise JointsError(
            f"The array ‘{plain(name)}’ ({times(stored.shape)}) holds no joints: save x and y in an array of shape "
            "(people, joints, 2)."
        )
    given = np.where(values[..., 2:] > 0, values, np.nan) if values.shape[-1] == 3 else values
    boxes = next((file.arrays[one] for one in ("boxes", "bbox", "bboxes") if one in file.arrays), None)
    found = None
    if boxes is not None and not boxes.fault and boxes.shape == (len(values), 4):
        found = native(boxes.load(), boxes.dtype).astype(np.float64)
    return _joints(np.where(np.isfinite(given).all(-1, keepdims=True), given[..., :2], np.nan), boxes=found)


def _joints(
    xy: np.ndarray,
    names: Sequence[str] = (),
    pictures: Iterable[object] | None = None,
    areas: np.ndarray | None = None,
    boxes: np.ndarray | None = None,
) -> Joints:
    """Joints with what a file gives, checked."""
    people, joints = xy.shape[:2]
    if not people or not joints or joints > MOST_JOINTS:
        raise JointsError(f"The file holds {people} people with {joints} joints each: at least one joint is needed.")
    if not np.isfinite(xy).all(-1).any():
        raise JointsError("No joint of the file has a position: save x and y as finite numbers.")
    return Joints(
        xy,
        tuple(map(str, names)) if len(names) == joints else (),
        tuple(map(str, range(people) if pictures is None else pictures)),
        np.full(people, np.nan) if areas is None else areas,
        np.full((people, 4), np.nan) if boxes is None else boxes,
    )


def _of_json(data: bytes) -> Joints:
    try:
        given = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise JointsError(f"The file of joints is not JSON that can be read ({error}): export it again.") from error
    if isinstance(given, dict) and isinstance(given.get("joints"), list):
        return _of_rows(given["joints"])
    labels = isinstance(given, dict)
    notes = given.get("annotations") if isinstance(given, dict) else given
    notes = [one for one in notes if isinstance(one, dict) and one.get("keypoints")] if isinstance(notes, list) else []
    if not notes:
        raise JointsError(
            "The JSON holds no keypoints: expected COCO's annotations, or a list of results that each have an image_id "
            "and keypoints."
        )
    try:
        people = [np.array(one["keypoints"], dtype=np.float64).reshape(-1, 3) for one in notes]
        counts = {len(one) for one in people}
        rows = np.stack(people) if len(counts) == 1 else np.zeros((0, 0, 3))
    except (TypeError, ValueError, OverflowError) as error:
        raise JointsError("The keypoints of a person are not x, y and a third number for each joint.") from error
    if len(counts) != 1:
        raise JointsError(
            f"People of the JSON have {' or '.join(map(str, sorted(counts)))} joints: save those of one kind."
        )
    known = np.isfinite(rows[..., :2]).all(-1) & ((rows[..., 2] > 0) | (not labels))
    names = next((one for one in _category_names(given) if len(one) == rows.shape[1]), ())
    return _joints(
        np.where(known[..., None], rows[..., :2], np.nan),
        names,
        [one.get("image_id", number) for number, one in enumerate(notes)],
        np.array([_numbers([one.get("area")], 1)[0] for one in notes]),
        np.array([_box(_numbers(one.get("bbox"), 4)) for one in notes]),
    )


def _category_names(given: Any) -> list[tuple[str, ...]]:
    """The joint names of each category of COCO's annotations."""
    categories = given.get("categories") if isinstance(given, dict) else None
    categories = [one for one in categories if isinstance(one, dict)] if isinstance(categories, list) else []
    return [tuple(map(str, one["keypoints"])) for one in categories if isinstance(one.get("keypoints"), list)]


def _numbers(values: Any, count: int) -> list[float]:
    """That many numbers, NaN where they are none."""
    try:
        found = [float(one) for one in values]
    except (TypeError, ValueError, OverflowError):
        found = []
    return found if len(found) == count else [np.nan] * count


def _box(numbers: list[float]) -> list[float]:
    """COCO's x, y, width, height as x0, y0, x1, y1."""
    x, y, width, height = numbers
    return [x, y, x + width, y + height]


def _of_csv(data: bytes) -> Joints:
    try:
        table = csv.DictReader(io.StringIO(data.decode("utf-8-sig")))
        rows = list(table)
    except (UnicodeDecodeError, csv.Error) as error:
        raise JointsError("The file of joints is neither JSON nor .npz, .npy or CSV: give one of these.") from error
    return _of_rows(rows)


def _of_rows(rows: list) -> Joints:
    """Joints from one mapping per joint, with person, joint, x and y."""
    wanted = ("person", "joint", "x", "y")
    try:
        table = np.array([[float(row[key]) for key in wanted] for row in rows], dtype=np.float64).reshape(-1, 4)
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise JointsError(
            "The file needs the columns person, joint, x and y, one row per joint, as dark-core decode writes them "
            "with one --decoder."
        ) from error
    if not len(table):
        raise JointsError("The file holds no joint: it needs the columns person, joint, x and y, one row per joint.")
    numbers = table[:, :2]
    bad = not (np.isfinite(numbers) & (numbers >= 0) & (numbers == np.floor(numbers))).all()
    if bad or numbers[:, 1].max() >= MOST_JOINTS or numbers[:, 0].max() > 10 * len(table):
        raise JointsError("The columns person and joint must count from 0 without large gaps.")
    person, joint = numbers.astype(int).T
    xy = np.full((person.max() + 1, joint.max() + 1, 2), np.nan)
    xy[person, joint] = table[:, 2:]
    return _joints(np.where(np.isfinite(xy).all(-1, keepdims=True), xy, np.nan))
