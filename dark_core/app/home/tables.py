"""The numbers of Home: every decoder's error on one joint."""

from __future__ import annotations

from dark_core.app.home.text import TEXT
from dark_core.app.widgets import tables
from dark_core.app.widgets.tables import Column, Row, decoder_header
from dark_core.app.widgets.verdict import nearest_decoders
from dark_core.codec import CORE_DECODERS
from dark_core.evaluation.decoder_comparison import Comparison


def table(comparison: Comparison, joint: int) -> str:
    """Return a row per decoder with its error on this joint, the nearest in bold."""
    error = {name: float(comparison.error(name)[joint]) for name in CORE_DECODERS}
    nearest = nearest_decoders({name: value / comparison.photo_px for name, value in error.items()})
    rows = [
        Row(
            decoder_header(name),
            [f"{value / comparison.photo_px:.2f}", f"{value:.1f}"],
            "best" if name in nearest else "",
        )
        for name, value in error.items()
    ]
    text = TEXT["table"]
    return tables.table(text["caption"], [Column(), Column(text["heatmap"]), Column(text["photo"])], rows)
