"""A random view of a photo and of the boxes in it: moved, scaled, stretched, mirrored, recolored, or four in one."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from dark_core.files.boxed_photos import BoxedPhoto
from dark_core.pose.crop_transform import CropTransform
from dark_core.training.augment import STRETCH, hide, piece, recolor

KEPT = 0.35
"""Share of a box that must be in the view for the person to count; with less of it, nothing is asked there."""
SMALLEST = 0.07
"""Height of a person in sides of the view below which nothing is asked."""


@dataclass(frozen=True)
class View:
    """crop: (S, S, 3) uint8; boxes: (K, 4) of the people to find; ignored: (L, 4) where nothing is asked.

    Boxes are (x0, y0, x1, y1) in pixel edges of the crop.
    """

    crop: np.ndarray
    boxes: np.ndarray
    ignored: np.ndarray


def random_view(photos: list[BoxedPhoto], size: int, rng: np.random.Generator) -> View:
    """A view of ``size`` px of the first of four photos, or, one time in five, of a quarter of that size of each."""
    if rng.random() < 0.8:
        return _view(photos[0], size, rng)
    half = size // 2
    quarters = [_view(photo, half, rng) for photo in photos]
    corners = np.array([[0, 0], [half, 0], [0, half], [half, half]])
    top, bottom = (np.hstack([quarters[k].crop, quarters[k + 1].crop]) for k in (0, 2))
    moved = [np.tile(corner, 2) for corner in corners]
    boxes = np.concatenate([part.boxes + at for part, at in zip(quarters, moved, strict=True)])
    ignored = np.concatenate([part.ignored + at for part, at in zip(quarters, moved, strict=True)])
    small = boxes[:, 3] - boxes[:, 1] < SMALLEST * size
    return View(np.vstack([top, bottom]), boxes[~small], np.concatenate([ignored, boxes[small]]))


def _view(boxed: BoxedPhoto, size: int, rng: np.random.Generator) -> View:
    height, width = boxed.photo.shape[:2]
    whole = max(width, height)
    if rng.random() < 0.4:  # about as the app shows it
        side, center = whole * np.exp(rng.uniform(-0.1, 0.1)), np.array([width, height]) / 2
    else:
        side = whole * np.exp(rng.uniform(np.log(0.35), np.log(1.7)))
        spread = np.abs(np.array([width, height]) - side) / 2
        center = np.array([width, height]) / 2 + rng.uniform(-1, 1, 2) * spread
    center = center + rng.normal(0, 0.03, 2) * side
    aspect = np.exp(rng.uniform(-STRETCH, STRETCH) / 2) if rng.random() < 0.6 else 1.0
    half = side / 2 * np.array([aspect, 1 / aspect])
    mirrored = bool(rng.random() < 0.5)
    transform = CropTransform.from_box((*(center - half), *(center + half)), (size, size), flip=mirrored)
    crop = recolor(transform.crop(boxed.photo), rng)
    corners = transform.to_crop(boxed.boxes.reshape(-1, 2, 2) - 0.5) + 0.5
    boxes = np.concatenate([corners.min(1), corners.max(1)], -1)  # (K, 4), also where mirrored
    cut = np.clip(boxes, 0, size)
    seen = _area(cut) / np.maximum(_area(boxes), 1e-9)
    asked = (seen >= KEPT) & (cut[:, 3] - cut[:, 1] >= SMALLEST * size)
    ignored = cut[~asked & (seen > 0.05)]
    if not boxed.everyone:  # all but the grown box of the one person
        x0, y0, x1, y1 = cut[0] + 0.05 * size * np.array([-1, -1, 1, 1])
        rest = np.array([[0, 0, size, y0], [0, y1, size, size], [0, y0, x0, y1], [x1, y0, size, y1]])
        ignored = np.concatenate([ignored, rest[(rest[:, 2] > rest[:, 0]) & (rest[:, 3] > rest[:, 1])]])
    if rng.random() < 0.1 and len(cut):
        x, y = rng.integers(0, size - size // 4, 2)
        wide, tall = rng.integers(size // 16, size // 4, 2)
        crop[y : y + tall, x : x + wide] = piece(boxed.photo[: height // 3], int(wide), int(tall), rng)
    if rng.random() < 0.1:
        reduced = cv2.resize(crop, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
        crop = cv2.resize(reduced, (size, size), interpolation=cv2.INTER_LINEAR)
    return View(hide(crop, rng), cut[asked], ignored)


def _area(boxes: np.ndarray) -> np.ndarray:
    """(K,) areas of (K, 4) boxes."""
    return np.maximum(boxes[:, 2] - boxes[:, 0], 0) * np.maximum(boxes[:, 3] - boxes[:, 1], 0)
