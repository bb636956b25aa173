"""What Encode says of its figure."""

from __future__ import annotations

from dark_core.app.encode.view import EncodedJoint
from dark_core.app.widgets.joint_picker import PickedJoint
from dark_core.evaluation.metrics import mean_rounding
from dark_core.pose.crop_transform import CropTransform

TITLE = "Rounding the joint throws away up to a pixel per axis before training starts"
LEAD = (
    "A network learns from a target: a small Gaussian drawn where the joint is. Conventional targets are drawn at a "
    "whole heatmap pixel. **Drag the joint** and watch how far off they are; DARK draws at the joint itself."
)


def summary_text(found: dict[str, EncodedJoint], picked: PickedJoint, size: int, transform: CropTransform) -> str:
    """What rounding does to this joint and to joints on average, as Markdown."""
    floor, rounded = (mean_rounding(name) for name in ("floor", "round"))
    off = {name: f"{encoded.off_photo:.1f}" for name, encoded in found.items()}
    return (
        f"At {size} px input one heatmap pixel is {transform.photo_px:.1f} px of the photo. Floor draws the target of "
        f"this {picked.name} **{off['floor']} photo px** off, round {off['round']}, unbiased {off['unbiased']}. Over "
        f"all places in a pixel floor is off by {floor:.2f} heatmap px on average (here "
        f"{floor * transform.photo_px:.1f} photo px) and always up and to the left, round by {rounded:.2f}. "
        "The network learns to answer there, and no decoder can know what was thrown away."
    )
