"""Left and right: a mirrored reading is swapped in every joint that can be, a right one or a miss in none."""

import numpy as np
import pytest

from dark_core.evaluation.failures.left_right import by_view, swapped, view
from dark_core.files.scenes import load_scenes
from dark_core.pose.skeleton import SKELETON

MIRROR = list(SKELETON.mirror)
# Seen from the front: the person's right at the left of the picture; y down.
LEGS = [[40, 190], [38, 150], [40, 110], [60, 110], [62, 150], [60, 190]]
ARMS = [[15, 110], [20, 80], [35, 50], [65, 50], [80, 80], [85, 110]]
FRONT = np.array([*LEGS, *ARMS, [50, 40], [50, 15]], float)


def from_behind(joints: np.ndarray) -> np.ndarray:
    return joints[..., MIRROR, :]


def turned(joints: np.ndarray, degrees: float) -> np.ndarray:
    a = np.deg2rad(degrees)
    return joints @ np.array([[np.cos(a), np.sin(a)], [-np.sin(a), np.cos(a)]])


@pytest.mark.parametrize("degrees", [0, 90, 180, 215])
def test_the_view_is_found_however_the_person_is_turned_in_the_picture(degrees):
    side = FRONT * [0.2, 1]
    unknown = FRONT.copy()
    unknown[[8, 2]] = np.nan
    people = np.stack([turned(one, degrees) for one in (FRONT, from_behind(FRONT), side, unknown)])
    assert view(people).tolist() == ["front", "behind", "side", ""]


def test_the_bundled_scenes_are_seen_from_where_they_are_said_to_be():
    scenes = load_scenes()
    seen = dict(zip(scenes, view(np.stack([scene.joints for scene in scenes.values()])), strict=True))
    assert seen["walking_away"] == "behind" and seen["standing"] == "front"


def test_a_mirrored_prediction_is_swapped_and_a_right_one_is_not():
    mirrored = swapped(from_behind(FRONT)[None], FRONT[None])[0]
    assert np.isnan(mirrored[12:]).all() and (mirrored[:12] == 1).sum() >= 10
    right = swapped(FRONT[None], FRONT[None])[0]
    assert (np.isnan(right) == np.isnan(mirrored)).all() and np.nansum(right) == 0
    missed = swapped(FRONT[None] + [0, 400], FRONT[None])
    assert np.nansum(missed) == 0, "elsewhere is a miss, not a swap"


def test_joints_that_lie_close_or_lack_a_label_are_left_out():
    truth = FRONT.copy()
    truth[0] = truth[5] + [1, 0]  # ankles together
    truth[7] = np.nan  # one elbow unknown
    found = swapped(from_behind(truth)[None], truth[None])[0]
    assert np.isnan(found[[0, 5, 7, 10]]).all() and found[6] == found[11] == 1


def test_the_share_is_counted_view_by_view():
    truth = np.stack([FRONT, FRONT, from_behind(FRONT)])
    read = np.stack([FRONT, from_behind(FRONT), from_behind(FRONT)])
    found = by_view(read, truth)
    shares = {name: one["share"] for name, one in found.items()}
    assert shares == {"all": pytest.approx(1 / 3), "front": 0.5, "behind": 0}
    assert found["all"]["joints"] == found["front"]["joints"] + found["behind"]["joints"] and "side" not in found
    assert by_view(np.full((1, 14, 2), np.nan), np.full((1, 14, 2), np.nan)) == {}
