"""``dark-core train-detector`` and ``evaluate-detector`` on drawn people: trained, stored, judged, gone on from."""

import json

import numpy as np
import pytest
from PIL import Image

from dark_core.pose.weights import load_model
from tests.support.command_line import run


@pytest.fixture
def boxed(tmp_path):
    """Three photos of one and two bright people on dark ground: the options that name them."""
    boxes = [[[8, 10, 20, 44]], [[30, 12, 16, 40]], [[4, 8, 16, 48], [40, 10, 18, 46]]]
    for k, people in enumerate(boxes):
        photo = np.full((64, 64, 3), 30, np.uint8)
        for x, y, wide, high in people:
            photo[y : y + high, x : x + wide] = 220
        Image.fromarray(photo).save(tmp_path / f"{k}.png")
    flat = [(k, box) for k, people in enumerate(boxes) for box in people]
    notes = [{"id": n, "image_id": k, "category_id": 1, "bbox": box} for n, (k, box) in enumerate(flat)]
    images = [{"id": k, "file_name": f"{k}.png", "width": 64, "height": 64} for k in range(3)]
    data = {"images": images, "annotations": notes, "categories": [{"id": 1, "name": "person"}]}
    (tmp_path / "boxes.json").write_text(json.dumps(data))
    return ["--images", tmp_path, "--annotations", tmp_path / "boxes.json"]


def test_a_detector_is_trained_judged_and_gone_on_from(boxed, tmp_path):
    common = ["--size", 64, "--batch", 2, "--device", "cpu"]
    first = run("train-detector", *boxed, *common, "--steps", 2, "--out", tmp_path / "a")
    assert first.returncode == 0 and first.stdout.startswith("3 photos, 0 single people")
    start = tmp_path / "a" / "people.safetensors"
    judged = run("evaluate-detector", *boxed, "--folder", tmp_path / "a", "--device", "cpu")
    assert judged.returncode == 0 and "| boxes | 25 % tall | 4 |" in judged.stdout

    second = run(
        "train-detector", *boxed, *common, "--steps", 1, "--rate", 1e-9, "--start", start, "--out", tmp_path / "b"
    )
    assert second.returncode == 0
    before, after = (load_model("people", tmp_path / folder) for folder in "ab")
    assert after.card["start"] == "It went on from the weights `people`."
    for (name, one), other in zip(before.network.named_parameters(), after.network.parameters(), strict=True):
        assert np.allclose(one.detach(), other.detach(), atol=1e-3), f"{name} was not taken over"


def test_only_the_trunk_of_a_pose_network_comes_along(boxed, tmp_path):
    out = tmp_path / "a"
    options = ["--size", 64, "--batch", 2, "--steps", 1, "--rate", 1e-9, "--device", "cpu", "--out", out]
    result = run("train-detector", *boxed, *options, "--start", "assets/models/default.safetensors")
    assert result.returncode == 0
    model = load_model("people", out)
    assert model.card["start"] == "Its trunk went on from the weights `default`."
    assert model.network.head.bias.detach()[0] == pytest.approx(-4, abs=0.01)
