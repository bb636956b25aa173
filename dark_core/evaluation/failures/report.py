"""Where a network fails: sides swapped, people missed or seen where nobody is, joints cut off, the worst people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from dark_core.codec import decode
from dark_core.evaluation.evaluate import read_all
from dark_core.evaluation.failures import negatives, truncation
from dark_core.evaluation.failures.left_right import by_view
from dark_core.evaluation.failures.pasted_people import placed
from dark_core.evaluation.metrics import LIMBS, torso
from dark_core.pose.estimator import NO_PERSON, Estimator

PLACED = 75
"""People of a set that are looked for in larger pictures."""

WORST = 6


@dataclass(frozen=True)
class Shown:
    """A person read badly: photo (H, W, 3), joints and truth (14, 2) photo px, mean limb error in torsos."""

    photo: np.ndarray
    joints: np.ndarray
    truth: np.ndarray
    error: float


def measure(
    estimator: Estimator, sets: dict[str, list], say: Callable[[str], None] = print
) -> tuple[dict, dict[str, list[Shown]]]:
    """(what a card holds under "faults", each set's ``WORST`` people) of people by the name of their set."""
    faults: dict = {"sides": {}, "found": {}, "cut": {}}
    worst = {}
    for name, people in sets.items():
        say(f"{name}: {len(people)} people")
        maps, frames = read_all(people, estimator.forward_flipped, estimator.model.size)
        read = decode(maps, "dark", estimator.model.sigma).xy
        joints = np.stack([frame.to_photo(points) for frame, points in zip(frames, read, strict=True)])
        truth = np.stack([person.joints for person in people])
        faults["sides"][name] = by_view(joints, truth)
        error = np.nanmean(np.linalg.norm(joints - truth, axis=-1)[:, LIMBS], axis=1) / torso(truth)
        order = np.argsort(-np.nan_to_num(error), kind="stable")[:WORST]
        worst[name] = [Shown(people[k].photo, joints[k], truth[k], float(error[k])) for k in order]
        faults["found"][name] = found(people[:PLACED], estimator)
        faults["cut"][name] = truncation.said(people, estimator)
    say("pictures without a person")
    scores = [float(estimator.predict(picture).score.mean()) for picture in negatives.pictures()]
    taken = sum(score >= NO_PERSON for score in scores)
    faults["empty"] = {"pictures": len(scores), "surest": max(scores), "taken": taken, "threshold": NO_PERSON}
    return faults, worst


def found(people: list, estimator: Estimator, seed: int = 0) -> dict:
    """{"people", "found" without a box}, each placed at a random 30 to 100 % of the height of a larger picture."""
    rng = np.random.default_rng(seed)
    pictures = (placed(person.photo, person.joints, rng.uniform(0.3, 1.0), rng)[0] for person in people)
    return {"people": len(people), "found": sum(estimator.predict(picture).found for picture in pictures)}
