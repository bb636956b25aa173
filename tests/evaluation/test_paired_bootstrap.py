"""Paired intervals: the width of a mean's, and all of them right at once."""

import numpy as np
import pytest

from dark_core.evaluation.paired_bootstrap import FEWEST, paired_intervals


def test_one_quantity_has_the_interval_of_a_mean():
    values = np.random.default_rng(0).normal(1, 2, (1, 400))
    found = paired_intervals(values, np.ones((1, 400)))
    assert found.value[0] == pytest.approx(values.mean())
    assert found.high[0] - found.value[0] == pytest.approx(1.97 * values.std(ddof=1) / 20, rel=0.07)


def test_all_intervals_hold_at_once_in_about_95_of_100_draws():
    wrong = 0
    for seed in range(200):
        values = np.random.default_rng(seed).normal(0, 1, (20, 15))
        found = paired_intervals(values, np.ones((1, 15)))
        wrong += bool(((found.low > 0) | (found.high < 0)).any())
    assert 1 <= wrong <= 24, "a tenth at most of 200 draws, and not never"


def test_joints_weigh_and_too_few_people_give_no_interval():
    counts = np.array([[1.0, 3, 2, 2, 2]])
    found = paired_intervals(np.array([[1.0, 6, 2, 2, 2]]), counts)
    assert found.value[0] == 1.3 and np.isfinite(found.low[0])
    few = paired_intervals(np.ones((2, FEWEST - 1)), np.ones((1, FEWEST - 1)))
    assert few.value.tolist() == [1, 1] and np.isnan([few.low, few.high]).all()
    same = paired_intervals(np.zeros((2, 9)), np.ones((1, 9)))
    assert same.low.tolist() == same.high.tolist() == [0, 0]
