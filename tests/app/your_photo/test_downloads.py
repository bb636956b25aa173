"""The files to take away hold the table's numbers, in pixels of the visitor's own file."""

import csv
import io
import json
from dataclasses import replace

import numpy as np
import pytest

from dark_core.app.widgets.downloads import csv_text
from dark_core.app.widgets.photo_source import Picture
from dark_core.app.your_photo import downloads
from dark_core.codec import CORE_DECODERS, encode
from dark_core.evaluation.decoder_comparison import compare_decoders
from dark_core.pose.crop_transform import CropTransform
from dark_core.pose.pose import Pose
from dark_core.pose.skeleton import SKELETON


@pytest.fixture
def case():
    """A photo of 800 x 600 px shown at half its size, its joints known in the file's own px."""
    picture = Picture("abc", "Your photo", np.full((300, 400, 3), 90, np.uint8), (800, 600))
    frame = CropTransform.from_box((40, 20, 300, 280), (160, 160))
    own = frame.rescaled(picture.scale)
    joints = np.random.default_rng(1).uniform(9, 30, (14, 2))
    maps = encode(joints, frame.heatmap_size, 2.0)
    sure, state = np.linspace(0.4, 0.9, 14), ("guess", "cut off", *[""] * 12)
    pose = Pose(
        frame.to_photo(joints),
        maps.max((1, 2)),
        sure,
        state,
        (40, 20, 300, 280),
        (40, 20, 300, 280),
        maps,
        frame,
        2.0,
        True,
    )
    return picture, own, pose, compare_decoders(maps, own, 2.0), own.to_photo(joints)


def test_the_csv_has_a_line_a_joint_in_the_files_own_pixels(case):
    *_, pose, comparison, truth = case
    rows = list(csv.DictReader(io.StringIO(csv_text(downloads.rows(comparison, pose)))))
    assert [row["joint"] for row in rows] == list(SKELETON.names)
    read = np.array([[float(row["dark_x"]), float(row["dark_y"])] for row in rows])
    np.testing.assert_allclose(read, truth, atol=0.02)


def test_the_json_says_everything_a_program_needs(case):
    picture, own, pose, _, truth = case
    data = json.loads(downloads.as_json(picture, [pose], 0))
    (person,) = data["people"]
    np.testing.assert_allclose(person["box"], [80, 40, 600, 560])
    assert person["heatmap"] == {"size": [40, 40], "sigma": 2.0, "photo_px": pytest.approx(520 / 40)}
    assert set(data["decoders"]) == set(CORE_DECODERS)
    matrix = np.array(person["photo_to_crop"])
    np.testing.assert_allclose(truth @ matrix[:, :2].T + matrix[:, 2], own.to_crop(truth))


def test_both_files_say_how_sure_the_network_is_and_of_what_score(case):
    picture, _, pose, comparison, _ = case
    lines = list(csv.DictReader(io.StringIO(csv_text(downloads.rows(comparison, pose)))))
    assert list(lines[0])[:4] == ["joint", "confidence", "score", "state"]
    assert [line["state"] for line in lines] == list(pose.joint_status)
    joints = json.loads(downloads.as_json(picture, [pose], 0))["people"][0]["joints"]
    for found in (lines, joints):
        np.testing.assert_allclose([float(one["confidence"]) for one in found], pose.confidence, atol=1e-3)
        np.testing.assert_allclose([float(one["score"]) for one in found], pose.score, atol=1e-3)


def test_the_png_shows_the_chosen_skeletons(case):
    picture, _, pose, _, _ = case
    plain, drawn = (downloads.png(picture, [pose], 0, shown) for shown in ([], ["dark", "argmax"]))
    assert plain[:4] == drawn[:4] == b"\x89PNG"
    assert plain != drawn


def test_joints_placed_by_hand_stand_beside_their_errors_and_others_stay_empty(case):
    picture, _, pose, comparison, truth = case
    placed = truth + [3.0, 4.0]
    placed[5:] = np.nan
    picture, comparison = replace(picture, truth=placed), replace(comparison, truth=placed)
    (data,) = json.loads(downloads.as_json(picture, [pose], 0), parse_constant=pytest.fail)["people"]
    assert data["truth"] == "placed by hand"
    assert data["joints"][2]["true_x"] == pytest.approx(placed[2, 0], abs=0.01)
    assert data["joints"][2]["dark_error"] == pytest.approx(5, abs=0.05)
    for name in CORE_DECODERS:
        assert isinstance(data["joints"][2][f"{name}_error"], float)
        assert data["joints"][9][f"{name}_error"] is None
    rows = list(csv.DictReader(io.StringIO(csv_text(downloads.rows(comparison, pose)))))
    assert float(rows[0]["dark_error"]) == pytest.approx(5, abs=0.05) and rows[9]["dark_error"] == ""
    plain, drawn = (downloads.png(replace(picture, truth=t), [pose], 0, ["dark"]) for t in (None, placed))
    assert plain != drawn


@pytest.fixture
def two(case):
    """Two people, the second one 50 photo px to the right and without ankles."""
    picture, _, pose, _, _ = case
    matrix = pose.transform.matrix.copy()
    matrix[0, 2] -= 50 * matrix[0, 0]
    moved = replace(pose.transform, matrix=matrix)
    status = ("absent", *pose.joint_status[1:5], "absent", *pose.joint_status[6:])
    xy = np.where(np.array([one == "absent" for one in status])[:, None], np.nan, pose.xy + [50, 0])
    return picture, pose, replace(pose, transform=moved, xy=xy, joint_status=status)


def test_the_files_hold_everyone_and_no_position_for_what_is_not_in_the_picture(two):
    picture, first, second = two
    rows = list(csv.DictReader(io.StringIO(csv_text(downloads.everyone(picture, [first, second], 1)))))
    assert [row["person"] for row in rows] == ["1"] * 14 + ["2"] * 14
    for before, after in zip(rows[:14], rows[14:], strict=True):
        if after["state"] == "absent":
            assert after["joint"] in ("right ankle", "left ankle") and after["dark_x"] == after["argmax_y"] == ""
        else:
            assert float(after["dark_x"]) - float(before["dark_x"]) == pytest.approx(100, abs=0.03), "file px"
    data = json.loads(downloads.as_json(picture, [first, second], 1), parse_constant=pytest.fail)
    assert data["chosen"] == 2 and [one["person"] for one in data["people"]] == [1, 2]
    assert data["people"][1]["joints"][0]["dark_x"] is None and data["people"][0]["joints"][0]["dark_x"] is not None


def test_the_joints_placed_belong_to_the_chosen_person_alone(two):
    picture, first, second = two
    picture = replace(picture, truth=np.full((14, 2), 100.0))
    data = json.loads(downloads.as_json(picture, [first, second], 1))
    assert [one["truth"] for one in data["people"]] == [None, "placed by hand"]


def test_the_png_shows_everyone(two):
    picture, first, second = two
    one, both = (downloads.png(picture, people, 0, ["dark"]) for people in ([first], [first, second]))
    assert one != both
