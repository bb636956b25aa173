"""What is counted of a network's faults, with made-up networks whose answers are known."""

from itertools import islice
from types import SimpleNamespace

import numpy as np
import pytest

from dark_core.codec import encode
from dark_core.evaluation.failures import negatives, report, truncation
from dark_core.files.scenes import load_scenes
from dark_core.pose.detector import Detection
from dark_core.pose.pose import NO_PERSON
from dark_core.pose.predictor import PosePredictor


def reader(size: int = 64, height: float = 1.0) -> PosePredictor:
    """A network that finds every joint, ``height`` high, at the brightest px of what it is shown."""

    def read(crops: np.ndarray) -> np.ndarray:
        maps = []
        for crop in crops:
            y, x = np.unravel_index(crop.sum(-1).argmax(), crop.shape[:2])
            joints = np.tile([(x + 0.5) / 4 - 0.5, (y + 0.5) / 4 - 0.5], (14, 1))
            maps.append(height * encode(joints, (crop.shape[1] // 4, crop.shape[0] // 4), 1.5))
        return np.stack(maps)

    def find(photo: np.ndarray) -> list[Detection]:
        """Somebody in every photo, all over it."""
        return [Detection((0, 0, photo.shape[1], photo.shape[0]), 0.9)]

    return PosePredictor(SimpleNamespace(name="bright", size=size, sigma=1.5, card={}), read, find)


@pytest.mark.parametrize("edge", range(4))
def test_three_joints_are_cut_away_and_the_others_keep_their_pixels(edge):
    rng = np.random.default_rng(edge)
    photo = np.zeros((180, 160, 3), np.uint8)
    joints = np.column_stack([rng.permutation(14) * 10 + 12, rng.permutation(14) * 12 + 9]).astype(float)
    for k, (x, y) in enumerate(joints.astype(int)):
        photo[y, x] = 10 * (k + 1)
    less, moved = truncation.cut_photo(photo, joints, edge)
    inside = ((moved >= 0) & (moved <= np.array(less.shape[1::-1]) - 1)).all(1)
    assert inside.sum() == 11
    for k in np.flatnonzero(inside):
        x, y = moved[k].astype(int)
        assert less[y, x, 0] == 10 * (k + 1)
    assert less.shape[edge % 2] == photo.shape[edge % 2]
    with pytest.raises(ValueError, match="6 labeled joints"):
        truncation.cut_photo(photo, np.where(np.arange(14)[:, None] < 6, joints, np.nan), edge)


def test_calls_of_cut_joints_are_counted():
    scenes = list(load_scenes().values())[:4]

    # Three joints are gone; called are one of those and one that is left, another is guessed.
    def states(person, edge):
        photo, joints = truncation.cut_photo(person.photo, person.joints, edge)
        height, width = photo.shape[:2]
        gone = ((joints < -0.5) | (joints > [width - 0.5, height - 0.5])).any(1)
        state = np.full(14, "", "<U7")
        state[np.flatnonzero(gone)[:2]] = ["absent" if edge % 2 else "cut off", "guess"]
        state[np.flatnonzero(~gone)[0]] = "cut off"
        return state

    rng = np.random.default_rng(0)
    known = iter([states(scene, int(rng.integers(4))) for scene in scenes])
    found = truncation.measure_truncation(
        scenes, SimpleNamespace(predict=lambda photo, box: SimpleNamespace(joint_status=next(known)))
    )
    assert found == {
        "people": 4,
        "joints": 12,
        "called": pytest.approx(1 / 3),
        "guessed": pytest.approx(1 / 3),
        "right": 0.5,
        "wrongly": pytest.approx(1 / 11),
    }


def test_people_of_whom_nothing_can_be_cut_away_are_not_measured_and_not_0():
    joints = np.full((14, 2), np.nan)
    joints[:5] = np.arange(10).reshape(5, 2)
    person = SimpleNamespace(photo=np.zeros((20, 20, 3), np.uint8), joints=joints)
    found = truncation.measure_truncation([person], SimpleNamespace())
    assert found == {"people": 0, "joints": 0} | dict.fromkeys(("called", "guessed", "right", "wrongly"))


def test_pictures_without_a_person_are_forty_and_always_the_same():
    pictures = list(negatives.pictures())
    assert len(pictures) == 40 and all(one.dtype == np.uint8 and one.ndim == 3 for one in pictures)
    np.testing.assert_array_equal(pictures[7], next(islice(negatives.pictures(), 7, None)))
    assert len({one.tobytes() for one in pictures}) == 40


def test_the_painted_person_is_gone_and_the_surroundings_stay():
    scene = load_scenes()["standing"]
    painted = negatives.painted_out(scene.photo, scene.joints)
    x, y = scene.joints.T.astype(int)
    assert (np.abs(painted[y, x].astype(int) - scene.photo[y, x]).sum(1) > 20).mean() > 0.7
    np.testing.assert_array_equal(painted[:20, :20], scene.photo[:20, :20])


def test_the_worst_predictions_come_first_and_nobody_is_seen_in_the_dark(monkeypatch):
    monkeypatch.setattr(negatives, "LANDSCAPES", 2)
    monkeypatch.setattr(negatives, "load_scenes", dict)
    people = [SimpleNamespace(photo=scene.photo, joints=scene.joints) for scene in list(load_scenes().values())[:8]]
    found, worst = report.measure(reader(), {"few": people}, say=lambda line: None)
    assert len(worst["few"]) == report.WORST
    errors = [one.error for one in worst["few"]]
    assert errors == sorted(errors, reverse=True) and errors[-1] > 0.2
    assert found["found"]["few"] == {"people": 8, "found": 8} and found["empty"]["taken"] == 2
    dim, _ = report.measure(reader(height=NO_PERSON / 2), {"few": people}, say=lambda line: None)
    assert dim["found"]["few"]["found"] == 0
    assert dim["empty"] == {"pictures": 2, "taken": 0}
