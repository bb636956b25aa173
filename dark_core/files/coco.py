"""COCO-style keypoint JSON as it comes: what cannot be used is skipped and counted, not guessed."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from dark_core.errors import InputError
from dark_core.files.joint_names import joint_order
from dark_core.pose.skeleton import SKELETON

LEAST = 4
"""Labeled joints below which a person is not used."""

ABSENT = 3
"""The v of a joint that is not in the picture, in AI Challenger."""


class AnnotationError(InputError, ValueError):
    """A file of annotations holds no usable people; the message is one sentence."""


@dataclass
class Tally:
    """What is counted while a file is read: reasons to skip an annotation, and remarks about what is kept."""

    skipped: Counter = field(default_factory=Counter)
    remarks: Counter = field(default_factory=Counter)

    def reasons(self) -> str:
        """The reasons with their counts, the most frequent first, as one list."""
        return ", ".join(f"{count} {reason}" for reason, count in self.skipped.most_common())

    def lines(self, file: Path, annotations: int) -> list[str]:
        """One line for everything skipped, and one for each remark."""
        total = self.skipped.total()
        lines = [f"{file.name}: {total} of {annotations} annotations are skipped: {self.reasons()}."] if total else []
        return lines + [f"{file.name}: {count} {remark}." for remark, count in self.remarks.most_common() if count]


@dataclass(frozen=True)
class Label:
    """One person of a file: its photo, and the joints in the order of ``SKELETON``.

    file_name: of the photo; size: (W, H) that the file gives it, or None; points: (14, 3) rows [x, y, v] with v from 0
    to 2, 0 where the joint is not labeled; absent: (14,) True where the photo does not show the joint; box: (x0, y0,
    x1, y1) in pixel edges, or None.
    """

    file_name: str
    size: tuple[float, float] | None
    points: np.ndarray
    absent: np.ndarray
    box: tuple[float, float, float, float] | None

    @property
    def labeled(self) -> np.ndarray:
        """(14,) True where the joint has a position."""
        return self.points[:, 2] > 0


def read_labels(file: Path, tally: Tally) -> tuple[list[Label], int]:
    """(the people of a file, how many annotations it has); what is left out is counted in ``tally``.

    Raises AnnotationError for a file that cannot be read or is not COCO-style keypoint JSON.
    """
    data = load_json(file)
    if not (isinstance(data, dict) and isinstance(data.get("images"), list)):
        raise AnnotationError(
            f"{file.name} is not COCO-style keypoint JSON: expected an object with images, annotations and categories."
        )
    notes = data.get("annotations")
    if not isinstance(notes, list) or not notes:
        raise AnnotationError(
            f"{file.name} holds no person: it has no annotations, as files of unlabeled images do. "
            "Choose the file that has the labels."
        )
    images = _by_id(data["images"], "file_name")
    orders = _orders(file, data.get("categories"))
    labels = []
    for note in notes:
        try:
            labels.append(_label(note, images, orders, tally))
        except _Unusable as reason:
            tally.skipped[str(reason)] += 1
    return labels, len(notes)


class _Unusable(Exception):
    """Why an annotation is skipped."""


def load_json(file: Path) -> Any:
    """What a JSON file holds; UTF-8 with or without a mark, UTF-16 and UTF-32. Raises AnnotationError in a sentence."""
    try:
        return json.loads(file.read_bytes())
    except IsADirectoryError as error:
        raise AnnotationError(f"{file} is a folder: give the JSON file itself.") from error
    except OSError as error:
        raise AnnotationError(f"{file} cannot be opened ({error.strerror}): check the path.") from error
    except UnicodeDecodeError as error:
        raise AnnotationError(f"{file.name} is no text: give the JSON file of the annotations.") from error
    except json.JSONDecodeError as error:
        ended = not error.doc[error.pos :].strip() or error.msg.startswith("Unterminated string")
        what = f"is cut short: it ends in line {error.lineno}" if ended else f"is not JSON from line {error.lineno} on"
        raise AnnotationError(f"{file.name} {what if error.doc.strip() else 'is empty'}. Export it again.") from error
    except (RecursionError, ValueError) as error:
        raise AnnotationError(f"{file.name} is not JSON that can be read ({error}): export it again.") from error


def _label(note: Any, images: dict, orders: dict, tally: Tally) -> Label:
    """One annotation. Raises _Unusable where it is to be skipped."""
    values = note.get("keypoints") if isinstance(note, dict) else None
    if not values:
        raise _Unusable("without keypoints")
    image = images.get(_key(note.get("image_id")))
    if image is None:
        raise _Unusable("of an image that is not listed, or listed twice")
    order = orders.get(_key(note.get("category_id")))
    if order is None:
        raise _Unusable("of a category without joint names")
    try:
        rows = np.array(values, dtype=np.float64).reshape(-1, 3)
    except (TypeError, ValueError):
        rows = np.empty((0, 3))
    if len(rows) != order.count:
        raise _Unusable("whose keypoints are not [x, y, v] for each joint that the file names")
    points = np.vstack([rows, [0, 0, 0]])[order.places]
    xy, seen = points[:, :2], np.nan_to_num(points[:, 2])
    known = np.isfinite(xy).all(-1) & (seen > 0) & (seen <= 2)
    corner = known & (xy == 0).all(-1)
    labeled = known & ~corner
    tally.remarks["joints at (0, 0) with v > 0 count as not labeled"] += int(corner.sum())
    tally.remarks["joints with v = 3 count as absent from the photo"] += int((seen == ABSENT).sum())
    strange = ((seen > 2) & (seen != ABSENT)) | (seen < 0)
    tally.remarks["joints with a v that COCO does not know count as not labeled"] += int(strange.sum())
    tally.remarks["joints have a fraction as v, which is taken for their weight"] += int((labeled & (seen < 1)).sum())
    if labeled.sum() < LEAST:
        raise _Unusable(f"with fewer than {LEAST} labeled joints")
    absent = ((seen == ABSENT) | np.isin(order.places, note.get("absent") or [])) & ~labeled
    return Label(
        str(image["file_name"]),
        _size(image),
        np.column_stack([xy, np.where(labeled, seen, 0)]),
        absent,
        _box(note.get("bbox")) if "absent" in note else None,
    )


@dataclass(frozen=True)
class _Order:
    """How many joints a category names, and where each of ours stands among them; -1, the blank row, where absent."""

    count: int
    places: list[int]


def _orders(file: Path, categories: Any) -> dict:
    """Category id -> order of its joints, for categories that name joints; None -> that of the only one.

    Raises AnnotationError where no category names enough of our joints.
    """
    named = [one for one in _dicts(categories) if isinstance(one.get("keypoints"), list) and one["keypoints"]]
    if not named:
        raise AnnotationError(
            f"{file.name} is not COCO-style keypoint JSON: no category names its joints. Expected categories with "
            'keypoints, such as ["left_hip", "right_hip", …].'
        )
    orders = {_key(one.get("id")): _Order(len(one["keypoints"]), joint_order(one["keypoints"])) for one in named}
    most = max(sum(place >= 0 for place in order.places) for order in orders.values())
    if most < LEAST:
        theirs = ", ".join(str(name) for name in max((one["keypoints"] for one in named), key=len))
        raise AnnotationError(
            f"{file.name} names joints of which {most} are ours and at least {LEAST} are needed. It has: {theirs}. "
            f"Ours are: {', '.join(SKELETON.names)}. Rename those that mean the same."
        )
    return orders | ({None: next(iter(orders.values()))} if len(orders) == 1 else {})


def _by_id(entries: list, field_name: str) -> dict:
    """Entries that have ``field_name`` by their id; an id that two different entries share is left out."""
    found: dict = {}
    for one in _dicts(entries):
        if field_name in one and _key(one.get("id")) is not None:
            found.setdefault(_key(one["id"]), []).append(one)
    return {key: same[0] for key, same in found.items() if len({str(one[field_name]) for one in same}) == 1}


def _key(value: Any) -> str | None:
    """One form for an id, be it 7, 7.0, "7" or "007"."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()
    return text.lstrip("0") or "0" if text.isdigit() else text


def _dicts(entries: Any) -> list[dict]:
    return [one for one in entries if isinstance(one, dict)] if isinstance(entries, list) else []


def _size(image: dict) -> tuple[float, float] | None:
    """The (W, H) that a file gives an image, if it does."""
    try:
        width, height = float(image["width"]), float(image["height"])
    except (KeyError, TypeError, ValueError):
        return None
    return (width, height) if width > 0 and height > 0 else None


def _box(bbox: Any) -> tuple[float, float, float, float] | None:
    """COCO's [x, y, width, height] as (x0, y0, x1, y1); None where it is no box."""
    try:
        x, y, width, height = (float(number) for number in bbox)
    except (TypeError, ValueError):
        return None
    return (x, y, x + width, y + height) if np.isfinite([x, y]).all() and width > 0 and height > 0 else None
