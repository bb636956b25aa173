"""The numbers of Smooth: how far the step scatters over many repeats, beside the bound."""

from __future__ import annotations

import numpy as np

from dark_core.app.text.catalog import read_catalog
from dark_core.app.widgets import tables
from dark_core.app.widgets.tables import Column, Row, decoder_header
from dark_core.simulation.monte_carlo import Accuracy

TEXT = read_catalog("smooth")["repeats"]

REPEATS = 400


def table(spreads: dict[str, Accuracy], limit: float, noise: float) -> str:
    """Return a row per decoder, and the Cramér–Rao bound below them, in heatmap px."""
    rows = [
        Row(decoder_header(name), [f"{one.rmse:.3f}", f"{float(np.hypot(*one.bias)):.3f}", f"{one.ratio:.2f}"])
        for name, one in spreads.items()
    ]
    columns = [Column(), *(Column(TEXT[name]) for name in ("rmse", "bias", "ratio"))]
    last = Row(TEXT["bound"], [f"{limit:.3f}", "0", "1"])
    return tables.table(TEXT["caption"].format(count=REPEATS, noise=noise), columns, [*rows, last])
