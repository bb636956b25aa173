"""How far joints land from the truth, in the measures of the field."""

from __future__ import annotations

import numpy as np

from dark_core.codec import quantise

LIMBS = slice(0, 12)
"""The 12 limb joints, without neck and head top, that PCK is counted on here."""


def torso(truth: np.ndarray) -> np.ndarray:
    """(N,) torso size of joints (N, 14, 2): the mean of both shoulder-hip diagonals, their unit.

    Where one diagonal's joints are missing (NaN) the other stands alone.
    """
    one = np.linalg.norm(truth[:, 8] - truth[:, 3], axis=-1)
    other = np.linalg.norm(truth[:, 9] - truth[:, 2], axis=-1)
    return np.where(np.isnan(one), other, np.where(np.isnan(other), one, (one + other) / 2))


def pck(predicted: np.ndarray, truth: np.ndarray, threshold: float) -> tuple[float, np.ndarray]:
    """Share of labelled joints within ``threshold`` torsos of the truth: (over 12 limbs, per joint (14,)).

    ``predicted`` and ``truth`` are (N, 14, 2) in one unit. A joint that is not labelled is NaN in
    ``truth`` and not counted; a prediction that is not finite is a miss; a joint that nobody
    labelled is NaN (Yang & Ramanan 2013, with the torso diagonal as yardstick).
    """
    distance = np.linalg.norm(predicted - truth, axis=-1)
    yardstick = torso(truth)[:, None]
    labelled = np.isfinite(truth).all(-1) & np.isfinite(yardstick)
    hit = (distance <= threshold * yardstick) & labelled
    counts = labelled.sum(0)
    per_joint = np.where(counts > 0, hit.sum(0) / np.maximum(counts, 1), np.nan)
    return float(hit[:, LIMBS].sum() / max(counts[LIMBS].sum(), 1)), per_joint


def mean_rounding(method: str, samples: int = 400) -> float:
    """Mean distance in heatmap px between joints spread evenly over a pixel and the centres ``method`` draws at.

    Floor: (sqrt 2 + ln(1 + sqrt 2)) / 3 = 0.765; round: half of it; unbiased: 0.
    """
    phase = (np.arange(samples) + 0.5) / samples
    joints = np.stack(np.meshgrid(phase, phase), -1)
    return float(np.linalg.norm(quantise(joints, method) - joints, axis=-1).mean())
