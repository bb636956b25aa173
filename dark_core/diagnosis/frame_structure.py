"""Whether two sets of the same joints differ by exchanged axes, a mirrored axis, or another order of the joints."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from warnings import catch_warnings

import numpy as np

CLEARLY = 0.5
"""Share of the distance between two sets that may be left where exchanging or mirroring something explains it.

Errors of the joints add to any wrong pairing of axes or joints, so that chance never halves the distance: two sets that
differ by noise only keep the pairing they have.
"""


@dataclass(frozen=True)
class Structure:
    """How ``found`` (N, K, 2) is arranged, seen from the reference.

    swapped: x and y are exchanged; mirrored: (x, y) True where that axis of the reference runs the other way;
    order: (K,) the joint of the reference that each joint of ``found`` is.
    """

    swapped: bool
    mirrored: tuple[bool, bool]
    order: tuple[int, ...]

    @property
    def moved(self) -> tuple[int, ...]:
        """The joints of ``found`` that are another joint of the reference."""
        return tuple(joint for joint, other in enumerate(self.order) if joint != other)

    def undo(self, found: np.ndarray) -> np.ndarray:
        """``found`` with the axes and the joints in the reference's order; a mirrored axis stays mirrored."""
        arranged = np.empty_like(found)
        arranged[:, list(self.order)] = found
        return arranged[..., ::-1] if self.swapped else arranged


def find_structure(found: np.ndarray, reference: np.ndarray) -> Structure:
    """The arrangement under which ``found`` and ``reference`` (N, K, 2), NaN where unknown, are alike.

    Both are compared without their position and size on each axis, so that no shift and no scale matters. Axes and
    mirrored axes count only where they leave less than ``CLEARLY`` of the distance, and so does an order of the joints
    among the joints that it moves.
    """
    straight, same = _centered(reference), tuple(range(reference.shape[1]))
    plain = Structure(False, (False, False), same)
    least, best = CLEARLY * _distance(_centered(found), straight), plain
    for swapped, right_to_left, upwards in product((False, True), repeat=3):
        mirrored = (right_to_left, upwards)
        arranged = _centered(Structure(swapped, mirrored, same).undo(found)) * np.where(mirrored, -1, 1)
        for order in (same, _nearest(arranged, straight)):
            candidate = Structure(swapped, mirrored, order)
            there = np.empty_like(arranged)
            there[:, list(order)] = arranged
            distance = _distance(there, straight)
            if distance < least:
                least, best = distance * (1 - 1e-9), candidate
    if best == plain:
        return Structure(False, (False, False), _nearest(_centered(found), straight))
    return best


def _centered(xy: np.ndarray) -> np.ndarray:
    """(N, K, 2) without each person's center and without the size of all, per axis."""
    with catch_warnings(action="ignore", category=RuntimeWarning):  # a joint that nobody has is NaN
        center = np.nanmean(xy, 1, keepdims=True) if xy.shape[1] > 2 else np.nanmean(xy, (0, 1), keepdims=True)
        spread = np.nanmedian(np.abs(xy - center), (0, 1))
    return (xy - center) / np.where(spread > 0, spread, 1.0)


def _distance(one: np.ndarray, other: np.ndarray) -> float:
    distances = np.linalg.norm(one - other, axis=-1)
    known = distances[np.isfinite(distances)]
    return float(np.median(known)) if len(known) else 0.0


def _nearest(found: np.ndarray, reference: np.ndarray) -> tuple[int, ...]:
    """(K,) the joint of the reference nearest to each joint of ``found``; their own order where that is not clear."""
    joints = found.shape[1]
    same = tuple(range(joints))
    with catch_warnings(action="ignore", category=RuntimeWarning):  # a joint that nobody has is NaN
        cost = np.stack([np.nanmedian(np.linalg.norm(found[:, [k]] - reference, axis=-1), 0) for k in same])
    order = np.where(np.isfinite(cost).any(1), np.nan_to_num(cost, nan=np.inf).argmin(1), same)
    moved = order != same
    clear = cost[moved, order[moved]] < CLEARLY * np.diag(cost)[moved]
    return tuple(order.tolist()) if sorted(order) == list(same) and clear.all() else same
