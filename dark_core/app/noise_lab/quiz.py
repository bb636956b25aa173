"""The question of the Noise lab, its numbers computed."""

from __future__ import annotations

from dark_core.app.noise_lab.text import TEXT
from dark_core.app.noise_lab.view import BASE, COUNT, chunk_errors
from dark_core.app.widgets.teaching import Option, filled_quiz
from dark_core.simulation.sweep_parameters import SWEEP_PARAMETERS
from dark_core.simulation.sweeps import SweepPoint, join_chunks, split_into_chunks, summarize

DECODERS = ("argmax", "dark")
"""Whose errors the question compares."""


def question() -> tuple[str, list[Option]]:
    """The page's question, its numbers simulated at the default setting."""
    points = {"loud": _point(0.02), "quiet": _point(0.01)}
    errors = {
        f"{decoder}_{name}": point.accuracy[decoder].rmse for name, point in points.items() for decoder in DECODERS
    }
    noise = {name: point.setting.noise for name, point in points.items()}
    return filled_quiz(TEXT["quiz"], "dark", **noise, **errors)


def _point(noise: float) -> SweepPoint:
    """The errors of argmax and DARK at one noise level."""
    setting = SWEEP_PARAMETERS["noise"].change(BASE, noise)
    chunks = split_into_chunks(COUNT)
    parts = [chunk_errors(setting, DECODERS, 0, chunk, count) for chunk, count in chunks]
    return summarize(noise, setting, join_chunks(parts))
