"""The numbers of Your heatmaps: every decoder on one heatmap, and over the whole file."""

from __future__ import annotations

import numpy as np

from dark_core.app.text.catalog import read_catalog
from dark_core.app.widgets import tables
from dark_core.app.widgets.numbers import number, percent
from dark_core.app.widgets.tables import Column, Row, decoder_header
from dark_core.codec import DECODERS, Status, in_full
from dark_core.evaluation.batch_decode import PERCENTILES, BatchResult, InputFrame

TEXT = read_catalog("your_heatmaps")


def table(positions: dict[str, np.ndarray], reasons: dict[str, int], frame: InputFrame, name: str) -> str:
    """Return a row per decoder: its position, its distance from DARK, and whether it fell back."""
    texts, in_input = TEXT["table"], bool(frame.name)
    columns = [
        Column(texts["decoder"]),
        Column(texts["position"]),
        *([Column(texts["position_input"], wide_only=True)] if in_input else []),
        Column(texts["distance"]),
        *([Column(texts["distance_input"], wide_only=True)] if in_input else []),
        Column(texts["status"], wide_only=True, prose=True),
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
    return tables.table(texts["caption"].format(joint=name), columns, rows, scroll=True)


def _status(status: Status) -> str:
    """Whether a decoder decoded in full, and from which peak, or why it fell back."""
    texts = TEXT["table"]
    if in_full(status):
        return texts["full_from"].format(status=status.sentence) if status.sentence else texts["full"]
    return texts["fallback"].format(status=status.sentence)


def whole_table(result: BatchResult, frame: InputFrame) -> str:
    """Return a row per decoder: percentiles of its distance from DARK, and how often it fell back; below, why."""
    texts, heatmap_px = TEXT["whole"], InputFrame("", 1.0, frame.size)
    columns = [
        Column(TEXT["table"]["decoder"]),
        *(Column(texts["percentile"].format(percent=p), wide_only=p in (5, 25, 75)) for p in PERCENTILES),
        *([Column(texts["median_input"], wide_only=True)] if frame.name else []),
        Column(texts["fallbacks"]),
    ]
    rows = []
    for name in result.decoders:
        cells = [number(value, 3) for value in result.percentiles(name, heatmap_px)]
        if frame.name:
            cells.append(number(result.percentiles(name, frame)[2], 3))
        cells.append(percent(sum(result.fallbacks(name).values()) / result.count, 1))
        rows.append(Row(decoder_header(name), cells))
    return tables.table(texts["caption"], columns, rows, scroll=True) + _fallbacks(result)


def _fallbacks(result: BatchResult) -> str:
    """Return a row per reason why decoders fell back, with the decoders and the number of heatmaps."""
    by_reason: dict[str, dict[str, int]] = {}
    for name in result.decoders:
        for reason, count in result.fallbacks(name).items():
            by_reason.setdefault(reason, {})[name] = count
    texts, rows = TEXT["whole"], []
    if not by_reason:
        return f"<p style='font-size:0.84rem'>{texts['no_fallback']}</p>"
    for reason, counts in by_reason.items():
        said = " · ".join(
            texts["fallback_of"].format(decoder=DECODERS[name].title, count=count) for name, count in counts.items()
        )
        if len(counts) == len(result.decoders) and len(set(counts.values())) == 1:
            said = texts["fallback_every"].format(count=next(iter(counts.values())))
        rows.append(Row(reason, [said]))
    columns = [Column(prose=True), Column(prose=True)]
    why = tables.table(texts["fallback_caption"], columns, rows)
    return f"<div style='margin-top:1rem'>{why}</div>"
