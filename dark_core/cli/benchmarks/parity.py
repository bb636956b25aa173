"""``dark-core parity``: how far the exportable decoders are from ``decode``, in each runtime and precision."""

from __future__ import annotations

import argparse

from dark_core.errors import InputError

DESCRIPTION = """\
Prints how far a HeatmapDecoder is from decode in heatmap px, for each decoder, runtime (eager,
compiled, exported, ONNX Runtime) and precision of the heatmaps. Ends with code 1 if a difference in
float32 is more than 0.0001."""
EXAMPLE = "dark-core parity --decoder dark --runtime exported --dtype float32"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of ``parity``."""
    parser.add_argument("--decoder", help="one of the exportable decoders (all)")
    parser.add_argument("--runtime", help="eager, compiled, exported or onnxruntime (all)")
    parser.add_argument("--dtype", help="float32, float16 or bfloat16 (all)")


def run(args: argparse.Namespace) -> None:
    """Print a line for each decoder, runtime and precision."""
    from dark_core.benchmarks import parity
    from dark_core.codec.torch import EXPORTABLE

    decoders = _chosen("decoder", args.decoder, EXPORTABLE)
    runtimes = _chosen("runtime", args.runtime, tuple(parity.RUNTIMES))
    dtypes = _chosen("dtype", args.dtype, tuple(parity.DTYPES))
    maps, rows = parity.heatmaps(), []

    def measured():
        for decoder in decoders:
            for runtime in runtimes:
                for dtype in dtypes:
                    rows.append(parity.measure(decoder, runtime, dtype, maps))
                    yield rows[-1]

    print(parity.describe(maps), flush=True)
    for line in parity.report(measured()):
        print(line, flush=True)
    if not all(row.holds for row in rows):
        raise SystemExit(1)


def _chosen(option: str, name: str | None, names: tuple[str, ...]) -> tuple[str, ...]:
    if name is not None and name not in names:
        raise InputError(f"--{option}: there is no {name!r}; choose one of {', '.join(names)}.")
    return names if name is None else (name,)
