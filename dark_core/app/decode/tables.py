"""The numbers of Decode: the error of every decoder on the heatmap that is shown."""

from __future__ import annotations

import numpy as np

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
    what = "error" if shown.truth is not None else "from DARK"
    columns = [
        Column(),
        Column("at, heatmap px", wide_only=True),
        Column(f"{what}, heatmap px"),
        Column("at, photo px", wide_only=True),
        Column(f"{what}, photo px"),
    ]
    rows = []
    for name, xy in positions.items():
        u, v = shown.to_photo(xy)
        cells = [f"{xy[0]:.2f}, {xy[1]:.2f}", f"{away[name]:.3f}", f"{u:.1f}, {v:.1f}", f"{photo[name]:.2f}"]
        rows.append(Row(decoder_header(name), cells, "best" if name in nearest else ""))
    caption = "Distance to the true joint" if shown.truth is not None else "How far the readings are from DARK’s"
    return tables.table(caption, columns, rows)
