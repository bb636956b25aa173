"""What may have moved the readings of one heatmap, and how far each cause moves them.

Nothing here is a rule of thumb about a decoder: the same decoders are asked again. What do the edges
do? They read a lone Gaussian with and without them. What does whatever lies far from the peak do?
They read the map with all that cut away.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import pi, sqrt

import numpy as np

from dark_core.codec import Trace, decode, encode
from dark_core.diagnosis.measure import FAR, Facts, beyond


@dataclass(frozen=True, eq=False)
class Causes:
    """One map (H, W) and where its readings landed; every length in heatmap px.

    steps: its DARK trace; facts: what ``examine`` measured; sigma: what the decoders were told, heatmap
    px; noise: the white noise's deviation, in the map's unit; places: decoder name -> (2,), "dark"
    among them; joint: (2,) the truth, or None.
    """

    steps: Trace
    facts: Facts
    sigma: float
    noise: float
    places: dict[str, np.ndarray]
    joint: np.ndarray | None

    @cached_property
    def at(self) -> np.ndarray:
        """(2,) what distances are from: the joint, or DARK where it is not known."""
        return self.places["dark"] if self.joint is None else self.joint

    @cached_property
    def miss(self) -> dict[str, float]:
        return {name: apart(xy, self.at) for name, xy in self.places.items()}

    def lone(self, margin: int = 0) -> dict[str, np.ndarray]:
        """Readings of a lone clean Gaussian there, were the map larger by ``margin`` px on every side."""
        height, width = self.steps.raw.shape
        size = (width + 2 * margin, height + 2 * margin)
        gaussian = encode(self.at + margin, size, self.sigma, dtype=np.float64)
        return {name: decode(gaussian, name, self.sigma).xy - margin for name in self.places}

    def edges(self) -> float:
        """How far the map's edges move a reading of a lone Gaussian."""
        cut, whole = self.lone(), self.lone(margin=int(np.ceil(6 * self.sigma)))
        return max(apart(cut[name], whole[name]) for name in self.places)

    def rounding(self) -> float:
        """What the reading that misses most would miss of a lone Gaussian already."""
        worst = max(self.miss, key=self.miss.__getitem__)
        return apart(self.lone()[worst], self.at)

    @cached_property
    def far(self) -> np.ndarray:
        """(H, W) True far from the peak."""
        return beyond(self.steps.xy, FAR * self.sigma, self.steps.raw.shape)

    @cached_property
    def drag(self) -> tuple[str, np.ndarray]:
        """The decoder that what lies far from the peak moves most, and by what (2,)."""
        near = np.where(self.far, 0, self.steps.raw)
        moves = {name: xy - decode(near, name, self.sigma).xy for name, xy in self.places.items()}
        name = max(moves, key=lambda name: np.hypot(*moves[name]))
        return name, moves[name]

    @cached_property
    def height(self) -> float:
        """Of the map's highest pixel, in its own unit; above 0 wherever DARK has a reading."""
        return float(self.steps.raw.max())

    def far_mass(self, but_at: tuple[int, int] | None = None) -> float:
        """Positive mass far from the peak, a pixel of the map, over its height; the part round ``but_at`` left out."""
        counted = self.far if but_at is None else self.far & beyond(but_at, FAR * self.sigma, self.far.shape)
        return float((np.maximum(self.steps.raw, 0) / self.height * counted).mean())

    def second_is_far_mass(self) -> bool:
        second = self.facts.second_at
        return second is not None and self.far_mass(but_at=second) < 0.5 * self.far_mass()

    def noise_is_far_mass(self) -> bool:
        # What noise alone would leave there: the positive half of it, of mean n / sqrt(2 pi).
        left = self.far.mean() * self.noise / self.height / sqrt(2 * pi)
        return left > 0.5 * self.far_mass()

    def joint_is_second(self) -> bool:
        """Whether the map's highest peak is another than the joint's own."""
        second, near = self.facts.second_at, 2 * self.sigma
        if self.joint is None or second is None:
            return False
        return apart(second, self.joint) < near < apart(self.facts.peak, self.joint)


def apart(one, other) -> float:
    """The distance of two places (x, y)."""
    return float(np.hypot(one[0] - other[0], one[1] - other[1]))
