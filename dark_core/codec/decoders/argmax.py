"""The pixel of the largest value."""

from __future__ import annotations

from dark_core.codec._fast.backend import AnyArray
from dark_core.codec._fast.heatmap_batch import HeatmapBatch
from dark_core.codec.registry import decoder
from dark_core.codec.status import Status


@decoder(
    "argmax",
    title="Argmax",
    formula=r"\hat{x} = m = \arg\max_x h(x)",
    source="the pixel of the largest value",
    known_failure="Rounds to whole pixels: 0.38 heatmap px on average, however clean the heatmap is.",
    core=True,
)
def argmax(batch: HeatmapBatch) -> tuple[AnyArray, Status]:
    """Decode as the pixel of the largest value, the first if several."""
    return batch.precise(batch.peak), Status.FINE
