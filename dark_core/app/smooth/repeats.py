"""The same heatmap in 400 draws of noise, decoded with and without smoothing, beside the Cramér–Rao bound."""

from __future__ import annotations

import numpy as np
import streamlit as st

from dark_core.app.smooth import tables
from dark_core.app.smooth.tables import REPEATS, TEXT
from dark_core.app.widgets.static_figure import panel
from dark_core.codec import DECODERS, cramer_rao
from dark_core.figures.scatter import bar_length, cloud
from dark_core.simulation.heatmaps import SimulatedHeatmap, decode_repeats
from dark_core.simulation.monte_carlo import accuracy


@st.cache_data(max_entries=128, show_spinner=False)
def repeated(case: SimulatedHeatmap, kernel: float) -> dict[str, np.ndarray]:
    """Positions decoded from many repeats of the case; DARK with the visitor's kernel."""
    return decode_repeats(case, REPEATS, seed=case.seed, assumed_sigma=max(kernel, 1e-3))


def panels(case: SimulatedHeatmap, kernel: float) -> str:
    """The step with and without smoothing on many repeats, as clouds and as a table, beside the limit."""
    decoded = repeated(case, kernel)
    truth = np.array(case.joint)
    bound = cramer_rao(case.joint, case.size, case.sigma, case.noise)
    limit = float(np.sqrt(np.trace(bound)))
    spreads = {name: accuracy(xy - truth, limit) for name, xy in decoded.items()}
    reach = float(np.clip(3 * spreads["taylor"].rmse, 0.02, 3))
    clouds = []
    for name, title in (("taylor", TEXT["raw"]), ("dark", TEXT["smoothed"].format(kernel=kernel))):
        one = spreads[name]
        values = {"rmse": one.rmse, "ratio": one.ratio, "bar": bar_length(reach), "count": REPEATS}
        alt = TEXT["alt"].format(decoder=DECODERS[name].title, **values)
        drawn = cloud(name, decoded[name], truth, bound, reach, alt)
        clouds.append(panel(title, drawn, TEXT["note"].format(**values)))
    ring = TEXT["ring"].format(count=REPEATS, uncertain=100 / (2 * np.sqrt(REPEATS)))
    table = f"<div>{tables.table(spreads, limit, case.noise)}<p class='note'>{ring}</p></div>"
    return f'<div class="many">{"".join(clouds)}{table}</div>'
