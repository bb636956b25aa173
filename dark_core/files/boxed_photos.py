"""Photos with a box round their people, to train and judge a person detector on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dark_core.files.annotations import Person
from dark_core.files.coco import AnnotationError, load_json
from dark_core.files.image_source import ImageSource
from dark_core.files.labeled_photo import LabeledPhoto


@dataclass(frozen=True)
class BoxedPhoto:
    """A photo and the boxes of people in it.

    picture: (H, W, 3) uint8 RGB, or a photo that is decoded when it is needed; boxes: (K, 4) rows (x0, y0, x1, y1) in
    pixel edges, K = 0 where nobody is there; everyone: whether the boxes are those of all people, or others may stand
    outside them.
    """

    picture: np.ndarray | LabeledPhoto
    boxes: np.ndarray
    everyone: bool = True

    @property
    def photo(self) -> np.ndarray:
        """(H, W, 3) uint8 RGB."""
        return self.picture.pixels() if isinstance(self.picture, LabeledPhoto) else self.picture


def read_boxed_photos(images: str | Path, annotations: str | Path) -> list[BoxedPhoto]:
    """Every photo of a COCO-style file with the ``bbox`` of each of its annotations, in the file's order.

    ``images`` is a folder, or a .tar of one, that ``file_name`` is relative to.
    Raises AnnotationError, a ValueError, for a file that is not COCO-style or names no photo, and ImageError, a
    FileNotFoundError, for a missing image.
    """
    data = load_json(Path(annotations))
    try:
        boxes: dict[int, list[list[float]]] = {image["id"]: [] for image in data["images"]}
        for note in data["annotations"]:
            x, y, width, height = (float(number) for number in note["bbox"])
            boxes[note["image_id"]].append([x, y, x + width, y + height])
        names = [(image["file_name"], boxes[image["id"]]) for image in data["images"]]
    except (KeyError, TypeError, ValueError) as error:
        raise AnnotationError(f"{annotations} is not a COCO-style file of boxes: {error!r}") from error
    if not names:
        raise AnnotationError(f"{annotations} names no photo")
    source = ImageSource(images)
    return [BoxedPhoto(LabeledPhoto.open(source, name), np.array(rows).reshape(-1, 4)) for name, rows in names]


def from_person(person: Person, margin: float = 0.12) -> BoxedPhoto:
    """The photo of a person labeled with joints; others may stand beside them.

    The box is the labeled one, or else that of the joints, grown by ``margin`` of its longer side.
    """
    if person.box is not None:
        return BoxedPhoto(person.picture, np.array([person.box]), everyone=False)
    low, high = np.nanmin(person.joints, 0), np.nanmax(person.joints, 0)
    grow = margin * (high - low).max()
    return BoxedPhoto(person.picture, np.array([[*(low - grow), *(high + grow)]]) + 0.5, everyone=False)
