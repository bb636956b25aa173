"""Names of a package that are imported when they are first used.

``from dark_core.files import open_heatmaps`` then needs NumPy alone, though its neighbor ``read_photo`` needs Pillow.
"""

from __future__ import annotations

import ast
import importlib
from collections.abc import Callable
from pathlib import Path


def lazy(package: str, file: str) -> tuple[Callable[[str], object], Callable[[], list[str]], list[str]]:
    """``__getattr__``, ``__dir__`` and ``__all__`` of a package (PEP 562).

    The package's ``file`` lists its names once, as imports below ``if TYPE_CHECKING:``, where type checkers read them
    too.
    """
    tree = ast.parse(Path(file).read_text(encoding="utf-8"))
    (block,) = (node for node in tree.body if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING")
    home = {alias.name: node.module for node in block.body if isinstance(node, ast.ImportFrom) for alias in node.names}

    def __getattr__(name: str) -> object:
        if name not in home:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(importlib.import_module(str(home[name])), name)

    return __getattr__, lambda: sorted(home), sorted(home)
