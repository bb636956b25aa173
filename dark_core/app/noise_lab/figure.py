"""The curves of the Noise lab: error, error over the limit, or bias and scatter apart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import streamlit as st

from dark_core.app.noise_lab.text import AT_LIMIT, WITH, WITHOUT, title
from dark_core.app.noise_lab.view import Lab
from dark_core.app.runtime.page import answer_hidden
from dark_core.app.widgets.chart_style import chart_style
from dark_core.app.widgets.numbers import signed
from dark_core.figures.charts.chart import Axis, span
from dark_core.figures.charts.curves import Curve, curves
from dark_core.figures.legend import legend
from dark_core.simulation.sweeps import Accuracy, SweepPoint

HEIGHT = 380

NAMED = 5
"""So many curves are labeled with their names; the legend names all."""


@dataclass(frozen=True)
class Panel:
    """One way to show the points: its key, the axis's title, a decoder's value with its standard error, and the limit.

    log: on a logarithmic scale; length: in px and not a ratio; labeled: with the ratios at the setting's own value.
    """

    key: str
    title: str
    value: Callable[[Accuracy], tuple[float, float]]
    limit: Callable[[SweepPoint], float]
    log: bool = True
    length: bool = True
    labeled: bool = False


PANELS = {
    "rmse": [
        Panel(
            "curves",
            "error (RMSE), {px}",
            lambda one: (one.rmse, one.rmse_error),
            lambda point: point.limit,
            labeled=True,
        )
    ],
    "ratio": [
        Panel(
            "curves",
            "error ÷ Cramér–Rao limit",
            lambda one: (one.ratio, one.ratio_error),
            lambda point: 1.0,
            length=False,
            labeled=True,
        )
    ],
    "parts": [
        Panel(
            "bias",
            "bias along x, {px}",
            lambda one: (one.bias[0], one.bias_error[0]),
            lambda point: 0.0,
            log=False,
        ),
        Panel(
            "curves",
            "scatter, {px}",
            lambda one: (one.scatter, one.scatter_error),
            lambda point: point.limit,
        ),
    ],
}


def key(lab: Lab) -> str:
    """Which curve is which, the limit among them."""
    exercise = answer_hidden()
    names = [name for name in lab.decoders if not (exercise and name in AT_LIMIT)]
    return legend(names if exercise else [*names, "bound"])


def show(lab: Lab, points: list[SweepPoint], words: str) -> None:
    """One wide figure, or bias and scatter side by side; ``words`` is their takeaway."""
    panels = PANELS[lab.measure]
    for column, panel in zip(st.columns(len(panels)), panels):
        with column:
            _chart(lab, points, panel, words)


def _chart(lab: Lab, points: list[SweepPoint], panel: Panel, words: str) -> None:
    px = np.array([lab.px_at(point) if panel.length else 1.0 for point in points])
    here, exercise = next(point for point in points if point.value == lab.marked), answer_hidden()
    every = []
    for name in sorted(lab.decoders, key=lambda name: name == WITH):  # on top of what lies on the same line
        y, error = np.array([panel.value(point.accuracy[name]) for point in points]).T * px
        label = f"{here.accuracy[name].ratio:.1f} ×" if panel.labeled and here.limit < np.inf and not exercise else ""
        if label and len(lab.decoders) <= NAMED:
            label = f"{title(name)} {label}"
        every.append(Curve(name, y, error, [_hover_text(lab, point, name, exercise) for point in points], label))
    drawn = [curve for curve in every if not (exercise and curve.name in AT_LIMIT)]
    limit = px * [panel.limit(point) for point in points]
    values = [point.value for point in points]
    across = Axis(lab.quantity.axis, lab.quantity.log, _across(values, lab.quantity.log), values)
    up = Axis(panel.title.format(px=lab.px), panel.log, _up(panel, every, limit, px))
    st.plotly_chart(
        curves(
            values,
            drawn,
            across,
            up,
            limit=limit.tolist() if panel.log and not exercise else None,
            marked=lab.quantity.of(lab.base),
            gap=(WITHOUT, WITH, "modulation") if panel.labeled else None,
            style=chart_style(HEIGHT),
        ),
        key=panel.key,
        config={"displayModeBar": False},
        alt=_alt(across, up, values, drawn, words),
    )


def _up(panel: Panel, every: list[Curve], limit: np.ndarray, px: np.ndarray) -> tuple[float, float]:
    """The scale of the errors: it holds every curve with its bars, and does not magnify a bias of nothing."""
    arms = [np.array(curve.error) * 1.96 for curve in every]
    ys = [np.array(curve.y) for curve in every]
    held = [limit, *(y + arm for y, arm in zip(ys, arms))]
    if panel.log:
        held += ys
    else:
        held += [0.1 * px, -0.1 * px, *(y - arm for y, arm in zip(ys, arms))]
    return span(np.array(held), panel.log)


def _across(values: list[float], log: bool) -> tuple[float, float]:
    """The scale of the values, with room for the labels beyond the last."""
    low, high = span(values, log)
    return (low, high * (high / low) ** 0.03) if log else (min(0.0, low), high)


def _hover_text(lab: Lab, point: SweepPoint, name: str, exercise: bool) -> str:
    """The text of a point on hover; an ``exercise`` hides how far it is from the limit."""
    one, photo = point.accuracy[name], point.setting.photo_px
    ratio_known = np.isfinite(one.ratio) and not exercise
    ratio = f"{one.ratio:.2f} ± {one.ratio_error:.2f} times the limit<br>" if ratio_known else ""
    return (
        f"{lab.quantity.title} {point.value:g}{lab.quantity.unit}<br>"
        f"error {one.rmse:.4f} ± {one.rmse_error:.4f} heatmap px ({one.rmse * photo:.3f} photo px)<br>{ratio}"
        f"bias {signed(one.bias[0], 4)}, {signed(one.bias[1], 4)}; scatter {one.scatter:.4f} heatmap px"
    )


def _alt(across: Axis, up: Axis, values: list[float], drawn: list[Curve], words: str) -> str:
    """The takeaway and each curve's ends."""
    ends = "; ".join(f"{title(curve.name)} {curve.y[0]:.3g} to {curve.y[-1]:.3g}" for curve in drawn)
    return (
        f"{words.replace('**', '')} {up.title.capitalize()}, over {across.title}, from {values[0]:g} to "
        f"{values[-1]:g}: {ends}."
    )
