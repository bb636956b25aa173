"""Failures of a network: swapped sides, people missed or found in empty pictures, joints cut off, the worst people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from dark_core.codec import decode
from dark_core.evaluation.evaluate import predict_heatmaps
from dark_core.evaluation.failures import negatives, truncation
from dark_core.evaluation.failures.left_right import by_view
from dark_core.evaluation.failures.pasted_people import paste_person
from dark_core.evaluation.metrics import LIMBS, torso
from dark_core.pose.estimator import Estimator

PASTED = 75
"""People of a set that are searched for in larger pictures."""

WORST = 6
"""People of a set with the largest errors, to be shown."""


@dataclass(frozen=True)
class Shown:
    """A person with large errors.

    photo: (H, W, 3); joints, truth: (14, 2) photo px; error: mean over the limb joints, as a share of the torso length.
    """

    photo: np.ndarray
    joints: np.ndarray
    truth: np.ndarray
    error: float


def measure(
    estimator: Estimator, sets: dict[str, list], say: Callable[[str], None] = print
) -> tuple[dict, dict[str, list[Shown]]]:
    """(what a model card holds under "faults", the ``WORST`` people of each set); ``sets``: name -> people."""
    faults: dict = {"sides": {}, "found": {}, "cut": {}}
    worst = {}
    for name, people in sets.items():
        say(f"{name}: {len(people)} people")
        heatmaps, transforms = predict_heatmaps(people, estimator.forward_flipped, estimator.model.size)
        xy = decode(heatmaps, "dark", estimator.model.sigma).xy
        joints = np.stack([one.to_photo(points) for one, points in zip(transforms, xy, strict=True)])
        truth = np.stack([person.joints for person in people])
        faults["sides"][name] = by_view(joints, truth)
        error = np.nanmean(np.linalg.norm(joints - truth, axis=-1)[:, LIMBS], axis=1) / torso(truth)
        order = np.argsort(-np.nan_to_num(error), kind="stable")[:WORST]
        worst[name] = [Shown(people[k].photo, joints[k], truth[k], float(error[k])) for k in order]
        faults["found"][name] = count_found(people[:PASTED], estimator)
        faults["cut"][name] = truncation.measure_truncation(people, estimator)
    say("pictures without a person")
    taken = [estimator.predict(picture).has_person for picture in negatives.pictures()]
    faults["empty"] = {"pictures": len(taken), "taken": sum(taken)}
    return faults, worst


def count_found(people: list, estimator: Estimator, seed: int = 0) -> dict:
    """{"people", "found" without a box}, each pasted at a random 30 to 100 % of the height of a larger picture."""
    rng = np.random.default_rng(seed)
    pictures = (paste_person(person.photo, person.joints, rng.uniform(0.3, 1.0), rng)[0] for person in people)
    return {"people": len(people), "found": sum(estimator.predict(picture).has_person for picture in pictures)}
