"""Left and right: joints read where the other side's joint is, by where the person is seen from."""

from __future__ import annotations

import numpy as np

from dark_core.evaluation.metrics import torso
from dark_core.pose.skeleton import SKELETON

WITHIN = 0.2
"""Torsos from the other side's label up to which a joint may be read there, and by which the two labels must differ."""

VIEWS = ("front", "side", "behind")

FACING = 0.2
"""Width of shoulders and hips across the spine, in torsos, above which front and back can be told apart.

It is 0.47 or so of a person seen square on, and falls as the cosine: above 0.2 the view is within some 65 degrees.
"""

MIRROR = list(SKELETON.mirror)
RIGHT, LEFT = [8, 2], [9, 3]  # shoulder and hip


def view(truth: np.ndarray) -> np.ndarray:
    """(N,) one of ``VIEWS``, or "" where shoulders or hips are not labeled, of joints (N, 14, 2), y down.

    Seen from the front a person's left lies on the right of the picture, seen from behind on the left; right and left
    of the spine, hips to shoulders, so that who stands on their hands is told too.
    """
    spine = truth[:, [8, 9]].mean(1) - truth[:, [2, 3]].mean(1)
    across = truth[:, LEFT].mean(1) - truth[:, RIGHT].mean(1)
    turned = spine[:, 0] * across[:, 1] - spine[:, 1] * across[:, 0]
    width = turned / np.maximum(np.linalg.norm(spine, axis=-1) * torso(truth), 1e-9)
    known = np.isfinite(width)
    return np.select([~known, width > FACING, width < -FACING], ["", "front", "behind"], "side")


def swapped(predicted: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """(N, 14): 1 where a joint is read nearer the other side's label than its own, ``WITHIN`` torsos of it, else 0.

    Both are (N, 14, 2) in one unit. NaN where that cannot be said: neck and head top, joints whose label or the other
    side's is missing, and those whose two labels lie no more than ``WITHIN`` apart.
    """
    other, limit = truth[:, MIRROR], WITHIN * torso(truth)[:, None]
    apart = np.linalg.norm(truth - other, axis=-1)  # 0 for a joint that is its own mirror image
    there = np.linalg.norm(predicted - other, axis=-1)
    own = np.linalg.norm(predicted - truth, axis=-1)
    return np.where(apart > limit, (there <= limit) & (there < own), np.nan)


def by_view(predicted: np.ndarray, truth: np.ndarray) -> dict[str, dict]:
    """{"joints": how many could be swapped, "share": of them that are} for "all" and each of ``VIEWS`` that has any."""
    found, seen = swapped(predicted, truth), view(truth)
    groups = {"all": found} | {name: found[seen == name] for name in VIEWS}
    said = {name: each[np.isfinite(each)] for name, each in groups.items()}
    return {name: {"joints": len(each), "share": float(each.mean())} for name, each in said.items() if len(each)}
