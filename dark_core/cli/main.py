"""``dark-core VERB …``: finds the verb's module, reads its options, runs it.

A verb's module has ``DESCRIPTION`` (what comes out), ``EXAMPLE``, ``add_arguments(parser)`` and ``run(args)``. Only the
verb asked for is imported, so that ``dark-core decode`` needs NumPy alone.
"""

from __future__ import annotations

import argparse
import importlib
import io
import os
import sys
from collections.abc import Sequence
from types import ModuleType

from dark_core.errors import InputError

VERBS = {
    "predict": "the 14 joints of the person in a photo",
    "decode": "the joints in a file of heatmaps, of any network; needs NumPy alone",
    "choose": "which decoder a network needs, by its heatmaps and true joints; needs NumPy alone",
    "track": "the 14 joints of the person in a video, decoder by decoder",
    "audit": "whether a file of coordinates was decoded to whole, quarter or sub-pixels",
    "doctor": "what a port does differently, by two files of joints; needs NumPy alone",
    "evaluate": "PCK and OKS AP of a network on COCO-style sets, decoder by decoder",
    "faults": "where a network fails, written into its model card",
    "evaluate-detector": "recall and precision of the person detector, written into its model card",
    "train": "a pose network from COCO-style sets",
    "train-detector": "the person detector from boxed photos",
    "ablation": "what encoding, decoding and input size are each worth",
    "bench": "how fast every decoder is, as a ratio to a plain argmax",
    "limits": "how exact DARK and the Gaussian fit are, beside the Cramér–Rao bound",
    "parity": "how far exported decoders are from decode, in each runtime and precision",
    "serve": "the app, for a browser",
    "cluster": "the pose network, served from a Ray cluster",
}
BENCHMARKS = ("bench", "limits", "parity")
"""The verbs whose modules are in ``cli/benchmarks``."""
EXTRAS = dict.fromkeys(VERBS, "pose") | {"serve": "app", "cluster": "pose,cluster"}
"""What ``pip install 'dark-explorer[…]'`` must name where a verb lacks a package."""


def main(arguments: Sequence[str] | None = None, prog: str = "dark-core") -> None:
    """Run one verb. ``arguments`` are those of the command line, ``sys.argv[1:]`` by default.

    An input that cannot be used ends the command with one sentence on stderr and exit code 2.
    """
    arguments = sys.argv[1:] if arguments is None else arguments
    _take_any_stream()
    try:
        try:
            args = _parser(arguments, prog).parse_args(arguments)
            args.run(args)
        finally:
            sys.stdout.flush()
    except BrokenPipeError:  # the reader of the output, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except InputError as error:
        _end(str(error))
    except OSError as error:
        if error.filename is None and error.strerror is None:  # no file's fault
            raise
        _end(
            f"{error.filename or 'A file'} cannot be read or written ({error.strerror}): check the path and its rights."
        )
    except KeyboardInterrupt:
        print("Interrupted.", file=sys.stderr)
        raise SystemExit(130) from None
    except ModuleNotFoundError as error:
        package = (error.name or "dark_core").partition(".")[0]
        verb = next(iter(arguments), "")
        if package == "dark_core" or verb not in EXTRAS:  # a fault of our own
            raise
        raise SystemExit(f"{package} is not installed: pip install 'dark-explorer[{EXTRAS[verb]}]'") from error


def module_of(verb: str) -> str:
    """Full name of the module of a verb."""
    folder = "benchmarks." if verb in BENCHMARKS else ""
    return f"dark_core.cli.{folder}{verb.replace('-', '_')}"


def note(line: str) -> None:
    """Tell something beside the result, on the standard error."""
    print(line, file=sys.stderr, flush=True)


def _end(sentence: str) -> None:
    note(sentence)
    raise SystemExit(2) from None


def _take_any_stream() -> None:
    """Write to nowhere where a stream is closed, and "?" for a letter that the locale's encoding does not have."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 # as long as the process lives
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


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
            _fill(verbs.add_parser(verb, help=result), importlib.import_module(module_of(verb)))
        else:
            verbs.add_parser(verb, help=result)
    return parser


def _fill(parser: argparse.ArgumentParser, module: ModuleType) -> None:
    """Give the parser of a verb what its module says of it."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.description, parser.epilog = module.DESCRIPTION, f"example:\n  {module.EXAMPLE}"
    module.add_arguments(parser)
    parser.set_defaults(run=module.run)
