"""The question of Encode, its numbers computed."""

from __future__ import annotations

from dark_core.app.encode.text import TEXT
from dark_core.app.widgets.teaching import Option, filled_quiz
from dark_core.evaluation.metrics import mean_rounding


def question() -> tuple[str, list[Option]]:
    """The page's question, its numbers computed."""
    return filled_quiz(TEXT["quiz"], "floor", **{name: mean_rounding(name) for name in ("floor", "round")})
