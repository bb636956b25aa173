"""The curves of the Noise lab: error, error over the limit, or bias and scatter apart; points over number formats."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

from dark_core.app.noise_lab.text import AT_LIMIT, WITH, WITHOUT
from dark_core.app.noise_lab.view import Lab
from dark_core.app.runtime.page import answer_hidden
from dark_core.app.text.catalog import read_catalog
from dark_core.app.widgets.chart_style import chart_style
from dark_core.app.widgets.numbers import signed
from dark_core.figures.charts.chart import Axis, span
from dark_core.figures.charts.curves import Curve, curves
from dark_core.figures.decoder_style import title_of
from dark_core.figures.legend import arrow_mark, key_mark, legend, legend_of
from dark_core.simulation.sweeps import Accuracy, SweepPoint

TEXT = read_catalog("noise_lab")["figure"]

HEIGHT = 380


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
            TEXT["rmse"],
            lambda one: (one.rmse, one.rmse_error),
            lambda point: point.limit,
            labeled=True,
        )
    ],
    "ratio": [
        Panel(
            "curves",
            TEXT["ratio"],
            lambda one: (one.ratio, one.ratio_error),
            lambda point: 1.0,
            length=False,
            labeled=True,
        )
    ],
    "parts": [
        Panel(
            "bias",
            TEXT["bias"],
            lambda one: (one.bias[0], one.bias_error[0]),
            lambda point: 0.0,
            log=False,
        ),
        Panel(
            "curves",
            TEXT["scatter"],
            lambda one: (one.scatter, one.scatter_error),
            lambda point: point.limit,
        ),
    ],
}


def key(lab: Lab, points: list[SweepPoint]) -> str:
    """Which curve is which, the limit among them; how many times the limit each one is where the line stands."""
    if answer_hidden():
        return legend(name for name in lab.decoders if name not in AT_LIMIT)
    here = next(point for point in points if point.value == lab.marked)
    if not _labeled(lab, PANELS[lab.measure][-1]) or not np.isfinite(here.limit):
        return legend([*lab.decoders, "bound", *(["simcc_bound"] if lab.with_simcc else [])])
    ratios = {name: TEXT["times"].format(ratio=here.accuracy[name].ratio) for name in lab.decoders}
    titles = {name: f"{title_of(name)} {ratio}" for name, ratio in ratios.items()} | {"bound": TEXT["once"]}
    items = [(key_mark(name), title) for name, title in titles.items()]
    if {WITHOUT, WITH} <= ratios.keys() and here.accuracy[WITH].ratio < here.accuracy[WITHOUT].ratio:
        items.append((arrow_mark(WITH), TEXT["gap"]))
    return legend_of(items)


def _labeled(lab: Lab, panel: Panel) -> bool:
    """Whether ratios at one value are said of this panel."""
    return panel.labeled and not (lab.quantity.named or lab.with_simcc)


def show(lab: Lab, points: list[SweepPoint], said: str) -> None:
    """One wide figure, or bias and scatter side by side; ``said`` is their takeaway."""
    panels = PANELS[lab.measure]
    for column, panel in zip(st.columns(len(panels)), panels):
        with column:
            _chart(lab, points, panel, said)


def _chart(lab: Lab, points: list[SweepPoint], panel: Panel, said: str) -> None:
    px = np.array([lab.px_at(point) if panel.length else 1.0 for point in points])
    every, exercise = [], answer_hidden()
    for name in sorted(lab.decoders, key=lambda name: name == WITH):  # on top of what lies on the same line
        y, error = np.array([panel.value(point.accuracy[name]) for point in points]).T * px
        every.append(Curve(name, y, error, [_hover_text(lab, point, name, exercise) for point in points]))
    drawn = [curve for curve in every if not (exercise and curve.name in AT_LIMIT)]
    limit = px * [panel.limit(point) for point in points]
    simcc = px * [point.simcc_limit for point in points] if lab.with_simcc and panel.length and panel.log else None
    values = [point.value for point in points]
    across, marked = _across(lab, values), lab.quantity.of(lab.base)
    x = list(across.ticks or ())
    bounds = [limit] if simcc is None else [limit, simcc]
    up = Axis(panel.title.format(px=lab.px), panel.log, _up(panel, every, bounds, px))
    st.plotly_chart(
        curves(
            x,
            drawn,
            across,
            up,
            limit=limit.tolist() if panel.log and not exercise else None,
            simcc_limit=None if simcc is None or exercise else simcc.tolist(),
            marked=None if marked is None else x[values.index(marked)],
            gap=(WITHOUT, WITH) if _labeled(lab, panel) else None,
            style=chart_style(HEIGHT),
            joined=not lab.quantity.named,
        ),
        key=panel.key,
        config={"displayModeBar": False},
        alt=_alt(lab, up, drawn, said),
    )


def _up(panel: Panel, every: list[Curve], bounds: list[np.ndarray], px: np.ndarray) -> tuple[float, float]:
    """The scale of the errors: it holds every curve with its bars, and does not magnify a bias of nothing."""
    arms = [np.array(curve.error) * 1.96 for curve in every]
    ys = [np.array(curve.y) for curve in every]
    held = [*bounds, *(y + arm for y, arm in zip(ys, arms))]
    if panel.log:
        held += ys
    else:
        held += [0.1 * px, -0.1 * px, *(y - arm for y, arm in zip(ys, arms))]
    return span(np.array(held), panel.log)


def _across(lab: Lab, values: list[Any]) -> Axis:
    """The scale of the values, with room for the labels beyond the last; names stand side by side."""
    quantity = lab.quantity
    if quantity.named:
        labels = [quantity.label(value) for value in values]
        return Axis(quantity.axis, False, (-0.5, len(values) - 0.5), range(len(values)), labels)
    low, high = span(values, quantity.log)
    shown = (low, high * (high / low) ** 0.03) if quantity.log else (min(0.0, low), high)
    return Axis(quantity.axis, quantity.log, shown, values)


def _hover_text(lab: Lab, point: SweepPoint, name: str, exercise: bool) -> str:
    """The text of a point on hover; an ``exercise`` hides how far it is from the limit."""
    one, texts = point.accuracy[name], TEXT["hover"]
    said = [
        texts["value"].format(quantity=lab.quantity.title, value=lab.quantity.label(point.value)),
        texts["error"].format(error=one.rmse, error_error=one.rmse_error, photo=one.rmse * point.setting.photo_px),
        texts["bias"].format(bias_x=signed(one.bias[0], 4), bias_y=signed(one.bias[1], 4), scatter=one.scatter),
    ]
    if np.isfinite(one.ratio) and not exercise:
        said.insert(2, texts["ratio"].format(ratio=one.ratio, ratio_error=one.ratio_error))
    return "<br>".join(said)


def _alt(lab: Lab, up: Axis, drawn: list[Curve], said: str) -> str:
    """The takeaway and each curve's ends."""
    first, last = (lab.quantity.label(lab.values[end]) for end in (0, -1))
    ends = [TEXT["end"].format(decoder=title_of(one.name), first=one.y[0], last=one.y[-1]) for one in drawn]
    return TEXT["alt"].format(
        said=said.replace("**", ""),
        axis=up.title[:1].upper() + up.title[1:],
        across=lab.quantity.axis,
        first=first,
        last=last,
        ends="; ".join(ends),
    )
