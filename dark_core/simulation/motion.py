"""A moving Gaussian: heatmaps of a joint that drifts, with noise and with a network that errs, and the exact truth.

Three things make a decoded track leave the true one. The network puts its Gaussian beside the joint; noise on the
pixels moves the peak; the decoder rounds. Each can be turned up and down by itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from dark_core.codec import CORE_DECODERS, encode
from dark_core.simulation.monte_carlo import run_trials


@dataclass(frozen=True)
class MovingGaussian:
    """The recipe of a track. Lengths are heatmap px.

    start: (x, y) of the joint in the first frame; velocity: px a frame; frames: how many; size: (W, H); sigma: of the
    Gaussian; noise: standard deviation of white noise on every pixel, where the peak is 1; wander: standard deviation
    per axis of the network's error, from which it recovers over `memory` frames; bias: the network's constant error;
    seed: selects noise and wander.
    """

    start: tuple[float, float] = (8.0, 16.0)
    velocity: tuple[float, float] = (0.08, 0.03)
    frames: int = 200
    size: tuple[int, int] = (32, 32)
    sigma: float = 2.0
    noise: float = 0.0
    wander: float = 0.0
    memory: float = 5.0
    bias: tuple[float, float] = (0.0, 0.0)
    seed: int = 0

    def truth(self) -> np.ndarray:
        """(T, 2) true positions."""
        if self.frames < 1:
            raise ValueError(f"frames must be at least 1, got {self.frames}")
        return np.array(self.start) + np.arange(self.frames)[:, None] * self.velocity

    def network(self) -> np.ndarray:
        """(T, 2) centers of the Gaussians: the truth and the network's error.

        The wander is an AR(1) process of constant variance, whose correlation falls to 1/e in `memory` frames.
        """
        if self.wander < 0 or self.memory < 0:
            raise ValueError("wander and memory must not be negative")
        keep = np.exp(-1 / self.memory) if self.memory else 0.0
        shocks = np.random.default_rng([self.seed, 1]).standard_normal((self.frames, 2))
        error = shocks.copy()
        for t in range(1, self.frames):
            error[t] = keep * error[t - 1] + (1 - keep**2) ** 0.5 * shocks[t]
        return self.truth() + self.bias + self.wander * error

    def clean(self) -> np.ndarray:
        """(T, H, W) float32 heatmaps without noise on the pixels."""
        return encode(self.network(), self.size, self.sigma).astype(np.float32)

    def heatmaps(self) -> np.ndarray:
        """(T, H, W) float32 heatmaps, noise included."""
        noise = np.random.default_rng(self.seed).standard_normal((self.frames, *self.size[::-1]), dtype=np.float32)
        return self.clean() + np.float32(self.noise) * noise

    def decoded(self, decoders: Iterable[str] = CORE_DECODERS) -> dict[str, np.ndarray]:
        """(T, 2) the track of each decoder, from the same heatmaps."""

        def clean(centers: np.ndarray) -> np.ndarray:
            return encode(centers, self.size, self.sigma).astype(np.float32)

        generator = np.random.default_rng(self.seed)
        trials = run_trials(self.network(), clean, self.noise, decoders, self.sigma, generator)
        return {name: one.xy for name, one in trials.items()}


@dataclass(frozen=True, eq=False)
class ErrorParts:
    """A track's error, frame by frame (T, 2): decoded - truth = network + pixel_noise + rounding."""

    network: np.ndarray
    pixel_noise: np.ndarray
    rounding: np.ndarray


def error_parts(motion: MovingGaussian, decoder: str) -> ErrorParts:
    """What each of the three does to the track of a decoder.

    network: where the Gaussian is, beside the joint; rounding: where the decoder finds it without noise, beside where
    it is; pixel_noise: what the noise then changes.
    """
    network = motion.network()
    quiet = MovingGaussian(**{**vars(motion), "noise": 0.0}).decoded([decoder])[decoder]
    noisy = motion.decoded([decoder])[decoder]
    return ErrorParts(network - motion.truth(), noisy - quiet, quiet - network)
