"""What Smooth shows: what modulation does to one map, and to many repeats of it beside the physical limit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import streamlit as st

from dark_core.app.smooth import tables
from dark_core.app.smooth.tables import REPEATS
from dark_core.app.widgets import lesson_heatmap
from dark_core.app.widgets.interactive_figure import Field
from dark_core.app.widgets.lesson_heatmap import LessonHeatmap
from dark_core.app.widgets.numbers import number
from dark_core.app.widgets.static_figure import panel
from dark_core.app.widgets.teaching import Option
from dark_core.codec import DECODERS, cramer_rao, trace
from dark_core.figures.scatter import bar_length, cloud
from dark_core.simulation.heatmaps import SimulatedHeatmap, decode_repeats
from dark_core.simulation.monte_carlo import accuracy

CASE = SimulatedHeatmap((13.37, 16.62), noise=0.1, seed=1)
"""What a first look shows: noise that a network's map may well have, in which the raw step goes astray."""


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
    "what, scene, joint, seed": "the controls",
}
"""What ``?hide=`` can leave out on this page."""


def case(seed: int) -> SimulatedHeatmap:
    """The simulated map with the noise of ``seed``."""
    return replace(CASE, seed=seed)


def fields(case: SimulatedHeatmap | None, sigma: float) -> dict[str, Field]:
    """Kernel and view always; joint and noise of a simulated map."""
    view = {
        "kernel": Field(sigma, 0, 4, 1),
        "yaw": Field(30, -180, 180, 0),
        "pitch": Field(35, 10, 85, 0),
    }
    if case is None:
        return view
    mine = lesson_heatmap.fields(case)
    return {**{name: mine[name] for name in ("x", "y", "noise")}, **view}


def in_words(shown: LessonHeatmap, kernel: float) -> str:
    """What the step does on the raw map and on the smoothed one, as Markdown."""
    raw, smoothed = trace(shown.heatmap, 0.0), trace(shown.heatmap, kernel)
    ideal_raw, ideal = -1 / shown.sigma**2, -1 / (shown.sigma**2 + kernel**2)

    def lands(steps) -> str:
        if shown.truth is None:
            return f"lands at ({steps.xy[0]:.2f}, {steps.xy[1]:.2f})"
        miss = float(np.linalg.norm(steps.xy - shown.truth))
        return f"lands **{miss:.2f} heatmap px** ({miss * shown.photo_px:.1f} photo px) from the joint"

    def refused(steps) -> str:
        return "" if steps.ok else f" ({steps.fallback})"

    text = (
        f"On the raw map the log bends by {number(raw.hessian[0, 0], 2)} along x at the peak, where a Gaussian of "
        f"σ = {shown.sigma:g} bends by {number(ideal_raw, 2)}; the step {lands(raw)}{refused(raw)}."
    )
    if kernel == 0:
        return text + " Without a kernel there is nothing else to compare: move the kernel’s σ."
    return text + (
        f" After smoothing with σ = {kernel:g} it bends by {number(smoothed.hessian[0, 0], 2)} (a Gaussian by "
        f"{number(ideal, 2)}) and the step {lands(smoothed)}{refused(smoothed)}."
    )


@st.cache_data(max_entries=128, show_spinner=False)
def repeated(case: SimulatedHeatmap, kernel: float) -> dict[str, np.ndarray]:
    """The case drawn and read again and again; DARK with the visitor's kernel."""
    return decode_repeats(case, REPEATS, seed=case.seed, assumed_sigma=max(kernel, 1e-3))


def many(case: SimulatedHeatmap, kernel: float) -> str:
    """The step with and without smoothing on many repeats, as clouds and as a table, beside the limit."""
    read = repeated(case, kernel)
    truth = np.array(case.joint)
    bound = cramer_rao(case.joint, case.size, case.sigma, case.noise)
    limit = float(np.sqrt(np.trace(bound)))
    spreads = {name: accuracy(xy - truth, limit) for name, xy in read.items()}
    reach = float(np.clip(3 * spreads["taylor"].rmse, 0.02, 3))
    bar = f"the bar is {bar_length(reach):g} heatmap px"
    clouds = []
    for name, title in (("taylor", "Step on the raw log"), ("dark", f"Step after smoothing, σ = {kernel:g}")):
        one = spreads[name]
        said = f"RMSE {one.rmse:.3f} heatmap px = {one.ratio:.2f} × the limit"
        alt = f"{REPEATS} readings by {DECODERS[name].title}: {said}"
        clouds.append(panel(title, cloud(name, read[name], truth, bound, reach, alt), f"{said}; {bar}"))
    table = (
        f"<div>{tables.table(spreads, limit, case.noise)}"
        "<p class='note'>The ring holds 95 % of the readings of a decoder at the limit, below which no unbiased one "
        f"can scatter. {REPEATS} repeats leave each figure uncertain by {100 / (2 * np.sqrt(REPEATS)):.1f} %.</p></div>"
    )
    return f'<div class="many">{"".join(clouds)}{table}</div>'


def asked() -> tuple[str, list[Option]]:
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
