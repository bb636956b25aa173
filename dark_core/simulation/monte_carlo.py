"""Noisy heatmaps of known joints, decoded many times: the one engine behind every simulated error in the project.

The repeats on the Smooth page, the sweeps of the noise lab and the accuracy benchmark differ in the joints they draw
and in the heatmaps they draw for them. ``run_trials`` does the rest: it adds noise, decodes, and bounds the memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from dark_core.codec import cramer_rao, decode

BLOCK = 2**18
"""Pixels drawn and decoded at a time: 1 MB of float32, and some ten times that for the decoders. Changes no result."""


@dataclass(frozen=True, eq=False)
class Trials:
    """What one decoder made of N noisy heatmaps.

    joints: (N, 2) true positions, heatmap px; xy: (N, 2) decoded positions, heatmap px; ok: (N,) False where the
    decoder fell back; covariance: (N, 2, 2) in heatmap px², as the decoder estimates it, or None.
    """

    joints: np.ndarray
    xy: np.ndarray
    ok: np.ndarray
    covariance: np.ndarray | None

    @property
    def errors(self) -> np.ndarray:
        """(N, 2) decoded position minus true joint, heatmap px."""
        return self.xy - self.joints


def run_trials(
    joints: np.ndarray,
    clean: Callable[[np.ndarray], np.ndarray],
    noise: float,
    decoders: Iterable[str],
    sigma: float,
    generator: np.random.Generator,
    convert: Callable[[np.ndarray], np.ndarray] = np.asarray,
) -> dict[str, Trials]:
    """Draw one noisy heatmap per joint of ``joints`` (N, 2), and decode all of them with each of ``decoders``.

    clean: joints (M, 2) -> their float32 heatmaps without noise, (M, H, W), or (H, W) where all are the same.
    noise: standard deviation of the white noise on every pixel. sigma: what the decoders assume, heatmap px.
    convert: noisy float32 heatmaps (M, H, W) -> the same as they reach the decoders, such as one of
    ``NUMBER_FORMATS``.

    All decoders see the same heatmaps. The noise is drawn from ``generator`` in the order of the joints, so the
    first trials do not depend on how many follow. Raises ValueError for an unknown decoder or a bad sigma.
    """
    height, width = clean(joints[:1]).shape[-2:]
    block = max(1, BLOCK // (height * width))
    parts: dict[str, list] = {name: [] for name in decoders}
    for start in range(0, max(1, len(joints)), block):
        some = joints[start : start + block]
        heatmaps = generator.standard_normal((len(some), height, width), dtype=np.float32)
        heatmaps *= np.float32(noise)
        heatmaps += clean(some)
        received = convert(heatmaps)
        for name, decoded in parts.items():
            decoded.append(decode(received, name, sigma))
    trials = {}
    for name, decoded in parts.items():
        covariance = None
        if decoded[0].covariance is not None:
            covariance = np.concatenate([part.covariance for part in decoded])
        xy, ok = (np.concatenate([getattr(part, field) for part in decoded]) for field in ("xy", "ok"))
        trials[name] = Trials(joints, xy, ok, covariance)
    return trials


@dataclass(frozen=True, eq=False)
class Accuracy:
    """How far one decoder is from the true joints, in heatmap px, each number with its standard error.

    rmse² = |bias|² + scatter². bias: (2,) the mean error over all trials; scatter: the rest, which is noise and, where
    the joints differ, whatever averages out over their sub-pixel phases, such as rounding to pixels. ratio: rmse
    divided by the bound, NaN where there is none.
    """

    rmse: float
    rmse_error: float
    bias: np.ndarray
    bias_error: np.ndarray
    scatter: float
    scatter_error: float
    ratio: float
    ratio_error: float


def accuracy(errors: np.ndarray, bound: float) -> Accuracy:
    """The statistics of ``errors`` (count, 2), heatmap px, beside a bound on the rmse in heatmap px.

    Raises ValueError for anything but (count, 2), or a count below 2, which leaves no standard error.
    """
    if np.ndim(errors) != 2 or np.shape(errors)[1] != 2 or len(errors) < 2:
        raise ValueError(f"errors must be (count, 2) with a count of at least 2, got shape {np.shape(errors)}")
    bias = errors.mean(0)
    rmse, rmse_error = _root_mean_square(errors)
    scatter, scatter_error = _root_mean_square(errors - bias)
    scale = 1 / bound if 0 < bound < np.inf else np.nan
    bias_error = errors.std(0, ddof=1) / np.sqrt(len(errors))
    return Accuracy(rmse, rmse_error, bias, bias_error, scatter, scatter_error, rmse * scale, rmse_error * scale)


def rmse_bound(joints, size: tuple[int, int], sigma: float, noise: float, amplitude: float = 1.0) -> float:
    """The smallest rmse, in heatmap px, of an unbiased decoder over ``joints`` (..., 2): the Cramér–Rao bound.

    The decoder knows sigma but not the amplitude of the Gaussian. Apart from it the heatmap is zero.
    """
    covariance = cramer_rao(joints, size, sigma, noise, amplitude)
    return float(np.sqrt(np.trace(covariance, axis1=-2, axis2=-1).mean()))


def _root_mean_square(errors: np.ndarray) -> tuple[float, float]:
    """Root of the mean squared length, and its standard error: d sqrt(m) = dm / (2 sqrt(m))."""
    squares = (errors**2).sum(-1)
    root = float(np.sqrt(squares.mean()))
    return root, float(squares.std(ddof=1) / np.sqrt(len(squares)) / (2 * root)) if root else 0.0
