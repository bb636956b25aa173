"""A network on labeled people: PCK and OKS AP with the labeled box, per joint and per decoder."""

from __future__ import annotations

import numpy as np

from dark_core.codec import decode
from dark_core.evaluation.failures.left_right import by_view
from dark_core.evaluation.failures.pasted_people import placed
from dark_core.evaluation.metrics import average_precision, oks, pck
from dark_core.files.annotations import Person
from dark_core.pose.crop_transform import CropTransform, square_box
from dark_core.pose.estimator import Estimator, Heatmaps
from dark_core.pose.skeleton import SKELETON

THRESHOLDS = (0.2, 0.1, 0.05)
"""Torsos from the label within which PCK counts a joint."""


BATCH = 50
"""People read together. Alone or on a cluster the batch is the unit of work, so that both compute the same."""


def batches(people, batch: int = BATCH) -> list:
    """People in order, ``batch`` of them at a time."""
    return [people[first : first + batch] for first in range(0, len(people), batch)]


def frame_of(person, size: int) -> CropTransform:
    """The transform of a person's labeled box, or of the square round the joints, to a crop of ``size`` px."""
    box = person.square_box() if isinstance(person, Person) else square_box(person.joints)
    return CropTransform.from_box(box, (size, size))


def read_batch(people, heatmaps: Heatmaps, size: int) -> np.ndarray:
    """Heatmaps (N, 14, H, W) of people in their labeled boxes, read in one call."""
    return heatmaps(np.stack([frame_of(person, size).crop(person.photo) for person in people]))


def read_all(people, heatmaps: Heatmaps, size: int, batch: int = BATCH) -> tuple[np.ndarray, list[CropTransform]]:
    """Heatmaps (N, 14, H, W) of every person in their labeled box, and the frames."""
    maps = [read_batch(some, heatmaps, size) for some in batches(people, batch)]
    return np.concatenate(maps), [frame_of(person, size) for person in people]


def score(people, maps: np.ndarray, frames: list[CropTransform], decoder: str, sigma: float) -> dict:
    """OKS AP, PCK over the limbs and per joint at each of ``THRESHOLDS``, and what is swapped, read by ``decoder``."""
    joints = decode(maps, decoder, sigma)
    predicted = np.stack([frame.to_photo(points) for frame, points in zip(frames, joints.xy, strict=True)])
    truth = np.stack([person.joints for person in people])
    sizes = np.array([box_yardstick(person) for person in people])
    result = {"oks_ap": average_precision(oks(predicted, truth), joints.score.mean(1))}
    for threshold in THRESHOLDS:
        whole, per_joint = pck(predicted, truth, threshold, sizes)
        result[f"pck@{threshold}"] = whole
        result[f"pck@{threshold} per joint"] = dict(zip(SKELETON.names, per_joint.tolist(), strict=True))
    return result | {"swapped": by_view(predicted, truth)}


def box_yardstick(person) -> float:
    """Three tenths of the labeled box's longer side, photo px: the torso of who stands upright; NaN without a box."""
    box = person.box if isinstance(person, Person) else None
    return 0.3 * max(box[2] - box[0], box[3] - box[1]) if box else np.nan


def absent_rates(people, maps: np.ndarray, most: float = 0.03) -> dict[str, float]:
    """How well the heatmaps' peaks tell joints that the photo does not show from those it shows.

    ``people`` are the N persons of heatmaps (N, 14, H, W). The ``threshold`` is the height below which ``most`` of the
    labeled joints peak, who would wrongly be said to be absent; ``found`` is the share of absent joints below it,
    NaN where none is labeled so.
    """
    peak = maps.max((-2, -1))
    absent = np.stack([person.absent for person in people])
    shown = np.stack([np.isfinite(person.joints).all(-1) for person in people])
    threshold = float(np.quantile(peak[shown], most))
    return {"threshold": threshold, "found": float((peak[absent] < threshold).mean()) if absent.any() else np.nan}


def unaided(people, estimator: Estimator, seed: int = 0) -> tuple[float, float]:
    """PCK@0.2 of people placed in larger pictures: (with the labeled box, with the box found).

    Each person stands once at a random 30 to 100 % of the picture's height.
    """
    rng = np.random.default_rng(seed)
    truth, boxed, found = [], [], []
    for person in people:
        picture, joints = placed(person.photo, person.joints, rng.uniform(0.3, 1.0), rng)
        truth.append(joints)
        boxed.append(estimator.predict(picture, square_box(joints)).xy)
        found.append(estimator.predict(picture).xy)
    truth = np.stack(truth)
    return pck(np.stack(boxed), truth, 0.2)[0], pck(np.stack(found), truth, 0.2)[0]
