"""What Decode shows: the data of its stepper, and the positions that the decoders find."""

from __future__ import annotations

import numpy as np

from dark_core.app.decode import reference_lines
from dark_core.app.decode.text import TEXT
from dark_core.app.runtime.page import presenting
from dark_core.app.widgets import lesson_heatmap
from dark_core.app.widgets.interactive_figure import Field
from dark_core.app.widgets.joint_picker import PickedJoint
from dark_core.app.widgets.lesson_heatmap import LessonHeatmap
from dark_core.codec import CORE_DECODERS, decode
from dark_core.simulation.heatmaps import SCENARIOS, SimulatedHeatmap

CASES = {
    **{name: scenario.title for name, scenario in SCENARIOS.items()},
    lesson_heatmap.REAL: TEXT["controls"]["real"],
}
"""The cases to choose from, key -> title."""


VIEWS = {TEXT["views"]["why"]: ("why-log",), TEXT["views"]["steps"]: ("tiles",), TEXT["views"]["code"]: ("code",)}
"""What is shown while presenting."""

ANSWER = frozenset({"why-log", "code"})
"""The parts of these that an exercise leaves out, so that it shows the heatmap on which one guesses."""


def fields(case: SimulatedHeatmap | None) -> dict[str, Field]:
    """The step always, the first while presenting, and what can be changed of a simulated case."""
    return {
        **(lesson_heatmap.fields(case) if case else {}),
        "step": Field(1 if presenting() else 8, 1, len(TEXT["figure"]["steps"]), 0),
    }


def data(shown: LessonHeatmap, case: SimulatedHeatmap | None, picked: PickedJoint | None) -> dict:
    """What the figure draws from, and what it says."""
    return {**lesson_heatmap.figure_data(shown, case, picked), "text": TEXT["figure"], "code": reference_lines.lines()}


def decoded_positions(shown: LessonHeatmap) -> dict[str, np.ndarray]:
    """The position of every core decoder, (2,) heatmap px."""
    return {name: decode(shown.heatmap, name, shown.sigma).xy for name in CORE_DECODERS}
