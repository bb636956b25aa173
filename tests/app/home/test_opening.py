"""What Home opens with: five sentences and a picture, with the numbers of the heatmap that it shows."""

import base64
import re
from types import SimpleNamespace

import numpy as np
import pytest

from dark_core.app.home.pixel_probe import data
from dark_core.app.home.text import TEXT, problem
from dark_core.files.scenes import load_scenes
from dark_core.pose.crop_transform import CropTransform
from dark_core.pose.skeleton import SKELETON

SCENE = load_scenes()["runner"]
BOX = (100.0, 50.0, 484.0, 434.0)
"""384 photo px on a heatmap of 48: 8 photo px per heatmap px."""


@pytest.fixture
def pose() -> SimpleNamespace:
    heatmaps = np.full((14, 48, 48), 0.1, np.float32)
    heatmaps[3, 20, 31] = 0.75
    return SimpleNamespace(heatmaps=heatmaps, box=BOX, transform=CropTransform.from_box(BOX, (192, 192)), sigma=2.0)


def test_the_picture_begins_at_the_largest_pixel_of_the_heatmap(pose):
    shown = data(SCENE.photo, pose, 3)
    assert shown["state"] == {"x": 31, "y": 20} and shown["size"] == [48, 48]
    assert shown["photoPx"] == pytest.approx(8) and shown["joint"] == SKELETON.names[3]
    sent = np.frombuffer(base64.b64decode(shown["map"]), "<f4").reshape(48, 48)
    np.testing.assert_array_equal(sent, pose.heatmaps[3])
    assert shown["ground"].startswith("data:image/jpeg;base64,") and shown["text"] is TEXT["probe"]


def test_the_problem_is_said_in_five_sentences_with_the_numbers_of_this_heatmap(pose):
    said = re.sub(r"\[\[([^|\]]+)(\|[^\]]+)?\]\]", r"\1", problem(pose))
    sentences = said.split("\n\n")
    assert len(sentences) == 5
    for sentence in sentences:
        assert len(re.findall(r"[.?](?=\W*(?: [A-Z]|$))", sentence)) == 1, sentence
        assert len(sentence.split()) <= 25, sentence
    assert "σ = 2 pixels" in said and "**48 pixels wide**" in said and "covers 8.0 px of the photo" in said
