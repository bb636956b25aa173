"""The numbers of Your photo: every joint, decoder by decoder."""

from __future__ import annotations

from html import escape

from dark_core.app.widgets import tables
from dark_core.app.widgets.numbers import number, percent
from dark_core.app.widgets.tables import Column, Html, Row
from dark_core.codec import CORE_DECODERS, DECODERS
from dark_core.evaluation.decoder_comparison import Comparison
from dark_core.figures.legend import key_mark
from dark_core.pose.predictor import Pose
from dark_core.pose.skeleton import SKELETON

NOT_IN_PICTURE = "not in the picture"


def table(comparison: Comparison, pose: Pose, joint: int) -> str:
    """Return a row per joint.

    It holds state, confidence, DARK's position, the distance of the others from it, and errors where truth is known.
    """
    known = comparison.truth is not None
    others = [name for name in CORE_DECODERS if name != "dark"]
    # On a narrow screen the readings of the claim stay: by their errors where there are any.
    near = () if known else ("argmax", "weighted_average")
    columns = [Column("Joint"), Column("Confidence"), Column("x", wide_only=True), Column("y", wide_only=True)]
    for name in others:
        title = f"{key_mark(name)}<span class='narrow-hide'>{escape(DECODERS[name].title)}</span>"
        columns.append(Column(Html(title), wide_only=name not in near))
    if known:
        columns += [
            Column(Html(f"{key_mark(name)}error"), wide_only=name not in ("argmax", "dark")) for name in CORE_DECODERS
        ]
    rows = []
    for k, name in enumerate(SKELETON.names):
        status = pose.joint_status[k]
        cells = [NOT_IN_PICTURE if status == "absent" else f"{status} {percent(pose.confidence[k])}"]
        cells += [number(value) for value in comparison.photo["dark"][k]]
        cells += [number(comparison.distance_from_dark(other)[k]) for other in others]
        cells += [number(comparison.error(decoder)[k]) for decoder in CORE_DECODERS] if known else []
        rows.append(Row(name, cells, "unsure" if pose.joint_status[k] else "", pick=name, current=k == joint))
    caption = (
        f"All joints, in photo px (1 heatmap px = {comparison.photo_px:.1f}): DARK’s position, how far from it the "
        "others land" + (", and each one’s error" if known else "") + ". Confidence: how likely right, "
        "within 0.2 torsos"
    )
    return tables.table(caption, columns, rows, scroll=True)
