"""A person detector on boxed photos: recall, precision, and how often it finds somebody where nobody is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import cv2
import numpy as np

from dark_core.files.boxed_photos import BoxedPhoto
from dark_core.pose.detector import Detection, overlap

MATCH = 0.5
"""Intersection over union from which a detection shows a labeled person."""

LEAST_SIDE = 96
"""Side in px below which a part of a photo beside its people is not looked at."""


def match(found: list[Detection], boxes: np.ndarray) -> list[int]:
    """The labeled box that each detection shows, or -1: the best detection chooses first, each box is taken once."""
    taken: dict[int, int] = {}
    for k in sorted(range(len(found)), key=lambda k: -found[k].score):
        shared = [0.0 if n in taken.values() else overlap(found[k].box, tuple(box)) for n, box in enumerate(boxes)]
        if shared and max(shared) >= MATCH:
            taken[k] = int(np.argmax(shared))
    return [taken.get(k, -1) for k in range(len(found))]


def recall_precision(photos: Sequence[BoxedPhoto], found: Sequence[list[Detection]], taller: float) -> dict[str, float]:
    """How many people at least ``taller`` of their photo's height are found, and how many of such finds are people.

    ``found`` are the detections in each of ``photos``. ``people`` and ``detections`` of the result are counts;
    ``recall`` and ``precision`` are shares, NaN of none. A detection counts as right where it shows any labeled person,
    of whatever height.
    """
    people = hits = detections = right = 0
    for boxed, seen in zip(photos, found, strict=True):
        least = taller * boxed.photo.shape[0]
        matched = match(seen, boxed.boxes)
        tall = np.nonzero(boxed.boxes[:, 3] - boxed.boxes[:, 1] >= least)[0].tolist()
        people += len(tall)
        hits += sum(n in matched for n in tall)
        for one, n in zip(seen, matched, strict=True):
            if one.box[3] - one.box[1] >= least:
                detections += 1
                right += n >= 0
    return {
        "people": people,
        "recall": hits / people if people else np.nan,
        "detections": detections,
        "precision": right / detections if detections else np.nan,
    }


def without_people(photos: list[BoxedPhoto]) -> Iterator[np.ndarray]:
    """Photographs without a person, (H, W, 3) each.

    Of each photo two: its people painted out, and the largest part beside them. Painting grows the surroundings over
    the boxes (inpainting, Telea 2004); photos whose boxes cover more than half are left out. A part is at least
    ``LEAST_SIDE`` px wide and high.
    """
    for boxed in photos:
        height, width = boxed.photo.shape[:2]
        mask = np.zeros((height, width), np.uint8)
        for x0, y0, x1, y1 in boxed.boxes:
            mask[max(0, int(y0) - 4) : int(y1) + 5, max(0, int(x0) - 4) : int(x1) + 5] = 255
        if 0 < np.count_nonzero(mask) <= 0.5 * mask.size:
            yield cv2.inpaint(boxed.photo, mask, 5, cv2.INPAINT_TELEA)
        if len(boxed.boxes):
            left, top = boxed.boxes[:, :2].min(0).astype(int)
            right, bottom = np.ceil(boxed.boxes[:, 2:].max(0)).astype(int)
            beside = [
                boxed.photo[:, : max(left, 0)],
                boxed.photo[:, right:],
                boxed.photo[: max(top, 0)],
                boxed.photo[bottom:],
            ]
            part = max(beside, key=lambda one: one.shape[0] * one.shape[1])
            if min(part.shape[:2]) >= LEAST_SIDE:
                yield np.ascontiguousarray(part)
