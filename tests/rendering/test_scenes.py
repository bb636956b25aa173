"""The shipped scenes: picture, joints and box agree, and stay what the renderer makes of the catalog."""

import json
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from dark_core.rendering import SCENES
from dark_core.rendering.people.figure import JOINT_NAMES
from dark_core.rendering.people.pose import Arm, Leg, limb_directions
from dark_core.rendering.scene import CROP_CELLS, recommended_box

ASSETS = Path(__file__).parents[2] / "assets" / "scenes"
RECORDS = {path.stem: json.loads(path.read_text()) for path in sorted(ASSETS.glob("*.json"))}
LIMBS = ((0, 1), (1, 2), (3, 4), (4, 5), (6, 7), (7, 8), (9, 10), (10, 11))
RIGHT, LEFT = [2, 8], [3, 9]  # hips and shoulders

each = pytest.mark.parametrize("name", list(RECORDS))


def joints_of(name: str) -> np.ndarray:
    return np.array(RECORDS[name]["joints"], float)


def test_every_scene_of_the_catalog_is_there_and_no_other():
    assert len(SCENES) >= 8
    assert sorted(RECORDS) == sorted(scene.name for scene in SCENES)
    assert {path.stem for path in ASSETS.glob("*.jpg")} == set(RECORDS)


@each
def test_record_describes_its_picture(name):
    record, path = RECORDS[name], ASSETS / f"{name}.jpg"
    height, width = cv2.imread(str(path)).shape[:2]
    assert (record["width"], record["height"]) == (width, height)
    assert 600 <= max(width, height) <= 900
    assert path.stat().st_size < 200 * 1024
    assert record["name"] == name
    assert record["title"][0].isupper() and not record["title"].istitle()
    assert record["description"].endswith(".") and record["description"].count(".") == 1
    assert record["joint_names"] == list(JOINT_NAMES)


@each
def test_joints_are_finite_and_in_the_picture(name):
    joints = joints_of(name)
    assert joints.shape == (14, 3)
    assert np.isfinite(joints).all()
    assert set(joints[:, 2]) <= {1.0, 2.0}
    assert (joints[:, 2] == 2).sum() >= 7
    assert (joints[:, :2] > 0).all()
    assert (joints[:, :2] < [RECORDS[name]["width"] - 1, RECORDS[name]["height"] - 1]).all()


@each
def test_limbs_have_human_proportions(name):
    """A thigh or shin is about 0.9 torsos, an arm bone 0.55; a picture shortens them, perspective lengthens a
    little."""
    xy = joints_of(name)[:, :2]
    torso = max(np.linalg.norm(xy[8] - xy[2]), np.linalg.norm(xy[9] - xy[3]))
    lengths = np.array([np.linalg.norm(xy[a] - xy[b]) for a, b in LIMBS]) / torso
    assert (lengths < 1.35).all()
    assert (lengths[4:] < 0.95).all()
    assert lengths.mean() > 0.3
    assert 0.25 < np.linalg.norm(xy[13] - xy[12]) / torso < 0.75


@each
def test_box_is_a_square_round_the_joints(name):
    x0, y0, x1, y1 = RECORDS[name]["box"]
    assert x1 - x0 == pytest.approx(y1 - y0, abs=0.01)
    edges = joints_of(name)[:, :2] + 0.5
    assert (edges > [x0, y0]).all() and (edges < [x1, y1]).all()


def test_one_joint_lies_within_three_heatmap_pixels_of_the_crops_edge():
    def least(name: str) -> float:
        x0, y0, x1, y1 = RECORDS[name]["box"]
        edges = joints_of(name)[:, :2] + 0.5
        return min((edges - [x0, y0]).min(), ([x1, y1] - edges).min()) / ((x1 - x0) / CROP_CELLS)

    assert 0 < least("edge_of_frame") <= 2.5
    assert least("edge_of_frame") == min(least(name) for name in RECORDS)


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_left_and_right_are_the_persons_own(scene):
    """Who faces the camera has the right hip and shoulder on the picture's left, who turns the back has them on its
    right."""
    turned = abs((scene.view.around - scene.pose.face + 180) % 360 - 180)
    xy = joints_of(scene.name)[:, :2]
    across = (xy[LEFT] - xy[RIGHT]).mean(axis=0)[0]
    if turned < 60:
        assert across > 0
    elif turned > 120:
        assert across < 0


@each
def test_heads_are_up(name):
    xy = joints_of(name)[:, :2]
    assert xy[13, 1] < xy[12, 1] < xy[[2, 3], 1].mean() < xy[[0, 5], 1].max()


@each
def test_credits_name_the_body_and_its_licenses(name):
    assert all(word in RECORDS[name]["credits"] for word in ("anny", "Apache-2.0", "MakeHuman", "CC0"))


def test_people_differ():
    assert len({scene.outfit.skin for scene in SCENES}) >= 4
    assert len({scene.outfit.shirt for scene in SCENES}) >= 6
    assert {scene.shape.sex for scene in SCENES} == {0, 1}
    assert np.ptp([scene.shape.age for scene in SCENES]) > 0.2
    assert len({scene.place.kind for scene in SCENES}) >= 5


def test_importing_the_scenes_needs_no_renderer():
    code = "import sys, dark_core.rendering as s; print([m for m in ('anny', 'moderngl') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("limb", "fold", "upper", "lower"),
    [
        (Arm(lift=0, azimuth=0, bend=0, turn=0), -1, [0, 0, -1], [0, 0, -1]),  # hanging
        (Arm(lift=0, azimuth=0, bend=90, turn=0), -1, [0, 0, -1], [0, -1, 0]),  # the forearm forward
        (Arm(lift=90, azimuth=90, bend=0, turn=0), -1, [1, 0, 0], [1, 0, 0]),  # the left arm out
        (Arm(lift=90, azimuth=0, bend=90, turn=0), -1, [0, -1, 0], [0, 0, 1]),  # forward, the hand up
        (Leg(lift=90, azimuth=0, bend=90, turn=0), 1, [0, -1, 0], [0, 0, -1]),  # seated
    ],
)
def test_limb_angles_mean_what_they_say(limb, fold, upper, lower):
    got_upper, got_lower, hinge = limb_directions(limb, side=1, fold=fold)
    np.testing.assert_allclose(got_upper, upper, atol=1e-12)
    np.testing.assert_allclose(got_lower, lower, atol=1e-12)
    assert abs(hinge @ got_upper) < 1e-12


def test_recommended_box_keeps_the_margin_and_the_edge():
    outline, joints = np.array([[10.0, 20.0], [50.0, 100.0]]), np.zeros((14, 3))
    np.testing.assert_allclose(recommended_box(outline, joints, 1.25, None), [-19.5, 10.5, 80.5, 110.5])
    joints[JOINT_NAMES.index("left_wrist"), :2] = 52, 60
    x0, _, x1, _ = recommended_box(outline, joints, 1.25, ("left_wrist", 2.0))
    assert (x1 - 52.5) / ((x1 - x0) / CROP_CELLS) == pytest.approx(2.0)


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_rendering_again_gives_the_same_joints(scene):
    """Needs the optional body model; no graphics, because the joints are geometry."""
    pytest.importorskip("anny")
    from dark_core.rendering.engine.camera import frame_figure
    from dark_core.rendering.people.figure import make_figure

    figure = make_figure(scene.shape, scene.pose, scene.outfit, detail=1, seed=scene.seed)
    camera = frame_figure(scene.view, figure.outline, *scene.size)
    np.testing.assert_allclose(camera.project(figure.joints)[:, :2], joints_of(scene.name)[:, :2], atol=0.01)


@pytest.mark.parametrize("around, seen", [((-25, 25), "front"), ((155, 205), "behind")])
def test_everyday_people_stand_upright_and_are_seen_from_where_they_should_be(around, seen):
    """Needs the optional body model. The view told by the joints is the camera's."""
    pytest.importorskip("anny")
    from dark_core.evaluation.failures.left_right import view
    from dark_core.rendering import random_scene
    from dark_core.rendering.engine.camera import frame_figure
    from dark_core.rendering.people.figure import make_figure

    found = []
    for seed in range(8):
        scene = random_scene(np.random.default_rng(seed), everyday=True, around=around)
        assert around[0] <= scene.view.around <= around[1]
        figure = make_figure(scene.shape, scene.pose, scene.outfit, detail=0, seed=scene.seed)
        found.append(frame_figure(scene.view, figure.outline, *scene.size).project(figure.joints)[:, :2])
    found = np.stack(found)
    assert (view(found) == seen).mean() >= 0.75, "a trunk may be twisted"
    assert (found[:, 13, 1] < found[:, 12, 1]).all(), "head above neck"
    assert (found[:, [8, 9], 1].mean(1) < found[:, [2, 3], 1].mean(1)).all(), "shoulders above hips"
    assert (found[:, [2, 3], 1].mean(1) < found[:, [0, 5], 1].min(1)).all(), "hips above feet"
