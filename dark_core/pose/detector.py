"""Everyone in a photo, found by one look of a small network at the whole photo and its mirror image.

The network has three maps. The first is a heatmap with a peak at the center of each person's box: it is decoded as the
heatmap of a joint is, except that each of its peaks counts. The two others give the logarithm of the box's width and
height at each pixel.

References
----------
People as points: Zhou et al., "Objects as points", arXiv 1904.07850, 2019.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np
from scipy.special import expit

from dark_core.codec import decode
from dark_core.pose.crop_transform import CropTransform

if TYPE_CHECKING:
    from dark_core.pose.weights import Model

Box = tuple[float, float, float, float]
"""(x0, y0, x1, y1) in pixel edges of the photo."""

Forward = Callable[[np.ndarray], np.ndarray]
"""Crops (N, H, W, 3) uint8, 32 dividing H and W, to heatmaps (N, K, H/4, W/4) float32."""

UNIT = 64.0
"""Side in crop px whose logarithm the network calls 0."""
LONGEST = 1.6
"""A photo with a longer side than so many shorter ones is searched in several overlapping squares."""
MOST_SQUARES = 8
"""Squares of one photo, and so the most that a panorama can cost."""
MOST_PEOPLE = 100
"""Peaks of one square that are looked at."""
MARGIN = 1.1
"""Side of the pose network's square in longer sides of a person's box, as in its training."""
SAME = 0.55
"""Boxes that share this much of their union show one person."""
SIGMA = 2.0
"""Assumed sigma of the Gaussians in the heatmap of people, in heatmap px; it is wider for large people."""


@dataclass(frozen=True)
class Detection:
    """A person found in a photo.

    Attributes
    ----------
    box
        (x0, y0, x1, y1) in pixel edges of the photo.
    score
        Height of the peak, 0 to 1.
    """

    box: Box
    score: float


def expand_to_square(box: Box, margin: float = 1.0) -> Box:
    """Return the square around the center of ``box``.

    Parameters
    ----------
    box
        (x0, y0, x1, y1).
    margin
        Side of the square in longer sides of the box.

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
    half = margin * max(x1 - x0, y1 - y0) / 2
    x, y = (x0 + x1) / 2, (y0 + y1) / 2
    return x - half, y - half, x + half, y + half


class Detector:
    """The person detector, which runs anywhere.

    Parameters
    ----------
    model
        Its input size, and in its card ``least``, the height of a peak from which it is a person.
    forward
        The network: (N, S, S, 3) uint8 to (N, 3, S/4, S/4) float32.
    """

    def __init__(self, model: Model, forward: Forward):
        self.model, self.forward = model, forward

    def find(self, photo: np.ndarray) -> list[Detection]:
        """Return everyone in a photo, see ``find_people``.

        Parameters
        ----------
        photo
            (H, W, 3) uint8 RGB.

        Returns
        -------
        list of Detection
            The largest person first.
        """
        return find_people(photo, self.forward, self.model.size, self.model.card["least"])


def find_people(photo: np.ndarray, forward: Forward, size: int, least: float) -> list[Detection]:
    """Return everyone in a photo, the largest first.

    Parameters
    ----------
    photo
        (H, W, 3) uint8 RGB.
    forward
        The detector's network: (N, S, S, 3) uint8 to (N, 3, S/4, S/4).
    size
        Side S of its input in px.
    least
        Height of a peak from which it is a person.

    Returns
    -------
    list of Detection
        Their boxes lie within the photo.
    """
    transforms = [CropTransform.from_box(square, (size, size)) for square in squares(photo.shape[1], photo.shape[0])]
    maps = _with_mirror(np.stack([transform.crop(photo) for transform in transforms]), forward)
    found = [
        one for transform, part in zip(transforms, maps, strict=True) for one in decode_people(part, least, transform)
    ]
    height, width = photo.shape[:2]
    inside = [
        Detection((max(x0, 0.0), max(y0, 0.0), min(x1, float(width)), min(y1, float(height))), one.score)
        for one in found
        for x0, y0, x1, y1 in [one.box]
        if min(x1, width) - max(x0, 0) >= 1 and min(y1, height) - max(y0, 0) >= 1
    ]
    return sorted(without_doubles(inside), key=lambda one: -_area(one.box))


def _with_mirror(crops: np.ndarray, forward: Forward) -> np.ndarray:
    """(N, 3, H, W) maps of crops (N, S, S, 3), each the mean with that of its mirror image, turned back."""
    maps = forward(np.concatenate([crops, crops[:, :, ::-1]]))
    mean: np.ndarray = (maps[: len(crops)] + maps[len(crops) :, ..., ::-1]) / 2
    return mean


def squares(width: int, height: int) -> list[Box]:
    """Return the squares in which a photo is searched.

    Parameters
    ----------
    width, height
        Of the photo, in px.

    Returns
    -------
    list of tuple of float
        One square around the whole photo, or several along its longer side that overlap.

    Examples
    --------
    >>> squares(40, 30)
    [(0.0, -5.0, 40.0, 35.0)]
    >>> squares(20, 10)
    [(0.0, -2.5, 15.0, 12.5), (5.0, -2.5, 20.0, 12.5)]
    """
    short, long = sorted((width, height))
    side = float(long) if long <= LONGEST * short else max(1.5 * short, 1.5 * long / MOST_SQUARES)
    count = 1 + int(np.ceil((long - side) / (0.6 * side) - 1e-9)) if long > side else 1
    starts = np.linspace(0, long - side, count).tolist()
    across = (short - side) / 2
    boxes = [(start, across, start + side, across + side) for start in starts]
    return boxes if width >= height else [(y0, x0, y1, x1) for x0, y0, x1, y1 in boxes]


def decode_people(maps: np.ndarray, least: float, transform: CropTransform) -> list[Detection]:
    """Return a detection for each peak of the heatmap of people.

    Parameters
    ----------
    maps
        (3, H, W): the logit of the heatmap, and the logarithms of width and height in ``UNIT``.
    least
        Height of a peak from which it is a person.
    transform
        From the photo to the network's input.

    Returns
    -------
    list of Detection
        The highest peak first; boxes in photo px.
    """
    heatmap: np.ndarray = expit(maps[0])
    peaks = (heatmap == cv2.dilate(heatmap, np.ones((3, 3), np.uint8))) & (heatmap >= least)
    ys, xs = np.nonzero(peaks)
    if not len(ys):
        return []
    best = np.argsort(-heatmap[ys, xs], kind="stable")[:MOST_PEOPLE]
    ys, xs = ys[best], xs[best]
    # One patch a peak, so that each is decoded as the heatmap of a joint is.
    reach = 5
    padded = np.pad(heatmap, reach)
    patches = np.stack([padded[y : y + 2 * reach + 1, x : x + 2 * reach + 1] for y, x in zip(ys, xs, strict=True)])
    offset = np.clip(decode(patches, "dark", SIGMA).xy - reach, -1, 1)
    center = transform.to_photo(np.stack([xs, ys], -1) + offset) + 0.5  # pixel edges
    crop_px = float(np.sqrt(abs(np.linalg.det(transform.matrix[:, :2]))))  # crop px per photo px
    half = UNIT / 2 * np.exp(np.clip(maps[1:, ys, xs], -4, 4)).T / crop_px
    boxes = np.concatenate([center - half, center + half], -1)
    return [
        Detection((x0, y0, x1, y1), float(score))
        for (x0, y0, x1, y1), score in zip(boxes.tolist(), heatmap[ys, xs], strict=True)
    ]


def without_doubles(found: list[Detection]) -> list[Detection]:
    """Return the detections without those that show the person of a better one.

    Parameters
    ----------
    found
        In any order.

    Returns
    -------
    list of Detection
        The best first.
    """
    kept: list[Detection] = []
    for one in sorted(found, key=lambda one: -one.score):
        if all(overlap(one.box, other.box) < SAME for other in kept):
            kept.append(one)
    return kept


def overlap(one: Box, other: Box) -> float:
    """Return the intersection of two boxes over their union.

    Parameters
    ----------
    one, other
        (x0, y0, x1, y1).

    Returns
    -------
    float
        0 to 1.

    Examples
    --------
    >>> overlap((0, 0, 10, 10), (5, 0, 15, 10)) == 50 / 150
    True
    """
    wide = min(one[2], other[2]) - max(one[0], other[0])
    tall = min(one[3], other[3]) - max(one[1], other[1])
    shared = max(wide, 0.0) * max(tall, 0.0)
    return shared / (_area(one) + _area(other) - shared)


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])
