"""``dark-core VERB …``: finds the verb's module, reads its options, runs it.

A verb's module has ``DESCRIPTION`` (what comes out), ``EXAMPLE``, ``add_arguments(parser)`` and ``run(args)``. Only the
verb asked for is imported, so that ``dark-core decode`` needs NumPy alone.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from types import ModuleType

VERBS = {
    "predict": "the 14 joints of the person in a photo",
    "decode": "the joints in a file of heatmaps, of any network; needs NumPy alone",
    "evaluate": "PCK and OKS AP of a network on COCO-style sets, decoder by decoder",
    "faults": "where a network fails, written into its model card",
    "evaluate-detector": "recall and precision of the person detector, written into its model card",
    "train": "a pose network from COCO-style sets",
    "train-detector": "the person detector from boxed photos",
    "ablation": "what encoding, decoding and input size are each worth",
    "bench": "how fast every decoder is, as a ratio to a plain argmax",
    "limits": "how exact DARK and the Gaussian fit are, beside the Cramér–Rao bound",
    "serve": "the app, for a browser",
    "cluster": "the pose network, served from a Ray cluster",
}
EXTRAS = dict.fromkeys(VERBS, "pose") | {"serve": "app", "cluster": "pose,cluster"}
"""What ``pip install 'dark-explorer[…]'`` must name where a verb lacks a package."""


def main(arguments: Sequence[str] | None = None, prog: str = "dark-core") -> None:
    """Run one verb. ``arguments`` are those of the command line, ``sys.argv[1:]`` by default."""
    arguments = sys.argv[1:] if arguments is None else arguments
    try:
        try:
            args = _parser(arguments, prog).parse_args(arguments)
            args.run(args)
        finally:
            sys.stdout.flush()
    except BrokenPipeError:  # the reader of the output, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except ModuleNotFoundError as error:
        package = (error.name or "dark_core").partition(".")[0]
        verb = next(iter(arguments), "")
        if package == "dark_core" or verb not in EXTRAS:  # a fault of our own
            raise
        raise SystemExit(f"{package} is not installed: pip install 'dark-explorer[{EXTRAS[verb]}]'") from error


def _parser(arguments: Sequence[str], prog: str) -> argparse.ArgumentParser:
    """The options of the verb that ``arguments`` start with; of the others the name and one line of help."""
    parser = argparse.ArgumentParser(
        prog=prog,
        description="Encode and decode the heatmaps of human pose networks as DARK does.",
        epilog=f"`{prog} VERB --help` shows the options of a verb and an example.",
    )
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    for verb, result in VERBS.items():
        if verb in arguments[:1]:
            _fill(
                verbs.add_parser(verb, help=result), importlib.import_module(f"dark_core.cli.{verb.replace('-', '_')}")
            )
        else:
            verbs.add_parser(verb, help=result)
    return parser


def _fill(parser: argparse.ArgumentParser, module: ModuleType) -> None:
    """Give the parser of a verb what its module says of it."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.description, parser.epilog = module.DESCRIPTION, f"example:\n  {module.EXAMPLE}"
    module.add_arguments(parser)
    parser.set_defaults(run=module.run)
