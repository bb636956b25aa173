"""``dark-core bench``: the speed of decoders, of the network, or of a cluster."""

from __future__ import annotations

import argparse

DESCRIPTION = """\
Prints how long every decoder takes, as a ratio to a plain argmax timed beside it. With --pose:
crops per second of the network on each device. With --cluster: people per second of one process and
of a cluster."""
EXAMPLE = "dark-core bench --pose"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of ``bench``."""
    parser.add_argument("--pose", action="store_true", help="time the network instead, on each device")
    parser.add_argument("--model", default="default", help="the network of --pose and --cluster")
    parser.add_argument(
        "--cluster",
        nargs="?",
        const="",
        metavar="ADDRESS",
        help="compare one process with the Ray cluster at ADDRESS, or with one of this machine alone",
    )
    parser.add_argument("--people", type=int, default=400, help="number of people for --cluster (400)")


def run(args: argparse.Namespace) -> None:
    """Print the lines of the benchmark asked for."""
    if args.cluster is not None:
        from dark_core.cli.cluster import join

        join(args.cluster)
        from dark_core.cluster import bench

        lines = bench.report(args.model, max(1, args.people))
    elif args.pose:
        from dark_core.benchmarks import network

        lines = network.report(args.model)
    else:
        from dark_core.benchmarks import decoders

        lines = decoders.report()
    for line in lines:
        print(line, flush=True)
