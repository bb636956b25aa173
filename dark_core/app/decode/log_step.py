"""One Newton step on the log of a bell, beside the same step on the bell itself: the drawing that explains DARK.

A cut through a heatmap's peak is a Gaussian of width sigma around the joint. Its log is a parabola, so three dots give
its slope and curvature exactly, and the step -slope / curvature ends at the joint from anywhere. The bell itself curves
downwards only within one sigma: there the step ends past the joint, beyond it the step leads away.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import exp, inf

from dark_core.app.text.catalog import read_catalog
from dark_core.app.widgets.interactive_figure import Field

TEXT = read_catalog("decode")["log_step"]

SIGMA, JOINT, PIXELS, START = 2.0, 6.4, 13, 5
"""Heatmap px: width of the bell, the joint, the length of the cut, and the pixel where the step begins at first."""

FIELDS = {"log": Field(1, 0, 1), "start": Field(START, 1, PIXELS - 2, 0)}
"""How far the log is taken, from the bell at 0 to the parabola at 1, and the pixel where the step begins."""

DATA = {"sigma": SIGMA, "joint": JOINT, "pixels": PIXELS, "text": TEXT["figure"]}
"""What the figure draws from, and what it says."""


@dataclass(frozen=True)
class Step:
    """One Newton step: slope and curvature at its start, and where it ends, in heatmap px."""

    slope: float
    curvature: float
    start: float

    @property
    def end(self) -> float:
        return self.start - self.slope / self.curvature if self.curvature else inf


def bell(distance: float) -> float:
    """The height of the bell so many heatmap px from the joint."""
    return exp(log_of_bell(distance))


def log_of_bell(distance: float) -> float:
    return -0.5 * (distance / SIGMA) ** 2


def step_by_dots(height: Callable[[float], float], start: float) -> Step:
    """The step from ``start``, heatmap px from the joint, by the dots there and at its two neighbors."""
    left, center, right = (height(start + k) for k in (-1, 0, 1))
    return Step((right - left) / 2, left - 2 * center + right, start)


def step_on_bell(start: float) -> Step:
    """The step on the bell by its own derivatives; it has no end one sigma away, where the curvature is 0."""
    away = start / SIGMA
    return Step(-away / SIGMA * bell(start), (away**2 - 1) / SIGMA**2 * bell(start), start)


def summary_text() -> str:
    """Why the log, in numbers, as Markdown."""
    own, dots = abs(step_on_bell(1.0).end), abs(step_by_dots(bell, 1.0).end)
    return TEXT["why"].format(sigma=SIGMA, own=own, dots=dots)
