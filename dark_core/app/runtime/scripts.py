"""The scripts and styles of the inline components, as they lie in ``assets/components``."""

from functools import cache
from pathlib import Path

ASSETS = Path(__file__).parents[3] / "assets" / "components"


@cache
def source(name: str) -> str:
    """The text of the file ``name``."""
    return (ASSETS / name).read_text(encoding="utf-8")
