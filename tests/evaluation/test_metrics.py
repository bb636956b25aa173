"""PCK by hand: who is counted, and against which yardstick."""

import numpy as np
import pytest

from dark_core.evaluation.metrics import (
    AREA_SHARE,
    KAPPA,
    LIMBS,
    OKS_THRESHOLDS,
    average_precision,
    counted,
    mean_rounding,
    missing_torso,
    oks,
    pck,
    torso,
)

RIGHT_HIP, LEFT_HIP, RIGHT_SHOULDER, LEFT_SHOULDER, NECK = 2, 3, 8, 9, 12


def person(one: float = 8, other: float = 12) -> np.ndarray:
    """(14, 2) joints, all at the origin but the hips, so that the two diagonals measure ``one`` and ``other``."""
    joints = np.zeros((14, 2))
    joints[LEFT_HIP], joints[RIGHT_HIP] = (0, one), (0.6 * other, 0.8 * other)
    return joints


def without(joints: np.ndarray, *missing: int) -> np.ndarray:
    joints = joints.copy()
    joints[list(missing)] = np.nan
    return joints


@pytest.mark.parametrize(
    "missing, size",
    [
        ((), 10),  # the mean of right shoulder to left hip, 8, and left shoulder to right hip, 12
        ((RIGHT_SHOULDER,), 12),
        ((LEFT_HIP,), 12),
        ((LEFT_SHOULDER,), 8),
        ((RIGHT_HIP,), 8),
        ((RIGHT_HIP, LEFT_HIP), np.nan),
    ],
)
def test_the_torso_is_the_mean_of_the_diagonals_that_are_there(missing, size):
    np.testing.assert_allclose(torso(without(person(), *missing)[None]), [size])


def test_where_no_torso_is_labeled_the_size_given_stands_for_it():
    truth = np.stack([without(person(), RIGHT_HIP, LEFT_HIP)] * 2)
    moved = truth + [1.5, 0]
    assert np.isnan(pck(moved, truth, 0.2)[0]) and np.isnan(pck(moved, truth, 0.2)[1]).all()
    assert not counted(truth).any() and counted(truth, np.array([8, np.nan])).any(1).tolist() == [True, False]
    whole, per_joint = pck(moved, truth, 0.2, np.array([8, 7]))  # within 1.6, beyond 1.4
    assert whole == 0.5 and np.nanmax(per_joint) == 0.5
    assert pck(moved, truth, 0.2, np.array([8, np.nan]))[0] == 1


def test_a_joint_counts_within_the_threshold_and_not_beyond():
    # The torso measures 10: at 0.2 a joint may be 2 off. Four of the twelve limb joints are moved.
    truth = person()
    moved = truth.copy()
    moved[0] += [2, 0]  # just within
    moved[1] += [0, 2.01]  # just beyond
    moved[6] += [1.2, 1.6]  # 2 off along a diagonal
    moved[7] += [-1.5, 1.5]  # 2.12 off
    whole, per_joint = pck(moved[None], truth[None], 0.2)
    assert whole == pytest.approx(10 / 12)
    np.testing.assert_array_equal(np.flatnonzero(per_joint == 0), [1, 7])
    assert pck(moved[None], truth[None], 0.1)[0] == pytest.approx(8 / 12)


def test_neck_and_head_top_count_for_themselves_only():
    truth = person()
    moved = truth.copy()
    moved[NECK:] += 100
    whole, per_joint = pck(moved[None], truth[None], 0.2)
    assert whole == 1 and per_joint[LIMBS].tolist() == [1] * 12 and per_joint[NECK:].tolist() == [0, 0]


def test_what_is_not_labeled_is_not_counted():
    # Person one lacks three limb joints of which two would be hits; person two has all, one of them wrong.
    truth = np.stack([without(person(), 0, 5, 11), person()])
    found = np.stack([person(), person()])
    found[0, 5] += 50
    found[1, 0] += 50
    whole, per_joint = pck(found, truth, 0.2)
    assert whole == pytest.approx((9 + 11) / (9 + 12))
    assert per_joint[0] == 0 and per_joint[5] == per_joint[11] == per_joint[1] == 1


def test_each_person_is_measured_by_their_own_torso():
    truth = np.stack([person(8, 12), person(80, 120)])
    found = truth + [5, 0]
    np.testing.assert_allclose(pck(found, truth, 0.2)[1], 0.5)


def test_pck_does_not_depend_on_the_unit():
    rng = np.random.default_rng(0)
    truth = rng.uniform(0, 100, (20, 14, 2))
    found = truth + rng.normal(0, 8, truth.shape)
    assert 0 < pck(found, truth, 0.2)[0] < 1
    assert pck(found * 7 - 3, truth * 7 - 3, 0.2)[0] == pck(found, truth, 0.2)[0]


def test_without_a_torso_or_anybody_nothing_is_measured_and_that_is_no_0():
    unmeasured = without(person(), RIGHT_HIP, LEFT_HIP)[None]
    assert np.isnan(pck(unmeasured, unmeasured, 0.2)[0])
    assert np.isnan(pck(np.zeros((0, 14, 2)), np.zeros((0, 14, 2)), 0.2)[0])
    both = np.stack([unmeasured[0], person()])
    assert pck(both, both, 0.2)[0] == 1, "those without are left out, and not counted as wrong"


@pytest.mark.parametrize(
    "missing, why",
    [
        ((RIGHT_HIP, LEFT_HIP), "no hips"),
        ((RIGHT_SHOULDER, LEFT_SHOULDER), "no shoulders"),
        ((RIGHT_SHOULDER, RIGHT_HIP), "no shoulder beside the hip of the other side"),
    ],
)
def test_why_a_torso_is_missing_is_said(missing, why):
    assert missing_torso(without(person(), *missing)[None]) == why


def test_a_label_counts_by_its_weight():
    # Two limb joints of weights 1/4 and 1/2 are wrong, ten of weight 1 are right.
    truth, weight = person()[None], np.ones((1, 14))
    moved = truth.copy()
    moved[0, [0, 6]] += 50
    weight[0, [0, 6]] = 0.25, 0.5
    whole, per_joint = pck(moved, truth, 0.2, weight=weight)
    assert whole == pytest.approx(10 / 10.75) and per_joint[0] == per_joint[6] == 0 and per_joint[1] == 1
    # OKS: 12 joints are exact, of weight 1; the two are so far off that they count as 0.
    far = np.where(np.arange(14)[:, None] % 6 == 0, truth + 1e6, truth)  # joints 0, 6 and 12
    weight[0, 12] = 0
    assert oks(far, truth, weight)[0] == pytest.approx(11 / 11.75)


def test_rounding_costs_its_closed_form():
    floor = (np.sqrt(2) + np.log(1 + np.sqrt(2))) / 3
    assert mean_rounding("floor") == pytest.approx(floor, abs=1e-5)
    assert mean_rounding("round") == pytest.approx(floor / 2, abs=1e-5)
    assert mean_rounding("unbiased") == 0


# OKS


def test_oks_is_the_mean_of_each_joints_likeness():
    rng = np.random.default_rng(0)
    truth = rng.uniform(0, 100, (5, 14, 2))
    predicted = truth + rng.normal(0, 4, truth.shape)
    truth[1, [0, 7]] = np.nan
    predicted[2, 3] = np.inf
    for person in range(5):
        known = [joint for joint in range(14) if np.isfinite(truth[person, joint]).all()]
        width, height = np.ptp(truth[person, known], axis=0)
        area, likeness = AREA_SHARE * width * height, []
        for joint in known:
            squared = ((predicted[person, joint] - truth[person, joint]) ** 2).sum()
            likeness.append(np.exp(-squared / (2 * area * (2 * KAPPA[joint]) ** 2)) if np.isfinite(squared) else 0.0)
        assert oks(predicted, truth)[person] == pytest.approx(np.mean(likeness))
    np.testing.assert_array_equal(oks(truth, truth), 1)
    assert np.isnan(oks(predicted[:1], np.full((1, 14, 2), np.nan))).all()


def test_wrists_are_held_to_more_than_hips():
    truth = np.random.default_rng(0).uniform(0, 100, (1, 14, 2))
    wrist, hip = truth.copy(), truth.copy()
    wrist[0, 6] += 5
    hip[0, 2] += 5
    assert oks(wrist, truth) < oks(hip, truth) < 1


def test_average_precision_of_known_rankings():
    assert average_precision(np.ones(4), np.arange(4.0)) == pytest.approx(1)
    assert average_precision(np.zeros(4), np.arange(4.0)) == 0
    # One of two is right at half of the thresholds: first, it counts for half; last, for a quarter.
    similarity = np.array([0.72, 0.0])
    shares = (OKS_THRESHOLDS <= 0.72).mean()
    assert average_precision(similarity, np.array([2.0, 1.0])) == pytest.approx(shares * 0.5)
    assert average_precision(similarity, np.array([1.0, 2.0])) == pytest.approx(shares * 0.25)


def test_a_resample_is_its_people_repeated():
    rng = np.random.default_rng(0)
    similarity, score = rng.uniform(0.3, 1, 30), rng.uniform(0, 1, 30)
    weight = rng.multinomial(30, np.full(30, 1 / 30), 5)
    told = average_precision(similarity, score, weight)
    for row, value in zip(weight, told):
        # Ties in score are broken by a little, as repeated people stand one behind the other.
        again = np.repeat(np.arange(30), row)
        # A person drawn several times is one step of the curve here and several in a plain list.
        assert value == pytest.approx(average_precision(similarity[again], score[again]), abs=0.03)
    assert average_precision(similarity, score, np.ones((1, 30)))[0] == average_precision(similarity, score)
