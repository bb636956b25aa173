"""Heatmaps made to order, with a joint known exactly, and the statistics of reading them again and again.

One map is amplitude G(joint) + second G(second_at) + pedestal + noise: what a network's map may hold,
each part to be turned up and down. Drawn many times with fresh noise it shows a decoder's bias and
scatter, beside the least that the noise allows (``codec.cramer_rao``).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from dark_core.codec import CORE_DECODERS, cramer_rao, decode, encode

BLOCK = 2**18
"""Pixels drawn and read at a time: 1 MB of float32, some ten times that with what the decoders need."""


@dataclass(frozen=True)
class SimulatedHeatmap:
    """One heatmap to order. Places are (x, y) in heatmap px, heights in the map's own unit.

    joint: where the true joint is; size: (W, H) in px; sigma: of both Gaussians, in heatmap px;
    amplitude: height of the joint's Gaussian; noise: standard deviation of the white noise on every
    pixel; pedestal: added everywhere; second: height of a second Gaussian, at second_at; seed: 0 or
    more, which noise. Equal cases give equal maps, on every machine with this version of NumPy.
    """

    joint: tuple[float, float]
    size: tuple[int, int] = (32, 32)
    sigma: float = 2.0
    amplitude: float = 1.0
    noise: float = 0.0
    pedestal: float = 0.0
    second: float = 0.0
    second_at: tuple[float, float] = (23.0, 9.0)
    seed: int = 0

    def signal(self) -> np.ndarray:
        """(H, W) float64, the map without its noise. Raises ValueError for a bad size or sigma."""
        first, other = encode([self.joint, self.second_at], self.size, self.sigma, dtype=np.float64)
        return self.amplitude * first + self.second * other + self.pedestal

    def heatmap(self) -> np.ndarray:
        """(H, W) float64, noise and all. Raises ValueError for a bad size, sigma or seed."""
        return self.signal() + self.noise * field(self.size, self.seed).astype(np.float64)


@lru_cache(maxsize=64)
def field(size: tuple[int, int], seed: int) -> np.ndarray:
    """(H, W) float32 standard normal numbers of ``seed``, read-only: the noise before it is scaled.

    The same field whatever the noise level, so that turning the level up changes the noise's height
    and nothing else. Raises ValueError for a negative seed.
    """
    width, height = size
    values = np.random.default_rng(seed).standard_normal((height, width), dtype=np.float32)
    values.setflags(write=False)
    return values


@dataclass(frozen=True)
class Scenario:
    """A case worth looking at, under a title."""

    title: str
    case: SimulatedHeatmap


SCENARIOS: dict[str, Scenario] = {
    "clean": Scenario("Clean", SimulatedHeatmap((13.37, 16.62))),
    "noisy": Scenario("Noisy", SimulatedHeatmap((13.37, 16.62), noise=0.1, seed=1)),
    "second": Scenario("Second peak", SimulatedHeatmap((10.4, 18.7), second=0.85, second_at=(22.8, 9.3))),
    "border": Scenario("Near a border", SimulatedHeatmap((0.1, 16.62))),  # the left edge is at -0.5
    "flat": Scenario("Flat", SimulatedHeatmap((13.37, 16.62), amplitude=0.0, pedestal=0.3)),
    "pedestal": Scenario("Pedestal", SimulatedHeatmap((9.3, 21.6), pedestal=0.1)),
}


def repeats(
    case: SimulatedHeatmap, count: int, seed: int = 0, kernel: float | None = None, decoders=CORE_DECODERS
) -> dict[str, np.ndarray]:
    """The reading of each of ``decoders`` (count, 2), heatmap px, of ``case`` drawn ``count`` times with fresh noise.

    ``kernel`` is the sigma the decoders are told, in heatmap px; by default the case's own. ``seed``
    stands in for the case's; the first of more repeats are the same as those of fewer.
    Raises ValueError for a negative count or seed or a bad kernel.
    """
    if count < 0:
        raise ValueError(f"count must not be negative, got {count}")
    kernel = case.sigma if kernel is None else kernel
    generator, signal = np.random.default_rng(seed), case.signal().astype(np.float32)
    block = max(1, BLOCK // signal.size)
    read: dict[str, list[np.ndarray]] = {name: [np.empty((0, 2))] for name in decoders}
    for start in range(0, count, block):
        maps = generator.standard_normal((min(block, count - start), *signal.shape), dtype=np.float32)
        maps *= np.float32(case.noise)
        maps += signal
        for name, places in read.items():
            places.append(decode(maps, name, kernel).xy)
    return {name: np.concatenate(places) for name, places in read.items()}


@dataclass(frozen=True, eq=False)
class Spread:
    """How one decoder's readings lie about the joint.

    bias: (2,) their mean less the joint, heatmap px; covariance: (2, 2) about their mean, heatmap px²;
    rmse: root of the mean squared distance from the joint, heatmap px, so rmse² = |bias|² + trace of
    the covariance; ratio: rmse over the least an unbiased reading can reach in this noise, NaN where
    there is no noise or no joint to read.
    """

    bias: np.ndarray
    covariance: np.ndarray
    rmse: float
    ratio: float


def spread(case: SimulatedHeatmap, xy: np.ndarray) -> Spread:
    """The bias and scatter of readings ``xy`` (count, 2) of ``case``, as ``repeats`` gives them.

    The bound knows sigma but not the amplitude, and takes the joint's Gaussian to stand alone on a
    floor of zero. Raises ValueError for anything but one or more places.
    """
    if np.ndim(xy) != 2 or np.shape(xy)[1] != 2 or not len(xy):
        raise ValueError(f"xy must be (count, 2) with at least one reading, got shape {np.shape(xy)}")
    away = np.asarray(xy) - case.joint
    bias = away.mean(0)
    scatter = away - bias
    rmse = float(np.sqrt((away**2).sum(-1).mean()))
    least = float(np.sqrt(np.trace(cramer_rao(case.joint, case.size, case.sigma, case.noise, case.amplitude))))
    ratio = rmse / least if 0 < least < np.inf else np.nan
    return Spread(bias, scatter.T @ scatter / len(scatter), rmse, ratio)
