"""From a photo and boxes to poses: crops, the flip test, decoding, and what is said of each joint.

Nothing here knows what runs the networks: they are functions of crops.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from dark_core.codec import decode, flip_average
from dark_core.pose.calibration import confidence, joint_status
from dark_core.pose.crop_transform import CropTransform
from dark_core.pose.detector import MARGIN, Box, Detection, Forward, expand_to_square
from dark_core.pose.pose import Pose, has_person
from dark_core.pose.skeleton import SKELETON
from dark_core.pose.weights import Model

MOST_PEOPLE = 32
"""People of one photo whose joints are looked for, the largest first; it bounds the time of one photo."""


def with_flip(forward: Forward) -> Forward:
    """Return ``forward`` with the flip test: crops and their mirror images go through in one batch, and are averaged.

    See ``dark_core.codec.flip_average``. This project counts by half-pixel centers, so no shift is needed.

    Parameters
    ----------
    forward
        Crops (N, H, W, 3) uint8 to heatmaps (N, 14, H/4, W/4).

    Returns
    -------
    callable
        The same, averaged.
    """

    def averaged(crops: np.ndarray) -> np.ndarray:
        heatmaps, flipped = np.split(forward(np.concatenate([crops, crops[:, :, ::-1]])), 2)
        return flip_average(heatmaps, flipped, SKELETON.mirror, "half_pixel")

    return averaged


class PosePredictor:
    """A pose network and a person detector that run anywhere, each behind a function of crops.

    Parameters
    ----------
    model
        The pose network's size, sigma and card.
    forward
        Crops (N, H, W, 3) uint8, 32 dividing H and W, to heatmaps (N, 14, H/4, W/4) float32.
    find
        A photo (H, W, 3) uint8 to the people in it, the largest first, see ``find_people``.

    Attributes
    ----------
    model, forward, find
        As given.
    forward_flipped
        ``forward`` with the flip test of ``with_flip``.
    """

    def __init__(self, model: Model, forward: Forward, find: Callable[[np.ndarray], list[Detection]]):
        self.model, self.forward, self.find = model, forward, find
        self.forward_flipped = with_flip(forward)

    def crop_transform(self, box: Box) -> CropTransform:
        """Return the transform from the photo to the network's crop of ``box``.

        Parameters
        ----------
        box
            (x0, y0, x1, y1) in pixel edges of the photo; it grows to a square.

        Returns
        -------
        CropTransform
            Its crop has the network's input size.

        Raises
        ------
        ValueError
            If the box is not finite or has no area.
        """
        return CropTransform.from_box(expand_to_square(box), (self.model.size, self.model.size))

    def heatmaps(self, photo: np.ndarray, transform: CropTransform) -> np.ndarray:
        """Return the heatmaps of one crop, averaged with those of its mirror image.

        Parameters
        ----------
        photo
            (H, W, 3) uint8 RGB.
        transform
            From the photo to the crop, see ``crop_transform``.

        Returns
        -------
        numpy.ndarray
            (14, H, W) float32.
        """
        heatmaps: np.ndarray = self.forward_flipped(transform.crop(photo)[None])[0]
        return heatmaps

    def locate(self, photo: np.ndarray) -> list[Box]:
        """Return the box of everyone in a photo, the largest person first.

        Parameters
        ----------
        photo
            (H, W, 3) uint8 RGB.

        Returns
        -------
        list of tuple of float
            At most ``MOST_PEOPLE`` boxes (x0, y0, x1, y1) in pixel edges of the photo.
        """
        return [one.box for one in self.find(photo)[:MOST_PEOPLE]]

    def predict(self, photo: np.ndarray, box: Box | None = None, decoder: str = "dark") -> Pose:
        """Return the 14 joints of the person in a box, or of the largest person in the photo.

        Parameters
        ----------
        photo
            (H, W, 3) uint8 RGB.
        box
            (x0, y0, x1, y1) in pixel edges of the photo; it grows to a square. None finds the person.
        decoder
            One of ``dark_core.codec.DECODERS``.

        Returns
        -------
        Pose
            Joints in photo px, and how they were found. Where nobody is found, those of the whole photo, with
            ``has_person`` False.

        Raises
        ------
        ValueError
            If ``photo`` has another shape or type, the box no area, or the decoder is unknown.
        """
        _check(photo)
        if box is not None:
            return self.predict_boxes(photo, [box], decoder)[0]
        found = self.predict_found(photo, self.locate(photo), decoder)
        return found[0] if found else self.predict_nobody(photo, decoder)

    def predict_all(self, photo: np.ndarray, decoder: str = "dark") -> list[Pose]:
        """Return the 14 joints of everyone in a photo, in one batch.

        Parameters
        ----------
        photo
            (H, W, 3) uint8 RGB.
        decoder
            One of ``dark_core.codec.DECODERS``.

        Returns
        -------
        list of Pose
            The largest person first, at most ``MOST_PEOPLE``; empty where nobody is found.

        Raises
        ------
        ValueError
            If ``photo`` has another shape or type, or the decoder is unknown.
        """
        _check(photo)
        return self.predict_found(photo, self.locate(photo), decoder)

    def predict_found(self, photo: np.ndarray, boxes: Sequence[Box], decoder: str = "dark") -> list[Pose]:
        """Return the 14 joints of everyone in the boxes of ``locate``, without boxes in which no joints are seen.

        Parameters
        ----------
        photo
            (H, W, 3) uint8 RGB.
        boxes
            As ``locate`` returns them.
        decoder
            One of ``dark_core.codec.DECODERS``.

        Returns
        -------
        list of Pose
            In the order of the boxes; ``has_person`` is True of each.

        Raises
        ------
        ValueError
            If the decoder is unknown.
        """
        return [pose for pose in self.predict_boxes(photo, boxes, decoder, MARGIN) if pose.has_person]

    def predict_boxes(
        self, photo: np.ndarray, boxes: Sequence[Box], decoder: str = "dark", margin: float = 1.0
    ) -> list[Pose]:
        """Return the 14 joints of the person in each box, in one batch.

        Parameters
        ----------
        photo
            (H, W, 3) uint8 RGB.
        boxes
            Each (x0, y0, x1, y1) in pixel edges of the photo; it grows to a square.
        decoder
            One of ``dark_core.codec.DECODERS``.
        margin
            Side of the network's square in longer sides of the box; ``MARGIN`` for boxes that end at the person.

        Returns
        -------
        list of Pose
            In the order of the boxes.

        Raises
        ------
        ValueError
            If a box has no area, or the decoder is unknown.
        """
        if not boxes:
            return []
        squares = [expand_to_square(box, margin) for box in boxes]
        transforms = [self.crop_transform(square) for square in squares]
        heatmaps = self.forward_flipped(np.stack([one.crop(photo) for one in transforms]))  # (N, 14, H, W)
        joints = decode(heatmaps, decoder, self.model.sigma)
        return [
            self._pose(photo, *one)
            for one in zip(boxes, squares, transforms, heatmaps, joints.xy, joints.score, strict=True)
        ]

    def predict_nobody(self, photo: np.ndarray, decoder: str = "dark") -> Pose:
        """Return what the network answers on a whole photo in which nobody was found.

        Parameters
        ----------
        photo
            (H, W, 3) uint8 RGB.
        decoder
            One of ``dark_core.codec.DECODERS``.

        Returns
        -------
        Pose
            ``has_person`` is False, and each joint is a guess.
        """
        height, width = photo.shape[:2]
        square = expand_to_square((0, 0, width, height))
        transform = self.crop_transform(square)
        heatmaps = self.heatmaps(photo, transform)
        joints = decode(heatmaps, decoder, self.model.sigma)
        probability = confidence(joints.score, self.model.card.get("calibration"))
        guesses = ("guess",) * len(SKELETON)
        xy = transform.to_photo(joints.xy)
        return Pose(
            xy, joints.score, probability, guesses, square, square, heatmaps, transform, self.model.sigma, False
        )

    def _pose(
        self,
        photo: np.ndarray,
        box: Box,
        square: Box,
        transform: CropTransform,
        heatmaps: np.ndarray,
        heatmap_xy: np.ndarray,
        score: np.ndarray,
    ) -> Pose:
        xy = transform.to_photo(heatmap_xy)
        probability = confidence(score, self.model.card.get("calibration"))
        there = has_person(score)
        absent = score < self.model.card.get("absent", 0.0)
        height, width = photo.shape[:2]
        status = joint_status(probability, xy, heatmaps, transform, (width, height), there, absent)
        xy = np.where(np.array([one == "absent" for one in status])[:, None], np.nan, xy)
        return Pose(xy, score, probability, status, box, square, heatmaps, transform, self.model.sigma, there)


def _check(photo: np.ndarray) -> None:
    if photo.ndim != 3 or photo.shape[2] != 3 or photo.dtype != np.uint8:
        raise ValueError(f"photo must be (H, W, 3) uint8 RGB, got {photo.shape} {photo.dtype}")
