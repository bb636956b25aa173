"""Calibrated confidence: the score of a joint mapped to the chance that it is right, and how reliable that is.

Isotonic regression by pool-adjacent-violators (Ayer et al. 1955; Zadrozny & Elkan 2002 for classifiers).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
from scipy.optimize import isotonic_regression
from scipy.stats import binomtest

from dark_core.codec import decode
from dark_core.evaluation.metrics import torso
from dark_core.pose.calibration import confidence
from dark_core.pose.crop_transform import CropTransform

WITHIN = 0.2
"""Distance from the label, as a share of the torso length, up to which a joint is right."""

BINS = 20
"""Groups of equally many joints that are pooled: few enough for a handful of knots."""

FOLDS = 5
LEAST = 50
"""Labeled joints below which nothing is fitted."""


@dataclass(frozen=True)
class Bin:
    """Joints with a stated confidence from ``low`` to ``low`` + 0.1, as model cards hold them.

    said: mean stated confidence; joints: how many; right: the share of them that is right; interval: 95 %, of right.
    """

    low: float
    said: float
    joints: int
    right: float
    interval: tuple[float, float]


def judge(people, heatmaps: np.ndarray, transforms: list[CropTransform], sigma: float) -> tuple[np.ndarray, np.ndarray]:
    """(score, right), both (N, 14), of heatmaps (N, 14, H, W) decoded by DARK; right: 1, 0, or NaN without a label."""
    joints = decode(heatmaps, "dark", sigma)
    photo = np.stack([one.to_photo(points) for one, points in zip(transforms, joints.xy, strict=True)])
    truth = np.stack([person.joints for person in people])
    distance = np.linalg.norm(photo - truth, axis=-1)
    limit = WITHIN * torso(truth)[:, None]
    return joints.score, np.where(np.isfinite(truth).all(-1) & np.isfinite(limit), distance <= limit, np.nan)


def fit_calibration(score: np.ndarray, right: np.ndarray, bins: int = BINS) -> dict[str, list[float]]:
    """The knots {"score", "share"}, for ``confidence``, of the rising function from score to share of right joints.

    score, right: of one shape, ``right`` NaN where it is not known. Joints are grouped by score, equally many to a
    group, and groups whose shares do not rise are pooled. Half a right and half a wrong joint are added to each pool,
    so that no share is 0 or 1. A blank heatmap, score 0, gets confidence 0.
    """
    known = np.isfinite(right)
    order = np.argsort(score[known], kind="stable")
    scores, hits = score[known][order], right[known][order]
    groups = [one for one in np.array_split(np.arange(len(scores)), bins) if len(one)]
    pools = np.array([(len(one), scores[one].sum(), hits[one].sum()) for one in groups]).reshape(-1, 3)
    share = pools[:, 2] / pools[:, 0]
    while len(pools):
        starts = isotonic_regression(share, weights=pools[:, 0]).blocks[:-1]
        pools = np.add.reduceat(pools, starts)
        share = (pools[:, 2] + 0.5) / (pools[:, 0] + 1)
        if (np.diff(share) > 0).all():
            break
    knots = [
        (0.0, 0.0),
        *((total / count, at) for (count, total, _), at in zip(pools, share, strict=True) if total > 0),
    ]
    return {"score": [round(float(at), 4) for at, _ in knots], "share": [round(float(at), 4) for _, at in knots]}


def cross_fit(score: np.ndarray, right: np.ndarray, folds: int = FOLDS) -> np.ndarray:
    """(N, K) confidences of joints (N, K), those of each person fitted to the people of the other folds."""
    fold = np.arange(len(score)) % folds
    stated = np.empty(score.shape)
    for one in range(folds):
        stated[fold == one] = confidence(score[fold == one], fit_calibration(score[fold != one], right[fold != one]))
    return stated


def reliability_table(stated: np.ndarray, right: np.ndarray) -> list[Bin]:
    """A ``Bin`` for each tenth of the ``stated`` confidences that holds joints; NaN in ``right`` is left out."""
    known = np.isfinite(right)
    stated, right = stated[known], right[known]
    tenth = np.minimum((10 * stated).astype(int), 9)
    bins = []
    for one in np.unique(tenth):
        inside = tenth == one
        hits, count = int(right[inside].sum()), int(inside.sum())
        bins.append(Bin(float(one) / 10, float(stated[inside].mean()), count, hits / count, wilson(hits, count)))
    return bins


def wilson(hits: int, count: int) -> tuple[float, float]:
    """The 95 % interval of the share ``hits`` / ``count``, each joint counted as independent (Wilson 1927).

    A bootstrap over whole people gives the same within one point (first default network, bins of 76 joints and more).
    """
    interval = binomtest(hits, count).proportion_ci(0.95, method="wilson")
    return float(interval.low), float(interval.high)


def calibration_error(bins: list[Bin]) -> float:
    """Mean distance between stated confidence and share right, over joints (expected calibration error)."""
    return sum(one.joints * abs(one.said - one.right) for one in bins) / sum(one.joints for one in bins)


def calibrate(judgments: list[tuple[np.ndarray, np.ndarray]], sets: list[str]) -> dict:
    """{"calibration": what a model card holds}, from the result of ``judge`` for each of ``sets``.

    It holds the knots fitted to all joints, and how reliable the method is on people held out. Empty where fewer than
    ``LEAST`` joints are labeled.
    """
    if not judgments:
        return {}
    score, right = (np.concatenate(parts) for parts in zip(*judgments, strict=True))
    if np.isfinite(right).sum() < LEAST or len(score) < FOLDS:
        return {}
    bins = reliability_table(cross_fit(score, right), right)
    found = {
        **fit_calibration(score, right),
        "within": WITHIN,
        "sets": sets,
        "people": len(score),
        "gap": round(calibration_error(bins), 4),
        "gap of the score": round(calibration_error(reliability_table(confidence(score), right)), 4),
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
