"""``python -m dark_core.app``: serve the app, as ``dark-core serve`` does."""

from __future__ import annotations

import argparse
import os

from dark_core.app.runtime.server import serve
from dark_core.cli.serve import DESCRIPTION, add_arguments
from dark_core.cluster.remote import CLUSTER, Remote
from dark_core.errors import InputError


def main() -> None:
    """Read the options, check the address of the cluster, serve."""
    parser = argparse.ArgumentParser(prog="python -m dark_core.app", description=DESCRIPTION)
    add_arguments(parser)
    args = parser.parse_args()
    try:
        Remote(os.environ.get(CLUSTER) or "http://none", "")
    except ValueError as error:
        raise SystemExit(f"{CLUSTER}: {error}") from error
    options = {
        "server_address": args.address,
        "server_port": args.port,
        "server_sslCertFile": args.certificate,
        "server_sslKeyFile": args.key,
    }
    try:
        serve(**{name: value for name, value in options.items() if value is not None})
    except InputError as error:
        parser.exit(2, f"{error}\n")


if __name__ == "__main__":
    main()
