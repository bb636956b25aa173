"""The question of Smooth, its numbers computed."""

from __future__ import annotations

import numpy as np

from dark_core.app.smooth.view import CASE
from dark_core.app.widgets.teaching import Option
from dark_core.codec import trace
from dark_core.simulation.heatmaps import SimulatedHeatmap


def question() -> tuple[str, list[Option]]:
    """The page's question, its numbers computed."""
    clean = SimulatedHeatmap(CASE.joint)
    raw, smoothed = (trace(clean.heatmap(), kernel) for kernel in (0.0, clean.sigma))
    off = [float(np.linalg.norm(steps.xy - clean.joint)) for steps in (raw, smoothed)]
    return (
        "Take the noise away altogether. Which step lands nearer to the joint, the raw or the smoothed one?",
        [
            Option(
                "The raw one: smoothing blurs",
                "Smoothing widens the peak, yet a Gaussian smoothed by a Gaussian is a Gaussian about the same center.",
            ),
            Option("The smoothed one", "There is nothing to smooth away. It pays only in noise."),
            Option(
                "Neither: both are exact",
                f"Yes: {off[0]:.4f} and {off[1]:.4f} heatmap px off. A demonstration without "
                "noise cannot show what modulation is for.",
                right=True,
            ),
        ],
    )
