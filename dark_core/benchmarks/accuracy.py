"""How exact DARK and the fit are: against the Cramer-Rao bound, beside an edge, and in what they say of themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from dark_core.codec import cramer_rao, decode, encode

SIGMAS = (1.0, 2.0, 3.0)
NOISES = (0.01, 0.02, 0.05, 0.1)
METHODS = ("dark", "gaussian_fit", "gaussian_fit_free")
INSIDE_95 = 5.991
"""95 % of a two-dimensional normal lies within this squared Mahalanobis distance."""
BLOCK = 2000


@dataclass(frozen=True)
class Limit:
    """A method on many random joints: sigma; noise, 0 for none; border: joints within 3 px of an edge, or deeper
    than 4 sigma; rmse and largest error in heatmap px; ratio: rmse to the bound's; inside: share of the truths in the
    95 % ellipse of the covariance, NaN without one; fallbacks: share of readings not ok."""

    method: str
    sigma: float
    noise: float
    border: bool
    rmse: float
    largest: float
    ratio: float
    inside: float
    fallbacks: float


def joints(count: int, size: tuple[int, int], sigma: float, border: bool, generator: np.random.Generator) -> np.ndarray:
    """(count, 2) heatmap px: deeper than 4 sigma, or within 3 px of one edge and anywhere along it."""
    last = np.array(size) - 1.0
    if not border:
        return generator.uniform(4 * sigma, last - 4 * sigma, (count, 2))
    places = generator.uniform(0, last, (count, 2))
    axis, far = generator.integers(0, 2, count), generator.integers(0, 2, count)
    depth = generator.uniform(0, 3, count)
    places[np.arange(count), axis] = np.where(far == 1, last[axis] - depth, depth)
    return places


def limits(sigma: float, noise: float, border: bool, count: int, seed: int = 0) -> list[Limit]:
    """Every method of METHODS on ``count`` random joints of 64 by 48 maps, drawn block by block."""
    generator = np.random.default_rng(seed)
    size = (48, 64)
    places = joints(count, size, sigma, border, generator)
    read: dict[str, list] = {name: [] for name in METHODS}
    for start in range(0, count, BLOCK):
        maps = encode(places[start : start + BLOCK], size, sigma)
        maps += np.float32(noise) * generator.standard_normal(maps.shape, dtype=np.float32)
        for name, parts in read.items():
            parts.append(decode(maps, name, sigma))
    bound = np.sqrt(np.trace(cramer_rao(places, size, sigma, noise), axis1=-2, axis2=-1).mean()) if noise else np.nan
    out = []
    for name, parts in read.items():
        away = np.concatenate([part.xy for part in parts]) - places
        error = np.linalg.norm(away, axis=-1)
        inside = np.nan
        if parts[0].covariance is not None and noise:
            covariance = np.concatenate([part.covariance for part in parts])
            inside = float((np.einsum("mi,mij,mj->m", away, np.linalg.inv(covariance), away) <= INSIDE_95).mean())
        rmse = float(np.sqrt((error**2).mean()))
        ok = np.concatenate([part.ok for part in parts])
        out.append(
            Limit(name, sigma, noise, border, rmse, float(error.max()), rmse / bound, inside, float(1 - ok.mean()))
        )
    return out


def report(count: int = 100_000) -> Iterator[str]:
    """The tables as text, line by line; ``count`` joints for each sigma and place, spread over the noises."""
    yield f"{count} joints for each sigma, maps of 48 x 64; error in heatmap px, ratio to the Cramer-Rao bound"
    for border in (False, True):
        where = "within 3 px of an edge" if border else "deeper than 4 sigma from every edge"
        yield f"\n{where}"
        yield f"{'':20}{'sigma':>6}{'noise':>7}{'rmse':>9}{'largest':>9}{'ratio':>8}{'in 95 %':>9}{'fell back':>10}"
        for sigma in SIGMAS:
            for noise in (0.0, *NOISES):
                for one in limits(sigma, noise, border, count // len(NOISES)):
                    ratio = "" if np.isnan(one.ratio) else f"{one.ratio:.3f}"
                    inside = "" if np.isnan(one.inside) else f"{100 * one.inside:.1f} %"
                    yield (
                        f"{one.method:20}{sigma:6g}{noise:7g}{one.rmse:9.5f}{one.largest:9.4f}{ratio:>8}{inside:>9}"
                        f"{100 * one.fallbacks:9.2f} %"
                    )
