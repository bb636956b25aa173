"""One person into one training crop: turned, stretched, cut, shifted, mirrored, recolored, partly hidden.

Gymnasts and athletes turn freely. People of everyday photos, whose labels have a box, stay upright: they are
often cut by the picture's edge, hidden by what stands before them, and seen in photos squashed to squares.
"""

from __future__ import annotations

import cv2
import numpy as np

from dark_core.files.annotations import Person
from dark_core.pose.crop_transform import CropTransform, square_box
from dark_core.pose.skeleton import SKELETON

MIRROR = list(SKELETON.mirror)
OUTSIDE = 2.0
"""Heatmap px beyond the edge from which a joint is surely not in the crop."""


def augmented(
    person: Person, size: int, rng: np.random.Generator, other: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(crop (S, S, 3) uint8, joints (14, 2) heatmap px, trust (14,)) of a random view of ``person``.

    ``other`` is another photo, pieces of which may stand before the person. A joint that is not in the crop has a
    trust and no place on the heatmap: its target is empty.
    """
    transform, mirrored = _random_transform(person, size, rng)
    crop = transform.crop(person.photo)
    joints, trust = transform.to_heatmap(person.joints), person.trust
    if mirrored:
        joints, trust = joints[MIRROR], trust[MIRROR]
    beyond = ((joints < -OUTSIDE - 0.5) | (joints > size // 4 - 0.5 + OUTSIDE)).any(-1)
    trust = np.where(beyond & (trust > 0), 1.0, trust)  # wherever it is exactly, it is not in the crop
    crop = recolor(crop, rng)
    if other is not None and rng.random() < 0.3:
        crop, joints, trust = _occlude(crop, joints, trust, other, rng)
    return hide(crop, rng), joints, trust


def background(person: Person, size: int, rng: np.random.Generator) -> np.ndarray:
    """A crop (S, S, 3) uint8 without a person: the photo beside them, or its scrambled spectrum."""
    beside = _beside(person, rng)
    if beside is None:
        beside = _scrambled(cv2.resize(person.photo, (size, size), interpolation=cv2.INTER_AREA), rng)
    crop = cv2.resize(beside, (size, size), interpolation=cv2.INTER_LINEAR)
    return hide(recolor(crop, rng), rng)


def _random_transform(person: Person, size: int, rng: np.random.Generator) -> tuple[CropTransform, bool]:
    everyday = person.box is not None
    x0, y0, x1, y1 = _upper_body(person, rng) if everyday and rng.random() < 0.3 else person.square_box()
    side = (x1 - x0) * np.exp(np.clip(rng.normal(0, 0.22), -0.5, 0.65))
    center = np.array([x0 + x1, y0 + y1]) / 2 + rng.normal(0, 0.06, 2) * side
    if everyday:
        turn = np.deg2rad(np.clip(rng.normal(0, 12), -40, 40))
    elif rng.random() < 0.125:  # gymnasts stand on their hands: one crop in eight may point anywhere
        turn = rng.uniform(-np.pi, np.pi)
    else:
        turn = np.deg2rad(np.clip(rng.normal(0, 30), -80, 80))
    aspect = np.exp(rng.uniform(-STRETCH, STRETCH) / 2) if rng.random() < 0.5 else 1.0
    half = side / 2 * np.array([aspect, 1 / aspect])
    mirrored = bool(rng.random() < 0.5)
    return CropTransform.from_box((*(center - half), *(center + half)), (size, size), 4, turn, mirrored), mirrored


STRETCH = np.log(4 / 3)
"""Many photos were squashed to squares by those who published them: from 3 : 4 to 4 : 3."""

RIGHT_KNEE, RIGHT_HIP, LEFT_HIP, LEFT_KNEE, RIGHT_SHOULDER, LEFT_SHOULDER = 1, 2, 3, 4, 8, 9


def _upper_body(person: Person, rng: np.random.Generator) -> tuple[float, float, float, float]:
    """A square whose lower edge cuts an upright person at the knees, the waist or the chest, as a webcam does.

    The person's whole square where shoulders and hips are not known or do not stand upright.
    """
    joints = person.joints
    shoulder, hip, knee = (
        np.nanmean(pair) if np.isfinite(pair).any() else np.nan
        for pair in (
            joints[[RIGHT_SHOULDER, LEFT_SHOULDER], 1],
            joints[[RIGHT_HIP, LEFT_HIP], 1],
            joints[[RIGHT_KNEE, LEFT_KNEE], 1],
        )
    )
    x0, y0, x1, y1 = person.square_box()
    torso = hip - shoulder
    cut = (knee, hip + 0.1 * torso, shoulder + 0.6 * torso)[rng.integers(3)] + 0.1 * torso * rng.normal()
    if not torso > 0.1 * (y1 - y0) or not y0 + 0.2 * (y1 - y0) < cut < y1:
        return x0, y0, x1, y1
    head = person.box[1] if person.box else y0
    top = head - 0.1 * (cut - head)
    middle, half = np.nanmean(joints[[RIGHT_SHOULDER, LEFT_SHOULDER], 0]), (cut - top) / 2
    return middle - half, top, middle + half, cut


def _occlude(
    crop: np.ndarray, joints: np.ndarray, trust: np.ndarray, other: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A piece of ``other`` before the person: a patch, or a band over the lower part of the crop, as a desk is.

    A joint behind a patch is a guess, and so is one just behind the desk's edge: their labels weigh a third. What is
    farther behind a desk counts as absent.
    """
    size = len(crop)
    if rng.random() < 0.4:
        x, y, width, height = 0, int(size * rng.uniform(0.5, 0.85)), size, size
    else:
        width, height = rng.integers(size // 8, size // 2, 2)
        x, y = rng.integers(0, size - width), rng.integers(0, size - height)
    height = min(height, size - y)
    crop = crop.copy()
    crop[y : y + height, x : x + width] = piece(other, int(width), int(height), rng)
    at = (joints + 0.5) * 4 - 0.5  # heatmap px to crop px
    with np.errstate(invalid="ignore"):
        behind = ((at >= [x - 0.5, y - 0.5]) & (at < [x + width - 0.5, y + height - 0.5])).all(-1)
        deep = behind & (at[:, 1] > y + 0.08 * size) if width == size else np.zeros(len(at), bool)
    trust = np.where(deep & (trust > 0), 1.0, np.where(behind, trust / 3, trust))
    return crop, np.where(deep[:, None], np.nan, joints), trust


def piece(photo: np.ndarray, width: int, height: int, rng: np.random.Generator) -> np.ndarray:
    """A random part of a photo, (height, width, 3)."""
    tall, wide = photo.shape[:2]
    part_wide, part_tall = max(1, int(wide * rng.uniform(0.2, 0.6))), max(1, int(tall * rng.uniform(0.2, 0.6)))
    left, top = rng.integers(0, wide - part_wide + 1), rng.integers(0, tall - part_tall + 1)
    part = photo[top : top + part_tall, left : left + part_wide]
    return cv2.resize(part, (width, height), interpolation=cv2.INTER_LINEAR)


def recolor(crop: np.ndarray, rng: np.random.Generator) -> np.ndarray:
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


def hide(crop: np.ndarray, rng: np.random.Generator) -> np.ndarray:
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
    if person.box is not None:
        return None  # other people may stand there
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
