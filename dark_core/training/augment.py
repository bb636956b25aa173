"""One person into one training crop: turned, scaled, shifted, mirrored, recolored, half hidden."""

from __future__ import annotations

import cv2
import numpy as np

from dark_core.files.annotations import Person
from dark_core.pose.crop_transform import CropTransform, square_box
from dark_core.pose.skeleton import SKELETON

MIRROR = list(SKELETON.mirror)


def augmented(person: Person, size: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(crop (S, S, 3) uint8, joints (14, 2) heatmap px, trust (14,)) of a random view of ``person``."""
    frame, mirrored = _random_frame(person.joints, size, rng)
    crop = frame.crop(person.photo)
    joints, trust = frame.to_heatmap(person.joints), person.trust
    if mirrored:
        joints, trust = joints[MIRROR], trust[MIRROR]
    return _hide(_recolor(crop, rng), rng), joints, trust


def background(person: Person, size: int, rng: np.random.Generator) -> np.ndarray:
    """A crop (S, S, 3) uint8 without a person: the photo beside them, or its scrambled spectrum."""
    beside = _beside(person, rng)
    if beside is None:
        beside = _scrambled(cv2.resize(person.photo, (size, size), interpolation=cv2.INTER_AREA), rng)
    crop = cv2.resize(beside, (size, size), interpolation=cv2.INTER_LINEAR)
    return _hide(_recolor(crop, rng), rng)


def _random_frame(joints: np.ndarray, size: int, rng: np.random.Generator) -> tuple[CropTransform, bool]:
    x0, y0, x1, y1 = square_box(joints)
    side = (x1 - x0) * np.exp(np.clip(rng.normal(0, 0.2), -0.45, 0.55))
    center = np.array([x0 + x1, y0 + y1]) / 2 + rng.normal(0, 0.06, 2) * side
    # Gymnasts stand on their hands: one crop in eight may point anywhere.
    turn = rng.uniform(-np.pi, np.pi) if rng.random() < 0.125 else np.deg2rad(np.clip(rng.normal(0, 30), -80, 80))
    mirrored = bool(rng.random() < 0.5)
    return CropTransform.from_box(
        (*(center - side / 2), *(center + side / 2)), (size, size), 4, turn, mirrored
    ), mirrored


def _recolor(crop: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Exposure, contrast and white balance as one look-up table a channel; now and then gray or blurred."""
    level = np.arange(256, dtype=np.float64) / 255
    gamma, contrast, shift = np.exp(rng.normal(0, 0.25)), np.exp(rng.normal(0, 0.2)), rng.normal(0, 0.08)
    tint = np.exp(rng.normal(0, 0.08, 3))
    table = ((level[:, None] ** gamma - 0.5) * contrast + 0.5 + shift) * tint
    crop = cv2.LUT(crop, np.ascontiguousarray(np.clip(table * 255, 0, 255).astype(np.uint8).reshape(1, 256, 3)))
    if rng.random() < 0.1:
        crop = cv2.cvtColor(cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
    if rng.random() < 0.15:
        crop = cv2.GaussianBlur(crop, (0, 0), rng.uniform(0.4, 1.6))
    return crop


def _hide(crop: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Up to three rectangles painted over in a color or with another part of the crop."""
    size = len(crop)
    for _ in range(rng.choice(4, p=[0.6, 0.2, 0.12, 0.08])):
        width, height = rng.integers(size // 16, size // 4, 2)
        x, y = rng.integers(0, size - width), rng.integers(0, size - height)
        u, v = rng.integers(0, size - width), rng.integers(0, size - height)
        crop = crop.copy()
        patch = crop[v : v + height, u : u + width] if rng.random() < 0.5 else rng.integers(0, 256, 3)
        crop[y : y + height, x : x + width] = patch
    return crop


def _beside(person: Person, rng: np.random.Generator) -> np.ndarray | None:
    """A random square of the photo that the person's widened outline does not touch, if one fits."""
    height, width = person.photo.shape[:2]
    x0, _, x1, _ = square_box(person.joints, margin=1.0)
    low, high = np.nanmin(person.joints, 0) - 0.12 * (x1 - x0), np.nanmax(person.joints, 0) + 0.12 * (x1 - x0)
    strips = [(0, 0, low[0], height), (high[0], 0, width, height), (0, 0, width, low[1]), (0, high[1], width, height)]
    left, top, right, bottom = (int(v) for v in np.clip(strips[rng.integers(4)], 0, [width, height] * 2))
    side = min(right - left, bottom - top)
    if side < 24:
        return None
    side = int(rng.integers(24, side + 1))
    x, y = rng.integers(left, right - side + 1), rng.integers(top, bottom - side + 1)
    return person.photo[y : y + side, x : x + side]


def _scrambled(photo: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The photo with its spectrum kept and its phases drawn at random: its texture without its content."""
    size = photo.shape[0]
    phase = np.exp(1j * np.angle(np.fft.rfft2(rng.normal(size=(size, size)))))[..., None]
    texture = np.fft.irfft2(np.fft.rfft2(photo - photo.mean((0, 1)), axes=(0, 1)) * phase, axes=(0, 1), s=(size, size))
    return np.clip(texture + photo.mean((0, 1)), 0, 255).astype(np.uint8)
