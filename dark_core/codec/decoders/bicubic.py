"""The largest value of the heatmap enlarged four times."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dark_core.codec._fast.backend import AnyArray, asarray_like, namespace, to_float64
from dark_core.codec._fast.heatmap_batch import HeatmapBatch
from dark_core.codec.registry import decoder
from dark_core.codec.status import Status

FINER = 4
"""Points per pixel and axis."""


@decoder(
    "bicubic",
    title="Bicubic × 4",
    formula=r"\hat{x} = \arg\max_x (h \uparrow 4)(x)",
    source="the largest value after enlarging the map four times by cubic convolution (OpenPose, Cao et al. 2017)",
    known_failure="Rounds to quarter pixels; enlarges the noise along with the peak.",
)
def bicubic(batch: HeatmapBatch) -> tuple[AnyArray, Status]:
    """Decode as the largest of four points per pixel and axis, by cubic convolution with a = -3/4 (as OpenCV's)."""
    offset = (np.arange(-FINER, FINER) + 0.5) / FINER  # (8,) -0.875 … 0.875 px
    weights = _cubic(offset[:, None] - np.arange(-3, 4)[None, :])  # (8, 7)
    patch = batch.patch(3)  # (M, 7, 7)
    fine = (asarray_like(weights, patch) @ patch) @ asarray_like(weights.T, patch)  # (M, 8, 8)
    best = fine.reshape(batch.count, -1).argmax(1)  # (M,) into (M, 64)
    steps = asarray_like(offset, to_float64(batch.score))
    xy = batch.peak + namespace(patch).stack([steps[best % len(offset)], steps[best // len(offset)]], -1)  # (M, 2)
    beyond = (FINER - 1) / (2 * FINER)  # how far the enlarged map's outermost points lie outside the map's own
    last = asarray_like(np.array(batch.size), xy) - 1
    return namespace(patch).minimum(xy.clip(-beyond, None), last + beyond), Status.FINE


def _cubic(distance: NDArray[np.float64], a: float = -0.75) -> NDArray[np.float64]:
    """Weight of a pixel at a distance in px (Keys 1981)."""
    d = np.abs(distance)
    near, far = (a + 2) * d**3 - (a + 3) * d**2 + 1, a * (d**3 - 5 * d**2 + 8 * d - 4)
    return np.where(d <= 1, near, np.where(d < 2, far, 0.0))
