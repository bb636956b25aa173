"""A network on labelled people: PCK with the labelled box, per joint and per decoder."""

from __future__ import annotations

import numpy as np

from dark_core.codec import decode
from dark_core.pose.estimator import Estimator, Heatmaps
from dark_core.pose.frame import Frame, square_box
from dark_core.pose.skeleton import SKELETON
from dark_core.study.metrics import pck, torso
from dark_core.study.placed import placed


def read_all(people, heatmaps: Heatmaps, size: int, batch: int = 50) -> tuple[np.ndarray, list[Frame]]:
    """Heatmaps (N, 14, H, W) of every person in their labelled box, and the frames."""
    frames = [Frame.from_box(square_box(person.joints), (size, size)) for person in people]
    crops = np.stack([frame.crop(person.photo) for frame, person in zip(frames, people, strict=True)])
    maps = [heatmaps(crops[k : k + batch]) for k in range(0, len(crops), batch)]
    return np.concatenate(maps), frames


def score(people, maps: np.ndarray, frames: list[Frame], decoder: str, sigma: float) -> dict:
    """PCK@0.2 and @0.1 over the limbs, and per joint, of maps read by ``decoder``."""
    xy = decode(maps, decoder, sigma).xy
    predicted = np.stack([frame.to_photo(points) for frame, points in zip(frames, xy, strict=True)])
    truth = np.stack([person.joints for person in people])
    result = {}
    for threshold in (0.2, 0.1):
        whole, per_joint = pck(predicted, truth, threshold)
        result[f"pck@{threshold}"] = whole
        result[f"pck@{threshold} per joint"] = dict(zip(SKELETON.names, per_joint.tolist(), strict=True))
    return result


def reliability(people, maps: np.ndarray, frames: list[Frame], sigma: float) -> list[tuple[float, int, float]]:
    """(lowest score, joints, share within 0.2 torsos) for each tenth of score that holds joints, read by DARK."""
    joints = decode(maps, "dark", sigma)
    predicted = np.stack([frame.to_photo(points) for frame, points in zip(frames, joints.xy, strict=True)])
    truth = np.stack([person.joints for person in people])
    distance = np.linalg.norm(predicted - truth, axis=-1) / torso(truth)[:, None]
    labelled = np.isfinite(distance)
    tenth, right = np.floor(10 * joints.score[labelled]).astype(int), distance[labelled] <= 0.2
    return [(t / 10, int((tenth == t).sum()), float(right[tenth == t].mean())) for t in np.unique(tenth)]


def unaided(people, estimator: Estimator, seed: int = 0) -> tuple[float, float]:
    """PCK@0.2 of people placed in larger pictures: (with the labelled box, with the box found).

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
