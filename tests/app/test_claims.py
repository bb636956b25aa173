"""Every claim about the bundled scenes, recomputed for all scenes and joints, on our network and on a perfect one."""

import re

import numpy as np
import pytest

from dark_core.app.home import all_joints, tables
from dark_core.app.home.text import summary_text
from dark_core.app.widgets.verdict import TIE, nearest_decoders, verdict
from dark_core.codec import CORE_DECODERS, DECODERS, decode
from dark_core.evaluation.decoder_comparison import Comparison, compare_decoders
from dark_core.files.scenes import load_scenes
from dark_core.pose import Estimator
from dark_core.pose.pose import Pose
from dark_core.simulation import perfect_pose

SCENES = load_scenes()
CASES = [(name, perfect) for name in SCENES for perfect in (False, True)]


@pytest.fixture(scope="module")
def poses() -> dict[str, Pose]:
    network = Estimator.load(device="cpu")
    return {name: network.predict(scene.photo, scene.box) for name, scene in SCENES.items()}


def compared(poses: dict[str, Pose], name: str, perfect: bool) -> tuple[Pose, Comparison]:
    scene = SCENES[name]
    pose = perfect_pose(poses[name], scene.joints) if perfect else poses[name]
    return pose, compare_decoders(pose.heatmaps, pose.transform, pose.sigma, scene.joints, pose.absent)


def distances(pose: Pose, truth: np.ndarray) -> dict[str, np.ndarray]:
    """Each decoder's error in heatmap px, without the code that the pages use."""
    joints = pose.transform.to_heatmap(truth)
    return {
        one: np.linalg.norm(decode(pose.heatmaps, one, pose.sigma).xy - joints, axis=-1)
        for one in (*CORE_DECODERS, "gaussian_fit")
    }


@pytest.mark.parametrize(("name", "perfect"), CASES)
def test_every_verdict_is_true(poses, name, perfect):
    pose, comparison = compared(poses, name, perfect)
    truth = SCENES[name].joints
    errors = distances(pose, truth)
    fit = decode(pose.heatmaps, "gaussian_fit", pose.sigma).xy
    joints = pose.transform.to_heatmap(truth)
    for k in range(len(truth)):
        found = verdict(comparison, pose, pose.transform, k)
        best = min(errors[one][k] for one in CORE_DECODERS)
        named = re.search(r": (.+), off by ([\d.]+) photo px \(([\d.]+) heatmap px\)", found.lead)
        titles = re.split(", | and ", named[1])
        assert set(titles) == {DECODERS[one].title for one in CORE_DECODERS if errors[one][k] <= best + TIE}
        assert float(named[3]) == pytest.approx(best, abs=0.0051)
        assert float(named[2]) == pytest.approx(best * comparison.photo_px, abs=0.051)
        assert (found.reason == "") == ("dark" in found.nearest)
        if not found.reason:
            continue
        dark = float(re.search(r"DARK is off by [\d.]+ photo px \(([\d.]+)", found.reason)[1])
        assert dark == pytest.approx(errors["dark"][k], abs=0.0051)
        itself = float(re.search(r"network itself peaks ([\d.]+) heatmap px off", found.reason)[1])
        assert itself == pytest.approx(errors["gaussian_fit"][k], abs=0.0051)
        if "no decoder can repair" in found.reason:
            assert not perfect, "a perfect network peaks at the joint"
            for one in found.nearest:
                own = decode(pose.heatmaps[k], one, pose.sigma).xy - fit[k]
                assert own @ (joints[k] - fit[k]) > 0, "it points towards the joint"
        else:
            assert "beyond the edge" in found.reason, "there is no other reason in the scenes"
            assert (joints[k] + 0.5 < 3 * pose.sigma).any() or (joints[k] > 47.5 - 3 * pose.sigma).any()
            moved = float(re.search(r"moves DARK ([\d.]+) heatmap px", found.reason)[1])
            assert moved > errors["dark"][k] / 2


@pytest.mark.parametrize(("name", "perfect"), CASES)
def test_home_repeats_the_verdict_and_its_table_marks_the_same_decoders(poses, name, perfect):
    pose, comparison = compared(poses, name, perfect)
    for k in range(len(SCENES[name].joints)):
        found = verdict(comparison, pose, pose.transform, k)
        said = summary_text(comparison, found, k)
        assert f"<strong>{found.lead}</strong>" in said
        argmax = float(re.search(r"Argmax is off by ([\d.]+) photo px", said)[1])
        assert argmax == pytest.approx(comparison.error("argmax")[k], abs=0.051)
        rows = tables.table(comparison, k).split("<tbody>")[1].split("<tr")[1:]
        assert tuple(one for one, row in zip(CORE_DECODERS, rows) if 'class="best"' in row) == found.nearest


@pytest.mark.parametrize("perfect", [False, True])
def test_the_strips_count_every_joint(poses, perfect, monkeypatch):
    monkeypatch.setattr(all_joints, "predict_scenes", lambda: poses)
    nearest = all_joints.nearest_over_scenes(perfect)
    count = dict.fromkeys(CORE_DECODERS, 0)
    for name, scene in SCENES.items():
        errors = distances(compared(poses, name, perfect)[0], scene.joints)
        best = np.min([errors[one] for one in CORE_DECODERS], axis=0)
        for one in CORE_DECODERS:
            count[one] += int((errors[one] <= best + TIE).sum())
    html = all_joints.table(nearest, (0, 0))
    for one in CORE_DECODERS:
        assert f"{DECODERS[one].title} is nearest on {count[one]} of 140 joints" in html
        assert f"<td>{count[one]} of 140</td>" in html
    # The ground of each scene and the frame of the chosen joint are rectangles too.
    assert html.count("<rect") == sum(count.values()) + len(CORE_DECODERS) * (len(SCENES) + 1)
    said = all_joints.summary_text(nearest, perfect)
    assert str(count["dark"]) in said
    if perfect:
        assert count["argmax"] == count["quarter_shift"] == 0, "rounding is never exact"
        assert count["taylor"] == 140 and count["dark"] > 130, "DARK smooths across the edge, Taylor does not"
    else:
        assert f"{max(count.values())} of 140" in said and max(count.values()) < 140
    first = said.partition(".**")[0]
    assert first.count("DARK") == 1, "it is not compared with itself"


def test_equal_errors_are_both_nearest():
    assert nearest_decoders({"argmax": 0.5, "taylor": 0.1, "dark": 0.1049}) == ("taylor", "dark")
    assert nearest_decoders({"argmax": 0.5, "taylor": 0.1, "dark": 0.1051}) == ("taylor",)


def test_a_peak_that_is_not_symmetric_is_said_to_be_one(poses):
    """Two Gaussians of one pixel's distance: neither the edge nor the network's position is to blame."""
    pose = perfect_pose(poses["standing"], SCENES["standing"].joints)
    truth = pose.transform.to_photo(decode(pose.heatmaps, "gaussian_fit", pose.sigma).xy)
    comparison = compare_decoders(pose.heatmaps, pose.transform, pose.sigma, truth)
    shifted = {**comparison.heatmap, "dark": comparison.heatmap["dark"] + [0.3, 0.0]}
    moved = {**comparison.photo, "dark": pose.transform.to_photo(shifted["dark"])}
    comparison = Comparison(shifted, moved, comparison.ok, comparison.score, truth, comparison.photo_px)
    middle = int(np.argmin(np.abs(pose.transform.to_heatmap(truth) - 23.5).max(1)))
    reason = verdict(comparison, pose, pose.transform, middle).reason
    assert "peaks 0.00 heatmap px off" in reason and "moves DARK 0.30 heatmap px" in reason
    assert reason.endswith("because the peak is not symmetric.")


def test_a_refused_step_is_the_reason(poses):
    pose, comparison = compared(poses, "runner", False)
    refused = {name: np.zeros(14, bool) for name in comparison.ok}
    refused = Comparison(comparison.heatmap, comparison.photo, refused, comparison.score, comparison.truth, 1.0)
    joint = next(k for k in range(14) if verdict(comparison, pose, pose.transform, k).reason)
    assert "refused or cut short" in verdict(refused, pose, pose.transform, joint).reason
