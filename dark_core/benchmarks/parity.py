"""How far ``HeatmapDecoder`` is from ``decode`` in each runtime and precision.

The reference is ``decode`` in NumPy and double precision, given the very values that the runtime is given: what the
rounding of heatmaps to half precision costs is shown beside it. Heatmaps are 40 px wide and high: simulated joints
anywhere on them, the edges too, and the bundled sample of a network.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import torch

from dark_core.codec import decode, encode
from dark_core.codec.torch import HeatmapDecoder
from dark_core.evaluation.sample_heatmaps import SAMPLE

SIGMA = 2.0
SIDE = 48
DTYPES = {"float32": torch.float32, "float16": torch.float16, "bfloat16": torch.bfloat16}
NOISES = (0.0, 0.01, 0.05)
TOLERATED = 1e-4
"""Heatmap px, the largest difference that is promised in single precision."""

Runtime = Callable[[torch.Tensor], np.ndarray]
"""Heatmaps (M, H, W) to positions (M, 2)."""


class MissingError(Exception):
    """What a runtime needs and this machine does not have."""


@dataclass(frozen=True)
class Parity:
    """One decoder in one runtime and precision.

    largest, mean: distance from ``decode`` of the same values, heatmap px; rounding: mean distance that rounding the
    heatmaps to this precision moves ``decode`` itself; missing: why the runtime could not run, "" where it did.
    """

    decoder: str
    runtime: str
    dtype: str
    largest: float
    mean: float
    rounding: float
    missing: str = ""

    @property
    def holds(self) -> bool:
        """Whether the promise is kept: nothing is promised of half precision, nor of a runtime that is missing."""
        return self.dtype != "float32" or not self.largest > TOLERATED


def heatmaps(count: int = 300, seed: int = 0) -> np.ndarray:
    """(count + 140, 48, 48) float64: joints anywhere in three strengths of noise, and the sample of a checkout."""
    generator = np.random.default_rng(seed)
    clean = encode(generator.uniform(-0.5, SIDE - 0.5, (count, 2)), (SIDE, SIDE), SIGMA, dtype=np.float64)
    noise = generator.choice(NOISES, count)[:, None, None] * generator.normal(size=clean.shape)
    if not SAMPLE.exists():  # the wheel comes without
        return clean + noise
    with np.load(SAMPLE) as file:
        return np.concatenate([clean + noise, file["heatmaps"].reshape(-1, SIDE, SIDE)])


def _export(module: HeatmapDecoder, dtype: torch.dtype, size: tuple[int, int]) -> torch.export.ExportedProgram:
    example = torch.zeros(2, *size, dtype=dtype)
    return torch.export.export(module, (example,), dynamic_shapes=({0: torch.export.Dim("batch")},))


def eager(module: HeatmapDecoder, dtype: torch.dtype, size: tuple[int, int]) -> Runtime:
    return lambda maps: module(maps)[0].numpy()


def compiled(module: HeatmapDecoder, dtype: torch.dtype, size: tuple[int, int]) -> Runtime:
    if not any(map(shutil.which, [os.environ.get("CXX") or "g++", "clang++", "cl"])):
        raise MissingError("torch.compile needs a C++ compiler, and none is installed")
    torch.compiler.reset()
    function = torch.compile(module, fullgraph=True, dynamic=True)
    return lambda maps: function(maps)[0].numpy()


def exported(module: HeatmapDecoder, dtype: torch.dtype, size: tuple[int, int]) -> Runtime:
    function = _export(module, dtype, size).module()
    return lambda maps: function(maps)[0].numpy()


def onnx_runtime(module: HeatmapDecoder, dtype: torch.dtype, size: tuple[int, int]) -> Runtime:
    """The program that ``torch.onnx.export`` writes; bfloat16, which NumPy has not, is given as its bits."""
    lacking = [name for name in ("onnx", "onnxscript", "onnxruntime") if find_spec(name) is None]
    if lacking:
        raise MissingError(f"not installed: {', '.join(lacking)}")
    import onnxruntime

    with redirect_stdout(sys.stderr):
        program = torch.onnx.export(
            _export(module, dtype, size), dynamo=True, opset_version=18, input_names=["heatmaps"], verbose=False
        )
    assert program is not None  # as it is only where the old exporter writes a file
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    with TemporaryDirectory() as folder:
        path = Path(folder) / "decoder.onnx"
        program.save(path)
        session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    first = session.get_outputs()[0].name

    def run(maps: torch.Tensor) -> np.ndarray:
        if maps.dtype == torch.bfloat16:
            bits, element = maps.view(torch.uint16).numpy(), 16  # BFLOAT16 in ONNX's table of types
            given = onnxruntime.OrtValue.ortvalue_from_numpy_with_onnx_type(bits, element)
        else:
            given = onnxruntime.OrtValue.ortvalue_from_numpy(maps.numpy())
        xy: np.ndarray = session.run_with_ort_values([first], {"heatmaps": given})[0].numpy()
        return xy

    return run


RUNTIMES: dict[str, Callable[[HeatmapDecoder, torch.dtype, tuple[int, int]], Runtime]] = {
    "eager": eager,
    "compiled": compiled,
    "exported": exported,
    "onnxruntime": onnx_runtime,
}


def measure(decoder: str, runtime: str, dtype: str, maps: np.ndarray) -> Parity:
    """Compare one decoder in one of RUNTIMES and DTYPES with ``decode``, on heatmaps (M, H, W) in float64."""
    given = torch.from_numpy(maps).to(DTYPES[dtype])
    reference = decode(given.double().numpy(), decoder, SIGMA).xy
    rounding = np.linalg.norm(reference - decode(maps, decoder, SIGMA).xy, axis=-1).mean()
    try:
        run = RUNTIMES[runtime](HeatmapDecoder(decoder, SIGMA), given.dtype, (given.shape[1], given.shape[2]))
    except MissingError as error:
        return Parity(decoder, runtime, dtype, np.nan, np.nan, float(rounding), str(error))
    apart = np.linalg.norm(run(given) - reference, axis=-1)
    return Parity(decoder, runtime, dtype, float(apart.max()), float(apart.mean()), float(rounding))


def report(rows: Iterator[Parity]) -> Iterator[str]:
    """The table as text, line by line, as its rows come."""
    yield f"{'':15}{'':13}{'':10}{'largest':>9}{'mean':>9}{'rounding':>10}"
    for row in rows:
        found = row.missing or f"{row.largest:9.1e}{row.mean:9.1e}{row.rounding:10.1e}"
        kept = "" if row.holds else f"  more than {TOLERATED:g}"
        yield f"{row.decoder:15}{row.runtime:13}{row.dtype:10}{found:>28}{kept}"


def describe(maps: np.ndarray) -> str:
    """What was compared, and with what, in a line."""
    return (
        f"{len(maps)} heatmaps of {maps.shape[2]} x {maps.shape[1]}: distance from decode in float64, heatmap px; "
        f"rounding: what the precision of the heatmaps itself moves, mean; PyTorch {torch.__version__}"
    )
