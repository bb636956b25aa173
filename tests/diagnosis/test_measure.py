"""What is measured on a heatmap, against what was put into it."""

from math import erf, sqrt

import numpy as np
import pytest

from dark_core.codec import encode
from dark_core.diagnosis.measure import beyond, measure_heatmap, nearest_edge, outside
from dark_core.simulation.heatmaps import SCENARIOS, SimulatedHeatmap

pytestmark = pytest.mark.filterwarnings("error")


def normal(z: float) -> float:
    """The standard normal distribution function."""
    return (1 + erf(z / sqrt(2))) / 2


@pytest.mark.parametrize("sigma", [1.5, 2.0, 3.0])
def test_a_clean_gaussian_curves_as_its_sigma_says(sigma):
    facts = measure_heatmap(SimulatedHeatmap((15.2, 16.7), sigma=sigma).heatmap(), sigma)
    assert facts.raw_curvature == pytest.approx(-1 / sigma**2, rel=1e-6)
    assert facts.smoothed_curvature == pytest.approx(-1 / (2 * sigma**2), rel=2e-3)  # the kernel ends


def test_a_clean_gaussian_has_nothing_else():
    facts = measure_heatmap(SCENARIOS["clean"].case.heatmap(), 2.0)
    np.testing.assert_allclose(facts.peak, (13.37, 16.62), atol=1e-4)
    assert facts.second_at is None and facts.second_height == 0
    # Outside 3 sigma lies exp(-9/2) of a Gaussian's mass.
    assert facts.far_share == pytest.approx(np.exp(-4.5), abs=0.002)
    assert facts.outside < 1e-9 and abs(facts.floor) < 1e-6 and facts.noise < 1e-6


@pytest.mark.parametrize("level", [0.02, 0.1, 0.3])
def test_white_noise_is_measured(level):
    # Some 800 overlapping differences, by their median: good to a tenth.
    facts = measure_heatmap(SimulatedHeatmap((15.2, 16.7), noise=level, seed=4).heatmap(), 2.0)
    assert facts.noise == pytest.approx(level, rel=0.15)


def test_neither_slopes_nor_a_pedestal_are_noise():
    y, x = np.indices((32, 32))
    facts = measure_heatmap(SimulatedHeatmap((15.2, 16.7)).heatmap() + 0.1 + 0.002 * x - 0.001 * y, 2.0)
    assert facts.noise < 1e-6


@pytest.mark.parametrize("second", [0.35, 0.6, 0.9])
@pytest.mark.parametrize("pedestal", [0.0, 0.2])
def test_a_second_peak_is_found_above_the_floor(second, pedestal):
    case = SimulatedHeatmap((10.0, 19.0), pedestal=pedestal, second=second, second_at=(23.0, 9.0))
    facts = measure_heatmap(case.heatmap(), case.sigma)
    assert facts.second_at == (23, 9)
    assert facts.second_height == pytest.approx(second, abs=0.02)


@pytest.mark.parametrize(
    "case",
    [
        SimulatedHeatmap((10.0, 19.0), second=0.25, second_at=(23.0, 9.0)),  # too low
        SimulatedHeatmap((10.0, 19.0), second=0.8, second_at=(13.5, 19.0)),  # too near: one broad peak
        SimulatedHeatmap((10.0, 19.0), pedestal=0.5),
        *(SimulatedHeatmap((10.0, 19.0), noise=0.5, seed=seed) for seed in range(5)),
        SimulatedHeatmap((0.1, 16.0)),
    ],
)
def test_what_is_no_second_peak_is_not_called_one(case):
    facts = measure_heatmap(case.heatmap(), case.sigma)
    assert facts.second_at is None and facts.second_height == 0


def test_a_pedestal_is_the_floor_and_most_of_the_mass():
    case = SCENARIOS["pedestal"].case
    facts = measure_heatmap(case.heatmap(), case.sigma)
    assert facts.floor == pytest.approx(0.1, abs=1e-6)
    far = beyond(case.joint, 6.0, (32, 32)).sum()
    expected = (0.1 * far + 8 * np.pi * np.exp(-4.5)) / (0.1 * 1024 + 8 * np.pi)
    assert facts.far_share == pytest.approx(expected, abs=0.003)


@pytest.mark.parametrize("scale", [1e-300, 1e-3, 255.0, 1e300])
def test_heights_are_in_the_maps_own_unit_and_the_rest_has_none(scale):
    case = SimulatedHeatmap((10.0, 19.0), noise=0.05, pedestal=0.1, second=0.6)
    one, scaled = measure_heatmap(case.heatmap(), 2.0), measure_heatmap(scale * case.heatmap(), 2.0)
    assert (scaled.second_at, scaled.edge) == (one.second_at, one.edge)
    for name in ("second_height", "far_share", "raw_curvature", "smoothed_curvature", "edge_distance", "outside"):
        assert getattr(scaled, name) == pytest.approx(getattr(one, name), rel=1e-6), name
    for name in ("floor", "noise"):
        assert getattr(scaled, name) == pytest.approx(scale * getattr(one, name), rel=1e-6), name


@pytest.mark.parametrize(
    "at, expected",
    [
        ((0.1, 8), ("left", 0.6)),
        ((18.5, 8), ("right", 1.0)),
        ((9, -0.5), ("top", 0.0)),
        ((9, 14.0), ("bottom", 0.5)),
        ((-2.0, 8), ("left", -1.5)),
    ],
)
def test_an_edge_is_half_a_pixel_outside_the_outermost_centers(at, expected):
    edge, distance = nearest_edge(at, (15, 20))
    assert (edge, distance) == (expected[0], pytest.approx(expected[1]))


@pytest.mark.parametrize(
    "at, expected",
    [
        ((9.5, 7.0), 0.0),
        ((-0.5, 7.0), 0.5),
        ((-0.5, -0.5), 0.75),
        ((0.1, 7.0), normal(-0.6)),
        ((1.1, 13.5), 1 - (1 - normal(-1.6)) * (1 - normal(-1.0))),
        ((100.0, 7.0), 1.0),
    ],
)
def test_the_share_outside_is_that_of_the_normal_distribution(at, expected):
    assert outside(at, (15, 20), sigma=1.0) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(
    "heatmap",
    [
        np.zeros((6, 7)),
        np.full((6, 7), np.nan),
        np.where(np.eye(7) > 0, np.inf, 1),
        np.ones((1, 1)),
        np.arange(9.0)[None],
        np.eye(2),
        np.full((9, 9), 1e308),
        -encode([3, 4], (9, 9), 2),
        np.full((5, 5), -2.0),
        np.eye(9, dtype=bool),
        np.arange(63).reshape(7, 9) % 11,
    ],
)
def test_every_number_is_finite_whatever_the_map_holds(heatmap):
    facts = measure_heatmap(heatmap, 2.0)
    numbers = [value for value in vars(facts).values() if isinstance(value, float)]
    assert len(numbers) == 8 and np.isfinite([*numbers, *facts.peak]).all()
    assert 0 <= facts.far_share <= 1 and 0 <= facts.outside <= 1


@pytest.mark.parametrize("sigma", [0, -1, np.nan])
def test_a_bad_sigma_is_refused(sigma):
    with pytest.raises(ValueError, match=r"sigma"):
        measure_heatmap(np.zeros((5, 5)), sigma)
