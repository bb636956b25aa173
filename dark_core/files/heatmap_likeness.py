"""Which arrays of a file, and which of their channels, look like the heatmaps of joints.

DeepLabCut stores the offsets to the joints beside the heatmaps, OpenPose the background and the limbs' affinity fields
after the parts. A heatmap of a joint has one small bright spot on a background that varies little.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dark_core.files.heatmap_layouts import Heatmaps

LOOKED = 64
"""Maps of an array looked at, spread evenly over it."""

SMALL = 0.1
"""Largest share of a map's pixels that are above half the height of its peak."""
ROUND = 3.0
"""How many times farther from its middle such a pixel may be than the radius of a disc of as many pixels."""
UPWARDS = 3.0
"""How many times farther above the median the highest value is than the lowest is below it."""

PARTS = {57: 18, 78: 25, 44: 15}
"""Channels of OpenPose's networks (COCO, BODY_25, MPI) to the parts among them: these come first, then the background,
then two affinity fields of each limb."""


def peak_share(heatmaps: Heatmaps) -> float:
    """The share of maps with one small bright spot, 0 to 1, of some of them."""
    width, height = heatmaps.size
    if min(width, height) < 8:
        return 0.0
    count = min(len(heatmaps), int(np.clip(2**22 // (width * height), 4, LOOKED)))
    which = np.unique(np.linspace(0, len(heatmaps) - 1, count).astype(int))
    with np.errstate(all="ignore"):  # numbers of any size
        spots = [_has_one_spot(heatmaps.take([number])[0].astype(np.float64)) for number in which]
    return float(np.mean(spots))


def _has_one_spot(values: NDArray[np.float64]) -> bool:
    values = np.nan_to_num(values, posinf=0.0, neginf=0.0)
    if values.max() <= 0:  # log-probabilities
        values = np.exp(values - values.max())
    least, middle, most = values.min(), np.median(values), values.max()
    if not most - middle > UPWARDS * (middle - least):
        return False
    y, x = np.nonzero(values > (most + middle) / 2)
    if len(x) > SMALL * values.size:
        return False
    return float(np.hypot(x - x.mean(), y - y.mean()).max()) <= max(2.0, ROUND * np.sqrt(len(x) / np.pi))


def openpose_parts(heatmaps: Heatmaps) -> int | None:
    """How many of the channels are OpenPose's parts, None where it is not an output of that network.

    Its background channel is high nearly everywhere.
    """
    parts = PARTS.get(heatmaps.joints)
    if parts is None:
        return None
    most = [heatmaps.one(0, channel).astype(np.float64) for channel in range(parts + 1)]
    is_background = np.median(most[parts]) > 0.5 > max(np.median(one) for one in most[:parts])
    return parts if is_background else None
