"""The numbers of the audit of coordinates: a row per axis."""

from __future__ import annotations

from collections.abc import Sequence

from dark_core.app.text.catalog import read_catalog
from dark_core.app.widgets import tables
from dark_core.app.widgets.tables import Column, Row
from dark_core.motion.audit import Audit
from dark_core.motion.audit_evidence import Evidence

TEXT = read_catalog("track_audit")["table"]


def table(found: Audit, seen: Sequence[Evidence | None], consecutive: bool) -> str:
    """Return a row for x and one for y: the step of the lattice, how coherent it is, and its chance without one."""
    columns = [
        Column(TEXT["axis"]),
        Column(TEXT["step"]),
        *([Column(TEXT["step_heatmap"])] if found.photo_px else []),
        Column(TEXT["coherence"]),
        Column(TEXT["level"], wide_only=True),
        Column(TEXT["p"]),
        Column(TEXT["holds"], wide_only=True),
    ]
    rows = []
    for name, axis, one in zip(("x", "y"), (found.x, found.y), seen, strict=True):
        none = axis.step is None
        every, each = ("all", "each") if consecutive else ("all_people", "each_person")
        cells = [
            TEXT["none"] if axis.step is None else f"{axis.step:.4g}",
            *(["–" if axis.step is None else f"{axis.step / found.photo_px:.3g}"] if found.photo_px else []),
            "–" if one is None else f"{axis.coherence:.2f}",
            "–" if one is None else f"{one.spectrum.level:.2f}",
            "–" if one is None else TEXT["small"] if axis.p < 1e-4 else f"{axis.p:.2g}",
            "–" if none else TEXT[every if axis.whole_file else each],
        ]
        rows.append(Row(name, cells))
    return tables.table(TEXT["caption"], columns, rows, scroll=True)
