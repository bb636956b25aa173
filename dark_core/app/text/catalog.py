"""The pages' words that are data: ``en/NAME.toml``, key -> text, so that a translation needs no code."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

LANGUAGE = "en"
"""The folder beside this module whose words the pages use."""


def read_catalog(name: str) -> dict[str, Any]:
    """The texts of ``NAME.toml`` by their keys; a table of the file is a dictionary of its own.

    Python or the browser fills in what stands in braces.
    """
    return tomllib.loads((Path(__file__).parent / LANGUAGE / f"{name}.toml").read_text(encoding="utf-8"))


def listed(items: Sequence[str]) -> str:
    """The items of a sentence as one: "a", "a and b", "a, b and c"."""
    texts, first = read_catalog("widgets")["list"], items[0]
    for item in items[1:-1]:
        first = texts["more"].format(first=first, next=item)
    return texts["last"].format(first=first, next=items[-1]) if len(items) > 1 else first
