"""The numbers of Encode: where the target of one joint is drawn."""

from __future__ import annotations

from html import escape

from dark_core.app.encode.text import TEXT
from dark_core.app.encode.view import EncodedJoint
from dark_core.app.widgets import tables
from dark_core.app.widgets.tables import Column, Html, Row
from dark_core.figures.decoder_style import ENCODING_TITLES
from dark_core.figures.legend import key_mark


def table(found: dict[str, EncodedJoint]) -> str:
    """Return a row per encoding: the center of its target and its error, in heatmap px and photo px."""
    text = TEXT["table"]
    columns = [
        Column(),
        Column(text["center_heatmap"]),
        Column(text["error_heatmap"]),
        Column(text["center_photo"], wide_only=True),
        Column(text["error_photo"]),
    ]
    rows = []
    for name, encoded in found.items():
        (x, y), (u, v) = encoded.heatmap, encoded.photo
        cells = [f"{x:.2f}, {y:.2f}", f"{encoded.off_heatmap:.2f}", f"{u:.1f}, {v:.1f}", f"{encoded.off_photo:.1f}"]
        rows.append(Row(Html(key_mark(name) + escape(ENCODING_TITLES[name])), cells))
    return tables.table(text["caption"], columns, rows)
