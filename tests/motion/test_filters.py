"""Filters over time: their lag and their noise in closed form."""

import numpy as np
import pytest

from dark_core.motion.filters import filters, moving_average, one_euro, one_euro_lag, savitzky_golay

RAMP = np.arange(200.0)[:, None, None] * [2.0, -3.0]  # (T, 1, 2): constant velocity


@pytest.mark.parametrize("frames", [1, 4, 5])
def test_a_moving_average_is_behind_by_half_its_length_and_divides_the_variance(frames):
    late = (RAMP - moving_average(RAMP, frames))[20:]
    assert late == pytest.approx(np.broadcast_to(np.array([2.0, -3.0]) * (frames - 1) / 2, late.shape))
    noise = np.random.default_rng(0).standard_normal((40_000, 1))
    assert moving_average(noise, frames).var() == pytest.approx(1 / frames, rel=0.05)


def test_a_moving_average_begins_with_the_frames_that_there_are():
    assert moving_average(np.array([3.0, 5.0, 10.0, 0.0]), 3).tolist() == [3, 4, 6, 5]


def test_savitzky_golay_keeps_a_parabola_and_has_no_lag():
    t = np.arange(50.0)[:, None]
    assert savitzky_golay(t**2 - 7 * t, 7, 2) == pytest.approx(t**2 - 7 * t)


def test_savitzky_golay_has_the_noise_of_its_least_squares_fit():
    """The middle of a parabola fitted to 7 points weighs them by (-2, 3, 6, 7, 6, 3, -2) / 21: variance 147 / 441."""
    noise = np.random.default_rng(0).standard_normal((40_000, 1))
    assert savitzky_golay(noise, 7, 2).var() == pytest.approx(1 / 3, rel=0.05)
    assert savitzky_golay(np.array([[1.0], [2.0]]), 7, 2).tolist() == [[1], [2]]  # too few to fit


def test_one_euro_is_behind_by_the_lag_of_its_low_pass():
    """A first-order low-pass with share a lags a ramp by (1 - a) / a, which is fps / (2π cutoff)."""
    fps, cutoff = 30.0, 2.0
    late = (RAMP - one_euro(RAMP, fps, cutoff, beta=0.0))[150:] / [2.0, -3.0]
    assert late == pytest.approx(np.full_like(late, fps / (2 * np.pi * cutoff)), rel=1e-3)
    assert one_euro_lag(fps, cutoff) == pytest.approx(fps / (2 * np.pi * cutoff))


def test_one_euro_is_less_behind_the_faster_the_joint():
    speed = 2.0 * 30
    late = (RAMP - one_euro(RAMP, 30.0, 1.0, 0.1))[190:, 0, 0] / 2
    assert late == pytest.approx(np.full(10, one_euro_lag(30.0, 1.0, 0.1, speed)), rel=0.01)
    assert late.max() < one_euro_lag(30.0, 1.0)


def test_a_gap_begins_anew_and_stays_a_gap():
    xy = RAMP.copy()
    xy[50:60] = np.nan
    for one in filters(25.0).values():
        found = one.apply(xy)
        assert np.isnan(found[50:60]).all() and np.isfinite(np.delete(found, np.s_[50:60], 0)).all()
        assert found[:50] == pytest.approx(one.apply(xy[:50]))


def test_what_cannot_be_filtered_so_is_refused():
    for bad in (
        lambda: moving_average(RAMP, 0),
        lambda: savitzky_golay(RAMP, 6),
        lambda: savitzky_golay(RAMP, 3, 3),
        lambda: one_euro(RAMP, 0),
    ):
        with pytest.raises(ValueError, match="must be"):
            bad()
