"""The numbers of Your photo: every joint, decoder by decoder."""

from __future__ import annotations

from html import escape

from dark_core.app.widgets import tables
from dark_core.app.widgets.numbers import number, percent
from dark_core.app.widgets.tables import Column, Html, Row
from dark_core.app.your_photo.text import TEXT, status_key
from dark_core.codec import CORE_DECODERS, DECODERS
from dark_core.evaluation.decoder_comparison import Comparison
from dark_core.figures.legend import key_mark
from dark_core.pose.pose import Pose
from dark_core.pose.skeleton import SKELETON


def table(comparison: Comparison, pose: Pose, joint: int) -> str:
    """Return a row per joint.

    It holds state, confidence, DARK's position, the distance of the others from it, and errors where truth is known.
    """
    texts, known = TEXT["table"], comparison.truth is not None
    others = [name for name in CORE_DECODERS if name != "dark"]
    # On a narrow screen the decoders of the claim stay: by their errors where there are any.
    near = () if known else ("argmax", "weighted_average")
    columns = [Column(texts["joint"]), Column(texts["confidence"])]
    columns += [Column(axis, wide_only=True) for axis in "xy"]
    for name in others:
        title = f"{key_mark(name)}<span class='narrow-hide'>{escape(DECODERS[name].title)}</span>"
        columns.append(Column(Html(title), wide_only=name not in near))
    if known:
        columns += [
            Column(Html(f"{key_mark(name)}{escape(texts['error'])}"), wide_only=name not in ("argmax", "dark"))
            for name in CORE_DECODERS
        ]
    rows = []
    for k, name in enumerate(SKELETON.names):
        status = pose.joint_status[k]
        cells = [texts[status_key(status)].format(confidence=percent(pose.confidence[k]))]
        cells += [number(value) for value in comparison.photo["dark"][k]]
        cells += [number(comparison.distance_from_dark(other)[k]) for other in others]
        cells += [number(comparison.error(decoder)[k]) for decoder in CORE_DECODERS] if known else []
        rows.append(Row(name, cells, "unsure" if status else "", pick=name, current=k == joint))
    caption = texts["caption_errors" if known else "caption"].format(photo_px=comparison.photo_px)
    return tables.table(caption, columns, rows, scroll=True)
