"""The numbers behind the curves of the Noise lab, as a table."""

from __future__ import annotations

import numpy as np

from dark_core.app.noise_lab.view import Lab
from dark_core.app.text.catalog import read_catalog
from dark_core.app.widgets import tables
from dark_core.app.widgets.numbers import number, signed
from dark_core.app.widgets.tables import Column, Html, Row, decoder_header
from dark_core.simulation.sweeps import SweepPoint

TEXT = read_catalog("noise_lab")["table"]


def table(lab: Lab, points: list[SweepPoint]) -> str:
    """Return a row per decoder, a column per value: error and ratio, or bias and scatter, with standard errors."""
    parts = lab.measure == "parts"

    def cell(point: SweepPoint, name: str) -> Html:
        one, px = point.accuracy[name], lab.px_at(point)
        if parts:
            first = give(one.bias[0] * px, one.bias_error[0] * px, sign=True)
            second = give(one.scatter * px, one.scatter_error * px)
        else:
            first, second = three(one.rmse * px), give(one.ratio, one.ratio_error)
        return Html(f"{first}<br>{second}")

    rows = [Row(decoder_header(name), [cell(point, name) for point in points]) for name in lab.decoders]
    rows.append(Row(TEXT["bound"], [three(point.limit * lab.px_at(point)) for point in points]))
    if lab.with_simcc:
        rows.append(Row(TEXT["simcc_bound"], [three(point.simcc_limit) for point in points]))
    columns = [Column(), *(Column(lab.quantity.label(point.value)) for point in points)]
    caption = TEXT["parts" if parts else "errors"].format(px=lab.px, across=lab.quantity.axis)
    return tables.table(caption, columns, rows, scroll=True, frozen=True)


def three(value: float) -> str:
    """Three significant digits, zeros among them."""
    if np.isinf(value):
        return "∞"
    return f"{value:#.3g}".rstrip(".")


def give(value: float, error: float, sign: bool = False) -> str:
    """A value and its standard error, to the first digit of the error; a dash where there is none."""
    if not np.isfinite(value):
        return "–"
    digits = int(np.clip(-np.floor(np.log10(float(f"{error:.0e}"))), 0, 6)) if error > 0 else 3
    return f"{(signed if sign else number)(value, digits)} ± {error:.{digits}f}"
