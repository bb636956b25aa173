"""Weighted averages: of the whole heatmap, of its high pixels, or of a square round the peak."""

from __future__ import annotations

import numpy as np

from dark_core.codec._fast.backend import AnyArray, arange, at_least_float32, namespace, to_float64
from dark_core.codec._fast.heatmap_batch import HeatmapBatch
from dark_core.codec.registry import decoder
from dark_core.codec.status import Status

SHARE = 0.25
"""Share of the peak from which ``thresholded_average`` counts a pixel."""


def centroid(batch: HeatmapBatch, weight: AnyArray, x: AnyArray, y: AnyArray) -> tuple[AnyArray, AnyArray]:
    """(M, 2) Sum(w x) / Sum(w), and (M,) statuses, of weights (M, h, w), none negative, at columns x and rows y.

    x: (M or 1, w); y: (M or 1, h). The peak where there is no weight.
    """
    xp = namespace(weight)
    # Products with ones: a sum along so short an axis is several times slower.
    across = to_float64(xp.ones_like(weight[0, :, 0]) @ weight)  # (h,) (M, h, w) = (M, w)
    down = to_float64(weight @ xp.ones_like(weight[0, 0]))  # (M, h, w) (w,) = (M, h)
    total_x, total_y = across.sum(1), down.sum(1)
    empty = (total_x <= 0) | (total_y <= 0)
    total_x, total_y = (xp.where(empty, 1.0, total) for total in (total_x, total_y))
    xy = xp.stack([(across * x).sum(1) / total_x, (down * y).sum(1) / total_y], -1)  # (M, 2)
    return xp.where(empty[:, None], to_float64(batch.peak), xy), xp.where(empty, Status.NOT_POSITIVE, Status.FINE)


def grid(batch: HeatmapBatch) -> tuple[AnyArray, AnyArray]:
    """(1, W) columns and (1, H) rows of a whole heatmap."""
    return arange(batch.width, batch.heatmaps)[None], arange(batch.height, batch.heatmaps)[None]


@decoder(
    "weighted_average",
    title="Weighted average",
    formula=r"\hat{x} = \sum_x h(x)\,x \,/\, \sum_x h(x)",
    source="the centroid of the whole heatmap, negative values left out",
    known_failure="Noise, a raised ground or a second peak pull it far across the heatmap; an edge pulls it inwards.",
    core=True,
)
def weighted_average(batch: HeatmapBatch) -> tuple[AnyArray, AnyArray]:
    """Decode as the centroid of the whole heatmap, negative values left out."""
    return centroid(batch, at_least_float32(batch.heatmaps).clip(0, None), *grid(batch))


@decoder(
    "thresholded_average",
    title="Average over a quarter of the peak",
    formula=r"\hat{x} = \sum_{h > h(m)/4} h(x)\,x \,/\, \sum_{h > h(m)/4} h(x)",
    source="the centroid of the pixels of at least a quarter of the peak",
    known_failure="Which pixels count changes in jumps; a second peak of that height counts in full.",
)
def thresholded_average(batch: HeatmapBatch) -> tuple[AnyArray, AnyArray]:
    """Decode as the centroid of the pixels of at least a quarter of the peak."""
    xp = namespace(batch.heatmaps)
    heatmaps, top = at_least_float32(batch.heatmaps), at_least_float32(batch.score)
    least = xp.where(top > 0, SHARE * top, np.inf)
    return centroid(batch, xp.where(heatmaps >= least[:, None, None], heatmaps, 0.0), *grid(batch))


def patch_average(batch: HeatmapBatch, reach: int) -> tuple[AnyArray, AnyArray]:
    """Take the centroid of the 2 reach + 1 px square round the peak, of what of it lies on the heatmap."""
    return centroid(batch, batch.patch(reach, outside=0.0).clip(0, None), *batch.patch_indices(reach))


@decoder(
    "patch_average_5",
    title="Average of 5 × 5",
    formula=r"\hat{x} = \sum_{|x - m| \le 2} h(x)\,x \,/\, \sum_{|x - m| \le 2} h(x)",
    source="the centroid of 5 by 5 pixels around the peak (SLEAP's integral refinement)",
    known_failure="The square around the peak's pixel cuts the Gaussian off, which biases it towards that pixel.",
)
def patch_average_5(batch: HeatmapBatch) -> tuple[AnyArray, AnyArray]:
    """Decode as the centroid of the 5 x 5 pixels round the peak."""
    return patch_average(batch, reach=2)


@decoder(
    "patch_average_7",
    title="Average of 7 × 7",
    formula=r"\hat{x} = \sum_{|x - m| \le 3} h(x)\,x \,/\, \sum_{|x - m| \le 3} h(x)",
    source="the centroid of 7 by 7 pixels around the peak",
    known_failure="As of 5 by 5, with less bias and more noise.",
)
def patch_average_7(batch: HeatmapBatch) -> tuple[AnyArray, AnyArray]:
    """Decode as the centroid of the 7 x 7 pixels round the peak."""
    return patch_average(batch, reach=3)
