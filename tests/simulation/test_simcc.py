"""SimCC beside the heatmaps: its limit has a closed form, and so have the errors of its decoders without noise."""

from dataclasses import replace

import numpy as np
import pytest

from dark_core.figures.decoder_style import SIMCC_TITLES
from dark_core.simulation.simcc import SIMCC_DECODERS
from dark_core.simulation.sweep_parameters import SWEEP_PARAMETERS, SimulationConfig
from dark_core.simulation.sweeps import SweepPoint, sweep

pytestmark = pytest.mark.filterwarnings("error")

DEFAULT = SimulationConfig()


def at(bins: float, decoders=tuple(SIMCC_DECODERS), base=DEFAULT, count: int = 2000) -> SweepPoint:
    (point,) = sweep("bins", [bins], base, decoders, count)
    return point


@pytest.mark.parametrize(("sigma", "bins", "noise"), [(2.0, 1.0, 0.02), (2.0, 8.0, 0.05), (3.0, 4.0, 0.1)])
def test_the_limits_are_the_closed_forms_and_equal_at_root_pi_sigma(sigma, bins, noise):
    # A row: the sum of (dg/dx)^2 is the integral of u^2 e^(-u^2/s^2) / s^4 = sqrt(pi) / (2 s) for s bins, so that the
    # deviation is n sqrt(2 s / sqrt(pi)) bins, with s = k sigma and k bins per px. A heatmap: n sqrt(2 / pi) px. Both
    # for one axis; the error of two is sqrt(2) times as large.
    base = replace(DEFAULT, sigma=sigma, noise=noise, size=64)
    point = at(bins, (), base, 500)
    assert point.simcc_limit == pytest.approx(noise * np.sqrt(2) * np.sqrt(2 * sigma / np.sqrt(np.pi) / bins), rel=1e-4)
    assert point.limit == pytest.approx(noise * np.sqrt(2) * np.sqrt(2 / np.pi), rel=1e-4)
    same = at(np.sqrt(np.pi) * sigma, (), base, 500)
    assert same.simcc_limit == pytest.approx(same.limit, rel=1e-3)


@pytest.mark.parametrize("bins", [1.0, 4.0, 8.0])
def test_smoothed_bins_reach_their_limit_and_the_largest_bin_does_not(bins):
    found = at(bins).accuracy
    assert 0.95 < found["simcc_smoothed"].ratio < 1.08
    assert found["simcc"].ratio > 5 and found["simcc_sub_bin"].ratio > 2
    assert found["simcc"].rmse > found["simcc_sub_bin"].rmse


@pytest.mark.parametrize("bins", [1.0, 2.0, 8.0])
def test_without_noise_the_largest_bin_rounds_to_a_bin_and_the_parabola_is_exact(bins):
    found = at(bins, base=replace(DEFAULT, noise=0.0)).accuracy
    assert found["simcc"].rmse == pytest.approx(np.sqrt(1 / 6) / bins, rel=0.03)  # uniform: 1/12 of a bin² per axis
    assert found["simcc_sub_bin"].rmse < 1e-4 and found["simcc_smoothed"].rmse < 1e-3


def test_the_heatmaps_are_the_same_for_any_number_of_bins_and_beside_no_bins():
    one, many = (at(bins, ("argmax", "dark", "simcc"), count=600).accuracy for bins in (1.0, 8.0))
    (alone,) = sweep("noise", [DEFAULT.noise], DEFAULT, ("argmax", "dark"), 600)
    for name in ("argmax", "dark"):
        assert one[name].rmse == many[name].rmse == alone.accuracy[name].rmse
    assert one["simcc"].rmse != many["simcc"].rmse


def test_errors_are_compared_with_the_limit_of_what_is_decoded():
    point = at(8.0, ("dark", "simcc_smoothed"), count=500)
    assert point.limit_of("dark") == point.limit and point.limit_of("simcc_smoothed") == point.simcc_limit
    for name, one in point.accuracy.items():
        assert one.ratio == pytest.approx(one.rmse / point.limit_of(name))


def test_bins_are_rounded_as_heatmaps_are():
    plain, coarse = (
        at(8.0, ("simcc_smoothed",), replace(DEFAULT, number_format=name), 1000).accuracy["simcc_smoothed"].rmse
        for name in ("float32", "uint4")
    )
    # Of noise 0.02 and steps of 1/15: variances n² and d² / 12, 1.93 times that of the noise alone.
    assert 1.2 < coarse / plain < 1.45


def test_a_setting_has_at_least_some_bins_and_every_decoder_a_title():
    with pytest.raises(ValueError, match="bins must be a positive number, got 0"):
        SimulationConfig(bins=0)
    assert list(SIMCC_TITLES) == list(SIMCC_DECODERS)
    assert SWEEP_PARAMETERS["bins"].label(8.0) == "8 per px"
