"""The numbers of Motion: what is measured of each decoder, and what a filter makes of one."""

from __future__ import annotations

from html import escape

import numpy as np

from dark_core.app.motion.comparison import Filtered, Measured
from dark_core.app.motion.text import TEXT
from dark_core.app.widgets import tables
from dark_core.app.widgets.tables import Column, Html, Row, decoder_header
from dark_core.codec import DECODERS
from dark_core.figures.legend import key_mark
from dark_core.motion.bootstrap import Estimate
from dark_core.motion.filters import filters

KNOWN = ("error", "bias", "scatter", "acceleration")
"""What is measured where the truth is known, and where not."""
UNKNOWN = ("still", "acceleration")


def measures_table(found: Measured) -> str:
    """Return a row per decoder: each measure in photo px with its interval, and in heatmap px below."""
    texts = TEXT["measures"]
    first = next(iter(found.measures.values()))
    names = KNOWN if first.error is not None else [name for name in UNKNOWN if getattr(first, name) is not None]
    columns = [Column(), *(Column(texts[name], wide_only=name in ("bias", "acceleration")) for name in names)]
    columns.append(Column(texts["step"], wide_only=len(names) > 2))
    rows = []
    for decoder, one in found.measures.items():
        cells = [_cell(getattr(one, name), found.scale) for name in names]
        rows.append(Row(decoder_header(decoder), [*cells, _step(one.step, found.scale)]))
    return tables.table(texts["caption"], columns, rows, scroll=True)


def filters_table(found: Filtered, fps: float) -> str:
    """Return a row per filter of the decoder's track, and DARK without one below; the best is bold."""
    texts, every = TEXT["filters"], filters(fps)
    title = DECODERS[found.decoder].title
    names = ["error", "acceleration"] if found.known else ["acceleration"]
    columns = [Column(), *(Column(texts[name], wide_only=name != names[0]) for name in names)]
    columns += [Column(texts["lag"]), Column(texts["ahead"], wide_only=True)]

    def row(decoder: str, name: str) -> Row:
        one = found.unfiltered_dark if decoder == "dark" and not name else found.measures[name]
        told = every[name].title if name else texts["none" if decoder == found.decoder else "dark"]
        header = Html(key_mark(decoder) + escape(told))
        lag, ahead = (f"{every[name].lag:.1f}", str(every[name].ahead)) if name else ("0.0", "0")
        best = found.best if found.value(found.best) < found.dark else ""
        kind = "best" if name == best and (name or decoder == "dark") else ""
        return Row(header, [*(_cell(getattr(one, each)) for each in names), lag, ahead], kind)

    rows = [row(found.decoder, name) for name in found.measures]
    if found.decoder != "dark":
        rows.append(row("dark", ""))
    return tables.table(texts["caption"].format(decoder=title), columns, rows, scroll=True)


def _cell(one: Estimate, scale: float | None = None) -> Html:
    texts = TEXT["measures"]
    cell = texts["photo"].format(value=one.value)
    if np.isfinite(one.low):
        cell += f" <small class='interval'>{texts['interval'].format(low=one.low, high=one.high)}</small>"
    if scale is not None:
        cell += f"<small class='line'>{texts['heatmap'].format(value=one.value / scale)}</small>"
    return Html(cell)


def _step(step: float | None, scale: float) -> Html:
    texts = TEXT["measures"]
    if not step:
        return Html(escape(texts["no_step"]))
    line = f"<small class='line'>{texts['heatmap'].format(value=step / scale)}</small>"
    return Html(texts["photo"].format(value=step) + line)
