"""The audit to take away: a row per axis, everything with the curves, and the command that prints it again."""

from __future__ import annotations

import json
import shlex
from collections.abc import Sequence

import numpy as np
import streamlit as st

from dark_core.app.text.catalog import read_catalog
from dark_core.app.track_audit.source import Coordinates
from dark_core.app.widgets.downloads import Download, csv_text, download_buttons
from dark_core.files.motion.track_files import TrackFile
from dark_core.motion.audit import Audit
from dark_core.motion.audit_evidence import Evidence

TEXT = read_catalog("track_audit")["files"]


def show(source: Coordinates, found: Audit, seen: Sequence[Evidence | None], size: tuple[float, float] | None) -> None:
    """The buttons, and below them the command for the same file."""
    with st.container(horizontal=True, key="audit_files"):
        download_buttons(
            Download(TEXT["csv"], lambda: as_csv(found, seen), "audit.csv", "audit_csv"),
            Download(TEXT["json"], lambda: as_json(found, seen), "audit.json", "audit_json"),
        )
        if not source.own:
            download_buttons(
                Download(TEXT["example"], lambda: coordinates_csv(source.file), "coordinates.csv", "audit_example")
            )
    st.caption(TEXT["picture"])
    if source.own:
        st.code(as_command(source, found.photo_px, size), language="bash", wrap_lines=True)


def as_csv(found: Audit, seen: Sequence[Evidence | None]) -> str:
    """A row for x and one for y; empty where there is no number."""
    return csv_text(_rows(found, seen))


def as_json(found: Audit, seen: Sequence[Evidence | None]) -> str:
    """The verdict, the axes, and the numbers of their charts."""
    charts = {
        name: None
        if one is None
        else {
            "phase_step": one.step,
            "phase_counts": one.counts.tolist(),
            "steps": one.spectrum.steps.round(6).tolist(),
            "coherence": one.spectrum.coherence.round(6).tolist(),
        }
        for name, one in zip(("x", "y"), seen, strict=True)
    }
    said = {"verdict": found.verdict, "text": found.text, "rounding": found.rounding, "photo_px": found.photo_px}
    return json.dumps({**said, "axes": _rows(found, seen), "charts": charts}, indent=1, ensure_ascii=False)


def coordinates_csv(file: TrackFile) -> str:
    """A row per frame and joint, in full precision, as it can be uploaded."""
    rows = [
        {"frame": frame, "joint": name, "x": f"{x:.6f}", "y": f"{y:.6f}"}
        for frame, people in enumerate(file.xy.tolist())
        for name, (x, y) in zip(file.names, people, strict=True)
        if np.isfinite(x)
    ]
    return csv_text(rows)


def as_command(source: Coordinates, photo_px: float | None, size: tuple[float, float] | None) -> str:
    """The command that prints the same of the visitor's file."""
    file = f"./{source.name}" if source.name.startswith("-") else source.name  # which would be taken for an option
    words = ["python", "-m", "dark_core", "audit", file]
    if photo_px:
        words += ["--photo-px", f"{photo_px:g}"]
    if size:
        words += ["--size", *(f"{side:.0f}" for side in size)]
    return shlex.join(words)


def _rows(found: Audit, seen: Sequence[Evidence | None]) -> list[dict]:
    return [
        {
            "axis": name,
            "step": axis.step,
            "coherence": axis.coherence,
            "level": None if one is None else one.spectrum.level,
            "p": axis.p,
            "whole_file": axis.whole_file,
            "photo_px": found.photo_px,
            "verdict": found.verdict,
        }
        for name, axis, one in zip(("x", "y"), (found.x, found.y), seen, strict=True)
    ]
