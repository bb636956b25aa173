"""The question of the Noise lab, its numbers computed."""

from __future__ import annotations

from dark_core.app.noise_lab.view import BASE, COUNT, chunk_errors
from dark_core.app.widgets.teaching import Option
from dark_core.simulation.sweep_parameters import SWEEP_PARAMETERS
from dark_core.simulation.sweeps import SweepPoint, join_chunks, split_into_chunks, summarize


def question() -> tuple[str, list[Option]]:
    """The page's question, its numbers simulated at the default setting."""
    loud, quiet = _point(0.02), _point(0.01)
    argmax, dark = ([point.accuracy[name].rmse for point in (loud, quiet)] for name in ("argmax", "dark"))
    return (
        f"Better training halves a network’s noise, from {loud.setting.noise:g} to {quiet.setting.noise:g} of the "
        "peak. Whose error halves with it?",
        [
            Option(
                "Argmax’s",
                f"It goes from {argmax[0]:.3f} to {argmax[1]:.3f} heatmap px. What is left is rounding to whole "
                "pixels, √(1/6) = 0.408 px, and no training removes that.",
            ),
            Option(
                "DARK’s",
                f"Yes: from {dark[0]:.4f} to {dark[1]:.4f} heatmap px. It stays at the limit, which is proportional to "
                f"the noise; argmax goes from {argmax[0]:.3f} to {argmax[1]:.3f}, for its error is rounding.",
                right=True,
            ),
            Option(
                "Both",
                f"DARK’s does, from {dark[0]:.4f} to {dark[1]:.4f} heatmap px. Argmax’s goes from {argmax[0]:.3f} to "
                f"{argmax[1]:.3f}: rounding does not care about noise.",
            ),
        ],
    )


def _point(noise: float) -> SweepPoint:
    """The errors of argmax and DARK at one noise level."""
    setting = SWEEP_PARAMETERS["noise"].change(BASE, noise)
    chunks = split_into_chunks(COUNT)
    parts = [chunk_errors(setting, ("argmax", "dark"), 0, chunk, count) for chunk, count in chunks]
    return summarize(noise, setting, join_chunks(parts))
