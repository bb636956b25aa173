"""Photos cut so that some joints are gone: how the network classifies joints that the photo does not show."""

from __future__ import annotations

import numpy as np

from dark_core.pose.crop_transform import square_box

GONE = 3
"""Joints that are cut away."""


def cut_photo(photo: np.ndarray, joints: np.ndarray, edge: int, gone: int = GONE) -> tuple[np.ndarray, np.ndarray]:
    """(photo, joints (14, 2) in its px) with ``gone`` joints cut away: ``edge`` 0 left, 1 top, 2 right, 3 bottom.

    The cut runs half way between the last joint that goes and the first that stays. Unlabeled joints are NaN. Raises
    ValueError where fewer than ``gone`` + 4 joints are labeled.
    """
    axis, far = edge % 2, edge >= 2
    along = joints[:, axis]
    order = np.sort(along[np.isfinite(along)])
    if len(order) < gone + 4:
        raise ValueError(f"{len(order)} labeled joints are too few to cut {gone} away")
    order = order[::-1] if far else order
    at = int(np.clip(np.floor(order[gone - 1 : gone + 1].mean()) + 1, 1, photo.shape[1 - axis] - 1))
    keep = slice(None, at) if far else slice(at, None)
    moved = joints - np.array([0 if far else at, 0] if axis == 0 else [0, 0 if far else at])
    return np.ascontiguousarray(photo[:, keep] if axis == 0 else photo[keep]), moved


def measure_truncation(people, estimator, seed: int = 0) -> dict:
    """How joints cut away are classified, the photo of each person cut at a random edge.

    The box is that of the joints left. {"people", "joints": how many are gone; "called", "guessed": the shares of
    them classified as cut off or absent, and as a guess; "right": share of the joints called so that are gone;
    "wrongly": share of the joints left that are called so}, a share of no joints being None.
    """
    rng = np.random.default_rng(seed)
    gone_parts, state_parts = [], []
    for person in people:
        edge = int(rng.integers(4))
        if np.isfinite(person.joints).all(-1).sum() < GONE + 4:
            continue
        photo, joints = cut_photo(person.photo, person.joints, edge)
        known = np.isfinite(joints).all(-1)
        beyond = known & ((joints < -0.5) | (joints > np.array(photo.shape[1::-1]) - 0.5)).any(-1)
        pose = estimator.predict(photo, square_box(joints[known & ~beyond]))
        gone_parts.append(beyond[known])
        state_parts.append(np.array(pose.joint_status)[known])
    gone = np.concatenate([*gone_parts, np.zeros(0, bool)])
    state = np.concatenate([*state_parts, np.zeros(0, str)])
    called, guessed = np.isin(state, ["cut off", "absent"]), state == "guess"
    return {
        "people": len(gone_parts),
        "joints": int(gone.sum()),
        "called": _share(called[gone]),
        "guessed": _share(guessed[gone]),
        "right": _share(gone[called]),
        "wrongly": _share(called[~gone]),
    }


def _share(which: np.ndarray) -> float | None:
    """The share of True, None of nothing."""
    return float(which.mean()) if len(which) else None
