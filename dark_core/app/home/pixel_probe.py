"""The picture that Home opens with: a person's crop with the heatmap of one joint over it, asked pixel by pixel."""

from __future__ import annotations

import numpy as np

from dark_core.app.home.text import TEXT
from dark_core.app.widgets.interactive_component import mount_figure
from dark_core.app.widgets.lesson_heatmap import crop, floats
from dark_core.pose.pose import Pose
from dark_core.pose.skeleton import SKELETON


def data(photo: np.ndarray, pose: Pose, joint: int) -> dict:
    """What the figure draws from and says; it begins at the largest pixel of the heatmap."""
    heatmap = pose.heatmaps[joint]
    height, width = heatmap.shape
    y, x = np.unravel_index(heatmap.argmax(), heatmap.shape)
    return {
        "state": {"x": int(x), "y": int(y)},
        "size": [width, height],
        "map": floats(heatmap),
        "ground": crop(photo, pose.box),
        "joint": SKELETON.names[joint],
        "photoPx": pose.transform.photo_px,
        "text": TEXT["probe"],
    }


def show(photo: np.ndarray, pose: Pose, joint: int, case: str, hide: frozenset[str]) -> None:
    """Show the picture; ``case`` names what it is of, and another one begins at its own largest pixel."""
    mount_figure("pixel_probe", {"epoch": f"{case} {joint}", **data(photo, pose, joint)}, lambda _state: None, hide)
