"""The bundled clips: a rendered person who moves, with the joints of every frame known exactly."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np

CLIPS = Path(__file__).parents[3] / "assets" / "clips"


@dataclass(frozen=True, eq=False)
class Clip:
    """A video with exact truth.

    frames: (T, H, W, 3) uint8 RGB, read-only; joints: (T, 14, 2) photo px; visible: (T, 14) False where the joint is
    hidden; fps: frames a second; path: the WebM, which browsers play.
    """

    name: str
    title: str
    description: str
    frames: np.ndarray
    joints: np.ndarray
    visible: np.ndarray
    fps: float
    path: Path

    @property
    def seconds(self) -> np.ndarray:
        """(T,) of each frame since the first."""
        return np.arange(len(self.frames)) / self.fps


def clip_names(folder: Path = CLIPS) -> tuple[str, ...]:
    """Names of the bundled clips."""
    return tuple(path.stem for path in sorted(Path(folder).glob("*.json")))


@cache
def clip_titles(folder: Path = CLIPS) -> dict[str, str]:
    """The title of each bundled clip by its name; no frame is decoded."""
    return {
        name: json.loads((Path(folder) / f"{name}.json").read_text("utf-8"))["title"] for name in clip_names(folder)
    }


@cache
def load_clip(name: str, folder: Path = CLIPS) -> Clip:
    """The clip of that name. Raises KeyError if there is none."""
    if name not in clip_names(folder):
        raise KeyError(f"there is no clip {name!r}: choose one of {', '.join(clip_names(folder))}")
    path = Path(folder) / f"{name}.webm"
    data = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    joints = np.array(data["joints"], dtype=np.float64)
    capture = cv2.VideoCapture(str(path))
    frames = []
    for _ in range(len(joints)):
        done, frame = capture.read()
        if not done:
            raise OSError(f"{path.name} has fewer frames than its joints: render it again")
        frames.append(cv2.cvtColor(frame, cv2.COLOR_BGR2RGB))
    capture.release()
    pictures = np.stack(frames)
    pictures.setflags(write=False)
    return Clip(
        name, data["title"], data["description"], pictures, joints[..., :2], joints[..., 2] == 2, data["fps"], path
    )
