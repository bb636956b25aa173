"""Clips with exact truth: one rendered person who moves before a camera that stands still, the joints of every frame.

A clip is a scene and a pose for each moment. The person stays at the origin, as in a scene; where they walk, the camera
and the place move the other way, which gives the same picture.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np

from dark_core.rendering.catalog import SCENES
from dark_core.rendering.engine.camera import View
from dark_core.rendering.engine.render import Renderer
from dark_core.rendering.people.figure import JOINT_NAMES
from dark_core.rendering.people.pose import Arm, Leg, Pose
from dark_core.rendering.places.sets import Place
from dark_core.rendering.produce import CREDITS
from dark_core.rendering.scene import Scene, Shot, make_shot

FPS = 12.0
FRAMES = 48
CODEC = "VP90"
"""VP9 in WebM, which every current browser plays and OpenCV's FFmpeg writes."""


@dataclass(frozen=True)
class Clip:
    """A scene whose person moves: `pose` gives the pose at a time in seconds, `speed` is the walk's in metres a second
    along the person's front."""

    scene: Scene
    pose: Callable[[float], Pose]
    speed: float = 0.0


def _scene(name: str) -> Scene:
    return next(scene for scene in SCENES if scene.name == name)


def _wave(seconds: float) -> Pose:
    """One slow wave of the left forearm in four seconds."""
    pose = _scene("waving").pose
    swing = np.sin(2 * np.pi * seconds / 4)
    arm = replace(pose.left_arm, lift=pose.left_arm.lift + 4 * swing, bend=pose.left_arm.bend - 28 * swing)
    return replace(pose, left_arm=arm, look=pose.look + 2 * swing)


def _stand(seconds: float) -> Pose:
    """A stance as still as people stand: the trunk sways by half a degree."""
    pose = _scene("standing").pose
    sway = 0.5 * np.sin(2 * np.pi * seconds / 4)
    return replace(pose, side=pose.side + sway, look=pose.look + sway)


STEP = 1.0
"""Seconds of one step of the walk."""


def _walk(seconds: float) -> Pose:
    """A stroll: arms and legs swing like pendulums, the knee bends while its leg swings forward."""
    phase = np.pi * seconds / STEP

    def leg(phase: float) -> Leg:
        return Leg(18 * np.sin(phase), 0, 8 + 34 * max(np.cos(phase), 0.0), -6, 6 * np.cos(phase), planted=False)

    def arm(phase: float) -> Arm:
        return Arm(16 * np.sin(phase) + 3, 8, 16 + 6 * np.sin(phase), 5, curl=0.4)

    twist = 5 * np.sin(phase)
    return Pose(arm(phase + np.pi), arm(phase), leg(phase), leg(phase + np.pi), lean=2, twist=twist, look=-twist)


CLIPS: tuple[Clip, ...] = (
    Clip(
        replace(
            _scene("waving"),
            name="wave",
            title="A slow wave",
            description="An elderly man on a pavement waves once with his left hand, slowly.",
            size=(400, 520),
        ),
        _wave,
    ),
    Clip(
        replace(
            _scene("walking_away"),
            name="walk",
            title="A walk",
            description="A woman in a white shirt and navy shorts strolls across a park, seen from her right.",
            view=View(around=-66, height=1.3, lens=24, fill=0.84),
            light=_scene("standing").light,
            place=Place("park", seed=3),
            size=(640, 480),
        ),
        _walk,
        speed=0.45,
    ),
    Clip(
        replace(
            _scene("standing"),
            name="stand",
            title="A still stance",
            description="A woman in a green top stands in a park and sways a little, as everybody does who stands.",
            size=(400, 520),
        ),
        _stand,
    ),
)


def clip_shots(clip: Clip, renderer: Renderer, detail: int = 1, supersample: int = 2) -> Iterator[Shot]:
    """Every frame of a clip; the camera is the one that frames the person in the middle of the clip."""
    middle = FRAMES / FPS / 2
    stage = replace(clip.scene, pose=clip.pose(middle))
    for k in range(FRAMES):
        seconds = k / FPS
        ahead = np.array([0.0, -clip.speed * (seconds - middle), 0.0])
        scene = replace(clip.scene, pose=clip.pose(seconds))
        yield make_shot(scene, renderer, detail, supersample, stage, ahead, grain=k)


def make_clips(clips: Iterable[Clip], out: Path) -> list[Path]:
    """Render clips into `out` as NAME.webm and NAME.json; returns the videos written."""
    out.mkdir(parents=True, exist_ok=True)
    renderer, written = Renderer(tile=512, key_count=8, sky_count=14), []
    for clip in clips:
        written.append(write_clip(clip.scene, list(clip_shots(clip, renderer)), out))
    return written


def write_clip(scene: Scene, shots: Sequence[Shot], out: Path) -> Path:
    """The frames of a clip as NAME.webm, and beside it NAME.json with the joints: x, y, and 2 for seen or 1."""
    path = out / f"{scene.name}.webm"
    write_video(path, (shot.picture for shot in shots), scene.size)
    record = {
        "name": scene.name,
        "title": scene.title,
        "description": scene.description,
        "width": scene.size[0],
        "height": scene.size[1],
        "fps": FPS,
        "joint_names": list(JOINT_NAMES),
        "joints": [[[round(float(x), 3), round(float(y), 3), int(v)] for x, y, v in one.joints] for one in shots],
        "credits": CREDITS,
    }
    path.with_suffix(".json").write_text(json.dumps(record) + "\n")
    return path


def write_video(path: Path, pictures: Iterable[np.ndarray], size: tuple[int, int]) -> None:
    """RGB pictures (H, W, 3) as a WebM."""
    writer = cv2.VideoWriter(str(path), cv2.CAP_FFMPEG, cv2.VideoWriter.fourcc(*CODEC), FPS, size)
    if not writer.isOpened():
        raise OSError(f"could not encode {path.name}")
    for picture in pictures:
        writer.write(np.ascontiguousarray(picture[..., ::-1]))
    writer.release()
