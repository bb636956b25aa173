"""The question of Decode, its numbers computed."""

from __future__ import annotations

import numpy as np

from dark_core.app.decode.text import TEXT
from dark_core.app.widgets.teaching import Option, filled_quiz
from dark_core.codec import newton_step
from dark_core.simulation.heatmaps import SCENARIOS


def question() -> tuple[str, list[Option]]:
    """The page's question, its numbers computed."""
    case = SCENARIOS["clean"].case
    far = newton_step(case.heatmap(), start=np.round(case.joint).astype(int) + [5, 3])
    x, y = far.center
    away, off = (float(np.linalg.norm(point - case.joint)) for point in (far.center, far.center + far.offset))
    return filled_quiz(TEXT["quiz"], "anywhere", x=x, y=y, away=away, off=off)
