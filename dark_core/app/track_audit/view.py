"""The audit of coordinates on a page: one sentence, the figures that prove it, a table and the files."""

from __future__ import annotations

import threading
from dataclasses import dataclass

import numpy as np
import streamlit as st

from dark_core.app.text import glossary
from dark_core.app.text.catalog import listed, read_catalog
from dark_core.app.track_audit import downloads, tables
from dark_core.app.track_audit.source import Coordinates, current_source, picture_size
from dark_core.app.widgets import teaching
from dark_core.app.widgets.chart_style import chart_style
from dark_core.app.widgets.static_figure import figure
from dark_core.figures.charts import lattice
from dark_core.motion.audit import LEVEL, Audit, audit
from dark_core.motion.audit_evidence import BINS, Evidence, evidence

TEXT = read_catalog("track_audit")

AXES = ("x", "y")

Size = tuple[float, float] | None

HEIGHTS = {"phases": 190, "spectra": 230}

_turn = threading.Lock()
"""One file at a time: visitors' files take turns."""


@dataclass(frozen=True, eq=False)
class Seen:
    """What an audit found, and the evidence of x and y, None where they are too few."""

    found: Audit
    evidence: tuple[Evidence | None, Evidence | None]


@st.cache_resource(max_entries=32, show_spinner=TEXT["file"]["auditing"])
def seen(key: str, size: Size, photo_px: float | None, consecutive: bool, _xy: np.ndarray) -> Seen:
    """The audit of coordinates (T, K, 2) in photo px, once for each content and ``size`` of its picture."""
    with _turn:
        found = audit(_xy, photo_px, consecutive)
        return Seen(found, (evidence(_xy, 0, found, consecutive), evidence(_xy, 1, found, consecutive)))


def show(revealed: bool, lead) -> None:
    """Everything between the title of the page and its lesson; ``lead`` is the place of the line below the title."""
    source = current_source()
    with lead:
        glossary.markdown(TEXT["lead_own" if source.own else "lead_example"])
    photo_px = _photo_px(source)
    st.caption(_recognized(source))
    size = picture_size() if source.file.normalized else None
    if source.file.normalized and size is None:
        return
    xy = source.file.xy if size is None else source.file.xy * size
    one = seen(source.key, size, photo_px, source.file.consecutive, xy)
    with st.container(key="audit_said"):
        if revealed:
            st.markdown(f"**{one.found.text}**")
        teaching.reveal_button()
    with st.container(key="audit_figure"):
        for column, axis, found in zip(st.columns(2, gap="medium"), AXES, one.evidence):
            with column:
                if found is not None:
                    _charts(axis, found, one.found)
    st.caption(_note(one))
    if revealed:
        figure(tables.table(one.found, one.evidence, source.file.consecutive), key="audit_table")
        downloads.show(source, one.found, one.evidence, size)


def _photo_px(source: Coordinates) -> float | None:
    """What the visitor gives, or else what is known of the example."""
    texts, known = TEXT["file"], source.photo_px
    given = st.number_input(
        texts["photo_px"],
        0.01,
        1000.0,
        None,
        0.1,
        placeholder=texts["photo_px_example"].format(px=known) if known else texts["photo_px_unknown"],
        key="photo_px",
        bind="query-params",
        help=texts["photo_px_help"],
        width=300,
    )
    return known if given is None else given


def _recognized(source: Coordinates) -> str:
    file = source.file
    words = TEXT["file"]["frames" if file.consecutive else "people"]
    name = f"`{source.name.replace('`', '_')}`" if source.own else source.name
    return words.format(name=name, kind=file.kind, count=len(file.xy), joints=file.xy.shape[1])


def _charts(axis: str, one: Evidence, found: Audit) -> None:
    texts, step = TEXT["figure"], (found.x if axis == "x" else found.y).step
    st.markdown(f"**{texts[axis]}**")
    values = {"axis": axis, "step": one.step, "bins": BINS, "even": 100 / BINS, "level": one.spectrum.level}
    values |= {"share": 100 * one.counts.max() / one.counts.sum(), "chance": 100 * LEVEL}
    values |= {"coherence": one.spectrum.coherence.max()}
    titles = (texts["coherence_axis"], texts["coherence_up"], texts["level"].format(level=100 * LEVEL))
    phases = lattice.phases(
        one.counts,
        texts["phase_axis"].format(step=one.step),
        texts["phase_up"],
        texts["phase_hover"],
        chart_style(HEIGHTS["phases"]),
    )
    spectra = lattice.coherences(
        one.spectrum.steps,
        one.spectrum.coherence,
        one.spectrum.level,
        step,
        (*titles, texts["coherence_hover"]),
        chart_style(HEIGHTS["spectra"]),
    )
    for name, drawing, alt in (("phases", phases, "phase_alt"), ("spectra", spectra, "coherence_alt")):
        with st.container(key=f"{name}_{axis}"):
            st.plotly_chart(
                drawing,
                key=f"{name}_chart_{axis}",
                config={
                    "modeBarButtons": [["toImage"]],
                    "displaylogo": False,
                    "toImageButtonOptions": {"filename": f"{name}_{axis}", "scale": 2},
                },
                alt=texts[alt].format(**values),
            )


def _note(one: Seen) -> str:
    """How the charts are read, and that there is a lattice for each frame where this is so."""
    texts = TEXT["figure"]
    said = [texts["note"].format(level=100 * LEVEL)]
    own = [axis for axis, found in zip(AXES, one.evidence) if found is not None and found.frames]
    if own:
        frames = max(found.frames for found in one.evidence if found is not None)
        said.append(texts["own_lattices"].format(axis=listed(own), frames=frames))
    return " ".join(said)
