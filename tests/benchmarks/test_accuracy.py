"""The table of how accurate DARK and the fit are: few joints, the same columns."""

import numpy as np
import pytest

from dark_core.benchmarks import accuracy
from dark_core.benchmarks.accuracy import INSIDE_95, METHODS, draw_joints, measure_accuracy
from dark_core.simulation import monte_carlo


@pytest.mark.parametrize("sigma", accuracy.SIGMAS)
@pytest.mark.parametrize("border", [False, True])
def test_the_joints_are_where_they_are_said_to_be(sigma, border):
    size = (48, 64)
    joints = draw_joints(3000, size, sigma, border, np.random.default_rng(0))
    depth = np.minimum(joints, np.array(size) - 1 - joints)
    assert joints.shape == (3000, 2) and (depth >= 0).all()
    if border:
        assert (depth.min(-1) <= 3).all()
        # Each of the four edges has its share, and along an edge a joint may be anywhere.
        edges = [joints[:, 0] <= 3, joints[:, 0] >= 44, joints[:, 1] <= 3, joints[:, 1] >= 60]
        assert all(0.2 < edge.mean() < 0.35 for edge in edges)
        assert np.ptp(joints[edges[0], 1]) > 60
    else:
        assert (depth >= 4 * sigma).all() and depth.min() < 4 * sigma + 0.5


def test_the_fit_meets_the_bound_where_dark_is_biased_inwards():
    rows = {one.method: one for one in measure_accuracy(2.0, 0.02, border=True, count=1200)}
    assert tuple(rows) == METHODS
    assert rows["dark"].ratio > 5 and np.isnan(rows["dark"].inside)
    assert 0.93 < rows["gaussian_fit"].ratio < 1.09 and 0.92 < rows["gaussian_fit"].inside < 0.98
    assert rows["gaussian_fit"].ratio < rows["gaussian_fit_free"].ratio < 1.3
    assert rows["gaussian_fit_free"].ratio < rows["gaussian_fit_rotated"].ratio < 1.8, "each unknown costs accuracy"
    for one in rows.values():
        assert (one.sigma, one.noise, one.border, one.fallbacks) == (2.0, 0.02, True, 0)
        # The bound is the same for all, and the largest error no less than the usual one.
        assert one.rmse / one.ratio == pytest.approx(rows["dark"].rmse / rows["dark"].ratio)
        assert one.rmse <= one.largest


def test_inside_all_of_them_do():
    for one in measure_accuracy(1.0, 0.05, border=False, count=1200):
        assert 0.95 < one.ratio < 1.07, one.method


def test_without_noise_there_is_no_bound_to_compare_with():
    for one in measure_accuracy(2.0, 0.0, border=False, count=200):
        assert one.rmse < 1e-3 and one.largest < 1e-3
        assert np.isnan(one.ratio) and np.isnan(one.inside)


def test_the_same_seed_draws_the_same_joints():
    first, same, other = (measure_accuracy(2.0, 0.05, True, 100, seed)[0].rmse for seed in (0, 0, 1))
    assert first == same != other


def test_blocks_are_one_experiment(monkeypatch):
    monkeypatch.setattr(monte_carlo, "BLOCK", 7 * 48 * 64)
    drawn = measure_accuracy(2.0, 0.0, True, 50)
    monkeypatch.setattr(monte_carlo, "BLOCK", 50 * 48 * 64)
    assert [one.rmse for one in measure_accuracy(2.0, 0.0, True, 50)] == pytest.approx([one.rmse for one in drawn])


def test_the_ellipse_is_that_of_the_normal_distribution():
    # P(chi² with two degrees of freedom < s) = 1 - exp(-s / 2).
    assert 1 - np.exp(-INSIDE_95 / 2) == pytest.approx(0.95, abs=1e-4)


def test_the_report_has_a_row_for_every_case():
    text = "\n".join(accuracy.report(40))
    rows = [line for line in text.splitlines() if line.startswith(METHODS)]
    assert len(rows) == 2 * len(accuracy.SIGMAS) * (1 + len(accuracy.NOISES)) * len(METHODS)
    assert "within 3 px of an edge" in text and "deeper than 4 sigma" in text
    assert not any("nan" in line for line in rows)
