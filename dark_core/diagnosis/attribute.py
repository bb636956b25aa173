"""Possible causes of the decoding errors on one heatmap, and how far each of them moves the decoded positions.

No rule of thumb about a decoder is used: the same decoders run again. For the effect of the edges they decode a lone
Gaussian with and without the edges. For the effect of everything far from the peak they decode the heatmap with all
of that cut away.
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
    """One heatmap (H, W) and the positions that decoders found in it; every length in heatmap px.

    steps: the trace of DARK; facts: the result of ``measure_heatmap``; sigma: what the decoders assumed, heatmap px;
    noise: standard deviation of the white noise, in the unit of the heatmap; positions: decoder name -> (2,), with
    "dark" among them; joint: (2,) the truth, or None.
    """

    steps: Trace
    facts: Facts
    sigma: float
    noise: float
    positions: dict[str, np.ndarray]
    joint: np.ndarray | None

    @cached_property
    def reference(self) -> np.ndarray:
        """(2,) the position that errors are measured from: the joint, or DARK's where the joint is not known."""
        return self.positions["dark"] if self.joint is None else self.joint

    @cached_property
    def errors(self) -> dict[str, float]:
        """Decoder -> distance from the reference."""
        return {name: distance_between(xy, self.reference) for name, xy in self.positions.items()}

    def decode_lone_gaussian(self, margin: int = 0) -> dict[str, np.ndarray]:
        """Positions decoded from a clean Gaussian at the reference, the heatmap ``margin`` px larger on every side."""
        height, width = self.steps.raw.shape
        size = (width + 2 * margin, height + 2 * margin)
        gaussian = encode(self.reference + margin, size, self.sigma, dtype=np.float64)
        return {name: decode(gaussian, name, self.sigma).xy - margin for name in self.positions}

    def moved_by_edges(self) -> float:
        """The longest way by which the edges of the heatmap move the decoded position of a clean Gaussian."""
        cut, whole = self.decode_lone_gaussian(), self.decode_lone_gaussian(margin=int(np.ceil(6 * self.sigma)))
        return max(distance_between(cut[name], whole[name]) for name in self.positions)

    def error_without_noise(self) -> float:
        """The error on a clean Gaussian of the decoder with the largest error here."""
        worst = max(self.errors, key=self.errors.__getitem__)
        return distance_between(self.decode_lone_gaussian()[worst], self.reference)

    @cached_property
    def far(self) -> np.ndarray:
        """(H, W) True further than ``FAR`` sigma from the peak."""
        return beyond(self.steps.xy, FAR * self.sigma, self.steps.raw.shape)

    @cached_property
    def far_pull(self) -> tuple[str, np.ndarray]:
        """The decoder that is pulled most by everything far from the peak, and the way (2,) it is moved."""
        near = np.where(self.far, 0, self.steps.raw)
        moves = {name: xy - decode(near, name, self.sigma).xy for name, xy in self.positions.items()}
        name = max(moves, key=lambda name: np.hypot(*moves[name]))
        return name, moves[name]

    @cached_property
    def height(self) -> float:
        """Height of the highest pixel, in the unit of the heatmap; above 0 wherever DARK finds a peak."""
        return float(self.steps.raw.max())

    def far_mass(self, but_at: tuple[int, int] | None = None) -> float:
        """Positive mass far from the peak, per pixel and divided by the height; without the part around ``but_at``."""
        counted = self.far if but_at is None else self.far & beyond(but_at, FAR * self.sigma, self.far.shape)
        return float((np.maximum(self.steps.raw, 0) / self.height * counted).mean())

    def second_is_far_mass(self) -> bool:
        """Whether the second peak is more than half of the mass far from the first."""
        second = self.facts.second_at
        return second is not None and self.far_mass(but_at=second) < 0.5 * self.far_mass()

    def noise_is_far_mass(self) -> bool:
        """Whether noise is more than half of the mass far from the peak."""
        # White noise leaves its positive half, of mean n / sqrt(2 pi).
        left = self.far.mean() * self.noise / self.height / sqrt(2 * pi)
        return left > 0.5 * self.far_mass()

    def joint_is_second(self) -> bool:
        """Whether the peak of the joint is only the second highest."""
        second, near = self.facts.second_at, 2 * self.sigma
        if self.joint is None or second is None:
            return False
        return distance_between(second, self.joint) < near < distance_between(self.facts.peak, self.joint)


def distance_between(one, other) -> float:
    """The distance of two positions (x, y)."""
    return float(np.hypot(one[0] - other[0], one[1] - other[1]))
