"""What Smooth shows: what smoothing does to one heatmap, and to many repeats of it beside the Cramér–Rao bound."""

from __future__ import annotations

from dataclasses import replace

from dark_core.app.widgets import lesson_heatmap
from dark_core.app.widgets.interactive_figure import Field
from dark_core.simulation.heatmaps import SimulatedHeatmap

CASE = SimulatedHeatmap((13.37, 16.62), noise=0.1, seed=1)
"""The case shown at first: noise that a network's heatmap may well have, in which the raw step goes astray."""


VIEWS = {"Maps": "maps", "Surfaces": "surfaces", "Concave log": "signs", "Steps": "steps", "Cuts": "cuts"}
"""What is shown together while presenting."""

PARTS = {
    "answer": "the step from the smoothed peak, the text and the repeats",
    "maps": "the two maps",
    "surfaces": "the two surfaces",
    "signs": "where the log is concave",
    "steps": "the two steps",
    "cuts": "the cuts through the peak",
    "kernel, noise": "the sliders",
    "repeats": "the spread of many repeats",
    "question": "the question",
    "what, scene, joint, network, seed": "the controls",
}
"""What ``?hide=`` can leave out on this page."""


def case(seed: int) -> SimulatedHeatmap:
    """The simulated heatmap with the noise of ``seed``."""
    return replace(CASE, seed=seed)


def fields(case: SimulatedHeatmap | None, sigma: float) -> dict[str, Field]:
    """Kernel and view always; joint and noise of a simulated heatmap."""
    view = {
        "kernel": Field(sigma, 0, 4, 1),
        "yaw": Field(30, -180, 180, 0),
        "pitch": Field(35, 10, 85, 0),
    }
    if case is None:
        return view
    mine = lesson_heatmap.fields(case)
    return {**{name: mine[name] for name in ("x", "y", "noise")}, **view}
