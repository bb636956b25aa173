"""Left and right: joints predicted at the position of the other side's joint, by the view of the person."""

from __future__ import annotations

import numpy as np

from dark_core.evaluation.metrics import torso
from dark_core.pose.skeleton import SKELETON

WITHIN = 0.2
"""A joint is swapped within this distance of the other side's label; the two labels must lie further apart than it.

A share of the torso length.
"""

VIEWS = ("front", "side", "behind")

FACING = 0.2
"""Width of shoulders and hips across the spine, per torso length, above which front and back can be distinguished.

It is about 0.47 for a person seen square on and falls as the cosine, so above 0.2 the view is within about 65 degrees.
"""

MIRROR = list(SKELETON.mirror)
RIGHT, LEFT = [8, 2], [9, 3]  # shoulder and hip


def view(truth: np.ndarray) -> np.ndarray:
    """(N,) one of ``VIEWS``, or "" where shoulders or hips are not labeled, of joints (N, 14, 2), y down.

    Seen from the front, a person's left is on the right of the picture; seen from behind, on the left. Both are taken
    relative to the spine, from hips to shoulders, so that a handstand is classified correctly too.
    """
    spine = truth[:, [8, 9]].mean(1) - truth[:, [2, 3]].mean(1)
    right_to_left = truth[:, LEFT].mean(1) - truth[:, RIGHT].mean(1)
    cross = spine[:, 0] * right_to_left[:, 1] - spine[:, 1] * right_to_left[:, 0]
    width = cross / np.maximum(np.linalg.norm(spine, axis=-1) * torso(truth), 1e-9)
    known = np.isfinite(width)
    return np.select([~known, width > FACING, width < -FACING], ["", "front", "behind"], "side")


def swapped(predicted: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """(N, 14): 1 where a joint is within ``WITHIN`` of the other side's label and nearer to it than to its own, else 0.

    Both are (N, 14, 2) in the same unit. NaN where the question has no answer: neck and head top, joints whose label
    or the other side's is missing, and those whose two labels lie no more than ``WITHIN`` apart.
    """
    other, limit = truth[:, MIRROR], WITHIN * torso(truth)[:, None]
    apart = np.linalg.norm(truth - other, axis=-1)  # 0 for a joint that is its own mirror image
    to_other = np.linalg.norm(predicted - other, axis=-1)
    to_own = np.linalg.norm(predicted - truth, axis=-1)
    return np.where(apart > limit, (to_other <= limit) & (to_other < to_own), np.nan)


def by_view(predicted: np.ndarray, truth: np.ndarray) -> dict[str, dict]:
    """{"joints": how many could be swapped, "share": of them that are}, for "all" and each of ``VIEWS`` with any."""
    found, seen = swapped(predicted, truth), view(truth)
    groups = {"all": found} | {name: found[seen == name] for name in VIEWS}
    counted = {name: each[np.isfinite(each)] for name, each in groups.items()}
    return {name: {"joints": len(each), "share": float(each.mean())} for name, each in counted.items() if len(each)}
