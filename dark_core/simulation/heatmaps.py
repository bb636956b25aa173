"""Simulated heatmaps whose joint is known exactly, one at a time or decoded again and again with fresh noise.

One heatmap is amplitude · G(joint) + second · G(second_at) + pedestal + noise: what the heatmap of a network may hold,
each part to be turned up and down. Repeats with fresh noise show the bias and scatter of a decoder.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from dark_core.codec import CORE_DECODERS, encode
from dark_core.simulation.monte_carlo import run_trials


@dataclass(frozen=True)
class SimulatedHeatmap:
    """The recipe of one heatmap. Positions are (x, y) in heatmap px, heights in the unit of the heatmap.

    joint: the true joint; size: (W, H) in px; sigma: of both Gaussians, in heatmap px; amplitude: height of the
    joint's Gaussian; noise: standard deviation of the white noise on every pixel; pedestal: added to every pixel;
    second: height of a second Gaussian, at second_at; seed: 0 or more, selects the noise. Equal recipes give equal
    heatmaps, on every machine with the same version of NumPy.
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
        """(H, W) float64, the heatmap without noise. Raises ValueError for a bad size or sigma."""
        first, other = encode([self.joint, self.second_at], self.size, self.sigma, dtype=np.float64)
        return self.amplitude * first + self.second * other + self.pedestal

    def heatmap(self) -> np.ndarray:
        """(H, W) float64, the heatmap with noise. Raises ValueError for a bad size, sigma or seed."""
        return self.signal() + self.noise * field(self.size, self.seed).astype(np.float64)


@lru_cache(maxsize=64)
def field(size: tuple[int, int], seed: int) -> np.ndarray:
    """(H, W) float32 standard normal numbers of ``seed``, read-only: the noise before it is scaled.

    The field does not depend on the noise level, so a higher level changes the height of the noise and not its
    pattern. Raises ValueError for a negative seed.
    """
    width, height = size
    values = np.random.default_rng(seed).standard_normal((height, width), dtype=np.float32)
    values.setflags(write=False)
    return values


@dataclass(frozen=True)
class Scenario:
    """A simulated heatmap that shows one difficulty, under a title."""

    title: str
    case: SimulatedHeatmap


SCENARIOS: dict[str, Scenario] = {
    "clean": Scenario("Clean", SimulatedHeatmap((13.37, 16.62))),
    "noisy": Scenario("Noisy", SimulatedHeatmap((13.37, 16.62), noise=0.1, seed=1)),
    "second": Scenario("Second peak", SimulatedHeatmap((10.4, 18.7), second=0.85, second_at=(22.8, 9.3))),
    "border": Scenario("Near a border", SimulatedHeatmap((0.1, 16.62))),  # the left edge is at -0.5
    "flat": Scenario("Flat", SimulatedHeatmap((13.37, 16.62), amplitude=0.0, pedestal=0.3)),
    "pedestal": Scenario("Constant added", SimulatedHeatmap((9.3, 21.6), pedestal=0.1)),
}


def decode_repeats(
    case: SimulatedHeatmap,
    count: int,
    seed: int = 0,
    assumed_sigma: float | None = None,
    decoders: Iterable[str] = CORE_DECODERS,
) -> dict[str, np.ndarray]:
    """Positions (count, 2), heatmap px, that each decoder finds in ``count`` copies of ``case`` with fresh noise.

    ``assumed_sigma``, in heatmap px, is what the decoders assume; by default the sigma of the case. ``seed`` replaces
    the seed of the case. The first repeats do not depend on how many follow.
    Raises ValueError for a negative count or seed, a bad sigma or an unknown decoder.
    """
    if count < 0:
        raise ValueError(f"count must not be negative, got {count}")
    sigma = case.sigma if assumed_sigma is None else assumed_sigma
    joints, signal = np.tile(case.joint, (count, 1)), case.signal().astype(np.float32)
    trials = run_trials(joints, lambda _: signal, case.noise, decoders, sigma, np.random.default_rng(seed))
    return {name: one.xy for name, one in trials.items()}
