"""Decoded joints as FiftyOne's keypoints, for its app and its evaluations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from dark_core.adapters._photo import absent_joints, in_photo, require
from dark_core.codec import Decoded

if TYPE_CHECKING:
    from fiftyone import Keypoints

    from dark_core.pose.crop_transform import CropTransform


def to_fiftyone(
    decoded: Decoded[Any],
    transforms: CropTransform | Sequence[CropTransform],
    photo_size: tuple[int, int],
    absent: ArrayLike | None = None,
    label: str = "person",
) -> Keypoints:
    """Return joints as ``fiftyone.Keypoints``, with one ``Keypoint`` for each person.

    FiftyOne counts from the photo's edges, 0 to 1, and so (x + 1/2) / W is the center of pixel x.

    Parameters
    ----------
    decoded
        Joints of shape (N, K), or (K,) for one person, as ``decode`` returns them.
    transforms
        From the photo to the crop of each person; a single one for one person.
    photo_size
        (W, H) of the photo in px.
    absent
        (N, K), True for joints that are not in the photo; None says of all that they are.
    label
        Of each person.

    Returns
    -------
    fiftyone.Keypoints
        Points are NaN for joints that are absent or decoded outside the photo. Confidences are the scores, cut to 0
        to 1.

    Raises
    ------
    ModuleNotFoundError
        If fiftyone is not installed.
    ValueError
        If there is not one transform for each person, or one value of ``absent`` for each joint.
    """
    fiftyone = require("fiftyone")
    joints = in_photo(decoded, transforms)
    points = (joints.xy + 0.5) / photo_size
    outside = ((points < 0) | (points > 1)).any(-1) | absent_joints(absent, joints.score.shape)
    points[outside] = np.nan
    confidence = np.nan_to_num(joints.score).clip(0, 1)
    people = [
        fiftyone.Keypoint(label=label, points=[(x, y) for x, y in person], confidence=scores)
        for person, scores in zip(points.tolist(), confidence.tolist())
    ]
    return fiftyone.Keypoints(keypoints=people)
