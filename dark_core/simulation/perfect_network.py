"""A network that makes no error: its heatmaps are the targets that it was trained on, drawn at the true joints.

What a decoder is off by on these heatmaps is its own error. What it is off by on the heatmaps of a real network has the
error of the network in it as well.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from dark_core.codec import decode, encode

if TYPE_CHECKING:  # the rest of the package needs NumPy alone
    from dark_core.pose.pose import Pose


def perfect_pose(pose: Pose, truth: np.ndarray) -> Pose:
    """Return ``pose`` as a perfect network with unbiased targets would give it.

    Parameters
    ----------
    pose
        Of any network; its box, crop and sigma are kept.
    truth
        (14, 2) true joints in the px of the photo that ``pose`` counts in.

    Returns
    -------
    Pose
        Each heatmap is a Gaussian at the true joint. A joint outside the heatmap has an empty one and is "absent".
    """
    width, height = pose.transform.heatmap_size
    joints = pose.transform.to_heatmap(truth)
    inside = np.all((joints >= -0.5) & (joints <= np.array([width, height]) - 0.5), axis=1)
    drawn = encode(joints, (width, height), pose.sigma, dtype=np.float64)
    heatmaps = np.where(inside[:, None, None], drawn, 0.0)
    xy = np.where(inside[:, None], pose.transform.to_photo(decode(heatmaps, "dark", pose.sigma).xy), np.nan)
    return replace(
        pose,
        xy=xy,
        score=heatmaps.max((1, 2)),
        confidence=np.where(inside, 1.0, 0.0),
        joint_status=tuple("" if one else "absent" for one in inside),
        heatmaps=heatmaps,
        has_person=True,
    )
