"""The numbers of the tracks of a moving joint: a row per decoder."""

from __future__ import annotations

import numpy as np

from dark_core.app.noise_lab.moving.track import Found, rms
from dark_core.app.text.catalog import read_catalog
from dark_core.app.widgets import tables
from dark_core.app.widgets.numbers import number
from dark_core.app.widgets.tables import Column, Html, Row, decoder_header
from dark_core.motion.bootstrap import Estimate

TEXT = read_catalog("noise_lab")["moving"]["table"]

MEASURES = ("error", "bias", "scatter")

PARTS = ("rounding", "pixel_noise", "network")


def table(found: Found) -> str:
    """Return a row per decoder: error, bias, scatter with their intervals, the step, and the three parts."""
    columns = [Column(), *(Column(TEXT[name]) for name in MEASURES), Column(TEXT["step"])]
    columns += [Column(TEXT[name], apart=name == PARTS[0]) for name in PARTS]
    rows = []
    for name, one in found.measures.items():
        cells: list[str] = [_cell(getattr(one, key)) for key in MEASURES]
        cells.append(f"{one.step:g}" if one.step else TEXT["none"])
        cells += [number(rms(getattr(found.parts[name], part)), 3) for part in PARTS]
        rows.append(Row(decoder_header(name), cells))
    return tables.table(TEXT["caption"], columns, rows, scroll=True, frozen=True)


def _cell(one: Estimate) -> Html:
    interval = TEXT["interval"].format(low=one.low, high=one.high) if np.isfinite(one.low) else ""
    return Html(f"{number(one.value, 3)} <small class='interval'>{interval}</small>")
