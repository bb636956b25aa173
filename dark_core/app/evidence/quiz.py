"""The question of Evidence, its numbers published."""

from __future__ import annotations

from dark_core.app.evidence.text import NETWORK
from dark_core.app.evidence.view import TEXT
from dark_core.app.widgets.teaching import Option, filled_quiz
from dark_core.evaluation.published_results import PUBLISHED


def question() -> tuple[str, list[Option]]:
    """The page's question, its numbers published."""
    rows = [row for row in PUBLISHED if row.network == NETWORK]
    small, large = rows[0], rows[-1]
    times = large.size[1] / small.size[1]
    size = TEXT["figure"]["published"]["size"]
    return filled_quiz(
        TEXT["quiz"],
        "pixel",
        network=NETWORK,
        small=size.format(height=small.size[1], width=small.size[0]),
        small_gain=small.gain,
        large=size.format(height=large.size[1], width=large.size[0]),
        large_gain=large.gain,
        times=times,
        squared=times**2,
    )
