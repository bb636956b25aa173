"""COCO-style keypoint JSON and a folder or archive of images, as people to train on and to measure with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from dark_core.files.coco import LEAST, AnnotationError, Label, Tally, read_labels
from dark_core.files.image_source import ImageSource
from dark_core.files.label_checks import Fit, fit_of, mostly_outside, normalized
from dark_core.files.labeled_photo import LabeledPhoto
from dark_core.pose.crop_transform import square_box
from dark_core.pose.detector import MARGIN, Box, expand_to_square


@dataclass(frozen=True)
class Person:
    """One labeled person.

    picture: (H, W, 3) uint8 RGB, or a photo that is decoded when it is needed; joints: (14, 2) photo px, NaN where not
    labeled; trust: (14,) weight of each label, 0 where not labeled. A joint labeled as absent, which the photo does
    not show, is NaN with a weight of 1: its heatmap is empty. box: (x0, y0, x1, y1) round the whole
    person, in pixel edges of the photo, or None where the file has no box beside a list of absent joints.
    """

    picture: np.ndarray | LabeledPhoto
    joints: np.ndarray
    trust: np.ndarray
    box: Box | None = None

    @property
    def photo(self) -> np.ndarray:
        """(H, W, 3) uint8 RGB, the same array for all people of a photo."""
        return self.picture.pixels() if isinstance(self.picture, LabeledPhoto) else self.picture

    @property
    def absent(self) -> np.ndarray:
        """(14,) True for joints that the label says the photo does not show."""
        return np.isnan(self.joints).any(-1) & (self.trust > 0)

    def square_box(self) -> Box:
        """The square (x0, y0, x1, y1) to crop: round the labeled box grown by 10 %, or else round the joints."""
        return square_box(self.joints) if self.box is None else expand_to_square(self.box, MARGIN)


def read_people(
    images: str | Path,
    annotations: str | Path,
    unsure: float = 1.0,
    whole: bool = False,
    say: Callable[[str], None] = print,
) -> list[Person]:
    """Every person of a COCO-style file, in its order, with photos in ``images``, a folder or a tar archive of one.

    Keypoints are [x, y, v] for each joint that the category names, integer = pixel center; names are matched by side
    and part, and joints that the file lacks count as not labeled. v = 0 is not labeled, v = 1 weighs ``unsure``, v = 2
    weighs 1, v = 3 is absent, and a fraction is a weight. An annotation may list the joints that the photo does not
    show as ``absent``, by their number in the file's own order; it then keeps its ``bbox``.

    A person is skipped where too few joints are labeled, or where the labels do not count the pixels of the photo.
    ``say`` receives a line about all that are skipped, and one about each kind of doubt. A photo of more than a
    megapixel is cut and reduced to what crops of its people need, and px are then those of the reduced photo; with
    ``whole`` it stays as it is.

    Raises AnnotationError, a ValueError, for a file that is not COCO keypoints or holds no people, and ImageError, a
    FileNotFoundError, for a missing image.
    """
    file, tally = Path(annotations), Tally()
    labels, count = read_labels(file, tally)
    source = ImageSource(images)
    photos = {name: LabeledPhoto.open(source, name) for name in dict.fromkeys(one.file_name for one in labels)}
    labels = _in_upright_px(labels, photos, tally)
    people = _people(labels, photos, unsure, whole)
    if not people:
        raise AnnotationError(f"{file.name} holds no person with at least {LEAST} labeled joints: {tally.reasons()}.")
    for line in tally.lines(file, count):
        say(line)
    return people


def _in_upright_px(labels: list[Label], photos: dict[str, LabeledPhoto], tally: Tally) -> list[Label]:
    """The labels that count pixels of their photo, those that count the raw pixels of its file turned with it."""
    in_px = []
    for label in labels:
        if normalized(label.points[label.labeled, :2]):
            tally.skipped["with coordinates between 0 and 1, where photo px are expected"] += 1
        else:
            in_px.append(label)
    by_photo: dict[str, list[Label]] = {}
    for label in in_px:
        by_photo.setdefault(label.file_name, []).append(label)
    fits = {
        name: fit_of(photos[name], group[0].size, np.concatenate([one.points[one.labeled, :2] for one in group]))
        for name, group in by_photo.items()
    }
    counted = {fit.counts for name, fit in fits.items() if photos[name].stored != photos[name].size}
    undecided = "raw" if counted == {"raw"} else "upright"  # a file counts all its photos in one way
    kept = []
    for label in in_px:
        photo, fit = photos[label.file_name], fits[label.file_name]
        if fit.counts == "raw" or (fit.counts == "either" and undecided == "raw"):
            label = _turned(label, photo)
        points = label.points[label.labeled, :2]
        if fit.counts == "neither":
            tally.skipped[_example(fits, "neither", "that do not fit their photo")] += 1
        elif mostly_outside(points, photo.size):
            tally.skipped[f"with most joints outside their photo, as in {photo.found}"] += 1
        else:
            kept.append(label)
    raw = sum(fit.counts == "raw" for fit in fits.values())
    tally.remarks[_example(fits, "raw", "photos whose labels are turned with them")] += raw
    return kept


def _example(fits: dict[str, Fit], counts: str, what: str) -> str:
    """A clause about all photos of one kind, with the first of them as the example."""
    first = next((fit.why for fit in fits.values() if fit.counts == counts), "")
    return f"{what} ({first})"


def _turned(label: Label, photo: LabeledPhoto) -> Label:
    """A label in px of the picture as it is stored, in px of the upright photo."""
    points = label.points.copy()
    points[:, :2] = photo.orientation.points(label.points[:, :2], photo.stored)
    return replace(label, points=points, box=_moved(label.box, lambda xy: photo.orientation.points(xy, photo.stored)))


def _moved(box: Box | None, move: Callable[[np.ndarray], np.ndarray]) -> Box | None:
    """A box whose corners, which are pixel edges, are moved as pixels are."""
    if box is None:
        return None
    corners = move(np.array(box).reshape(2, 2) - 0.5) + 0.5
    (x0, y0), (x1, y1) = corners.min(0).tolist(), corners.max(0).tolist()
    return x0, y0, x1, y1


def _people(labels: list[Label], photos: dict[str, LabeledPhoto], unsure: float, whole: bool) -> list[Person]:
    """The people of labels in upright px, their photos at the size they need."""
    fractions = any(((one.points[:, 2] > 0) & (one.points[:, 2] < 1)).any() for one in labels)
    people = []
    squares: dict[str, list[Box]] = {}
    for label in labels:
        v, joints = label.points[:, 2], np.where(label.labeled[:, None], label.points[:, :2], np.nan)
        hidden = (v == 1) & (not fractions)  # where v is a weight, 1 means certain
        trust = np.where(label.absent, 1.0, np.where(hidden, unsure, np.minimum(v, 1.0)))
        people.append(Person(photos[label.file_name], joints, trust, label.box))
        squares.setdefault(label.file_name, []).append(people[-1].square_box())
    if whole:
        return people
    needed = {name: photos[name].to_size_needed(boxes) for name, boxes in squares.items()}
    return [_with_photo(person, needed[label.file_name]) for person, label in zip(people, labels, strict=True)]


def _with_photo(person: Person, photo: LabeledPhoto) -> Person:
    """A person of the whole photo in px of the part of it that is kept."""
    if photo is person.picture:
        return person
    return replace(person, picture=photo, joints=photo.points(person.joints), box=_moved(person.box, photo.points))
