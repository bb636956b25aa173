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

VERBS = {
    "predict": "the 14 joints of the person in a photo",
    "decode": "the joints in a file of heatmaps, of any network; needs NumPy alone",
    "evaluate": "PCK and OKS AP of a network on COCO-style sets, decoder by decoder",
    "faults": "where a network fails, written into its model card",
    "train": "a pose network from COCO-style sets",
    "ablation": "what encoding, decoding and input size are each worth",
    "bench": "how fast every decoder is, as a ratio to a plain argmax",
    "limits": "how exact DARK and the Gaussian fit are, beside the Cramér–Rao bound",
    "serve": "the app, for a browser",
    "cluster": "the pose network, served from a Ray cluster",
}
EXTRAS = dict.fromkeys(VERBS, "pose") | {"decode": "", "limits": "", "serve": "app", "cluster": "cluster"}
"""What ``pip install 'dark-explorer[…]'`` must name for a verb; nothing for those that need NumPy alone."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one verb. ``arguments`` are those of the command line, ``sys.argv[1:]`` by default."""
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    parser = argparse.ArgumentParser(
        prog="dark-core",
        description="Encode and decode the heatmaps of human pose networks as DARK does.",
        epilog="dark-core VERB --help tells a verb's options and gives an example.",
    )
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    asked = next((word for word in arguments if not word.startswith("-")), None)
    for verb, result in VERBS.items():
        if verb != asked:
            verbs.add_parser(verb, help=result)
            continue
        module = _imported(verb)
        own = verbs.add_parser(
            verb,
            help=result,
            description=module.DESCRIPTION,
            epilog=f"example:\n  {module.EXAMPLE}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        module.add_arguments(own)
        own.set_defaults(run=module.run)
    args = parser.parse_args(arguments)
    try:
        args.run(args)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader of the output, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except ModuleNotFoundError as error:
        raise _missing(verb=args.verb, error=error) from error


def _imported(verb: str):
    try:
        return importlib.import_module(f"dark_core.cli.{verb}")
    except ModuleNotFoundError as error:
        raise _missing(verb, error) from error


def _missing(verb: str, error: ModuleNotFoundError) -> BaseException:
    """The end of the program with one sentence, where a package of the verb's extra is not installed."""
    ours = (error.name or "").partition(".")[0] == "dark_core"
    if ours or not EXTRAS[verb]:
        return error
    return SystemExit(f"{error.name} is not installed. This needs: pip install 'dark-explorer[{EXTRAS[verb]}]'")
