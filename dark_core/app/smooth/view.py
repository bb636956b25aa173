"""What Smooth shows: what smoothing does to one heatmap, and to many repeats of it beside the Cramér–Rao bound."""

from __future__ import annotations

from dataclasses import replace

from dark_core.app.text.catalog import read_catalog
from dark_core.app.widgets import lesson_heatmap
from dark_core.app.widgets.interactive_figure import Field
from dark_core.app.widgets.joint_picker import PickedJoint
from dark_core.app.widgets.lesson_heatmap import LessonHeatmap
from dark_core.simulation.heatmaps import SimulatedHeatmap

TEXT = read_catalog("smooth")

CASE = SimulatedHeatmap((13.37, 16.62), noise=0.1, seed=1)
"""The case shown at first: noise that a network's heatmap may well have, in which the raw step goes astray."""

VIEWS = {title: (name,) for name, title in TEXT["views"].items()}
"""What is shown together while presenting: each kind of panel by itself."""


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


def data(shown: LessonHeatmap, case: SimulatedHeatmap | None, picked: PickedJoint | None) -> dict:
    """What the figure draws from, and what it says."""
    return {**lesson_heatmap.figure_data(shown, case, picked), "text": TEXT["figure"]}
