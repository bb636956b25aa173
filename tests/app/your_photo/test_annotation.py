"""What the browser reports of placed joints is taken only where it makes sense."""

import numpy as np
import pytest
import streamlit as st

from dark_core.app.widgets.photo_source import PLACED, REMEMBERED, Picture, place_joints
from dark_core.app.your_photo import annotation
from dark_core.codec import encode
from dark_core.pose.crop_transform import CropTransform
from dark_core.pose.pose import Pose
from dark_core.pose.skeleton import SKELETON

PICTURE = Picture("a" * 64, "Your photo", np.zeros((300, 400, 3), np.uint8), (800, 600))
GOOD = {"epoch": "now", "joint": "neck", "placed": {"neck": [10.5, 20.0]}, "revealed": True}


@pytest.fixture
def session(monkeypatch):
    kept = {}
    monkeypatch.setattr(st, "session_state", kept)
    return kept


def test_a_good_report_is_kept_and_names_the_joint(session):
    annotation.take(GOOD, "now", PICTURE)
    np.testing.assert_array_equal(session[PLACED][PICTURE.key][SKELETON.names.index("neck")], [10.5, 20])
    assert np.isfinite(session[PLACED][PICTURE.key]).all(1).sum() == 1
    assert session["joint"] == "neck"
    annotation.take(GOOD | {"placed": {}}, "now", PICTURE)
    assert session[PLACED] == {}, "the last joint was removed"


@pytest.mark.parametrize(
    "sent",
    [
        None,
        "neck",
        [],
        {},
        GOOD | {"epoch": "before"},
        GOOD | {"placed": None},
        GOOD | {"placed": [[1, 2]]},
        GOOD | {"placed": {"tail": [1, 2]}},
        GOOD | {"placed": {"neck": [1]}},
        GOOD | {"placed": {"neck": ["1", "2"]}},
        GOOD | {"placed": {"neck": [float("nan"), 2]}},
        GOOD | {"placed": {"neck": [float("inf"), 2]}},
        GOOD | {"placed": {"neck": [-1, 2]}},
        GOOD | {"placed": {"neck": [10**400, 2]}},
        GOOD | {"placed": {"neck": {"x": 1}}},
    ],
)
def test_a_senseless_report_changes_nothing(session, sent):
    annotation.take(sent, "now", PICTURE)
    assert session == {}


@pytest.mark.parametrize("joint", ["tail", None, 3, ["neck"], {}])
def test_a_joint_that_is_none_is_not_chosen(session, joint):
    annotation.take(GOOD | {"joint": joint}, "now", PICTURE)
    assert "joint" not in session


def test_a_session_keeps_the_joints_of_a_few_pictures(session):
    for k in range(2 * REMEMBERED):
        place_joints(Picture(str(k), "", PICTURE.rgb, PICTURE.size), np.ones((14, 2)))
    assert list(session[PLACED]) == [str(k) for k in range(REMEMBERED, 2 * REMEMBERED)]


def test_the_magnifier_first_looks_near_the_joint_but_not_at_the_reading():
    frame = CropTransform.from_box((0, 0, 640, 640), (160, 160))
    peaks = np.random.default_rng(0).integers(0, 40, (14, 2)).astype(float)
    maps = encode(peaks, frame.heatmap_size, 2.0)
    score = maps.max((1, 2))
    pose = Pose(
        frame.to_photo(peaks), score, score, ("",) * 14, (0, 0, 640, 640), (0, 0, 640, 640), maps, frame, 2.0, True
    )
    seen = frame.to_heatmap(annotation.views(pose, frame, (640, 640)))
    assert np.abs(seen - peaks).max() <= annotation.COARSE / 2
    assert (np.abs(seen - peaks).max(1) > 0).sum() > 7
    cut = annotation.views(pose, frame, (300, 200))
    assert (cut >= 0).all() and (cut <= [299, 199]).all(), "within the picture, however far the box reaches"


@pytest.mark.parametrize(("side", "step"), [(160, 0.5), (640, 0.5), (840, 1.0), (3560, 4.0)])
def test_an_arrow_moves_half_a_pixel_and_more_on_a_large_photo(side, step):
    assert annotation.arrow_step(CropTransform.from_box((0, 0, side, side), (160, 160))) == step
