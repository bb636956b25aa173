"""Decoding error against one simulation parameter at a time, for any decoders, beside the physical limit.

The joints of a setting fall anywhere within one pixel, so that every sub-pixel phase counts alike. Each heatmap has
noise of its own, and all decoders see the same heatmaps.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from dark_core.codec import encode
from dark_core.simulation.monte_carlo import Accuracy, accuracy, rmse_bound, run_trials
from dark_core.simulation.number_formats import NUMBER_FORMATS
from dark_core.simulation.simcc import SIMCC_DECODERS, simcc_bound, simcc_errors
from dark_core.simulation.sweep_parameters import SWEEP_PARAMETERS, SimulationConfig, Value

CHUNK = 500
"""Heatmaps per random stream: a chunk is drawn without the chunks before it, and a longer run repeats a shorter one."""


@dataclass(frozen=True, eq=False)
class SweepPoint:
    """One value of a sweep: the accuracy of each decoder over the same ``count`` joints, and the limit.

    value: a number or a name; limit: heatmap px, the root of the mean over the joints of the trace of the Cramér–Rao
    bound. No unbiased decoder that does not know the height of the peak has a smaller rmse. simcc_limit: the same for
    the rows of bins of SimCC.
    """

    value: Any
    setting: SimulationConfig
    count: int
    limit: float
    simcc_limit: float
    accuracy: dict[str, Accuracy]

    def limit_of(self, decoder: str) -> float:
        """The limit of what this decoder decodes, which is a heatmap or rows of bins."""
        return self.simcc_limit if decoder in SIMCC_DECODERS else self.limit


def sweep(
    parameter: str,
    values: Iterable[Value],
    base: SimulationConfig,
    decoders: Sequence[str],
    count: int = CHUNK,
    seed: int = 0,
) -> Iterator[SweepPoint]:
    """A point for each of ``values`` of a parameter of ``SWEEP_PARAMETERS``, all others as in ``base``.

    The decoders are those of ``codec`` and of ``SIMCC_DECODERS``. Equal arguments give equal numbers with the same
    version of NumPy, whichever decoders are compared. Points share no noise, except those along "kernel",
    "number_format" and "bins", which share their heatmaps. Raises ValueError for an unknown parameter or decoder, a bad
    setting or seed, or a count below 2.

    >>> point = next(sweep("noise", [0.02], SimulationConfig(), ["taylor", "dark"]))
    >>> {name: round(found.ratio) for name, found in point.accuracy.items()}
    {'taylor': 5, 'dark': 1}
    """
    if parameter not in SWEEP_PARAMETERS:
        raise ValueError(f"unknown parameter {parameter!r}: expected one of {', '.join(SWEEP_PARAMETERS)}")
    for value in values:
        setting = SWEEP_PARAMETERS[parameter].change(base, value)
        chunks = [decoding_errors(setting, decoders, seed, chunk, size) for chunk, size in split_into_chunks(count)]
        yield summarize(value, setting, join_chunks(chunks), seed)


def split_into_chunks(count: int) -> list[tuple[int, int]]:
    """(number, heatmaps) of each chunk that ``count`` repeats are drawn in."""
    return [(chunk, min(CHUNK, count - chunk * CHUNK)) for chunk in range(-(-count // CHUNK))]


def join_chunks(chunks: Sequence[dict[str, np.ndarray]]) -> dict[str, np.ndarray]:
    """Decoder -> errors (N, 2) of several chunks, put together."""
    return {name: np.concatenate([chunk[name] for chunk in chunks]) for name in (chunks[0] if chunks else ())}


def draw_joints(setting: SimulationConfig, seed: int = 0, chunk: int = 0, count: int = CHUNK) -> np.ndarray:
    """(count, 2) heatmap px: the joints of one chunk, anywhere in their pixel."""
    positions, *_ = _random_streams(setting, seed, chunk)
    return np.array(setting.pixel) + positions.random((count, 2)) - 0.5


def decoding_errors(
    setting: SimulationConfig, decoders: Sequence[str], seed: int = 0, chunk: int = 0, count: int = CHUNK
) -> dict[str, np.ndarray]:
    """Decoder -> (count, 2) decoded position minus joint, heatmap px, over the heatmaps of one chunk.

    The first errors do not depend on how many follow. Raises ValueError as ``sweep`` does.
    """
    size, sigma = (setting.size, setting.size), setting.sigma
    joints = draw_joints(setting, seed, chunk, count)
    _, noise, of_rows = _random_streams(setting, seed, chunk)
    convert, rows = NUMBER_FORMATS[setting.number_format].convert, [name for name in decoders if name in SIMCC_DECODERS]
    trials = run_trials(
        joints,
        lambda some: encode(some, size, sigma),
        setting.noise,
        [name for name in decoders if name not in rows],
        setting.kernel * sigma,
        noise,
        convert,
    )
    found = {name: one.errors for name, one in trials.items()}
    return found | (simcc_errors(joints, setting, rows, of_rows, convert) if rows else {})


def summarize(value: Value, setting: SimulationConfig, errors: dict[str, np.ndarray], seed: int = 0) -> SweepPoint:
    """The point of ``errors``, decoder -> (count, 2) heatmap px, as ``decoding_errors`` gives them chunk by chunk.

    Without decoders the limit is that of the joints of one chunk. Raises ValueError for a count below 2.
    """
    count = len(next(iter(errors.values()))) if errors else CHUNK
    joints = np.concatenate([draw_joints(setting, seed, *chunk) for chunk in split_into_chunks(count)])
    limit = rmse_bound(joints, (setting.size, setting.size), setting.sigma, setting.noise)
    point = SweepPoint(value, setting, count, limit, simcc_bound(joints, setting), {})
    return replace(point, accuracy={name: accuracy(one, point.limit_of(name)) for name, one in errors.items()})


def _random_streams(setting: SimulationConfig, seed: int, chunk: int) -> list[np.random.Generator]:
    """The generators of joints and of noise, on heatmaps and on rows of bins, for one chunk.

    They depend on the heatmaps, not on how these are decoded.
    """
    if seed < 0:
        raise ValueError(f"seed must not be negative, got {seed}")
    heatmaps = repr((setting.noise, setting.sigma, setting.border, setting.size))
    key = np.random.SeedSequence([seed, chunk, zlib.crc32(heatmaps.encode())])
    return [np.random.default_rng(child) for child in key.spawn(3)]
