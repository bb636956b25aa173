"""Photos cut so that some joints are gone: what the network says of joints that the photo does not show."""

from __future__ import annotations

import numpy as np

from dark_core.pose.crop_transform import square_box

GONE = 3


def cut(photo: np.ndarray, joints: np.ndarray, edge: int, gone: int = GONE) -> tuple[np.ndarray, np.ndarray]:
    """(photo, joints (14, 2) in its px) with ``gone`` joints cut away: ``edge`` 0 left, 1 top, 2 right, 3 bottom.

    The cut runs half way between the last joint that goes and the first that stays. Joints not labeled are NaN. Raises
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


def said(people, estimator, seed: int = 0) -> dict:
    """What is said of joints cut away, each person's photo cut at an edge drawn at random.

    The box is that of the joints left. {"people", "joints" gone, shares of them "called" cut off and "guessed";
    "right": share of the calls where the joint is gone; "wrongly": share of the joints left that are called so}.
    """
    rng = np.random.default_rng(seed)
    gone, state, count = [], [], 0
    for person in people:
        edge = int(rng.integers(4))
        if np.isfinite(person.joints).all(-1).sum() < GONE + 4:
            continue
        photo, joints = cut(person.photo, person.joints, edge)
        known = np.isfinite(joints).all(-1)
        beyond = known & ((joints < -0.5) | (joints > np.array(photo.shape[1::-1]) - 0.5)).any(-1)
        pose = estimator.predict(photo, square_box(joints[known & ~beyond]))
        gone.append(beyond[known])
        state.append(np.array(pose.state)[known])
        count += 1
    gone, state = np.concatenate(gone), np.concatenate(state)
    called = state == "cut off"
    return {
        "people": count,
        "joints": int(gone.sum()),
        "called": float(called[gone].mean()),
        "guessed": float((state == "guess")[gone].mean()),
        "right": float(gone[called].mean()) if called.any() else 0.0,
        "wrongly": float(called[~gone].mean()),
    }
