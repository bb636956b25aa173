"""Whether a network is right as often as it says: its scores calibrated on labeled people, and that judged.

Isotonic regression by pool-adjacent-violators (Ayer et al. 1955; Zadrozny & Elkan 2002 for classifiers).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np

from dark_core.codec import decode
from dark_core.evaluation.metrics import torso
from dark_core.pose.calibration import confidence
from dark_core.pose.crop_transform import CropTransform

WITHIN = 0.2
"""Torsos from the label up to which a joint is right."""

BINS = 20
"""Groups of equally many joints that are pooled: few enough for a handful of knots."""

FOLDS = 5
LEAST = 50
"""Labeled joints below which nothing is fitted."""


@dataclass(frozen=True)
class Bin:
    """Joints said to be right with a confidence of ``low`` to ``low`` + 0.1: the mean said, how many, the share right.

    interval: 95 %, of the share.
    """

    low: float
    said: float
    joints: int
    right: float
    interval: tuple[float, float]


def judged(people, maps: np.ndarray, frames: list[CropTransform], sigma: float) -> tuple[np.ndarray, np.ndarray]:
    """(score, right), both (N, 14), of maps (N, 14, H, W) read by DARK; right: 1, 0 or, without a label, NaN."""
    joints = decode(maps, "dark", sigma)
    photo = np.stack([frame.to_photo(points) for frame, points in zip(frames, joints.xy, strict=True)])
    truth = np.stack([person.joints for person in people])
    distance = np.linalg.norm(photo - truth, axis=-1)
    limit = WITHIN * torso(truth)[:, None]
    return joints.score, np.where(np.isfinite(truth).all(-1) & np.isfinite(limit), distance <= limit, np.nan)


def fitted(score: np.ndarray, right: np.ndarray, bins: int = BINS) -> dict[str, list[float]]:
    """The knots {"score", "share"} of the rising map from score to share right that fits best, for ``confidence``.

    score, right: of one shape, ``right`` NaN where it is not known. Groups of equally many joints by score; neighbors
    that fall are pooled until none does. Half a joint right and half a joint wrong are added to each, so that no share
    is 0 or 1; an empty map, score 0, is given 0.
    """
    known = np.isfinite(right)
    order = np.argsort(score[known], kind="stable")
    scores, hits = score[known][order], right[known][order]
    pools: list[tuple[int, float, float]] = []  # joints, sum of scores, right
    for some, hit in zip(np.array_split(scores, bins), np.array_split(hits, bins), strict=True):
        if not len(some):
            continue
        pools.append((len(some), float(some.sum()), float(hit.sum())))
        while len(pools) > 1 and _share(pools[-2]) >= _share(pools[-1]):
            pools[-2:] = [tuple(a + b for a, b in zip(*pools[-2:], strict=True))]
    knots = [(total / count, _share((count, total, hit))) for count, total, hit in pools]
    kept = [(0.0, 0.0), *((at, share) for at, share in knots if at > 0)]
    return {"score": [round(at, 4) for at, _ in kept], "share": [round(share, 4) for _, share in kept]}


def _share(pool: tuple[int, float, float]) -> float:
    return (pool[2] + 0.5) / (pool[0] + 1)


def cross_fitted(score: np.ndarray, right: np.ndarray, folds: int = FOLDS) -> np.ndarray:
    """(N, K) confidences, each person's by the map fitted to the people of the other folds."""
    fold = np.arange(len(score)) % folds
    said = np.empty(score.shape)
    for one in range(folds):
        said[fold == one] = confidence(score[fold == one], fitted(score[fold != one], right[fold != one]))
    return said


def table(said: np.ndarray, right: np.ndarray) -> list[Bin]:
    """A ``Bin`` for each tenth of the confidences ``said`` that holds joints; NaN in ``right`` is left out."""
    known = np.isfinite(right)
    said, right = said[known], right[known]
    tenth = np.minimum((10 * said).astype(int), 9)
    bins = []
    for one in np.unique(tenth):
        here = tenth == one
        count, share = int(here.sum()), float(right[here].mean())
        bins.append(Bin(float(one) / 10, float(said[here].mean()), count, share, wilson(share, count)))
    return bins


def wilson(share: float, count: int) -> tuple[float, float]:
    """The 95 % interval of a ``share`` of ``count`` joints, each counted as independent (Wilson 1927).

    Drawing whole people again gives the same within one point (first default network, bins of 76 joints and more).
    """
    z2 = 1.96**2
    middle = (share + z2 / (2 * count)) / (1 + z2 / count)
    arm = (z2 * (share * (1 - share) + z2 / (4 * count)) / count) ** 0.5 / (1 + z2 / count)
    return middle - arm, middle + arm


def gap(bins: list[Bin]) -> float:
    """Mean distance between the confidence said and the share right, over joints (expected calibration error)."""
    return sum(one.joints * abs(one.said - one.right) for one in bins) / sum(one.joints for one in bins)


def calibration(judgments: list[tuple[np.ndarray, np.ndarray]], sets: list[str]) -> dict:
    """{"calibration": what a card holds} of the ``judged`` of each of ``sets``; empty where too little is labeled.

    It holds the knots fitted to all joints, and how reliable the method is on people held out.
    """
    if not judgments:
        return {}
    score, right = (np.concatenate(parts) for parts in zip(*judgments, strict=True))
    if np.isfinite(right).sum() < LEAST or len(score) < FOLDS:
        return {}
    bins = table(cross_fitted(score, right), right)
    found = {
        **fitted(score, right),
        "within": WITHIN,
        "sets": sets,
        "people": len(score),
        "gap": round(gap(bins), 4),
        "gap of the score": round(gap(table(confidence(score), right)), 4),
        "reliability": [_rounded(one) for one in bins],
    }
    return {"calibration": found}


def _rounded(one: Bin) -> dict:
    low, high = one.interval
    return (
        asdict(one)
        | {"said": round(one.said, 4), "right": round(one.right, 4)}
        | {"interval": [round(low, 4), round(high, 4)]}
    )
