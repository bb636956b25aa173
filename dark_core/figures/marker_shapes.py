"""The shapes of the markers: the corners of each, and the name that plotly has for it."""

from __future__ import annotations

import math

Corner = tuple[float, float]


def _regular(corners: int, radius: float = 1.1) -> list[Corner]:
    """A regular polygon with one corner at the top."""
    return _polar([radius] * corners)


def _polar(radii: list[float]) -> list[Corner]:
    """Corners at equal angles, clockwise from the top, each at its own radius."""
    turns = [2 * math.pi * k / len(radii) for k in range(len(radii))]
    return [(radius * math.sin(turn), -radius * math.cos(turn)) for radius, turn in zip(radii, turns)]


def _plus(reach: float = 1.1, half: float = 0.35) -> list[Corner]:
    """Two bars of width ``2 * half`` that cross at right angles."""
    arm = [(-half, -reach), (half, -reach), (half, -half)]
    corners = []
    for _ in range(4):
        corners += arm
        arm = [(-v, u) for u, v in arm]  # a quarter turn clockwise, y runs down
    return corners


_TRIANGLE = [(0.0, -1.1), (1.05, 0.75), (-1.05, 0.75)]

SHAPES: dict[str, list[Corner]] = {
    "circle": _regular(20, 1.0),
    "pentagon": _regular(5),
    "hexagon": _regular(6),
    "square": [(-0.8, -0.8), (0.8, -0.8), (0.8, 0.8), (-0.8, 0.8)],
    "diamond": [(0.0, -1.1), (1.1, 0.0), (0.0, 1.1), (-1.1, 0.0)],
    "triangle": _TRIANGLE,
    "triangle_down": [(u, -v) for u, v in _TRIANGLE],
    "plus": _plus(),
    "cross": [((u - v) / math.sqrt(2), (u + v) / math.sqrt(2)) for u, v in _plus()],
    "star": _polar([1.25, 0.55] * 5),
}
"""The corners of each marker, of about unit radius; y runs down."""

PLOTLY_SYMBOLS = {
    "circle": "circle",
    "pentagon": "pentagon",
    "hexagon": "hexagon",
    "square": "square",
    "diamond": "diamond",
    "triangle": "triangle-up",
    "triangle_down": "triangle-down",
    "plus": "cross",
    "cross": "x",
    "star": "star",
}
"""plotly's names of the same markers."""
