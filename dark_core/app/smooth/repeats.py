"""The same heatmap in 400 draws of noise, decoded with and without smoothing, beside the Cramér–Rao bound."""

from __future__ import annotations

import numpy as np
import streamlit as st

from dark_core.app.smooth import tables
from dark_core.app.smooth.tables import REPEATS
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
    bar = f"the bar is {bar_length(reach):g} heatmap px"
    clouds = []
    for name, title in (("taylor", "Step on the raw log"), ("dark", f"Step after smoothing, σ = {kernel:g}")):
        one = spreads[name]
        rmse_text = f"RMSE {one.rmse:.3f} heatmap px = {one.ratio:.2f} × the limit"
        alt = f"{REPEATS} readings by {DECODERS[name].title}: {rmse_text}"
        clouds.append(panel(title, cloud(name, decoded[name], truth, bound, reach, alt), f"{rmse_text}; {bar}"))
    table = (
        f"<div>{tables.table(spreads, limit, case.noise)}"
        "<p class='note'>The ring holds 95 % of the readings of a decoder at the limit, below which no unbiased one "
        f"can scatter. {REPEATS} repeats leave each figure uncertain by {100 / (2 * np.sqrt(REPEATS)):.1f} %.</p></div>"
    )
    return f'<div class="many">{"".join(clouds)}{table}</div>'
