"""Photos with a box round their people, to train and judge a person detector on."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dark_core.files.annotations import Person, opened


@dataclass(frozen=True)
class BoxedPhoto:
    """A photo and the boxes of people in it.

    photo: (H, W, 3) uint8 RGB; boxes: (K, 4) rows (x0, y0, x1, y1) in pixel edges, K = 0 where nobody is there;
    everyone: whether the boxes are those of all people, or others may stand outside them.
    """

    photo: np.ndarray
    boxes: np.ndarray
    everyone: bool = True


def read_boxed_photos(images: str | Path, annotations: str | Path) -> list[BoxedPhoto]:
    """Every photo of a COCO-style file with the ``bbox`` of each of its annotations, in the file's order.

    ``images`` is a folder, or a .tar of one, that ``file_name`` is relative to.
    Raises ValueError for a file that is not COCO-style or names no photo, FileNotFoundError for a missing image.
    """
    data = json.loads(Path(annotations).read_text(encoding="utf-8"))
    try:
        boxes: dict[int, list[list[float]]] = {image["id"]: [] for image in data["images"]}
        for note in data["annotations"]:
            x, y, width, height = (float(number) for number in note["bbox"])
            boxes[note["image_id"]].append([x, y, x + width, y + height])
        names = [(image["file_name"], boxes[image["id"]]) for image in data["images"]]
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{annotations} is not a COCO-style file of boxes: {error!r}") from error
    if not names:
        raise ValueError(f"{annotations} names no photo")
    with opened(Path(images)) as read:
        return [BoxedPhoto(read(name), np.array(rows).reshape(-1, 4)) for name, rows in names]


def from_person(person: Person, margin: float = 0.12) -> BoxedPhoto:
    """The photo of a person labeled with joints; others may stand beside them.

    The box is the labeled one, or else that of the joints, grown by ``margin`` of its longer side.
    """
    if person.box is not None:
        return BoxedPhoto(person.photo, np.array([person.box]), everyone=False)
    low, high = np.nanmin(person.joints, 0), np.nanmax(person.joints, 0)
    grow = margin * (high - low).max()
    return BoxedPhoto(person.photo, np.array([[*(low - grow), *(high + grow)]]) + 0.5, everyone=False)
