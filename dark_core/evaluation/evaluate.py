"""A network on labeled people: PCK and OKS AP with the labeled box, per joint and per decoder."""

from __future__ import annotations

import numpy as np

from dark_core.codec import decode
from dark_core.evaluation.failures.left_right import by_view
from dark_core.evaluation.failures.pasted_people import paste_person
from dark_core.evaluation.metrics import LIMBS, average_precision, counted, missing_torso, oks, pck
from dark_core.files.annotations import Person
from dark_core.pose.crop_transform import CropTransform, square_box
from dark_core.pose.detector import Forward
from dark_core.pose.estimator import Estimator
from dark_core.pose.skeleton import SKELETON

THRESHOLDS = (0.2, 0.1, 0.05)
"""Distances from the label, as shares of the torso length, within which PCK counts a joint."""


BATCH = 50
"""People per forward pass. On one machine or on a cluster the batch is the unit of work, so both compute the same."""


def batches(people, batch: int = BATCH) -> list:
    """People in order, ``batch`` of them at a time."""
    return [people[first : first + batch] for first in range(0, len(people), batch)]


def transform_of(person, size: int) -> CropTransform:
    """The transform of a person's labeled box, or of the square around the joints, to a crop of ``size`` px."""
    box = person.square_box() if isinstance(person, Person) else square_box(person.joints)
    return CropTransform.from_box(box, (size, size))


def predict_batch(people, heatmaps: Forward, size: int) -> np.ndarray:
    """Heatmaps (N, 14, H, W) of people in their labeled boxes, from one call of the network ``heatmaps``."""
    return heatmaps(np.stack([transform_of(person, size).crop(person.photo) for person in people]))


def predict_heatmaps(
    people, heatmaps: Forward, size: int, batch: int = BATCH
) -> tuple[np.ndarray, list[CropTransform]]:
    """Heatmaps (N, 14, H, W) of every person in their labeled box, batch by batch, and the transforms of the boxes."""
    parts = [predict_batch(some, heatmaps, size) for some in batches(people, batch)]
    return np.concatenate(parts), [transform_of(person, size) for person in people]


def score(people, heatmaps: np.ndarray, transforms: list[CropTransform], decoder: str, sigma: float) -> dict:
    """The metrics of ``heatmaps`` (N, 14, H, W) of people, decoded by ``decoder`` with sigma in heatmap px.

    OKS AP, PCK over the limbs and per joint at each of ``THRESHOLDS``, and "swapped", the result of ``by_view``. PCK is
    NaN where no joint counts; "people", "measured" and "measured per joint" are how many there are and how many of them
    PCK counts, "unmeasured" is why the others are left out, or "". Labels count by their ``trust``.
    """
    joints = decode(heatmaps, decoder, sigma)
    predicted = np.stack([one.to_photo(points) for one, points in zip(transforms, joints.xy, strict=True)])
    truth = np.stack([person.joints for person in people])
    trust = np.stack([person.trust for person in people])
    sizes = np.array([box_yardstick(person) for person in people])
    result: dict = {"oks_ap": average_precision(oks(predicted, truth, trust), joints.score.mean(1))}
    for threshold in THRESHOLDS:
        whole, per_joint = pck(predicted, truth, threshold, sizes, trust)
        result[f"pck@{threshold}"] = whole
        result[f"pck@{threshold} per joint"] = dict(zip(SKELETON.names, per_joint.tolist(), strict=True))
    return result | {"swapped": by_view(predicted, truth)} | _people(truth, sizes)


def _people(truth: np.ndarray, sizes: np.ndarray | None = None) -> dict:
    """How many people there are, and how many of them PCK counts."""
    joints = counted(truth, sizes)
    some = joints[:, LIMBS].any(1)
    return {
        "people": len(truth),
        "measured": int(some.sum()),
        "measured per joint": dict(zip(SKELETON.names, joints.sum(0).tolist(), strict=True)),
        "unmeasured": "" if some.all() else missing_torso(truth[~some]),
    }


def pck_in_words(result: dict) -> str:
    """The PCK of ``score`` at 20 and 10 % of the torso length, in %, and how many of how many people it counts."""
    if not result["measured"]:
        return f"PCK not measured ({result['unmeasured']}), 0 of {result['people']} people"
    shares = " ".join(f"@{threshold} {100 * result[f'pck@{threshold}']:.1f}" for threshold in THRESHOLDS[:2])
    return f"PCK{shares}, {result['measured']} of {result['people']} people"


def box_yardstick(person) -> float:
    """0.3 of the longer side of the labeled box, photo px: the torso length of an upright person; NaN without a box."""
    box = person.box if isinstance(person, Person) else None
    return 0.3 * max(box[2] - box[0], box[3] - box[1]) if box else np.nan


def absent_rates(people, heatmaps: np.ndarray, most: float = 0.03) -> dict[str, float]:
    """How well the heights of the peaks separate joints that the photo does not show from those that it shows.

    ``people`` are the N persons of heatmaps (N, 14, H, W). ``threshold`` is the height below which the share ``most``
    of the labeled joints peaks, which would wrongly be called absent; ``found`` is the share of absent joints below
    it, NaN where no joint is labeled absent.
    """
    peak = heatmaps.max((-2, -1))
    absent = np.stack([person.absent for person in people])
    shown = np.stack([np.isfinite(person.joints).all(-1) for person in people])
    threshold = float(np.quantile(peak[shown], most))
    return {"threshold": threshold, "found": float((peak[absent] < threshold).mean()) if absent.any() else np.nan}


def score_without_box(people, estimator: Estimator, seed: int = 0) -> dict:
    """PCK@0.2 of people pasted into larger pictures: "labeled box" and "found box" are the shares with either.

    Each person is pasted once, at a random 30 to 100 % of the height of the picture. "people", "measured" and
    "unmeasured" are as in ``score``.
    """
    rng = np.random.default_rng(seed)
    truth, boxed, found = [], [], []
    for person in people:
        picture, joints = paste_person(person.photo, person.joints, rng.uniform(0.3, 1.0), rng)
        truth.append(joints)
        boxed.append(estimator.predict(picture, square_box(joints)).xy)
        found.append(estimator.predict(picture).xy)
    joints, trust = np.stack(truth), np.stack([person.trust for person in people])
    shares = {"labeled box": np.stack(boxed), "found box": np.stack(found)}
    return {name: pck(xy, joints, 0.2, weight=trust)[0] for name, xy in shares.items()} | _people(joints)
