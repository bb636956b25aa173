"""Maps looked at once for all decoders: their raw peaks and, for those that smooth, the matched ones."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from dark_core.codec._fast.backend import arange, argmax, like, namespace, pixels, working
from dark_core.codec._fast.matched_filter import SmoothedPeaks, matched_peaks

TEMPERATURE = 0.05
"""Of soft-argmax, in units of the peak: e^(1 / T) then outweighs some thousand empty pixels."""


class HeatmapBatch:
    """Maps (M, H, W), array or tensor, with the sigma (heatmap px) of the Gaussians they were trained on.

    ``temperature`` is that of soft-argmax, in units of each map's peak.
    """

    def __init__(self, maps, sigma: float, temperature: float = TEMPERATURE):
        self.maps, self.sigma, self.temperature = maps, sigma, temperature
        self.count, self.height, self.width = maps.shape

    @property
    def size(self) -> tuple[int, int]:
        return self.width, self.height

    @property
    def tiny(self) -> bool:
        """Fewer than 3 by 3 pixels: nothing to take a derivative of."""
        return min(self.size) < 3

    @cached_property
    def matched(self) -> SmoothedPeaks:
        return matched_peaks(self.maps, self.peak, self.sigma)

    @cached_property
    def index(self):
        """(M,) which pixel of each map is the largest, in reading order, the first if several."""
        return argmax(self.maps)

    @cached_property
    def peak(self):
        """(M, 2) whole (x, y) of it."""
        return pixels(self.index, self.width)

    @cached_property
    def score(self):
        """(M,) the largest values."""
        return self.maps[arange(self.count, self.maps), self.peak[:, 1], self.peak[:, 0]]

    def square(self, reach: int, center=None):
        """(M, n) columns and (M, n) rows of the n x n pixels round ``center``, by default the peak; n = 2 reach + 1."""
        center = self.peak if center is None else center
        steps = like(np.arange(-reach, reach + 1), center)
        return center[:, 0, None] + steps, center[:, 1, None] + steps

    def around(self, reach: int, center=None, outside: float | None = None):
        """(M, n, n) values of that square, at least in single precision; beyond the map stands ``outside``, by
        default the nearest pixel."""
        x, y = self.square(reach, center)
        on_x, on_y = x.clip(0, self.width - 1), y.clip(0, self.height - 1)
        which = arange(self.count, self.maps)[:, None, None]
        values = working(self.maps[which, on_y[:, :, None], on_x[:, None, :]])
        if outside is None:
            return values
        on = (on_y == y)[:, :, None] & (on_x == x)[:, None, :]
        return namespace(values).where(on, values, outside)

    def inside(self):
        """(M, 2) whether the peak has neighbors on both sides, along x and along y."""
        return (self.peak > 0) & (self.peak < like(np.array(self.size), self.peak) - 1)
