"""``dark-core serve``: the app, started as the program ``python -m dark_core.app``; the library does not import it."""

from __future__ import annotations

import argparse
import importlib.util
import os
import runpy
import sys

DESCRIPTION = """\
Serves the app and prints its address. Streamlit's other settings are taken from the environment,
such as STREAMLIT_SERVER_MAX_UPLOAD_SIZE."""
EXAMPLE = "dark-core serve --port 8501"


PORT = "STREAMLIT_SERVER_PORT"


def port(text: str) -> int:
    """The number of a port. Raises ArgumentTypeError, also for the one in the environment."""
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 2**16):
        raise argparse.ArgumentTypeError(f"a port is a whole number from 1 to 65535, not {text!r} ({PORT} counts too)")
    return int(text)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of ``serve``, which are those of ``python -m dark_core.app``."""
    parser.add_argument("--address", help="address to answer on; 0.0.0.0 is every one of this machine")
    parser.add_argument("--port", type=port, default=os.environ.get(PORT), help=f"({PORT}, or else 8501)")
    parser.add_argument("--certificate", help="PEM file for https, together with --key")
    parser.add_argument("--key", help="PEM file")


def run(args: argparse.Namespace) -> None:
    """Run the app's own program in this process until it is stopped."""
    if importlib.util.find_spec("dark_core.app") is None:
        raise SystemExit("The app is not part of the wheel: run it from a checkout after pip install -e '.[app]'.")
    given = {name: getattr(args, name) for name in ("address", "port", "certificate", "key")}
    sys.argv[1:] = [f"--{name}={value}" for name, value in given.items() if value is not None]
    runpy.run_module("dark_core.app", run_name="__main__", alter_sys=True)
