"""The question of Smooth, its numbers computed."""

from __future__ import annotations

import numpy as np

from dark_core.app.smooth.text import TEXT
from dark_core.app.smooth.view import CASE
from dark_core.app.widgets.teaching import Option, filled_quiz
from dark_core.codec import trace
from dark_core.simulation.heatmaps import SimulatedHeatmap


def question() -> tuple[str, list[Option]]:
    """The page's question, its numbers computed."""
    clean = SimulatedHeatmap(CASE.joint)
    kernels = {"raw": 0.0, "smoothed": clean.sigma}
    off = {name: float(np.linalg.norm(trace(clean.heatmap(), k).xy - clean.joint)) for name, k in kernels.items()}
    return filled_quiz(TEXT["quiz"], "neither", **off)
