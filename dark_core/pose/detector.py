"""The box of the person in a photo, found with the pose network itself: a coarse scan, then two refinements.

The network is convolutional, so one forward pass over a resized photo covers every window of a size. A window's score
is the mean over the 14 joints of the largest heatmap value inside it. The best windows are cropped and run through the
network at its own resolution. The joints with high scores then give the box.
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
"""Crops (N, H, W, 3) uint8, 32 dividing H and W, to heatmaps (N, 14, H/4, W/4) float32."""

WINDOWS = (1.5, 1.1, 0.8, 0.6, 0.44, 0.33)
"""Sides of the windows in heights of the photo: people from a quarter of its height to all of it."""
SCAN_PX = 80
"""Side of a window in the scan, in px: coarser than the network's own crop, and faster."""
SCAN_AREA = 1_500_000
"""Largest image scanned, in px: a long panorama is not searched for people much smaller than its height."""
CANDIDATES = 4
PRESENT = 0.35
"""Share of the upper quartile of a person's scores from which a joint counts for the box."""


def expand_to_square(box: Box) -> Box:
    """Return the square around the center of ``box`` with its longer side.

    Parameters
    ----------
    box
        (x0, y0, x1, y1).

    Returns
    -------
    tuple of float
        (x0, y0, x1, y1) of the square.

    Examples
    --------
    >>> expand_to_square((0, 10, 20, 20))
    (0.0, 5.0, 20.0, 25.0)
    """
    x0, y0, x1, y1 = (float(v) for v in box)
    half = max(x1 - x0, y1 - y0) / 2
    x, y = (x0 + x1) / 2, (y0 + y1) / 2
    return x - half, y - half, x + half, y + half


def find_person(photo: np.ndarray, forward: Forward, forward_flipped: Forward, size: int, sigma: float) -> Box:
    """Return a square around the person with the highest scores.

    A box is returned for every photo; the scores of its joints say whether it holds a person.

    Parameters
    ----------
    photo
        (H, W, 3) uint8 RGB.
    forward
        The network, run on the scan and on the best candidates.
    forward_flipped
        The network with the flip test, run on the best candidate only.
    size
        Side of the network's crops in px.
    sigma
        Of the network's targets, in heatmap px.

    Returns
    -------
    tuple of float
        (x0, y0, x1, y1) in pixel edges of the photo.
    """
    boxes = [box for _, box in sorted(scan(photo, forward), key=lambda found: -found[0])[:CANDIDATES]]
    for network in (forward, forward_flipped):
        transforms = [CropTransform.from_box(box, (size, size)) for box in boxes]
        heatmaps = network(np.stack([transform.crop(photo) for transform in transforms]))
        joints = decode(heatmaps, "dark", sigma)
        boxes = [
            refine_box(transform.to_photo(xy), score, box)
            for transform, xy, score, box in zip(transforms, joints.xy, joints.score, boxes, strict=True)
        ]
        best = int(joints.score.mean(1).argmax())
        boxes = [boxes[best]]
    return boxes[0]


def refine_box(xy: np.ndarray, score: np.ndarray, box: Box) -> Box:
    """Return the square around the joints with high scores, or ``box`` where these are fewer than four.

    Parameters
    ----------
    xy
        (14, 2) photo px.
    score
        (14,) heatmap maxima.
    box
        (x0, y0, x1, y1) that the joints were found in.

    Returns
    -------
    tuple of float
        (x0, y0, x1, y1) in pixel edges of the photo.
    """
    present = score > PRESENT * np.quantile(score, 0.75)
    return square_box(xy[present]) if present.sum() >= 4 else box


def scan(photo: np.ndarray, forward: Forward) -> list[tuple[float, Box]]:
    """Return the best two windows at each scale.

    Parameters
    ----------
    photo
        (H, W, 3) uint8 RGB.
    forward
        The network.

    Returns
    -------
    list of (float, tuple of float)
        Score of a window, and its box (x0, y0, x1, y1) in pixel edges of the photo.
    """
    found: list[tuple[float, Box]] = []
    height, width = photo.shape[:2]
    for window in WINDOWS:
        side = window * height  # photo px
        scale = SCAN_PX / side
        # A gray margin of half a window, so that a person at the edge fits in the middle of one.
        margin = SCAN_PX // 2
        w, h = (32 * int(np.ceil((length * scale + 2 * margin) / 32)) for length in (width, height))
        if found and w * h > SCAN_AREA:
            break
        small = cv2.resize(
            photo, (max(1, round(width * scale)), max(1, round(height * scale))), interpolation=cv2.INTER_AREA
        )
        canvas = np.full((h, w, 3), GRAY, np.uint8)
        canvas[margin : margin + small.shape[0], margin : margin + small.shape[1]] = small
        heatmaps = np.clip(forward(canvas[None])[0], 0, 1)
        for score, x, y in best_windows(heatmaps, SCAN_PX // 4):
            x0, y0 = (4 * x - margin) / scale, (4 * y - margin) / scale
            found.append((score, (x0, y0, x0 + side, y0 + side)))
    return found


def best_windows(heatmaps: np.ndarray, side: int, count: int = 2) -> list[tuple[float, int, int]]:
    """Return the best windows of some heatmaps, clear of each other.

    A window's score is the mean over the joints of the largest value inside it, averaged with the scores of
    neighboring windows: of all windows that hold a person, the one with the person in its middle is best.

    Parameters
    ----------
    heatmaps
        (14, H, W).
    side
        Side of a window in heatmap px.
    count
        How many windows.

    Returns
    -------
    list of (float, int, int)
        Score, and the x and y of the top left pixel.
    """
    kernel = np.ones((side, side), np.uint8)
    # A dilation anchored at its corner is the maximum over the window that starts at the pixel.
    maxima = [cv2.dilate(heatmap, kernel, anchor=(0, 0), borderValue=0) for heatmap in heatmaps]
    score: np.ndarray = np.mean(maxima, axis=0)
    score = score[: heatmaps.shape[1] - side + 1, : heatmaps.shape[2] - side + 1]
    score = cv2.blur(score, (side // 2 + 1, side // 2 + 1), borderType=cv2.BORDER_CONSTANT)
    best = []
    for _ in range(count):
        y, x = np.unravel_index(score.argmax(), score.shape)
        best.append((float(score[y, x]), int(x), int(y)))
        score[max(0, y - side + 1) : y + side, max(0, x - side + 1) : x + side] = -1
    return best
