"""A network's score from photo to percentage, with made-up networks whose answers are known."""

from dataclasses import replace

import numpy as np
import pytest

from dark_core.codec import DECODERS, encode
from dark_core.evaluation.evaluate import (
    absent_rates,
    box_yardstick,
    pck_in_words,
    predict_heatmaps,
    score,
    transform_of,
)
from dark_core.evaluation.metrics import torso
from dark_core.files.annotations import Person
from dark_core.pose.crop_transform import CropTransform, square_box
from dark_core.pose.predictor import with_flip
from dark_core.pose.skeleton import SKELETON

SIGMA, SIZE = 1.5, 128


@pytest.fixture
def people() -> list[Person]:
    """Five people of different sizes and places, the first with two joints unlabeled."""
    rng = np.random.default_rng(3)
    people = []
    for k in range(5):
        shape = rng.uniform(0, 1, (14, 2))
        shape[[2, 3, 8, 9]] = [[0.4, 0.6], [0.6, 0.6], [0.4, 0.35], [0.6, 0.35]]  # a torso in the middle
        joints = shape * [60 + 40 * k, 100 + 30 * k] + rng.uniform(5, 50, 2)
        if k == 0:
            joints[[4, 13]] = np.nan
        people.append(Person(np.full((260, 300, 3), 10 * k, np.uint8), joints, np.ones(14)))
    return people


def drawn(people, moved=0.0) -> tuple[np.ndarray, list[CropTransform]]:
    """The heatmaps of a perfect network (N, 14, H, W), its joints ``moved`` torsos to the right, and the frames."""
    frames = [CropTransform.from_box(square_box(person.joints), (SIZE, SIZE)) for person in people]
    size = torso(np.stack([person.joints for person in people]))
    joints = [
        frame.to_heatmap(person.joints + [moved * length, 0])
        for frame, person, length in zip(frames, people, size, strict=True)
    ]
    return encode(np.stack(joints), (SIZE // 4, SIZE // 4), SIGMA), frames


@pytest.mark.parametrize("decoder", DECODERS)
def test_a_perfect_network_scores_one(people, decoder):
    result = score(people, *drawn(people), decoder, SIGMA)
    assert result["pck@0.2"] == 1
    if decoder != "argmax":
        assert result["pck@0.1"] == 1
        assert result["pck@0.1 per joint"] == dict.fromkeys(SKELETON.names, 1.0)
    if decoder == "gaussian_fit":
        assert result["pck@0.05"] == 1 and result["oks_ap"] == pytest.approx(1)


@pytest.mark.parametrize("moved, at_two, at_one", [(0.08, 1, 1), (0.12, 1, 0), (0.18, 1, 0), (0.22, 0, 0)])
def test_the_frames_take_errors_to_photo_px(people, moved, at_two, at_one):
    # People of different sizes, all moved by one share of their torso: all within or all beyond.
    result = score(people, *drawn(people, moved), "taylor", SIGMA)  # exact up to the map's edge
    assert (result["pck@0.2"], result["pck@0.1"]) == (at_two, at_one)


def test_every_person_is_predicted_in_their_own_box_in_order(people):
    seen = []

    def level(crops: np.ndarray) -> np.ndarray:
        """Maps as bright as the crop's middle."""
        seen.append(crops.shape)
        return np.broadcast_to(crops[:, SIZE // 2, SIZE // 2, 0, None, None, None], (len(crops), 14, 32, 32))

    maps, frames = predict_heatmaps(people, level, SIZE, batch=2)
    assert seen == [(2, SIZE, SIZE, 3), (2, SIZE, SIZE, 3), (1, SIZE, SIZE, 3)]
    np.testing.assert_array_equal(maps[:, 0, 0, 0], [0, 10, 20, 30, 40])
    for frame, expected in zip(frames, drawn(people)[1], strict=True):
        np.testing.assert_array_equal(frame.matrix, expected.matrix)


def test_a_labeled_box_is_what_is_cropped_and_measured_by(people):
    boxed = replace(people[0], box=(10.0, 20.0, 50.0, 120.0))
    expected = CropTransform.from_box(boxed.square_box(), (SIZE, SIZE))
    np.testing.assert_array_equal(transform_of(boxed, SIZE).matrix, expected.matrix)
    assert box_yardstick(boxed) == pytest.approx(30) and np.isnan(box_yardstick(people[0]))


def test_absent_joints_have_a_peak_lower_than_nearly_all_labeled_ones(people):
    # 100 labeled joints peak at 0.01 to 1.00: three of them below 0.04. Of four absent ones three peak lower.
    group = []
    for _ in range(8):
        joints, trust = np.full((14, 2), 5.0), np.ones(14)
        joints[13] = np.nan  # absent in the first four, not labeled in the rest
        trust[13] = len(group) < 4
        group.append(Person(np.zeros((10, 10, 3), np.uint8), joints, trust))
    maps = np.zeros((8, 14, 4, 4))
    maps[:, :13, 1, 2] = np.linspace(0.01, 1.04, 104).reshape(8, 13)
    maps[:4, 13, 2, 2] = [0, 0.01, 0.02, 0.5]
    rates = absent_rates(group, maps, most=0.03)
    assert rates["found"] == 0.75
    assert (maps[:, :13].max((-2, -1)) < rates["threshold"]).mean() == pytest.approx(0.03, abs=0.01)
    assert np.isnan(absent_rates(group[4:], maps[4:])["found"])


def test_flip_average_mirrors_pixels_and_joints_and_shifts_nothing():
    # A network that says k + 1 times the brightness for joint k: mirrored and back, joint k says mirror[k] + 1 times.
    def network(crops: np.ndarray) -> np.ndarray:
        cells = crops[..., 0].reshape(len(crops), 8, 4, 8, 4).mean((2, 4))
        return cells[:, None] * np.arange(1.0, 15)[:, None, None]

    crops = np.random.default_rng(0).integers(0, 256, (3, 32, 32, 3), dtype=np.uint8)
    before = crops.copy()
    share = (np.arange(1, 15) + np.array(SKELETON.mirror) + 1) / 2
    cells = network(crops)[:, 0]
    np.testing.assert_allclose(with_flip(network)(crops), cells[:, None] * share[:, None, None], rtol=1e-12)
    np.testing.assert_array_equal(crops, before)


def test_flip_average_cancels_a_bias_to_one_side():
    # A network that always draws one px to the right of the light draws it to both sides of the truth once mirrored.
    def network(crops: np.ndarray) -> np.ndarray:
        place = crops[:, 0, :, 0].argmax(1) // 4 + 1
        joints = np.stack([place, np.full(len(place), 8)], -1)
        return np.repeat(encode(joints, (16, 16), 2.0)[:, None], 14, axis=1)

    crops = np.zeros((1, 64, 64, 3), np.uint8)
    crops[0, 0, 20:24] = 255  # the whole of heatmap column 5
    maps = with_flip(network)(crops)
    np.testing.assert_allclose(maps[0, 0], encode([[4, 8], [6, 8]], (16, 16), 2.0).mean(0), atol=1e-7)


def unmeasured(person: Person) -> Person:
    """The same without labels at the hips."""
    joints = person.joints.copy()
    joints[[2, 3]] = np.nan
    return replace(person, joints=joints)


def test_pck_says_how_many_people_it_counts_and_why_not_the_others(people):
    some = [*people[:3], *map(unmeasured, people[3:])]
    result = score(some, *drawn(people), "gaussian_fit", SIGMA)
    assert (result["people"], result["measured"], result["unmeasured"]) == (5, 3, "no hips")
    assert result["pck@0.1"] == 1
    assert result["measured per joint"] == {
        name: 2 if name in ("left knee", "head top") else 3 for name in SKELETON.names
    }
    assert pck_in_words(result) == "PCK@0.2 100.0 @0.1 100.0, 3 of 5 people"


def test_people_without_hips_are_not_measured_and_not_0(people):
    result = score(list(map(unmeasured, people)), *drawn(people), "dark", SIGMA)
    assert np.isnan(result["pck@0.2"]) and result["measured"] == 0
    assert pck_in_words(result) == "PCK not measured (no hips), 0 of 5 people"


def test_a_label_counts_by_its_weight(people):
    # The first person's right ankle is wrong, with half a vote against 11 + 4 * 12 limb joints less the left knee.
    maps, frames = drawn(people)
    maps[0, 0] = maps[0, 13]
    trust = np.ones(14)
    trust[0] = 0.5
    weighed = [replace(people[0], trust=trust), *people[1:]]
    assert score(weighed, maps, frames, "gaussian_fit", SIGMA)["pck@0.1"] == pytest.approx(1 - 0.5 / 58.5)
