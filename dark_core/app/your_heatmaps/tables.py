"""The numbers of Your heatmaps: every decoder on one heatmap, and over the whole file."""

from __future__ import annotations

import numpy as np

from dark_core.app.widgets import tables
from dark_core.app.widgets.numbers import number, percent
from dark_core.app.widgets.tables import Column, Row, decoder_header
from dark_core.codec import DECODERS, Status, in_full
from dark_core.evaluation.batch_decode import PERCENTILES, BatchResult, InputFrame


def table(positions: dict[str, np.ndarray], reasons: dict[str, int], frame: InputFrame, name: str) -> str:
    """Return a row per decoder: its position, its distance from DARK, and whether it fell back."""
    in_input = bool(frame.name)
    columns = [
        Column("Decoder"),
        Column("x, y, heatmap px"),
        *([Column("x, y, input px", wide_only=True)] if in_input else []),
        Column("from DARK, heatmap px"),
        *([Column("from DARK, input px", wide_only=True)] if in_input else []),
        Column("reading", wide_only=True, prose=True),
    ]
    rows = []
    for decoder, xy in positions.items():
        offset, at = xy - positions["dark"], frame(xy)
        cells = [
            f"{xy[0]:.2f}, {xy[1]:.2f}",
            *([f"{at[0]:.1f}, {at[1]:.1f}"] if in_input else []),
            f"{np.linalg.norm(offset):.2f}",
            *([f"{frame.length(offset):.2f}"] if in_input else []),
            _status(Status(reasons[decoder])),
        ]
        rows.append(Row(decoder_header(decoder), cells))
    return tables.table(f"Every decoder on {name}", columns, rows, scroll=True)


def _status(status: Status) -> str:
    """Whether a decoder decoded in full, and from which peak, or why it fell back."""
    if in_full(status):
        return f"full, {status.sentence}" if status.sentence else "full"
    return f"fallback: {status.sentence}"


def whole_table(result: BatchResult, frame: InputFrame) -> str:
    """Return a row per decoder: percentiles of its distance from DARK, and how often it fell back; below, why."""
    heatmap_px = InputFrame("", 1.0, frame.size)
    columns = [
        Column("Decoder"),
        *(Column(f"{p} %", wide_only=p in (5, 25, 75)) for p in PERCENTILES),
        *([Column("median, input px", wide_only=True)] if frame.name else []),
        Column("fallbacks"),
    ]
    rows = []
    for name in result.decoders:
        cells = [number(value, 3) for value in result.percentiles(name, heatmap_px)]
        if frame.name:
            cells.append(number(result.percentiles(name, frame)[2], 3))
        cells.append(percent(sum(result.fallbacks(name).values()) / result.count, 1))
        rows.append(Row(decoder_header(name), cells))
    caption = "Distance from DARK, heatmap px: that many % of the maps lie below"
    return tables.table(caption, columns, rows, scroll=True) + _fallbacks(result)


def _fallbacks(result: BatchResult) -> str:
    """Return a row per reason why decoders fell back, with the decoders and the number of heatmaps."""
    by_reason: dict[str, dict[str, int]] = {}
    for name in result.decoders:
        for reason, count in result.fallbacks(name).items():
            by_reason.setdefault(reason, {})[name] = count
    if not by_reason:
        return "<p style='font-size:0.84rem'>Every decoder gave a full reading of every map.</p>"
    rows = []
    for reason, counts in by_reason.items():
        said = " · ".join(f"{DECODERS[name].title} {count:,}" for name, count in counts.items())
        if len(counts) == len(result.decoders) and len(set(counts.values())) == 1:
            said = f"every decoder {next(iter(counts.values())):,}"
        rows.append(Row(reason, [said]))
    columns = [Column(prose=True), Column(prose=True)]
    why = tables.table("Why readings fell back, and on how many maps", columns, rows)
    return f"<div style='margin-top:1rem'>{why}</div>"
