"""How far each possible cause moves a reading, where the answer is known."""

import numpy as np
import pytest

from dark_core.codec import DECODERS, decode, trace
from dark_core.diagnosis.attribute import Causes
from dark_core.diagnosis.measure import measure_heatmap
from dark_core.simulation.heatmaps import SimulatedHeatmap

pytestmark = pytest.mark.filterwarnings("error")


def causes_of(case: SimulatedHeatmap, known: bool = True) -> Causes:
    heatmap = case.heatmap()
    positions = {name: decode(heatmap, name, case.sigma).xy for name in DECODERS}
    joint = np.array(case.joint) if known else None
    return Causes(
        trace(heatmap, case.sigma), measure_heatmap(heatmap, case.sigma), case.sigma, case.noise, positions, joint
    )


def test_on_a_clean_map_rounding_is_all_there_is():
    causes = causes_of(SimulatedHeatmap((13.37, 16.62)))
    assert causes.errors["argmax"] == pytest.approx(np.hypot(0.37, 0.38))
    assert causes.error_without_noise() == pytest.approx(max(causes.errors.values()), abs=1e-6)
    assert causes.moved_by_edges() < 1e-3
    assert np.hypot(*causes.far_pull[1]) < 0.02  # the tail beyond 3 sigma


@pytest.mark.parametrize("x, sign", [(0.1, 1), (30.9, -1)])
def test_an_edge_moves_a_lone_gaussian_as_it_moves_this_clean_one(x, sign):
    causes = causes_of(SimulatedHeatmap((x, 16.0)))
    bias = sign * (causes.positions["dark"][0] - x)
    # Of all readings the centroid of what is left moves furthest: by sigma phi(z) / Phi(z), z = 0.3 sigma inside.
    assert causes.moved_by_edges() >= bias > 1.0
    assert causes.moved_by_edges() == pytest.approx(causes.errors["weighted_average"], abs=0.01)


def test_the_edges_count_even_where_the_map_is_of_something_else():
    # The lone Gaussian takes this map's place, so neither pedestal nor noise is charged to the edge.
    clean, spoilt = (causes_of(SimulatedHeatmap((0.1, 16.0), **more)) for more in ({}, dict(pedestal=0.2, noise=0.05)))
    assert spoilt.moved_by_edges() == pytest.approx(clean.moved_by_edges())


def test_a_second_peak_is_the_far_mass_and_drags_the_weighted_average_all_the_way():
    causes = causes_of(SimulatedHeatmap((10.4, 18.7), second=0.85, second_at=(22.8, 9.3)))
    name, move = causes.far_pull
    assert name == "weighted_average" and causes.second_is_far_mass() and not causes.noise_is_far_mass()
    np.testing.assert_allclose(move, causes.positions["weighted_average"] - causes.joint, atol=0.02)


@pytest.mark.parametrize(
    "case, by_noise",
    [
        (SimulatedHeatmap((13.4, 16.6), noise=0.1), True),
        (SimulatedHeatmap((13.4, 16.6), pedestal=0.1), False),
        (SimulatedHeatmap((13.4, 16.6), pedestal=0.1, noise=0.05), False),
        (SimulatedHeatmap((13.4, 16.6), pedestal=0.01, noise=0.1), True),
    ],
)
def test_far_mass_is_told_from_noise_by_what_noise_would_leave(case, by_noise):
    causes = causes_of(case)
    assert causes.noise_is_far_mass() == by_noise
    assert not causes.second_is_far_mass()


def test_noise_leaves_the_mean_of_its_positive_half():
    # Of 900 far pixels: n / sqrt(2 pi) each, known to some 5 %.
    causes = causes_of(SimulatedHeatmap((13.4, 16.6), noise=0.1))
    expected = causes.far.mean() * 0.1 / np.sqrt(2 * np.pi) / causes.height
    assert causes.far_mass() == pytest.approx(expected, rel=0.15)


@pytest.mark.parametrize("second, joint_is_second", [(0.8, False), (1.3, True)])
def test_the_joints_peak_is_the_second_where_another_is_higher(second, joint_is_second):
    case = SimulatedHeatmap((10.4, 18.7), second=second, second_at=(22.8, 9.3))
    assert causes_of(case).joint_is_second() == joint_is_second
    assert not causes_of(case, known=False).joint_is_second()


def test_without_a_joint_distances_are_from_dark():
    causes = causes_of(SimulatedHeatmap((13.37, 16.62)), known=False)
    assert causes.errors["dark"] == 0
    np.testing.assert_array_equal(causes.reference, causes.positions["dark"])
