"""The command line on real files."""

import json
import re
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from dark_core.codec import DECODERS
from dark_core.pose.estimator import Estimator
from dark_core.pose.skeleton import SKELETON
from dark_core.study.metrics import torso
from dark_core.study.scenes import SCENES, load_scenes

ROOT = Path(__file__).parents[1]


def run(*arguments) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "dark_core", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


def test_predict_prints_the_14_joints_of_a_photo_as_json():
    scene = load_scenes()["standing"]
    data = json.loads(run("predict", SCENES / "standing.jpg", "--json").stdout)
    assert data["person"] is True
    assert list(data["joints"]) == list(SKELETON.names)
    found = np.array([[joint["x"], joint["y"]] for joint in data["joints"].values()])
    error = np.linalg.norm(found - scene.joints, axis=-1) / torso(scene.joints[None])[0]
    assert np.median(error) < 0.1


def test_a_reduced_photo_is_told_in_its_own_pixels(tmp_path):
    photo = cv2.imread(str(SCENES / "standing.jpg"))
    cv2.imwrite(str(tmp_path / "large.jpg"), cv2.resize(photo, None, fx=3, fy=3, interpolation=cv2.INTER_CUBIC))
    small, large = (
        json.loads(run("predict", path, "--json").stdout) for path in (SCENES / "standing.jpg", tmp_path / "large.jpg")
    )
    for name in ("neck", "left hip", "right knee"):
        for axis in "xy":
            assert large["joints"][name][axis] == pytest.approx(3 * small["joints"][name][axis], abs=25)


def test_what_is_no_photo_ends_with_a_sentence(tmp_path):
    (tmp_path / "note.jpg").write_text("not a picture")
    for path in (tmp_path / "note.jpg", tmp_path / "nowhere.jpg"):
        result = run("predict", path)
        assert result.returncode == 1
        assert path.name in result.stderr and "Traceback" not in result.stderr


@pytest.fixture
def coco(tmp_path) -> list:
    """The scenes as a COCO-style set; its --images and --annotations."""
    images, notes = [], []
    for number, scene in enumerate(load_scenes().values()):
        cv2.imwrite(str(tmp_path / f"{number}.png"), cv2.cvtColor(scene.photo, cv2.COLOR_RGB2BGR))
        images.append({"id": number, "file_name": f"{number}.png"})
        keypoints = np.column_stack([scene.joints, np.full(14, 2)]).ravel().tolist()
        notes.append({"image_id": number, "category_id": 1, "keypoints": keypoints})
    category = {"id": 1, "keypoints": [name.replace(" ", "_") for name in SKELETON.names]}
    (tmp_path / "set.json").write_text(json.dumps({"images": images, "annotations": notes, "categories": [category]}))
    return ["--images", tmp_path, "--annotations", tmp_path / "set.json"]


def test_evaluate_prints_every_decoder_on_a_coco_style_set(coco):
    lines = run("evaluate", *coco, "--placed").stdout.splitlines()
    assert lines[1].split() == list(DECODERS)
    shares = dict(zip(DECODERS, map(float, lines[2].split()[1:]), strict=True))
    assert lines[2].startswith("PCK@0.2") and shares["dark"] > 70
    assert len(lines) == 6 + len(SKELETON)
    counts = [int(n) for n in re.findall(r"% of (\d+)", lines[-2])]
    assert lines[-2].startswith("by score") and sum(counts) == 14 * len(load_scenes())
    assert float(lines[-1].split()[-1]) > 0.85, "people are found almost as well as with their box"


@pytest.mark.parametrize("encoding", ["unbiased", "floor"])
def test_train_writes_weights_and_a_card_that_load(coco, tmp_path, encoding):
    out = tmp_path / "run"
    options = ["--val-images", coco[1], "--val-annotations", coco[3], "--steps", 3, "--batch", 2, "--size", 64]
    result = run("train", *coco, *options, "--encoding", encoding, "--name", "tiny", "--out", out)
    assert result.returncode == 0, result.stderr
    assert "set dark: PCK@0.2" in result.stdout
    estimator = Estimator.load("tiny", device="cpu", folder=out)
    assert estimator.model.size == 64
    assert estimator.model.card["encoding"] == encoding and estimator.model.card["steps"] == 3
    page = (out / "tiny.md").read_text()
    assert "| set | 10 | × 1 | 1 |" in page and f"{encoding} encoding" in page
    assert str(tmp_path) not in page + json.dumps(estimator.model.card), "no path of this machine"


def test_options_of_data_sets_are_given_for_each_or_never(coco, tmp_path):
    result = run("train", *coco, *coco, "--weight", 2, "--steps", 1, "--out", tmp_path / "run")
    assert result.returncode == 1
    assert "--weight was given 1 times for 2 data sets" in result.stderr
