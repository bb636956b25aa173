"""What Decode says of its figure."""

from __future__ import annotations

import numpy as np

from dark_core.app.widgets.lesson_heatmap import LessonHeatmap
from dark_core.diagnosis.explain import diagnose

TITLE = "One Newton step on the log finds the joint between the pixels"
LEAD = (
    "The largest pixel is the joint only to the nearest pixel. The log of a Gaussian is a parabola, and on a parabola "
    "one step from that pixel, slope over curvature, leads to the top. **Step through it; drag the joint.**"
)


def explanation(shown: LessonHeatmap, positions: dict[str, np.ndarray]) -> str:
    return diagnose(shown.heatmap, shown.sigma, positions, shown.truth, shown.noise)
