"""COCO-style keypoint JSON and an image folder, held in memory as people to train on."""

from __future__ import annotations

import json
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from dark_core.pose.crop_transform import square_box
from dark_core.pose.skeleton import SKELETON


@dataclass(frozen=True)
class Person:
    """One labeled person.

    photo: (H, W, 3) uint8 RGB; joints: (14, 2) photo px, NaN where not labeled;
    trust: (14,) weight of each label, 0 where not labeled. A joint labeled as absent, which the photo does
    not show, is NaN with a weight of 1: its heatmap is empty. box: (x0, y0, x1, y1) round the whole
    person, in pixel edges of the photo, or None where the file has no box beside a list of absent joints.
    """

    photo: np.ndarray
    joints: np.ndarray
    trust: np.ndarray
    box: tuple[float, float, float, float] | None = None

    @property
    def absent(self) -> np.ndarray:
        """(14,) True for joints that the label says the photo does not show."""
        return np.isnan(self.joints).any(-1) & (self.trust > 0)

    def square_box(self) -> tuple[float, float, float, float]:
        """The square (x0, y0, x1, y1) to crop: round the labeled box grown by 10 %, or else round the joints."""
        if self.box is None:
            return square_box(self.joints)
        x0, y0, x1, y1 = self.box
        half = 1.1 * max(x1 - x0, y1 - y0) / 2
        x, y = (x0 + x1) / 2, (y0 + y1) / 2
        return x - half, y - half, x + half, y + half


def read_people(images: str | Path, annotations: str | Path, unsure: float = 1.0) -> list[Person]:
    """Every person of a COCO-style file whose ``file_name`` lies under ``images``, a folder or a .tar of one.

    Keypoints are [x, y, v] x 14 in the order of ``SKELETON``, integer = pixel center; v = 0 is
    not labeled, v = 1 weighs ``unsure`` and v = 2 weighs 1. An annotation may list the joints that the photo
    does not show as ``absent``, by their number in the file's own order; it then keeps its ``bbox``. A category that
    names other joints is matched by name, and joints it lacks count as not labeled.
    Raises ValueError for a file that is not COCO keypoints or holds no people, FileNotFoundError for
    a missing image.
    """
    data = json.loads(Path(annotations).read_text())
    try:
        names = {image["id"]: image["file_name"] for image in data["images"]}
        order = {category["id"]: _joint_order(category["keypoints"]) for category in data["categories"]}
        notes = [
            (names[note["image_id"]], _points(note["keypoints"])[order[note["category_id"]]], note)
            for note in data["annotations"]
        ]
    except (KeyError, TypeError, IndexError, ValueError) as error:
        raise ValueError(f"{annotations} is not COCO-style keypoint JSON: {error!r}") from error
    photos: dict[str, np.ndarray] = {}
    people = []
    with opened(Path(images)) as read:
        for name, points, note in notes:
            joints, seen = points[:, :2], points[:, 2]
            absent = np.isin(order[note["category_id"]], note.get("absent", []))
            if (seen > 0).sum() < 4:
                continue
            if name not in photos:
                photos[name] = read(name)
            people.append(
                Person(
                    photos[name],
                    np.where(seen[:, None] > 0, joints, np.nan),
                    np.select([seen == 2, seen == 1, absent], [1.0, unsure, 1.0], 0.0),
                    _box(note["bbox"]) if "absent" in note and "bbox" in note else None,
                )
            )
    if not people:
        raise ValueError(f"{annotations} holds no person with at least four labeled joints")
    return people


def _points(keypoints: list[float]) -> np.ndarray:
    """(K + 1, 3) rows [x, y, v], the last one blank."""
    return np.array([*keypoints, 0, 0, 0], dtype=np.float64).reshape(-1, 3)


def _box(bbox: list[float]) -> tuple[float, float, float, float]:
    """COCO's [x, y, width, height] as (x0, y0, x1, y1)."""
    x, y, width, height = (float(number) for number in bbox)
    return x, y, x + width, y + height


def _joint_order(names: list[str]) -> list[int]:
    """Where each of our joints stands among ``names``; -1, the blank row at the end, where absent."""
    place = {name.replace("_", " ").lower(): index for index, name in enumerate(names)}
    return [place.get(name, -1) for name in SKELETON.names]


@contextmanager
def opened(images: Path) -> Iterator[Callable[[str], np.ndarray]]:
    """A function from names to RGB images (H, W, 3) uint8 of a folder or a tar archive."""
    with tarfile.open(images) if images.suffix == ".tar" else nullcontext() as archive:

        def read(name: str) -> np.ndarray:
            try:
                member = archive.extractfile(name) if archive else None  # None of what is no plain file
                data = member.read() if member else (images / name).read_bytes()
                image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
            except (OSError, KeyError, cv2.error):
                image = None
            if image is None:
                raise FileNotFoundError(f"no readable image at {images / name}")
            return cv2.cvtColor(image, cv2.COLOR_BGR2RGB)

        yield read
