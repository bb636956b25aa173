"""What Encode says of its figures, its values computed."""

from __future__ import annotations

from dark_core.app.encode.rounding import FLOOR_MEAN, SIDE
from dark_core.app.encode.view import EncodedJoint
from dark_core.app.runtime.page import CONVENTION
from dark_core.app.text.catalog import read_catalog
from dark_core.app.widgets.joint_picker import PickedJoint
from dark_core.evaluation.metrics import mean_rounding
from dark_core.pose.crop_transform import CropTransform

TEXT = read_catalog("encode")


def caption(revealed: bool) -> str:
    """The pixel convention and, where it is no answer to an exercise, where floor and round go."""
    return TEXT["caption" if revealed else "caption_asked"].format(convention=CONVENTION)


def why_text(size: int, transform: CropTransform) -> str:
    """What the arrows of the figure say, and what they are on the crop and on this photo, as Markdown."""
    return TEXT["rounding"]["text"].format(
        count=SIDE**2,
        mean=FLOOR_MEAN,
        crop=FLOOR_MEAN * transform.stride,
        size=size,
        photo=FLOOR_MEAN * transform.photo_px,
    )


def summary_text(found: dict[str, EncodedJoint], picked: PickedJoint, size: int, transform: CropTransform) -> str:
    """What rounding does to this joint and to joints on average, as Markdown."""
    floor, rounded = (mean_rounding(name) for name in ("floor", "round"))
    return TEXT["summary"].format(
        size=size,
        photo_px=transform.photo_px,
        joint=picked.name,
        floor_mean=floor,
        floor_mean_photo=floor * transform.photo_px,
        round_mean=rounded,
        **{name: encoded.off_photo for name, encoded in found.items()},
    )
