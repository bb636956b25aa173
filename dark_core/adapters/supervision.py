"""Decoded joints as ``supervision.KeyPoints``, with their covariance, for its annotators and trackers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from dark_core.adapters._photo import absent_joints, in_photo, require
from dark_core.codec import Decoded

if TYPE_CHECKING:
    from supervision import KeyPoints

    from dark_core.pose.crop_transform import CropTransform


def to_supervision(
    decoded: Decoded[Any], transforms: CropTransform | Sequence[CropTransform], absent: ArrayLike | None = None
) -> KeyPoints:
    """Return joints in photo px as ``supervision.KeyPoints``.

    supervision's ``VertexEllipseAreaAnnotator`` and its kin draw ``data["covariance"]`` as it is.

    Parameters
    ----------
    decoded
        Joints of shape (N, K), or (K,) for one person, as ``decode`` returns them.
    transforms
        From the photo to the crop of each person; a single one for one person.
    absent
        (N, K), True for joints that are not in the photo; None says of all that they are.

    Returns
    -------
    supervision.KeyPoints
        ``xy`` (N, K, 2) photo px, ``keypoint_confidence`` (N, K) the scores, ``visible`` False for absent joints.
        ``data`` holds ``ok`` (N, K) and, from a decoder that has one, ``covariance`` (N, K, 2, 2) in photo px^2.

    Raises
    ------
    ModuleNotFoundError
        If supervision is not installed.
    ValueError
        If there is not one transform for each person, or one value of ``absent`` for each joint.

    Examples
    --------
    >>> from dark_core.codec import decode, encode
    >>> from dark_core.pose import CropTransform
    >>> joints = decode(encode([[20.3, 31.7], [9.0, 5.5]], size=(48, 64), sigma=2.0), "gaussian_fit")
    >>> transform = CropTransform.from_box((100, 50, 292, 306), size=(192, 256))
    >>> key_points = to_supervision(joints, transform)
    >>> key_points.xy.shape, key_points.data["covariance"].shape
    ((1, 2, 2), (1, 2, 2, 2))
    """
    key_points = require("supervision").KeyPoints
    xy, score, ok, covariance = in_photo(decoded, transforms)
    data = {"ok": ok}
    if covariance is not None:
        data["covariance"] = covariance.astype(np.float32)
    return key_points(
        xy=xy.astype(np.float32),
        keypoint_confidence=score.astype(np.float32),
        visible=~absent_joints(absent, score.shape),
        data=data,
    )
