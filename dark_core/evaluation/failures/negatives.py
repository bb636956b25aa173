"""Pictures without a person, to measure how often the network finds one where there is none."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np

from dark_core.files.scenes import load_scenes

LANDSCAPES = 30
SIZE = (640, 480)
"""Width and height of a landscape in px."""


def landscape(rng: np.random.Generator) -> np.ndarray:
    """(H, W, 3) uint8: sky, ground, about twenty shapes in random colors, some of them upright, and grain."""
    width, height = SIZE
    horizon = int(height * rng.uniform(0.25, 0.75))
    picture = np.empty((height, width, 3), np.uint8)
    picture[:horizon], picture[horizon:] = rng.integers(90, 256, 3), rng.integers(20, 200, 3)
    for _ in range(rng.integers(8, 25)):
        ink = rng.integers(0, 256, 3).tolist()
        center = rng.integers(0, SIZE).tolist()
        long, wide = rng.uniform(0.05, 0.5) * height, rng.uniform(0.02, 0.15) * height
        turn = rng.normal(0, 12) if rng.random() < 0.5 else rng.uniform(0, 180)
        kind = rng.integers(3)
        if kind == 0:
            cv2.ellipse(picture, center, (int(wide / 2) + 1, int(long / 2) + 1), turn, 0, 360, ink, -1, cv2.LINE_AA)
            continue
        box = cv2.boxPoints((center, (wide, long), turn))
        corners = box if kind == 1 else np.vstack([box[:2].mean(0), box[2:]])
        cv2.fillPoly(picture, [corners.astype(np.int32)], ink, cv2.LINE_AA)
    soft = cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.5, 2.0))
    return np.clip(soft + rng.normal(0, rng.uniform(2, 12), soft.shape), 0, 255).astype(np.uint8)


def painted_out(photo: np.ndarray, joints: np.ndarray) -> np.ndarray:
    """The photo (H, W, 3) with its surroundings grown over the person (inpainting, Telea 2004).

    The person is the convex hull of the joints (14, 2), photo px, widened by an eighth of their extent.
    """
    reach = 0.12 * np.ptp(joints, axis=0).max()
    hull = np.zeros(photo.shape[:2], np.uint8)
    cv2.fillConvexPoly(hull, cv2.convexHull(joints.astype(np.int32)), 255)
    cv2.polylines(hull, [cv2.convexHull(joints.astype(np.int32))], True, 255, int(2 * reach) | 1)
    return cv2.inpaint(photo, hull, 5, cv2.INPAINT_TELEA)


def pictures(seed: int = 0) -> Iterator[np.ndarray]:
    """``LANDSCAPES`` landscapes, then the bundled scenes with the person painted out."""
    rng = np.random.default_rng(seed)
    for _ in range(LANDSCAPES):
        yield landscape(rng)
    for scene in load_scenes().values():
        yield painted_out(scene.photo, scene.joints)
