"""A parabola through the raw values, one axis after the other."""

from __future__ import annotations

from dark_core.codec._fast.backend import AnyArray, namespace, to_float64
from dark_core.codec._fast.heatmap_batch import HeatmapBatch
from dark_core.codec.registry import decoder
from dark_core.codec.status import Status


@decoder(
    "parabola",
    title="Parabola",
    formula=r"\hat{x} = m - h'(m)\,/\,h''(m)",
    source="the vertex through three raw values, an axis at a time (common in signal processing)",
    known_failure="A Gaussian is no parabola, so it is biased towards the pixel; noise is not averaged.",
)
def parabola(batch: HeatmapBatch) -> tuple[AnyArray, Status]:
    """Decode as the top of the parabola through the peak and its two neighbors, one axis after the other."""
    xp = namespace(batch.heatmaps)
    patch = to_float64(batch.patch(1))  # (M, 3, 3)
    offsets = []
    for before, after in ((patch[:, 1, 0], patch[:, 1, 2]), (patch[:, 0, 1], patch[:, 2, 1])):
        bend = before - 2 * patch[:, 1, 1] + after
        offsets.append(xp.where(bend < 0, 0.5 * (before - after) / xp.where(bend < 0, bend, 1.0), 0.0))
    return batch.peak + xp.stack(offsets, -1) * batch.has_neighbors(), Status.FINE
