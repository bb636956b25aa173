"""The guesses of a class at one number: a dot each, on one line, and the answer once it is revealed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from dark_core.figures import svg
from dark_core.figures.style import CASING

WIDTH, COLUMNS = 100.0, 40
"""Of the line, and the columns in which dots near each other are piled up."""


def strip(guesses: Sequence[float], answer: float | None, most: float, alt: str) -> str:
    """The dots of ``guesses``, piled up where many are alike; ``answer`` stands as a ring on the same line.

    The line goes from 0 to ``most``, which is above 0.
    """
    step = WIDTH / COLUMNS
    piles: Counter[int] = Counter()
    dots = []
    for guess in sorted(guesses):
        column = round(COLUMNS * guess / most)
        dots.append(svg.tag("circle", cx=column * step, cy=-(0.5 + piles[column]) * step, r=0.42 * step, fill=CASING))
        piles[column] += 1
    top = (max(piles.values(), default=0) + 2) * step
    line = svg.tag("path", d=f"M0 0H{WIDTH}", stroke="currentColor", stroke_width=0.3)
    ring = [] if answer is None else [svg.truth_mark(WIDTH * answer / most, 0.0, 0.9 * step)]
    return svg.view(-step, -top, WIDTH + 2 * step, top + 1.5 * step, line, *dots, *ring, alt=alt)
