"""The centroid of a softmax of the heatmap: of all of it, without the share of the empty pixels, or near the peak."""

from __future__ import annotations

import numpy as np

from dark_core.codec._fast.backend import AnyArray, asarray_like, at_least_float32, namespace, to_float64
from dark_core.codec._fast.heatmap_batch import HeatmapBatch
from dark_core.codec.decoders.centroid import centroid, grid
from dark_core.codec.registry import decoder
from dark_core.codec.status import Status

REACH = 2
"""Heatmap px from the peak along each axis that the local softmax sees: 5 x 5 pixels."""
LOCAL_TEMPERATURE = 0.1
"""Of the local softmax, in units of the peak. It has no empty pixels to outweigh, so that it may be a high one."""


def _softmax(batch: HeatmapBatch) -> tuple[AnyArray, AnyArray, AnyArray]:
    """(M, H, W) e^((h - max h) / T max h), (M,) the same for an empty pixel, and (M,) whether the peak is positive.

    A heatmap that is nowhere positive has no peak to measure T by: T is then in units of one.
    """
    xp = namespace(batch.heatmaps)
    top = at_least_float32(batch.score)
    positive = top > 0
    scale = batch.temperature * xp.where(positive, top, 1.0)
    weight = xp.exp((at_least_float32(batch.heatmaps) - top[:, None, None]) / scale[:, None, None])
    return weight, xp.exp(-top / scale), positive


@decoder(
    "soft_argmax",
    title="Soft-argmax",
    formula=r"\hat{x} = \sum_x e^{h(x)/T}\,x \,/\, \sum_x e^{h(x)/T}",
    source="Luvizon et al. 2017, Sun et al. 2018 (integral regression); T = 0.05 of the peak",
    known_failure="A high temperature pulls it to the middle of the heatmap, a low one to the largest pixel.",
)
def soft_argmax(batch: HeatmapBatch) -> tuple[AnyArray, AnyArray]:
    """Decode as the centroid of softmax(h / (T max h)), with T the batch's temperature."""
    weight, _, positive = _softmax(batch)
    soft, _ = centroid(batch, weight, *grid(batch))
    xp = namespace(weight)
    xy = xp.where(positive[:, None], soft, to_float64(batch.peak))
    return xy, xp.where(positive, Status.FINE, Status.NOT_POSITIVE)


@decoder(
    "soft_argmax_compensated",
    title="Soft-argmax, compensated",
    formula=r"\hat{x} = \frac{C\,\hat{x}_{soft} - n\,\bar{x}}{C - n}",
    source="Gu et al. 2021: the share of the n empty pixels taken back out of the sum C",
    known_failure="Noise fills the pixels that it takes for empty.",
)
def soft_argmax_compensated(batch: HeatmapBatch) -> tuple[AnyArray, AnyArray]:
    """Decode as soft-argmax, and take the empty pixels' share back out.

    Every empty pixel weighs e^0 and pulls to the middle; with C the sum of all weights and n pixels
    mu = (C mu_soft - n center) / (C - n) (Gu et al. 2021, "Removing the bias of integral pose regression").
    """
    xp = namespace(batch.heatmaps)
    weight, one_empty, positive = _softmax(batch)
    soft, _ = centroid(batch, weight, *grid(batch))
    total = to_float64(weight.sum((1, 2)))
    empty = to_float64(one_empty) * (batch.width * batch.height)
    center = asarray_like(np.array([(batch.width - 1) / 2, (batch.height - 1) / 2]), soft)
    left = total - empty
    fine = positive & (left > 1e-6 * total)
    total, empty, left = total[:, None], empty[:, None], xp.where(fine, left, 1.0)[:, None]  # (M, 1)
    xy = xp.where(fine[:, None], (total * soft - empty * center) / left, to_float64(batch.peak))
    return xy, xp.where(fine, Status.FINE, xp.where(positive, Status.UNSETTLED, Status.NOT_POSITIVE))


@decoder(
    "soft_argmax_local",
    title="Local soft-argmax",
    formula=r"\hat{x} = m + \sum_{|d| \le 2} e^{h(m + d)/T}\,d \,/\, \sum_{|d| \le 2} e^{h(m + d)/T}",
    source="Bulat et al. 2021: the softmax of a square around the peak; 5 × 5 pixels and T = 0.1 of the peak",
    known_failure="Biased towards the center of the largest pixel where the peak is much narrower or broader than σ 2.",
)
def soft_argmax_local(batch: HeatmapBatch) -> tuple[AnyArray, AnyArray]:
    """Decode as the centroid of softmax(h / (T max h)) over the 5 x 5 pixels round the peak that exist."""
    patch, (x, y) = batch.patch(REACH), batch.patch_indices(REACH)  # (M, 5, 5), (M, 5) each
    there = ((y >= 0) & (y < batch.height))[:, :, None] & ((x >= 0) & (x < batch.width))[:, None, :]
    xp, top = namespace(patch), at_least_float32(batch.score)
    positive = top > 0
    scale = LOCAL_TEMPERATURE * xp.where(positive, top, 1.0)
    weight = to_float64(xp.exp((patch - top[:, None, None]) / scale[:, None, None])) * there
    steps = asarray_like(np.arange(-REACH, REACH + 1.0), weight)
    move = xp.stack([(weight.sum(1) * steps).sum(1), (weight.sum(2) * steps).sum(1)], -1)  # (M, 2)
    xy = batch.peak + move * positive[:, None] / weight.sum((1, 2))[:, None]
    return xy, xp.where(positive, Status.FINE, Status.NOT_POSITIVE)
