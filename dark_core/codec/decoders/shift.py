"""A quarter pixel from the largest value: towards the higher side, or towards the second largest value."""

from __future__ import annotations

import numpy as np

from dark_core.codec._fast.backend import AnyArray, arange, index_update, namespace, to_float64
from dark_core.codec._fast.heatmap_batch import HeatmapBatch
from dark_core.codec.registry import decoder
from dark_core.codec.status import Status


@decoder(
    "quarter_shift",
    title="¼ shift",
    formula=r"\hat{x} = m + \tfrac14\,\mathrm{sign}\,h'(m)",
    source="Newell et al. 2016, as written in HRNet's code: a quarter pixel per axis by the sign of the slope",
    known_failure="It can name only two positions per axis and pixel; noise flips the direction of its shift.",
    core=True,
)
def quarter_shift(batch: HeatmapBatch) -> tuple[AnyArray, Status]:
    """Decode as HRNet's code does: a quarter pixel per axis by the sign of the slope, none on the outermost pixels."""
    patch = batch.patch(1)  # (M, 3, 3)
    slope = namespace(patch).stack([patch[:, 1, 2] - patch[:, 1, 0], patch[:, 2, 1] - patch[:, 0, 1]], -1)  # (M, 2)
    return batch.peak + 0.25 * batch.precise(namespace(patch).sign(slope)) * batch.has_neighbors(), Status.FINE


@decoder(
    "second_maximum",
    title="¼ to second maximum",
    formula=r"\hat{x} = m + \tfrac14\,\frac{s - m}{\lVert s - m \rVert}",
    source="the conventional shift as the paper describes it (Zhang et al. 2020, section 3.1): towards the second "
    "largest pixel s",
    known_failure="Moves along one of eight directions only, and towards any second peak.",
)
def second_maximum(batch: HeatmapBatch) -> tuple[AnyArray, Status]:
    """Decode as the paper describes the conventional method: a quarter pixel towards the second largest pixel."""
    x, y = batch.peak[:, 0], batch.peak[:, 1]
    rest = index_update(batch.heatmaps, (arange(batch.count, batch.heatmaps), y, x), -np.inf)
    way = to_float64(HeatmapBatch(rest, batch.sigma).peak - batch.peak)  # (M, 2)
    length = (way * way).sum(-1)[:, None] ** 0.5  # (M, 1)
    return batch.peak + 0.25 * way / namespace(way).where(length > 0, length, 1.0), Status.FINE
