"""What Decode shows: the data of its stepper, and the positions that the decoders find."""

from __future__ import annotations

import numpy as np

from dark_core.app.decode.text import FIGURE, STEPS
from dark_core.app.widgets import lesson_heatmap
from dark_core.app.widgets.interactive_figure import Field
from dark_core.app.widgets.joint_picker import PickedJoint
from dark_core.app.widgets.lesson_heatmap import LessonHeatmap
from dark_core.codec import CORE_DECODERS, decode
from dark_core.simulation.heatmaps import SCENARIOS, SimulatedHeatmap

CASES = {**{name: scenario.title for name, scenario in SCENARIOS.items()}, lesson_heatmap.REAL: "Real joint"}
"""The cases to choose from, key -> title."""

PARTS = {
    "answer": "where the readings land, and all steps, until the visitor has guessed",
    "steps": "the stepper",
    "neighbors": "the pixels round the peak",
    "formula": "the formula",
    "landing": "the landing points",
    "noise, pedestal, second": "the sliders",
    "table": "the table",
    "why": "the sentence that says why",
    "question": "the question",
    "case, scene, joint, network": "the controls",
}
"""What ``?hide=`` can leave out on this page."""


def fields(case: SimulatedHeatmap | None) -> dict[str, Field]:
    """The step always, and what can be changed of a simulated case."""
    return {**(lesson_heatmap.fields(case) if case else {}), "step": Field(8, 1, len(STEPS), 0)}


def data(shown: LessonHeatmap, case: SimulatedHeatmap | None, picked: PickedJoint | None) -> dict:
    """What the figure draws from, and what it says."""
    return {**lesson_heatmap.figure_data(shown, case, picked), "text": FIGURE}


def decoded_positions(shown: LessonHeatmap) -> dict[str, np.ndarray]:
    """The position of every core decoder, (2,) heatmap px."""
    return {name: decode(shown.heatmap, name, shown.sigma).xy for name in CORE_DECODERS}
