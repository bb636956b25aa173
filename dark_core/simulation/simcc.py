"""SimCC beside the heatmaps: the same joint as two rows of bins, in the same noise.

A heatmap gives a joint one Gaussian over its pixels; SimCC gives each coordinate a Gaussian over finer bins. Here both
have the same sigma in heatmap px, a height of 1, and white noise of the same standard deviation n on every value. The
least error of an unbiased decoder then follows from either: per axis n sqrt(2 / pi) heatmap px from the heatmap,
whatever sigma, and n sqrt(2 sigma / (sqrt(pi) k)) from rows of k bins per heatmap px. They are equal at
k = sqrt(pi) sigma.

What is compared is two ways to write a joint down, not two networks. A SimCC network is another network: it leaves
another noise on its bins, and that of neighboring bins is not independent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from dark_core.codec import Decoded, cramer_rao, decode_simcc, encode_simcc, smooth
from dark_core.simulation.sweep_parameters import SimulationConfig

Rows = tuple[np.ndarray, np.ndarray]
"""Bins (N, n) along x and along y."""


def _smoothed(rows: Rows, setting: SimulationConfig) -> Decoded:
    """DARK's two steps along each axis: smooth as wide as the target, then the parabola through the log."""
    x, y = (smooth(row[:, None], setting.kernel * setting.sigma * setting.bins)[:, 0] for row in rows)
    return decode_simcc(x, y, setting.bins, sub_bin=True)


SIMCC_DECODERS: dict[str, Callable[[Rows, SimulationConfig], Decoded]] = {
    "simcc": lambda rows, setting: decode_simcc(*rows, setting.bins),
    "simcc_sub_bin": lambda rows, setting: decode_simcc(*rows, setting.bins, sub_bin=True),
    "simcc_smoothed": _smoothed,
}
"""Name -> decoder of rows of bins: the largest bin, the parabola through the log at three bins, the same smoothed."""


def simcc_errors(
    joints: np.ndarray,
    setting: SimulationConfig,
    decoders: Iterable[str],
    generator: np.random.Generator,
    convert: Callable[[np.ndarray], np.ndarray],
) -> dict[str, np.ndarray]:
    """Name of ``SIMCC_DECODERS`` -> (N, 2) decoded position minus joint, heatmap px, of noisy rows of joints (N, 2).

    convert: rows (N, 1, n) -> the same as they reach the decoders. The first errors do not depend on how many follow.
    """
    clean = encode_simcc(joints, (setting.size, setting.size), setting.sigma * setting.bins, setting.bins)
    noise = generator.standard_normal((len(joints), sum(row.shape[1] for row in clean)), dtype=np.float32)
    parts = np.split(setting.noise * noise, [clean[0].shape[1]], axis=1)
    x, y = (convert((row + part).astype(np.float32)[:, None])[:, 0] for row, part in zip(clean, parts, strict=True))
    return {name: SIMCC_DECODERS[name]((x, y), setting).xy - joints for name in decoders}


def simcc_bound(joints: np.ndarray, setting: SimulationConfig) -> float:
    """The smallest rmse, in heatmap px, of an unbiased decoder of such rows over joints (N, 2); the height unknown.

    A row of bins is a heatmap one pixel high.
    """
    bins, width = setting.bins, round(setting.size * setting.bins)
    on_rows = np.stack([bins * joints, np.zeros_like(joints)], -1)  # (N, 2 axes, 2)
    variances = cramer_rao(on_rows, (width, 1), setting.sigma * bins, setting.noise)[..., 0, 0]  # (N, 2)
    return float(np.sqrt(variances.sum(-1).mean()) / bins)
