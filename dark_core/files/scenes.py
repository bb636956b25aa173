"""The bundled scenes: rendered people whose joints are known exactly."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np

SCENES = Path(__file__).parents[2] / "assets" / "scenes"


@dataclass(frozen=True, eq=False)
class Scene:
    """A picture with exact truth.

    photo: (H, W, 3) uint8 RGB, read-only; joints: (14, 2) photo px; visible: (14,) False where the
    body or a thing hides the joint; box: the crop (x0, y0, x1, y1) in pixel edges meant for it.
    """

    name: str
    title: str
    description: str
    photo: np.ndarray
    joints: np.ndarray
    visible: np.ndarray
    box: tuple[float, float, float, float]


@cache
def load_scenes(folder: Path = SCENES) -> dict[str, Scene]:
    """Every scene of ``folder`` by name, in the order of their names' files."""
    scenes = {}
    for path in sorted(Path(folder).glob("*.json")):
        data = json.loads(path.read_text())
        points = np.array(data["joints"], dtype=np.float64)
        photo = cv2.cvtColor(np.asarray(cv2.imread(str(path.with_suffix(".jpg")))), cv2.COLOR_BGR2RGB)
        photo.setflags(write=False)
        scenes[data["name"]] = Scene(
            data["name"],
            data["title"],
            data["description"],
            photo,
            points[:, :2],
            points[:, 2] == 2,
            tuple(data["box"]),
        )
    return scenes
