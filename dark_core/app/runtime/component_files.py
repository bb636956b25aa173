"""The scripts and styles of the app's components, as they lie in ``assets/components``."""

from functools import cache
from pathlib import Path

COMPONENTS = Path(__file__).parents[3] / "assets" / "components"


@cache
def component_file(name: str) -> str:
    """The text of the file ``name``."""
    return (COMPONENTS / name).read_text(encoding="utf-8")
