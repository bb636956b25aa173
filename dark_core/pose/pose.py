"""The joints of one person, what is said of them, and whether they are those of a person at all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dark_core.pose.crop_transform import CropTransform
from dark_core.pose.detector import Box

NO_PERSON = 0.32
"""Mean of the ``SHOWN`` highest joint scores below which a box shows no person that this network can recognize.

The model card, made by ``dark-core faults``, says how many people score above it, and how high photos without a
person score.
"""
SHOWN = 7
"""Half of the joints: a person at a desk shows no more of them."""


@dataclass(frozen=True)
class Pose:
    """The joints of one person in a photo, with the heatmaps that they were decoded from.

    Attributes
    ----------
    xy
        (14, 2) positions in photo px; NaN for a joint that is not in the picture.
    score
        (14,) heatmap maxima, about 0 to 1.
    confidence
        (14,) probability that a joint lies within 20 % of the torso length of its label.
    joint_status
        "", "guess", "cut off" or "absent" for each joint, see ``dark_core.pose.joint_status``.
    person
        (x0, y0, x1, y1) of the person, as found or given, in pixel edges of the photo.
    box
        The square (x0, y0, x1, y1) that the network saw, in pixel edges of the photo.
    heatmaps
        (14, H, W), with a peak of about 1 where the network is certain.
    transform
        From the photo to the crop and its heatmaps.
    sigma
        Of the Gaussians in the network's targets, in heatmap px.
    has_person
        False where the box shows no person, or none that this network can recognize.
    """

    xy: np.ndarray
    score: np.ndarray
    confidence: np.ndarray
    joint_status: tuple[str, ...]
    person: Box
    box: Box
    heatmaps: np.ndarray
    transform: CropTransform
    sigma: float
    has_person: bool

    @property
    def absent(self) -> np.ndarray:
        """(14,) True for joints that are not in the picture."""
        return np.array([status == "absent" for status in self.joint_status])


def has_person(score: np.ndarray) -> bool:
    """Return whether joint scores are those of a person.

    Parameters
    ----------
    score
        (14,) heatmap maxima.

    Returns
    -------
    bool
        Whether the mean of the ``SHOWN`` highest reaches ``NO_PERSON``.

    Examples
    --------
    >>> has_person(np.full(14, 0.9)), has_person(np.full(14, 0.1))
    (True, False)
    """
    return float(np.sort(score)[-SHOWN:].mean()) >= NO_PERSON
