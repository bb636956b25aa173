"""Maps looked at once for all decoders: their raw peaks and, for those that smooth, the matched ones."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from dark_core.codec.arrays import arange, argmax, like, namespace, working
from dark_core.codec.matched import Matched, matched_peaks


class Look:
    """Maps (M, H, W), array or tensor, with the sigma (heatmap px) of the Gaussians they were trained on."""

    def __init__(self, maps, sigma: float):
        self.maps, self.sigma = maps, sigma
        self.count, self.height, self.width = maps.shape

    @property
    def size(self) -> tuple[int, int]:
        return self.width, self.height

    @property
    def tiny(self) -> bool:
        """Fewer than 3 by 3 pixels: nothing to take a derivative of."""
        return min(self.size) < 3

    @cached_property
    def matched(self) -> Matched:
        return matched_peaks(self.maps, self.peak, self.sigma)

    @cached_property
    def peak(self):
        """(M, 2) whole (x, y) of each map's largest value, the first in reading order if several."""
        index = argmax(self.maps)
        return namespace(self.maps).stack([index % self.width, index // self.width], -1)

    @cached_property
    def score(self):
        """(M,) the largest values."""
        return self.maps[arange(self.count, self.maps), self.peak[:, 1], self.peak[:, 0]]

    def around(self, reach: int, centre=None):
        """(M, n, n) values round ``centre`` (by default the peak), n = 2 reach + 1; beyond the map its nearest pixel."""
        centre = self.peak if centre is None else centre
        step = like(np.arange(-reach, reach + 1), centre)
        x = (centre[:, 0, None] + step).clip(0, self.width - 1)
        y = (centre[:, 1, None] + step).clip(0, self.height - 1)
        which = arange(self.count, self.maps)[:, None, None]
        return working(self.maps[which, y[:, :, None], x[:, None, :]])
