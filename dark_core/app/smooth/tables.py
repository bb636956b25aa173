"""The numbers of Smooth: how far the step scatters over many repeats, beside the bound."""

from __future__ import annotations

import numpy as np

from dark_core.app.widgets import tables
from dark_core.app.widgets.tables import Column, Row, decoder_header
from dark_core.simulation.monte_carlo import Accuracy

REPEATS = 400


def table(spreads: dict[str, Accuracy], limit: float, noise: float) -> str:
    """Return a row per decoder, and the Cramér–Rao bound below them, in heatmap px."""
    rows = [
        Row(decoder_header(name), [f"{one.rmse:.3f}", f"{float(np.hypot(*one.bias)):.3f}", f"{one.ratio:.2f}"])
        for name, one in spreads.items()
    ]
    columns = [Column(), Column("RMSE, px"), Column("bias, px"), Column("× limit")]
    last = Row("Cramér–Rao limit", [f"{limit:.3f}", "0", "1"])
    return tables.table(f"{REPEATS} repeats, noise {noise:g}, in heatmap px", columns, [*rows, last])
