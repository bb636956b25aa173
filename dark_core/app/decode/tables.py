"""The numbers of Decode: the error of every decoder on the heatmap that is shown."""

from __future__ import annotations

import numpy as np

from dark_core.app.decode.text import TEXT
from dark_core.app.widgets import tables
from dark_core.app.widgets.lesson_heatmap import LessonHeatmap
from dark_core.app.widgets.tables import Column, Row, decoder_header
from dark_core.app.widgets.verdict import nearest_decoders


def table(shown: LessonHeatmap, positions: dict[str, np.ndarray]) -> str:
    """Return a row per decoder: its position and error, or its distance from DARK where no truth is known."""
    base = positions["dark"] if shown.truth is None else shown.truth
    away = {name: float(np.linalg.norm(xy - base)) for name, xy in positions.items()}
    photo = {name: float(np.linalg.norm(shown.scale * (xy - base))) for name, xy in positions.items()}
    nearest = nearest_decoders(away) if shown.truth is not None else ()
    text, what = TEXT["table"], "error" if shown.truth is not None else "dark"
    columns = [
        Column(),
        Column(text["at_heatmap"], wide_only=True),
        Column(text[f"{what}_heatmap"]),
        Column(text["at_photo"], wide_only=True),
        Column(text[f"{what}_photo"]),
    ]
    rows = []
    for name, xy in positions.items():
        u, v = shown.to_photo(xy)
        cells = [f"{xy[0]:.2f}, {xy[1]:.2f}", f"{away[name]:.3f}", f"{u:.1f}, {v:.1f}", f"{photo[name]:.2f}"]
        rows.append(Row(decoder_header(name), cells, "best" if name in nearest else ""))
    return tables.table(text[f"{what}_caption"], columns, rows)
