"""``dark-core limits``: the accuracy of DARK and the Gaussian fit beside the Cramér–Rao bound."""

from __future__ import annotations

import argparse

DESCRIPTION = """\
Prints the error of DARK and of the Gaussian fit on random joints with known positions, for each σ,
noise and distance to the border, as a ratio to the least error that the noise allows (the
Cramér–Rao bound)."""
EXAMPLE = "dark-core limits --count 10000"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of ``limits``."""
    parser.add_argument("--count", type=int, default=100_000, help="joints for each σ and region (100000)")


def run(args: argparse.Namespace) -> None:
    """Print a line for each setting."""
    from dark_core.benchmarks import accuracy

    if args.count < 8:
        raise SystemExit("--count: at least 8 joints are needed, two for each noise.")
    for line in accuracy.report(args.count):
        print(line, flush=True)
