"""Before and after: argmax and DARK on one person, either side of a line that the visitor drags."""

from __future__ import annotations

import numpy as np

from dark_core.app.widgets.interactive_component import keep_photo, mount_figure
from dark_core.app.widgets.photo_source import Picture
from dark_core.app.your_photo.annotation import photo_href
from dark_core.app.your_photo.text import TEXT
from dark_core.evaluation.decoder_comparison import Comparison
from dark_core.pose.crop_transform import CropTransform
from dark_core.pose.pose import Pose
from dark_core.pose.skeleton import SKELETON

BEFORE, AFTER = "argmax", "dark"
"""The decoders left and right of the line."""


def count_positions(frame: CropTransform, size: tuple[int, int]) -> int:
    """How many positions argmax can name on a photo of ``size`` (W, H): the heatmap pixels centered on the photo."""
    width, height = frame.heatmap_size
    centers = np.stack(np.meshgrid(np.arange(width), np.arange(height)), -1)
    xy = frame.to_photo(centers)
    return int(((xy >= -0.5) & (xy <= np.array(size) - 0.5)).all(-1).sum())


def count_text(picture: Picture, frame: CropTransform) -> str:
    """The number that heads the page, and below it what is counted."""
    texts, (width, height) = TEXT["count"], frame.heatmap_size
    claim = texts["claim" if picture.own else "claim_scene"].format(count=count_positions(frame, picture.size))
    return f"**{claim}**  \n{texts['explained'].format(width=width, height=height, photo_px=frame.photo_px)}"


def figure_data(picture: Picture, comparison: Comparison, pose: Pose, frame: CropTransform, joint: int) -> dict:
    """What the figure draws from, all in px of the picture's own file; the line begins at the joint."""
    corners = frame.corners()
    start = comparison.photo[AFTER][joint]
    if not np.isfinite(start).all():
        start = corners.mean(0)
    return {
        "state": {"x": float(start[0]), "y": float(start[1])},
        "names": [BEFORE, AFTER],
        "joints": {name: _points(comparison.photo[name]) for name in (BEFORE, AFTER)},
        "sure": [status == "" for status in pose.joint_status],
        "bones": SKELETON.bones,
        "size": picture.size,
        "view": [*corners[0].tolist(), *(corners[2] - corners[0]).tolist()],
        "photoPx": frame.photo_px,
        "photo": picture.key,
        "text": TEXT["wipe"],
    }


def show(picture: Picture, comparison: Comparison, pose: Pose, frame: CropTransform, joint: int) -> None:
    """Show the figure; the line stays where it is until another person, box or joint is chosen."""
    data = figure_data(picture, comparison, pose, frame, joint)
    mount_figure("wipe", {"epoch": f"{picture.of_person} {joint} {data['view']}", **data}, lambda _state: None)
    keep_photo(picture.key, photo_href(picture.key, picture.rgb))


def _points(xy: np.ndarray) -> list[list[float] | None]:
    """The joints for the browser, None for one that is not in the picture."""
    return [point.round(3).tolist() if np.isfinite(point).all() else None for point in xy]
