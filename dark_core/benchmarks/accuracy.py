"""The accuracy of DARK and of the Gaussian fit: against the Cramér–Rao bound, near an edge, and of the covariance."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from dark_core.codec import encode
from dark_core.simulation.monte_carlo import accuracy, rmse_bound, run_trials

SIGMAS = (1.0, 2.0, 3.0)
NOISES = (0.01, 0.02, 0.05, 0.1)
METHODS = ("dark", "noise_matched", "gaussian_fit", "gaussian_fit_free", "gaussian_fit_rotated")
INSIDE_95 = 5.991
"""95 % of a two-dimensional normal distribution lies within this squared Mahalanobis distance."""


@dataclass(frozen=True)
class MethodAccuracy:
    """One decoder over many random joints.

    method: name of the decoder; sigma: heatmap px, of the Gaussian and as assumed; noise: per pixel, 0 for none;
    border: whether the joints lie within 3 px of an edge, or else deeper than 4 sigma; rmse, largest: error in
    heatmap px; ratio: rmse divided by the bound, NaN without noise; inside: share of the true joints in the 95 %
    ellipse of the estimated covariance, NaN without one; fallbacks: share of heatmaps on which the decoder fell back.
    """

    method: str
    sigma: float
    noise: float
    border: bool
    rmse: float
    largest: float
    ratio: float
    inside: float
    fallbacks: float


def draw_joints(
    count: int, size: tuple[int, int], sigma: float, border: bool, generator: np.random.Generator
) -> np.ndarray:
    """(count, 2) heatmap px: deeper than 4 sigma, or within 3 px of one edge and anywhere along it."""
    last = np.array(size) - 1.0
    if not border:
        return generator.uniform(4 * sigma, last - 4 * sigma, (count, 2))
    joints = generator.uniform(0, last, (count, 2))
    axis, far = generator.integers(0, 2, count), generator.integers(0, 2, count)
    depth = generator.uniform(0, 3, count)
    joints[np.arange(count), axis] = np.where(far == 1, last[axis] - depth, depth)
    return joints


def measure_accuracy(sigma: float, noise: float, border: bool, count: int, seed: int = 0) -> list[MethodAccuracy]:
    """Each of METHODS on ``count`` random joints of heatmaps 48 px wide and 64 px high, 2 joints at least."""
    generator, size = np.random.default_rng(seed), (48, 64)
    joints = draw_joints(count, size, sigma, border, generator)
    trials = run_trials(joints, lambda some: encode(some, size, sigma), noise, METHODS, sigma, generator)
    bound = rmse_bound(joints, size, sigma, noise)
    rows = []
    for name, one in trials.items():
        found = accuracy(one.errors, bound)
        inside = np.nan
        if one.covariance is not None and noise:
            squared = np.einsum("mi,mij,mj->m", one.errors, np.linalg.inv(one.covariance), one.errors)
            inside = float((squared <= INSIDE_95).mean())
        largest, fallbacks = float(np.linalg.norm(one.errors, axis=-1).max()), float(1 - one.ok.mean())
        rows.append(MethodAccuracy(name, sigma, noise, border, found.rmse, largest, found.ratio, inside, fallbacks))
    return rows


def report(count: int = 100_000) -> Iterator[str]:
    """The tables as text, line by line; ``count`` joints for each sigma and border, spread over the noise levels."""
    yield f"{count} joints for each sigma, maps of 48 x 64; error in heatmap px, ratio to the Cramer-Rao bound"
    for border in (False, True):
        yield f"\n{'within 3 px of an edge' if border else 'deeper than 4 sigma from every edge'}"
        yield f"{'':20}{'sigma':>6}{'noise':>7}{'rmse':>9}{'largest':>9}{'ratio':>8}{'in 95 %':>9}{'fell back':>10}"
        for sigma in SIGMAS:
            for noise in (0.0, *NOISES):
                for one in measure_accuracy(sigma, noise, border, count // len(NOISES)):
                    ratio = "" if np.isnan(one.ratio) else f"{one.ratio:.3f}"
                    inside = "" if np.isnan(one.inside) else f"{100 * one.inside:.1f} %"
                    yield (
                        f"{one.method:20}{sigma:6g}{noise:7g}{one.rmse:9.5f}{one.largest:9.4f}{ratio:>8}{inside:>9}"
                        f"{100 * one.fallbacks:9.2f} %"
                    )
