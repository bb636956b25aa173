"""The heatmaps of one person side by side, to choose one of them."""

from __future__ import annotations

import numpy as np

from dark_core.app.text.catalog import read_catalog
from dark_core.app.your_heatmaps.view import bounded
from dark_core.figures import colors, svg
from dark_core.files.heatmap_layouts import Heatmaps

TEXT = read_catalog("your_heatmaps")["figure"]

AT_ONCE = 36
"""Heatmaps of a person on one sheet."""


def sheet(heatmaps: Heatmaps, person: int, joint: int, top: float) -> str:
    """The person's heatmaps side by side, to choose from; of very many, those around the chosen one."""
    first = joint // AT_ONCE * AT_ONCE
    numbers = range(first, min(first + AT_ONCE, heatmaps.joints))
    thumbnails = _thumbnails(heatmaps.take([person * heatmaps.joints + k for k in numbers]))
    height, width = thumbnails.shape[1:]
    columns = min(len(thumbnails), int(np.ceil(np.sqrt(3.2 * len(thumbnails) * height / width))))
    rows = -(-len(thumbnails) // columns)
    step_x, step_y = width + max(1, round(width / 24)), height + max(1, round(width / 24))
    shapes, frame = [], []
    for cell, (k, one) in enumerate(zip(numbers, thumbnails, strict=True)):
        y, x = (cell // columns) * step_y, (cell % columns) * step_x
        area, unit = dict(x=x - 0.5, y=y - 0.5, width=width, height=height), height / 40
        shapes.append(svg.picture(colors.colored(one, 0, top), *area.values(), smooth=False))
        place = dict(x=x + 2 * unit, y=y + 9 * unit, font_size=9 * unit, fill="#fff", stroke="#000")
        shapes.append(svg.tag("text", str(k), stroke_width=unit, paint_order="stroke", **place))
        if k == joint:
            frame = [
                svg.tag("rect", fill="none", stroke=ink, stroke_width=wide * unit, **area)
                for ink, wide in (("#000", 4.0), ("#fff", 2.0))
            ]
        label = TEXT["choose"].format(joint=k)
        button = dict(tabindex=0, role="button", aria_label=label, aria_pressed=str(k == joint).lower())
        title = svg.tag("title", TEXT["joint"].format(joint=k))
        shapes.append(svg.tag("rect", title, fill="transparent", class_="target", data_pick=k, **area, **button))
    values = {"person": person, "count": heatmaps.joints, "first": numbers[0], "last": numbers[-1]}
    alt = TEXT["sheet_alt"].format(**values)
    right, bottom = (columns - 1) * step_x + width, (rows - 1) * step_y + height
    edge = height / 40  # for the frame of a heatmap at the rim
    drawing = svg.view(
        -0.5 - edge, -0.5 - edge, right + 2 * edge, bottom + 2 * edge, *shapes, *frame, alt=alt, role="group"
    )
    which = "sheet_some" if len(numbers) < heatmaps.joints else "sheet_one" if len(numbers) == 1 else "sheet"
    title = TEXT[which].format(**values)
    return f'<figure class="panel" data-part="sheet"><p class="title">{title}</p>{bounded(drawing)}</figure>'


def _thumbnails(heatmaps: np.ndarray, most: int = 48) -> np.ndarray:
    """Heatmaps (M, H, W) shown with at most ``most`` px on a side, each the largest of those it stands for."""
    heatmaps = np.nan_to_num(heatmaps.astype(np.float64), posinf=0, neginf=0)
    by = -(-max(heatmaps.shape[1:]) // most)
    if by == 1:
        return heatmaps
    count, height, width = heatmaps.shape
    padded = np.pad(heatmaps, ((0, 0), (0, -height % by), (0, -width % by)), mode="edge")
    count, height, width = padded.shape
    return padded.reshape(count, height // by, by, width // by, by).max((2, 4))
