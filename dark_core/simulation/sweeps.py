"""Error against one quantity at a time: any decoders on simulated maps, beside the physical limit.

The joints of a setting fall anywhere within one pixel, so that every sub-pixel phase counts alike;
each map has noise of its own, and all decoders read the same maps.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from dark_core.codec import cramer_rao, decode, encode
from dark_core.simulation.sweep_parameters import QUANTITIES, SimulationConfig

CHUNK = 500
"""Maps to a stream of random numbers: a chunk is drawn without those before it, more repeats begin with the fewer."""

BLOCK = 2**18
"""Pixels drawn and read at a time, as in ``simulate``: it bounds the memory and changes no result."""


@dataclass(frozen=True, eq=False)
class Accuracy:
    """How one decoder's readings lie about their joints, in heatmap px, each with its standard error.

    rmse² = |bias|² + scatter², where bias (2,) is the mean of reading less joint over all sub-pixel
    phases and scatter the rest: noise, and rounding to pixels, which averages out over the phases.
    ratio: rmse over the limit, NaN where there is none.
    """

    rmse: float
    rmse_error: float
    bias: np.ndarray
    bias_error: np.ndarray
    scatter: float
    scatter_error: float
    ratio: float
    ratio_error: float


@dataclass(frozen=True, eq=False)
class Point:
    """One value of a sweep: decoder -> accuracy over the same ``count`` joints, and the limit, in heatmap px.

    limit is the root of the mean over the joints of the trace of the Cramér–Rao bound: no unbiased
    reading that does not know the height of the peak has a smaller rmse.
    """

    value: float
    setting: SimulationConfig
    count: int
    limit: float
    readings: dict[str, Accuracy]


def sweep(
    quantity: str,
    values: Iterable[float],
    base: SimulationConfig,
    decoders: Sequence[str],
    count: int = CHUNK,
    seed: int = 0,
) -> Iterator[Point]:
    """A point for each of ``values`` of a quantity of ``QUANTITIES``, all else as in ``base``, one after the other.

    Equal arguments give equal numbers with this version of NumPy, whichever decoders are asked for. Points share
    no noise, except those along "kernel", which read the same maps. Raises ValueError for an unknown
    quantity or decoder, a bad setting or seed, or a count below 2.

    >>> point = next(sweep("noise", [0.02], SimulationConfig(), ["taylor", "dark"]))
    >>> {name: round(found.ratio) for name, found in point.readings.items()}
    {'taylor': 5, 'dark': 1}
    """
    if quantity not in QUANTITIES:
        raise ValueError(f"unknown quantity {quantity!r}: expected one of {', '.join(QUANTITIES)}")
    for value in values:
        setting = QUANTITIES[quantity].change(base, value)
        chunks = [misses(setting, decoders, seed, at, size) for at, size in chunked(count)]
        yield measured(value, setting, joined(chunks), seed)


def chunked(count: int) -> list[tuple[int, int]]:
    """(number, maps) of the chunks that ``count`` repeats are drawn in."""
    return [(at, min(CHUNK, count - at * CHUNK)) for at in range(-(-count // CHUNK))]


def joined(chunks: Sequence[dict[str, np.ndarray]]) -> dict[str, np.ndarray]:
    """Several chunks' misses as one."""
    return {name: np.concatenate([chunk[name] for chunk in chunks]) for name in (chunks[0] if chunks else ())}


def joints(setting: SimulationConfig, seed: int = 0, chunk: int = 0, count: int = CHUNK) -> np.ndarray:
    """(count, 2) heatmap px: the joints of one chunk, anywhere in their pixel."""
    place, _noise = _streams(setting, seed, chunk)
    return np.array(setting.pixel) + place.random((count, 2)) - 0.5


def misses(
    setting: SimulationConfig, decoders: Sequence[str], seed: int = 0, chunk: int = 0, count: int = CHUNK
) -> dict[str, np.ndarray]:
    """Decoder -> (count, 2) reading less joint, heatmap px, on the maps of one chunk.

    The first of more maps are the same as those of fewer. Raises ValueError as ``sweep`` does.
    """
    true = joints(setting, seed, chunk, count)
    _place, noise = _streams(setting, seed, chunk)
    block = max(1, BLOCK // setting.size**2)
    found: dict[str, list[np.ndarray]] = {name: [np.empty((0, 2))] for name in decoders}
    for start in range(0, count, block):
        here = true[start : start + block]
        maps = noise.standard_normal((len(here), setting.size, setting.size), dtype=np.float32)
        maps *= np.float32(setting.noise)
        maps += encode(here, (setting.size, setting.size), setting.sigma)
        for name, parts in found.items():
            parts.append(decode(maps, name, setting.kernel * setting.sigma).xy - here)
    return {name: np.concatenate(parts) for name, parts in found.items()}


def measured(value: float, setting: SimulationConfig, away: dict[str, np.ndarray], seed: int = 0) -> Point:
    """The point of misses ``away``, decoder -> (count, 2), as ``misses`` gives them chunk by chunk.

    Without any decoder the limit is that of one chunk's joints. Raises ValueError for fewer than 2 misses.
    """
    count = len(next(iter(away.values()))) if away else CHUNK
    if count < 2:
        raise ValueError(f"count must be at least 2, to have a standard error, got {count}")
    true = np.concatenate([joints(setting, seed, at, size) for at, size in chunked(count)])
    bound = cramer_rao(true, (setting.size, setting.size), setting.sigma, setting.noise)
    limit = float(np.sqrt(np.trace(bound, axis1=-2, axis2=-1).mean()))
    return Point(value, setting, count, limit, {name: accuracy(one, limit) for name, one in away.items()})


def accuracy(away: np.ndarray, limit: float) -> Accuracy:
    """The statistics of misses (count, 2), heatmap px, beside a limit in heatmap px."""
    bias = away.mean(0)
    rmse, rmse_error = _root_mean_square(away)
    scatter, scatter_error = _root_mean_square(away - bias)
    scale = 1 / limit if 0 < limit < np.inf else np.nan
    bias_error = away.std(0, ddof=1) / np.sqrt(len(away))
    return Accuracy(rmse, rmse_error, bias, bias_error, scatter, scatter_error, rmse * scale, rmse_error * scale)


def _root_mean_square(away: np.ndarray) -> tuple[float, float]:
    """Root of the mean squared length, and its standard error: d sqrt(m) = dm / (2 sqrt(m))."""
    squares = (away**2).sum(-1)
    root = float(np.sqrt(squares.mean()))
    return root, float(squares.std(ddof=1) / np.sqrt(len(squares)) / (2 * root)) if root else 0.0


def _streams(setting: SimulationConfig, seed: int, chunk: int) -> list[np.random.Generator]:
    """The random numbers of a chunk, for places and for noise, from all that makes its maps but not what reads them."""
    if seed < 0:
        raise ValueError(f"seed must not be negative, got {seed}")
    maps = repr((setting.noise, setting.sigma, setting.border, setting.size))
    key = np.random.SeedSequence([seed, chunk, zlib.crc32(maps.encode())])
    return [np.random.default_rng(child) for child in key.spawn(2)]
