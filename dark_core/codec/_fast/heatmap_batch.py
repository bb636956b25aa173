"""Heatmaps looked at once for all decoders: their raw peaks and, for those that smooth, the smoothed ones."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import numpy as np

from dark_core.codec._fast.backend import (
    AnyArray,
    arange,
    argmax,
    asarray_like,
    at_least_float32,
    index_update,
    namespace,
    pixels,
    to_float64,
)
from dark_core.codec._fast.matched_filter import SmoothedPeaks, find_smoothed_peaks

Step = Callable[..., tuple[tuple[AnyArray, ...], AnyArray]]
"""Data and results so far, each (N, ...), to the results after one more step, and (N,) whether it was a long one."""

TEMPERATURE = 0.05
"""Of soft-argmax, in units of the peak: e^(1 / T) then outweighs some thousand empty pixels."""


class HeatmapBatch:
    """Heatmaps (M, H, W), array or tensor, as every decoder takes them.

    Parameters
    ----------
    heatmaps : ndarray or Tensor, shape (M, H, W)
        Real numbers. At least one of the largest values must be finite for a decoder to make sense of it.
    sigma : float
        Standard deviation, in heatmap px, of the Gaussians that the network was trained on.
    temperature : float
        That of soft-argmax, in units of each heatmap's peak.
    """

    def __init__(self, heatmaps: AnyArray, sigma: float, temperature: float = TEMPERATURE) -> None:
        self.heatmaps, self.sigma, self.temperature = heatmaps, sigma, temperature
        self.count, self.height, self.width = heatmaps.shape

    @property
    def size(self) -> tuple[int, int]:
        """(W, H)."""
        return self.width, self.height

    @property
    def too_small(self) -> bool:
        """Whether a heatmap has fewer than 3 by 3 pixels: nothing to take a derivative of."""
        return min(self.size) < 3

    @cached_property
    def smoothed_peaks(self) -> SmoothedPeaks:
        """The peaks of the heatmaps smoothed with ``sigma``."""
        return find_smoothed_peaks(self.heatmaps, self.peak, self.sigma)

    @cached_property
    def index(self) -> AnyArray:
        """(M,) which pixel of each heatmap is the largest, row by row, the first if several."""
        return argmax(self.heatmaps)

    @cached_property
    def peak(self) -> AnyArray:
        """(M, 2) whole (x, y) of that pixel."""
        return pixels(self.index, self.width)

    @cached_property
    def score(self) -> AnyArray:
        """(M,) the largest values."""
        return self.heatmaps[arange(self.count, self.heatmaps), self.peak[:, 1], self.peak[:, 0]]

    def precise(self, values: AnyArray) -> AnyArray:
        """``values`` in the precision in which positions are computed: double."""
        return to_float64(values)

    def refined(
        self, step: Step, data: tuple[AnyArray, ...], result: tuple[AnyArray, ...], far: AnyArray, times: int
    ) -> tuple[tuple[AnyArray, ...], AnyArray]:
        """Repeat ``step(*data, *result)`` where the last one was long, ``far`` (M,), at most ``times``.

        Also (M,) where it is long to the end.
        """
        active = namespace(far).where(far)[0]
        for _ in range(times):
            if not len(active):
                break
            now, long = step(*(part[active] for part in (*data, *result)))
            result = tuple(index_update(old, active, new) for old, new in zip(result, now))
            active = active[long]
        return result, index_update(far & False, active, True)

    def patch_indices(self, reach: int, center: AnyArray | None = None) -> tuple[AnyArray, AnyArray]:
        """(M, n) columns and (M, n) rows of the n x n pixels round ``center``, by default the peak; n = 2 reach + 1."""
        center = self.peak if center is None else center
        steps = asarray_like(np.arange(-reach, reach + 1), center)
        return center[:, 0, None] + steps, center[:, 1, None] + steps

    def patch(self, reach: int, center: AnyArray | None = None, outside: float | None = None) -> AnyArray:
        """(M, n, n) values of those pixels, at least in single precision.

        Beyond the heatmap stands ``outside``, by default the value of the nearest pixel.
        """
        x, y = self.patch_indices(reach, center)
        on_x, on_y = x.clip(0, self.width - 1), y.clip(0, self.height - 1)
        which = arange(self.count, self.heatmaps)[:, None, None]  # (M, 1, 1)
        values = at_least_float32(self.heatmaps[which, on_y[:, :, None], on_x[:, None, :]])
        if outside is None:
            return values
        on = (on_y == y)[:, :, None] & (on_x == x)[:, None, :]  # (M, n, n)
        return namespace(values).where(on, values, outside)

    def has_neighbors(self) -> AnyArray:
        """(M, 2) whether the peak has neighbors on both sides, along x and along y."""
        return (self.peak > 0) & (self.peak < asarray_like(np.array(self.size), self.peak) - 1)
