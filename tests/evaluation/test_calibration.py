"""Calibration on made-up joints whose chance of being right is known."""

import json

import numpy as np
import pytest

from dark_core.evaluation.calibration import (
    Bin,
    calibrate,
    calibration_error,
    cross_fit,
    fit_calibration,
    reliability_table,
    wilson,
)
from dark_core.pose.calibration import confidence


@pytest.fixture(scope="module")
def joints() -> tuple[np.ndarray, np.ndarray]:
    """(score, right) of 2000 people of 14 joints, right with a chance of the score's square root; a tenth unknown."""
    rng = np.random.default_rng(0)
    score = rng.uniform(0, 1, (2000, 14))
    right = (rng.uniform(size=score.shape) < np.sqrt(score)).astype(float)
    right[rng.uniform(size=score.shape) < 0.1] = np.nan
    return score, right


def test_the_chance_is_found_again(joints):
    knots = fit_calibration(*joints)
    score = np.linspace(0.1, 0.95, 50)
    assert np.abs(confidence(score, knots) - np.sqrt(score)).max() < 0.04
    assert len(knots["score"]) <= 21


@pytest.mark.parametrize("seed", range(5))
def test_knots_rise_whatever_the_labels_say(seed):
    rng = np.random.default_rng(seed)
    knots = fit_calibration(rng.normal(0.3, 0.4, (9, 14)), rng.integers(0, 2, (9, 14)).astype(float))
    assert (np.diff(knots["score"]) > 0).all() and (np.diff(knots["share"]) > 0).all()
    assert knots["score"][0] == knots["share"][0] == 0 and knots["share"][-1] < 1


def test_neighbors_that_fall_are_pooled():
    # By hand: groups of 2 at 0.15, 0.35, 0.55 with 1, 0, 2 right; the first two fall and become one, 1 of 4 at 0.25.
    knots = fit_calibration(np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.6]), np.array([0, 1, 0, 0, 1, 1.0]), bins=3)
    np.testing.assert_allclose(knots["score"], [0, 0.25, 0.55])
    np.testing.assert_allclose(knots["share"], [0, 1.5 / 5, 2.5 / 3], atol=1e-4)


def test_only_the_groups_that_fall_are_pooled():
    # Groups of 2 with 0, 2, 1 and 2 right. The middle two fall and become one, 3 of 4; the others stay.
    knots = fit_calibration(np.arange(1, 9) / 10, np.array([0, 0, 1, 1, 0, 1, 1, 1.0]), bins=4)
    np.testing.assert_allclose(knots["share"], [0, 0.5 / 3, 3.5 / 5, 2.5 / 3], atol=1e-4)
    np.testing.assert_allclose(knots["score"], [0, 0.15, 0.45, 0.75])


def test_shares_that_the_added_joints_make_fall_are_pooled_too():
    # Groups of 7, 7, 7 and 6 with 7, 7, 6 and 6 right. The first three fall and become one, 20 of 21 right. Without the
    # added joints 6 of 6 is more; with them it is 6.5/7, less than 20.5/22: all are one, 26 of 27.
    right = np.ones(27)
    right[20] = 0
    knots = fit_calibration(np.linspace(0.1, 0.9, 27), right, bins=4)
    np.testing.assert_allclose(knots["share"], [0, 26.5 / 28], atol=1e-4)


def test_equal_shares_are_one_knot():
    # Groups of 2 at 0.15 and 0.35, each 1 of 2 right, and 0.55 with 2 right.
    knots = fit_calibration(np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.6]), np.array([0, 1, 1, 0, 1, 1.0]), bins=3)
    np.testing.assert_allclose(knots["score"], [0, 0.25, 0.55])
    np.testing.assert_allclose(knots["share"], [0, 2.5 / 5, 2.5 / 3], atol=1e-4)


def test_nobody_is_judged_by_a_calibration_fitted_to_them():
    # One fold's people are always right and the others never: held out, they are given next to nothing.
    score, right = np.full((10, 14), 0.5), np.zeros((10, 14))
    right[::5] = 1
    assert cross_fit(score, right)[::5].max() < 0.01


def test_bins_hold_the_shares_and_the_gap_is_their_mean_distance():
    said = np.array([0.12, 0.14, 0.96, 1.0, 0.5])
    low, high = reliability_table(said, np.array([0, 1, 1, 1, np.nan]))
    assert (low.low, low.joints, low.right) == (0.1, 2, 0.5) and low.said == pytest.approx(0.13)
    assert (high.low, high.joints, high.right) == (0.9, 2, 1.0) and high.said == pytest.approx(0.98)
    assert calibration_error([low, high]) == pytest.approx((0.37 + 0.02) / 2)


def test_wilsons_interval_as_published():
    # Newcombe 1998, table I: 81 of 263 gives 0.2553 to 0.3662.
    np.testing.assert_allclose(wilson(81, 263), (0.2553, 0.3662), atol=1e-4)


def test_a_card_holds_the_knots_and_says_that_the_scores_were_worse(joints):
    score, right = joints
    found = calibrate([(score[:800], right[:800]), (score[800:], right[800:])], ["one", "two"])["calibration"]
    assert found["people"] == 2000 and found["sets"] == ["one", "two"]
    assert found["gap"] < 0.02 < 0.1 < found["gap of the score"]
    assert sum(one["joints"] for one in found["reliability"]) == np.isfinite(right).sum()
    again = json.loads(json.dumps(found, allow_nan=False))
    assert again == found and set(again["reliability"][0]) == set(Bin.__dataclass_fields__)


def test_too_little_is_not_calibrated(joints):
    score, right = joints
    assert calibrate([], []) == {}
    assert calibrate([(score[:3], right[:3])], ["small"]) == {}
    assert calibrate([(score[:9], np.full((9, 14), np.nan))], ["unlabeled"]) == {}
