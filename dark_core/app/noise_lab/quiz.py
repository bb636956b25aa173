"""The question of the Noise lab, its numbers computed."""

from __future__ import annotations

from dark_core.app.noise_lab import text as noise_lab_text
from dark_core.app.noise_lab.view import BASE, COUNT, chunk_errors
from dark_core.app.widgets.teaching import Option
from dark_core.simulation.sweep_parameters import SWEEP_PARAMETERS
from dark_core.simulation.sweeps import join_chunks, split_into_chunks, summarize


def question() -> tuple[str, list[Option]]:
    """The page's question, its numbers sampled at the default setting."""
    points = []
    for noise in (0.02, 0.01):
        setting = SWEEP_PARAMETERS["noise"].change(BASE, noise)
        parts = [
            chunk_errors(setting, ("argmax", "dark"), 0, chunk, count) for chunk, count in split_into_chunks(COUNT)
        ]
        points.append(summarize(noise, setting, join_chunks(parts)))
    return noise_lab_text.asked(*points)
