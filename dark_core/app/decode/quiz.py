"""The question of Decode, its numbers computed."""

from __future__ import annotations

import numpy as np

from dark_core.app.widgets.teaching import Option
from dark_core.codec import newton_step
from dark_core.simulation.heatmaps import SCENARIOS


def question() -> tuple[str, list[Option]]:
    """The page's question, its numbers computed."""
    case = SCENARIOS["clean"].case
    far = newton_step(case.heatmap(), start=np.round(case.joint).astype(int) + [5, 3])
    (x, y), end = far.center, far.center + far.offset
    away, off = (float(np.linalg.norm(point - case.joint)) for point in (far.center, end))
    seen = f"from ({x}, {y}), {away:.1f} px away, the step lands {off:.1g} heatmap px from the joint"
    return (
        "On a clean Gaussian, from how far away does one Newton step on the log still reach the joint?",
        [
            Option("Only from the largest pixel", f"Try it: {seen}."),
            Option(
                "From within one σ",
                "That would hold for the Gaussian itself, whose slope bends. Its log is a parabola everywhere.",
            ),
            Option(
                "From anywhere",
                f"Yes: {seen}. The peak is taken because there the noise is smallest in proportion to the map.",
                right=True,
            ),
        ],
    )
