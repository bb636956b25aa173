"""What a visitor of the Noise lab selects, and its simulation: point by point, cached for all visitors."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Literal

import numpy as np
import streamlit as st

from dark_core.simulation.sweep_parameters import SWEEP_PARAMETERS, SimulationConfig, SweepParameter
from dark_core.simulation.sweeps import SweepPoint, decoding_errors, join_chunks, split_into_chunks, summarize

BASE = SimulationConfig()
COUNT = 2000
DEFAULTS = ["argmax", "quarter_shift", "taylor", "dark"]
"""The setting, repeats and decoders shown at first."""

REPEATS = (500, COUNT, 10000)
MEASURES = {"rmse": "Error", "ratio": "× limit", "parts": "Bias and scatter"}
CHOICES = {name: list(quantity.values) for name, quantity in SWEEP_PARAMETERS.items()} | {
    "border": [None, *(value for value in SWEEP_PARAMETERS["border"].values if value <= 4)]
}
"""What each part of the setting can be chosen from; a joint on border None is clear of edges."""

PARTS = {
    "answer": "DARK’s curve and the limit, the sentence, the table and the files",
    "words": "the sentence",
    "curve": "the figure",
    "table": "the table",
    "files": "the downloads and the code",
    "decoders_list": "what each decoder does",
    "question": "the question",
    "against, measure, decoders, level, target, repeats, more": "the controls",
}
"""What ``?hide=`` can leave out on this page."""


@dataclass(frozen=True)
class Lab:
    """What the visitor chose: the quantity swept, how it is shown, the rest of the setting, decoders, repeats."""

    name: str
    measure: str
    base: SimulationConfig
    decoders: tuple[str, ...]
    count: int
    seed: int

    @property
    def quantity(self) -> SweepParameter:
        return SWEEP_PARAMETERS[self.name]

    @property
    def values(self) -> list[float]:
        return self.quantity.along(self.base)

    @property
    def marked(self) -> float:
        """The value that the sentence speaks of: the setting's own, or the first."""
        own = self.quantity.of(self.base)
        return self.values[0] if own is None else own

    @property
    def px(self) -> str:
        return "photo px" if self.quantity.photo else "heatmap px"

    def px_at(self, point: SweepPoint) -> float:
        """``px`` per heatmap px."""
        return point.setting.photo_px if self.quantity.photo else 1.0


def choose(label: str, part: str, key: str, width: int | Literal["stretch"] = "stretch"):
    """The visitor's choice of one part of the setting."""
    options: list[float | None] = [*CHOICES[part]]
    unit = SWEEP_PARAMETERS[part].unit
    chosen = st.selectbox(
        label,
        options,
        index=options.index(getattr(BASE, part)),
        format_func=lambda value: "clear of edges" if value is None else f"{value:g}{unit}",
        key=key,
        bind="query-params",
        width=width,
    )
    return getattr(BASE, part) if chosen is None else chosen


# Sampling


@st.cache_resource(max_entries=500, show_spinner=False)
def _known_errors(setting: SimulationConfig, seed: int, chunk: int, count: int) -> dict[str, np.ndarray]:
    """The errors of every decoder in one chunk so far, shared by all visitors: 8 kB per decoder."""
    return {}


def chunk_errors(
    setting: SimulationConfig, decoders: tuple[str, ...], seed: int, chunk: int, count: int
) -> dict[str, np.ndarray]:
    """The errors of ``decoders`` in one chunk; only decoders without a result decode it now."""
    known = _known_errors(setting, seed, chunk, count)
    missing = [name for name in decoders if name not in known]
    if missing:
        known.update(decoding_errors(setting, missing, seed, chunk, count))
    return {name: known[name] for name in decoders}


def sample(lab: Lab, slot) -> list[SweepPoint]:
    """All points of ``lab``, chunk by chunk, with a bar in ``slot`` that says what is being done.

    At each update of the bar Streamlit stops here if the visitor has asked for something else meanwhile.
    """
    points, last, chunks = [], time.monotonic(), split_into_chunks(lab.count)
    for at, value in enumerate(lab.values):
        setting, parts = lab.quantity.change(lab.base, value), []
        for chunk, count in chunks:
            if time.monotonic() - last > 0.1:
                last = time.monotonic()
                done = (at + chunk / len(chunks)) / len(lab.values)
                what = f"{lab.quantity.title} {value:g}{lab.quantity.unit}, map {chunk * chunks[0][1]} of {lab.count}"
                slot.progress(done, f"Drawing maps and reading them: {what}")
            parts.append(chunk_errors(setting, lab.decoders, lab.seed, chunk, count))
        points.append(summarize(value, setting, join_chunks(parts), lab.seed))
    return points


# Beside the figure


def how(lab: Lab) -> str:
    """How the points were simulated, and how certain they are."""
    base, edge = lab.base, lab.base.border
    fixed = {
        "noise": f"noise {base.noise:g}",
        "sigma": f"σ = {base.sigma:g} px",
        "kernel": f"decoders told {base.kernel:g} × σ" if base.kernel != 1 else "",
        "border": "joints clear of edges" if edge is None else f"joints {edge:g} px from the left edge",
        "size": f"maps of {base.size}\u00a0×\u00a0{base.size}\u00a0px",
        "resolution": f"1 heatmap px = {base.photo_px:g} photo px",
    }
    moved = {lab.name} | ({"sigma", "size"} if lab.name == "resolution" else set())
    rest = ", ".join(text for name, text in fixed.items() if text and name not in moved)
    if lab.name == "resolution":
        rest += f"; σ = {base.sigma:g} px and {base.size} px maps at {base.resolution:g}, growing in proportion"
    spread = " of a pixel at that distance" if lab.name == "border" or edge is not None else ""
    return (
        f"Each point: {lab.count} maps in white noise, joints at every sub-pixel place{spread}, {rest}. Bars: 95 % "
        "intervals, mostly smaller than the markers. The limit holds for unbiased readings that do not know the peak’s "
        "height; a biased one may fall below it."
    )
