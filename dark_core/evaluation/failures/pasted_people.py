"""Labeled people pasted into larger pictures: the test of finding a person without a box."""

from __future__ import annotations

import cv2
import numpy as np


def paste_person(
    photo: np.ndarray, joints: np.ndarray, share: float, rng: np.random.Generator, height: int = 480
) -> tuple[np.ndarray, np.ndarray]:
    """(picture (height, W, 3), joints (14, 2) in its px): the photo pasted into a larger picture.

    The labeled joints (14, 2), NaN where unknown, span ``share`` of the picture's height (along the longer side of
    their box), at a random position. The background is the photo itself, stretched and blurred until nobody can be
    recognized in it, and the border of the paste is softened, so that neither a flat color nor a hard edge marks the
    person.
    """
    width = int(height * rng.choice([0.75, 1.0, 4 / 3]))
    low, high = np.nanmin(joints, 0), np.nanmax(joints, 0)
    extent = max((high - low).max(), 1.0)
    scale = min(share * height / extent, 0.98 * width / max(high[0] - low[0], 1.0))
    # Where the joints' box may start so that all of it stays inside; the photo around it may stick out.
    room = np.maximum(np.array([width, height]) - (high - low) * scale, 0)
    shift = rng.uniform(0, 1, 2) * room - low * scale
    ground = cv2.GaussianBlur(cv2.resize(photo, (width, height)), (0, 0), height / 12)
    matrix = np.array([[scale, 0, shift[0] + (scale - 1) / 2], [0, scale, shift[1] + (scale - 1) / 2]])
    size = (width, height)
    # A photo that is shrunk is blurred first: only warping it would alias.
    source = photo if scale >= 1 else cv2.GaussianBlur(photo, (0, 0), 0.5 * np.sqrt(1 / scale**2 - 1) + 1e-3)
    enlarged = cv2.warpAffine(source, matrix, size, flags=cv2.INTER_LINEAR)
    inside = cv2.warpAffine(np.full(photo.shape[:2], 1.0, np.float32), matrix, size)
    soft = cv2.blur(inside, (9, 9))[..., None] * inside[..., None]
    picture = ground * (1 - soft) + enlarged * soft
    # By half-pixel centers, as the matrix: x' = (x + 1/2) scale - 1/2 + shift.
    return picture.round().astype(np.uint8), (joints + 0.5) * scale - 0.5 + shift
