"""Where in a photo is the person? A coarse scan with the pose network itself, then a closer look.

The network is convolutional, so one pass over a resized photo covers every window of that size at once.
A window's worth is how sure the network is of the 14 joints inside it. The best windows are cropped and
run at full size, and the joints of the surest one give the box.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from dark_core.codec import decode
from dark_core.pose.crop_transform import GRAY, CropTransform, square_box

Box = tuple[float, float, float, float]
"""(x0, y0, x1, y1) in pixel edges of the photo."""

Forward = Callable[[np.ndarray], np.ndarray]
"""Crops (N, H, W, 3) uint8 to heatmaps (N, 14, H/4, W/4)."""

WINDOWS = (1.5, 1.1, 0.8, 0.6, 0.44, 0.33)
"""Sides of the windows scanned, in heights of the photo: people from a quarter of it to all of it."""
SCAN_PX = 80
"""Side of a window in the scan, in px: coarser than the network's own crop, and faster."""
SCAN_AREA = 1_500_000
"""Largest picture scanned, in px: a long panorama is not searched for people far smaller than its height."""
CANDIDATES = 4
PRESENT = 0.35
"""Share of the upper quartile of a person's scores from which a joint takes part in drawing the box."""


def expand_to_square(box: Box) -> Box:
    """Return the square with the same center whose side is the longer one of ``box`` (x0, y0, x1, y1)."""
    x0, y0, x1, y1 = (float(v) for v in box)
    half = max(x1 - x0, y1 - y0) / 2
    x, y = (x0 + x1) / 2, (y0 + y1) / 2
    return x - half, y - half, x + half, y + half


def find_person(photo: np.ndarray, forward: Forward, forward_flipped: Forward, size: int, sigma: float) -> Box:
    """Find the square round the person that the network is surest of.

    There is always an answer; its joint scores tell whether it holds a person (``has_person``).

    Parameters
    ----------
    photo : ndarray (H, W, 3)
        uint8 RGB.
    forward, forward_flipped : callable
        Crops (N, H, W, 3) to heatmaps (N, 14, H/4, W/4). The second may take twice as long (flip average): it sees
        the best candidate alone.
    size : int
        Side of the network's crop, px.
    sigma : float
        Standard deviation of the network's targets, heatmap px.

    Returns
    -------
    Box
        (x0, y0, x1, y1) in pixel edges of the photo.
    """
    boxes = [box for _, box in sorted(scan(photo, forward), key=lambda found: -found[0])[:CANDIDATES]]
    for network in (forward, forward_flipped):
        transforms = [CropTransform.from_box(box, (size, size)) for box in boxes]
        maps = network(np.stack([transform.crop(photo) for transform in transforms]))
        joints = decode(maps, "dark", sigma)
        boxes = [
            tighten(transform.to_photo(xy), score, box)
            for transform, xy, score, box in zip(transforms, joints.xy, joints.score, boxes, strict=True)
        ]
        best = int(joints.score.mean(1).argmax())
        boxes = [boxes[best]]
    return boxes[0]


def tighten(xy: np.ndarray, score: np.ndarray, box: Box) -> Box:
    """Return the square round the joints (14, 2) that are present, or ``box`` where these are too few."""
    present = score > PRESENT * np.quantile(score, 0.75)
    return square_box(xy[present]) if present.sum() >= 4 else box


def scan(photo: np.ndarray, forward: Forward) -> list[tuple[float, Box]]:
    """Return (worth, box) of the best windows at every scale."""
    found: list[tuple[float, Box]] = []
    height, width = photo.shape[:2]
    for window in WINDOWS:
        side = window * height  # photo px
        scale = SCAN_PX / side
        # A gray margin of half a window, so that people at the edge stand in the middle of one.
        margin = SCAN_PX // 2
        w, h = (32 * int(np.ceil((length * scale + 2 * margin) / 32)) for length in (width, height))
        if found and w * h > SCAN_AREA:
            break
        small = cv2.resize(
            photo, (max(1, round(width * scale)), max(1, round(height * scale))), interpolation=cv2.INTER_AREA
        )
        canvas = np.full((h, w, 3), GRAY, np.uint8)
        canvas[margin : margin + small.shape[0], margin : margin + small.shape[1]] = small
        maps = np.clip(forward(canvas[None])[0], 0, 1)
        for worth, x, y in best_windows(maps, SCAN_PX // 4):
            x0, y0 = (4 * x - margin) / scale, (4 * y - margin) / scale
            found.append((worth, (x0, y0, x0 + side, y0 + side)))
    return found


def best_windows(maps: np.ndarray, side: int, count: int = 2) -> list[tuple[float, int, int]]:
    """Return the ``count`` best (worth, x, y) windows of ``side`` px in maps (14, H, W), clear of each other.

    A window's worth is the mean over the joints of the largest value inside it, averaged with its
    neighbors': of all windows that hold a person, the one with the person in its middle is best.
    """
    kernel = np.ones((side, side), np.uint8)
    # A dilation anchored at its corner is the maximum over the window that starts there.
    worth = np.mean([cv2.dilate(m, kernel, anchor=(0, 0), borderValue=0) for m in maps], axis=0)
    worth = worth[: maps.shape[1] - side + 1, : maps.shape[2] - side + 1]
    worth = cv2.blur(worth, (side // 2 + 1, side // 2 + 1), borderType=cv2.BORDER_CONSTANT)
    best = []
    for _ in range(count):
        y, x = np.unravel_index(worth.argmax(), worth.shape)
        best.append((float(worth[y, x]), int(x), int(y)))
        worth[max(0, y - side + 1) : y + side, max(0, x - side + 1) : x + side] = -1
    return best
