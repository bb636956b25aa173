"""PCK, OKS and average precision: the metrics of human pose."""

from __future__ import annotations

from functools import cache

import numpy as np

from dark_core.codec import quantize

LIMBS = slice(0, 12)
"""The 12 limb joints, without neck and head top, that PCK is counted on here."""


def torso(truth: np.ndarray) -> np.ndarray:
    """(N,) torso length of joints (N, 14, 2), in their unit: the mean of both shoulder-hip diagonals.

    Where the joints of one diagonal are missing (NaN), the length of the other.
    """
    one = np.linalg.norm(truth[:, 8] - truth[:, 3], axis=-1)
    other = np.linalg.norm(truth[:, 9] - truth[:, 2], axis=-1)
    return np.where(np.isnan(one), other, np.where(np.isnan(other), one, (one + other) / 2))


def pck(
    predicted: np.ndarray,
    truth: np.ndarray,
    threshold: float,
    size: np.ndarray | None = None,
    weight: np.ndarray | None = None,
) -> tuple[float, np.ndarray]:
    """Share of labeled joints within ``threshold`` of the torso length: (over 12 limbs, per joint (14,)).

    ``predicted`` and ``truth`` are (N, 14, 2) in one unit. A joint that is not labeled is NaN in
    ``truth`` and not counted; a prediction that is not finite counts as wrong; a share of no joint at all is
    NaN (Yang & Ramanan 2013, with the torso diagonal as yardstick).
    ``size`` (N,) stands for the torso of people whose shoulders or hips are not labeled; NaN leaves them out.
    ``weight`` (N, 14) is how much each label counts, 1 by default.
    """
    distance = np.linalg.norm(predicted - truth, axis=-1)
    counts = counted(truth, size) * (1.0 if weight is None else weight)
    hits = np.where(distance <= threshold * yardstick(truth, size)[:, None], counts, 0.0)
    with np.errstate(invalid="ignore"):
        per_joint = hits.sum(0) / counts.sum(0)
        whole = hits[:, LIMBS].sum() / counts[:, LIMBS].sum()
    return float(whole), per_joint


def yardstick(truth: np.ndarray, size: np.ndarray | None = None) -> np.ndarray:
    """(N,) the torso length of joints (N, 14, 2), or the ``size`` of people without one; NaN where both are missing."""
    length = torso(truth)
    return length if size is None else np.where(np.isfinite(length), length, size)


def counted(truth: np.ndarray, size: np.ndarray | None = None) -> np.ndarray:
    """(N, 14) True for the joints that PCK counts: labeled ones of people whose torso, or ``size``, is known."""
    return np.isfinite(truth).all(-1) & np.isfinite(yardstick(truth, size))[:, None]


def missing_torso(truth: np.ndarray) -> str:
    """Why none of the people of joints (N, 14, 2) can be measured by the torso, for a sentence: "no hips"."""
    known = np.isfinite(truth).all(-1)
    if not known[:, [2, 3]].any():
        return "no hips"
    return "no shoulder beside the hip of the other side" if known[:, [8, 9]].any() else "no shoulders"


@cache
def mean_rounding(method: str, samples: int = 400) -> float:
    """Mean distance in heatmap px between joints spread evenly over a pixel and the centers that ``method`` draws.

    Floor: (sqrt 2 + ln(1 + sqrt 2)) / 3 = 0.765; round: half of it; unbiased: 0.
    """
    phase = (np.arange(samples) + 0.5) / samples
    joints = np.stack(np.meshgrid(phase, phase), -1)
    return float(np.linalg.norm(quantize(joints, method) - joints, axis=-1).mean())


KAPPA = np.array([0.089, 0.087, 0.107, 0.107, 0.087, 0.089, 0.062, 0.072, 0.079, 0.079, 0.072, 0.062, 0.079, 0.079])
"""Scatter of human labels, joint by joint, as a share of the person's size: COCO's; neck and head top CrowdPose's."""

AREA_SHARE = 0.53
"""The person's area, where no outline is known, as a share of the box around the labeled joints (CrowdPose)."""

OKS_THRESHOLDS = np.arange(0.5, 0.96, 0.05)


def oks(
    predicted: np.ndarray,
    truth: np.ndarray,
    weight: np.ndarray | None = None,
    kappa: np.ndarray = KAPPA,
    area: np.ndarray | None = None,
) -> np.ndarray:
    """(N,) object keypoint similarity of joints (N, 14, 2) to labels, NaN where not labeled, in one unit.

    The mean over labeled joints of exp(-d^2 / (2 area k^2)), k twice ``kappa`` (K,), as COCO defines it; ``area`` (N,)
    is that of each person, where it is not known ``AREA_SHARE`` of the labeled joints' box. A joint that is not finite
    counts as 0; a person without labels is NaN. ``weight`` (N, 14) is how much each label counts, 1 by default.
    """
    known = np.isfinite(truth).all(-1)
    low, high = (reduce(truth, axis=1, where=known[..., None], initial=edge) for reduce, edge in _ENDS)
    boxed = AREA_SHARE * np.maximum(np.prod(high - low, axis=-1), 1.0)
    area = boxed if area is None else np.where(np.isfinite(area), area, boxed)
    squared = ((predicted - truth) ** 2).sum(-1)
    likeness = np.exp(-squared / (2 * area[:, None] * (2 * kappa) ** 2))
    counts = known * (1.0 if weight is None else weight)
    likeness = np.where(known & np.isfinite(likeness), likeness, 0.0) * counts
    return likeness.sum(1) / np.where(known.any(1), counts.sum(1), np.nan)


_ENDS = ((np.min, np.inf), (np.max, -np.inf))


def average_precision(similarity: np.ndarray, score: np.ndarray, weight: np.ndarray | None = None):
    """OKS AP, the mean over ``OKS_THRESHOLDS``, of one detection per person in the labeled box.

    similarity, score: (N,); weight: (B, N) how often each person counts, one row per resample, for which the result is
    one AP (B,) each. Without it everybody counts once and the result is a float. Precision is made to fall with recall
    and summed over it, as COCO does at 101 positions.
    """
    rows = np.ones((1, len(similarity))) if weight is None else np.asarray(weight, float)
    order = np.argsort(-score, kind="stable")
    rows, similarity = rows[:, order], similarity[order]
    seen = np.maximum(rows.cumsum(1), 1e-12)
    total = np.zeros(len(rows))
    for threshold in OKS_THRESHOLDS:
        right = rows * (similarity >= threshold)
        precision = right.cumsum(1) / seen
        envelope = np.maximum.accumulate(precision[:, ::-1], axis=1)[:, ::-1]
        total += (envelope * right).sum(1) / np.maximum(rows.sum(1), 1e-12)
    total /= len(OKS_THRESHOLDS)
    return total if weight is not None else float(total[0])
