"""What Decode shows: the data of its stepper, and the errors of every reading with the reason for them."""

from __future__ import annotations

import numpy as np

from dark_core.app.widgets import lesson_heatmap
from dark_core.app.widgets.interactive_figure import Field
from dark_core.app.widgets.lesson_heatmap import LessonHeatmap
from dark_core.app.widgets.teaching import Option
from dark_core.codec import CORE_DECODERS, decode, newton_step
from dark_core.diagnosis.explain import diagnose
from dark_core.simulation.heatmaps import SCENARIOS, SimulatedHeatmap

CASES = {**{name: scenario.title for name, scenario in SCENARIOS.items()}, lesson_heatmap.REAL: "Real joint"}
"""The cases to choose from, key -> title."""

STEPS = 9

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
    "case, scene, joint": "the controls",
}
"""What ``?hide=`` can leave out on this page."""


def fields(case: SimulatedHeatmap | None) -> dict[str, Field]:
    """The step always, and what can be changed of a simulated case."""
    return {**(lesson_heatmap.fields(case) if case else {}), "step": Field(8, 1, STEPS, 0)}


def readings(shown: LessonHeatmap) -> dict[str, np.ndarray]:
    """Where every classic decoder lands, (2,) heatmap px."""
    return {name: decode(shown.heatmap, name, shown.sigma).xy for name in CORE_DECODERS}


def why(shown: LessonHeatmap, landings: dict[str, np.ndarray]) -> str:
    return diagnose(shown.heatmap, shown.sigma, landings, shown.truth, shown.noise)


def asked() -> tuple[str, list[Option]]:
    """The page's question, its numbers computed."""
    case = SCENARIOS["clean"].case
    far = newton_step(case.heatmap(), start=np.round(case.joint).astype(int) + [5, 3])
    (x, y), landed = far.center, far.center + far.offset
    away, off = (float(np.linalg.norm(point - case.joint)) for point in (far.center, landed))
    seen = f"from ({x}, {y}), {away:.1f} px away, the step lands {off:.1g} heatmap px from the joint"
    return (
        "On a clean Gaussian, from how far away does one Newton step on the log still land on the joint?",
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
