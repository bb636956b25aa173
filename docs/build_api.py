"""Build the API reference of the library from its docstrings: ``python -m docs.build_api FOLDER``.

pdoc documents what a package's namespace holds. Some packages import their names only when they are first used, so
that is done here first.
"""

import importlib
import sys
from pathlib import Path

import pdoc

PACKAGES = [f"dark_core.{name}" for name in "codec pose files evaluation simulation diagnosis benchmarks".split()]


def main(folder: str) -> None:
    for package in map(importlib.import_module, PACKAGES):
        for name in getattr(package, "__all__", []):
            setattr(package, name, getattr(package, name))
    pdoc.render.configure(docformat="numpy")
    pdoc.pdoc(*PACKAGES, output_directory=Path(folder))


if __name__ == "__main__":
    main(*sys.argv[1:])
