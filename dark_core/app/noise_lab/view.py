"""What a visitor of the Noise lab selects, and its simulation: point by point, cached for all visitors."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
import streamlit as st

from dark_core.app.text.catalog import read_catalog
from dark_core.codec import DECODERS
from dark_core.simulation.number_formats import NUMBER_FORMATS
from dark_core.simulation.sweep_parameters import SWEEP_PARAMETERS, SimulationConfig, SweepParameter
from dark_core.simulation.sweeps import SweepPoint, decoding_errors, join_chunks, split_into_chunks, summarize

TEXT = read_catalog("noise_lab")

BASE = SimulationConfig()
COUNT = 2000
DEFAULTS = ["argmax", "quarter_shift", "taylor", "dark"]
"""The setting, repeats and decoders shown at first."""

REPEATS = (500, COUNT, 10000)
CHOICES = {name: list(quantity.values) for name, quantity in SWEEP_PARAMETERS.items()} | {
    "border": [
        None,
        *(value for value in SWEEP_PARAMETERS["border"].values if not isinstance(value, str) and value <= 4),
    ]
}
"""What each part of the setting can be chosen from; a joint on border None is clear of edges."""


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
    def with_simcc(self) -> bool:
        """Whether rows of bins are decoded beside the heatmaps."""
        return self.name == "bins"

    @property
    def values(self) -> list[Any]:
        return self.quantity.along(self.base)

    @property
    def marked(self) -> Any:
        """The value that the sentence speaks of: the setting's own, or the first."""
        own = self.quantity.of(self.base)
        return self.values[0] if own is None else own

    @property
    def px(self) -> str:
        return TEXT["units"]["photo" if self.quantity.photo else "heatmap"]

    def px_at(self, point: SweepPoint) -> float:
        """``px`` per heatmap px."""
        return point.setting.photo_px if self.quantity.photo else 1.0


def choose(part: str, key: str, width: int | Literal["stretch"] = "stretch"):
    """The visitor's choice of one part of the setting."""
    options: list[Any] = [*CHOICES[part]]
    label_of = SWEEP_PARAMETERS[part].label
    chosen = st.selectbox(
        TEXT["controls"][key],
        options,
        index=options.index(getattr(BASE, part)),
        format_func=lambda value: TEXT["controls"]["clear"] if value is None else label_of(value),
        key=key,
        bind="query-params",
        width=width,
    )
    return getattr(BASE, part) if chosen is None else chosen


def choose_decoders() -> tuple[str, ...]:
    """The visitor's decoders, in the order of the registry."""
    chosen = st.multiselect(
        TEXT["controls"]["decoders"],
        list(DECODERS),
        default=DEFAULTS,
        format_func=lambda key: DECODERS[key].title,
        key="decoders",
        wrap=True,
        bind="query-params",
    )
    return tuple(decoder for decoder in DECODERS if decoder in chosen)


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
                told = TEXT["how"]["progress"].format(
                    quantity=lab.quantity.title,
                    value=lab.quantity.label(value),
                    at=chunk * chunks[0][1],
                    count=lab.count,
                )
                slot.progress(done, told)
            parts.append(chunk_errors(setting, lab.decoders, lab.seed, chunk, count))
        points.append(summarize(value, setting, join_chunks(parts), lab.seed))
    return points


# Beside the figure


def how(lab: Lab) -> str:
    """How the points were simulated, and how certain they are."""
    base, edge, texts = lab.base, lab.base.border, TEXT["how"]
    at_edge = lab.name == "border" or edge is not None
    said = [
        texts["points_edge" if at_edge else "points"].format(count=lab.count),
        texts["setting"].format(setting=", ".join(_fixed(lab))),
    ]
    if lab.name == "resolution":
        said.append(texts["grow"].format(resolution=base.resolution))
    said += [texts["bars"], texts["bound"]]
    if lab.name == "number_format":
        formats = [texts["format"].format(title=one.title, meaning=one.meaning) for one in NUMBER_FORMATS.values()]
        said.append(texts["formats"].format(formats="; ".join(formats)))
    if lab.with_simcc:
        said.append(texts["simcc"])
    return " ".join(said)


def _fixed(lab: Lab) -> list[str]:
    """The parts of the setting that stay as they are along the curves."""
    base, plain, texts = lab.base, lab.base.number_format == BASE.number_format, TEXT["how"]["fixed"]
    fixed = {
        "noise": "noise",
        "sigma": "sigma",
        "kernel": "kernel" if base.kernel != 1 else "",
        "border": "clear" if base.border is None else "border",
        "size": "size",
        "resolution": "resolution",
        "number_format": "" if plain else "number_format",
    }
    values = {**asdict(base), "photo_px": base.photo_px, "format": NUMBER_FORMATS[base.number_format].title}
    return [texts[key].format(**values) for name, key in fixed.items() if key and name != lab.name]
