"""The lines of ``codec/reference.py`` that decode a heatmap, and the step of the figure that each belongs to.

They are taken from the module itself, so that what is shown cannot differ from what is tested.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from functools import cache
from types import FunctionType

from dark_core.codec import reference

PARTS: dict[str, dict[str, tuple[tuple[int, ...], tuple[str, ...]]]] = {
    "dark": {
        "def": ((1,), ()),
        "h": ((2,), ("h",)),
        "m": ((4,), ("m",)),
        "gradient, hessian": ((5, 6), ("gradient", "hessian")),
        "return": ((7, 8), ("offset", "mu")),
    },
    "derivatives": {
        "def": ((), ()),
        "x, y": ((4,), ("xy",)),
        "p": ((3,), ("p",)),
        "dx, dy": ((5,), ("slopes",)),
        "dxx, dyy": ((6,), ("bends",)),
        "dxy": ((6,), ("twist",)),
        "return": ((5, 6), ()),
    },
}
"""Function -> what a line of it assigns -> the steps that it belongs to, and the values that stand beside it."""


@cache
def lines() -> list[dict]:
    """Each line of the functions in ``PARTS``: its text, its steps from 1 and the names of its values."""
    return [
        {"text": text, "steps": list(PARTS[name][what][0]), "values": list(PARTS[name][what][1])}
        for name in PARTS
        for what, text in _statements(getattr(reference, name))
    ]


def _statements(function: FunctionType) -> Iterator[tuple[str, str]]:
    """The head of a function and its statements, without its docstring: what each assigns, and its line.

    Every statement has one line. Python's own parser is not used: it can fail while another thread compiles a page.
    """
    written = inspect.getsource(function).splitlines()
    yield "def", written[0]
    docstring = next(number for number, line in enumerate(written) if line.endswith('"""'))
    for line in written[docstring + 1 :]:
        statement = line.strip()
        yield "return" if statement.startswith("return ") else statement.partition(" = ")[0], line
