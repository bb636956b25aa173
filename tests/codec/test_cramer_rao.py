"""The Cramér–Rao bound against its closed form, against differences of encoded maps, and where nothing can be known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dark_core.codec import cramer_rao, decode, encode

pytestmark = pytest.mark.filterwarnings("error")


def by_differences(xy, size, sigma, noise, amplitude, known_amplitude) -> np.ndarray:
    """(2, 2), the inverse of the Fisher matrix whose derivatives are central differences of whole encoded maps."""
    step = 1e-4

    def drawn(x, y, a):
        return a * encode([x, y], size, sigma, dtype=np.float64).ravel()

    parameters = np.array([*xy, amplitude])
    slopes = [
        (drawn(*(parameters + step * axis)) - drawn(*(parameters - step * axis))) / (2 * step)
        for axis in np.eye(3)[: 2 if known_amplitude else 3]
    ]
    return np.linalg.inv(np.array(slopes) @ np.array(slopes).T / noise**2)[:2, :2]


@pytest.mark.parametrize("known", [False, True])
@pytest.mark.parametrize(
    "xy, size, sigma",
    [
        ((12.3, 9.8), (25, 21), 2.0),
        ((0.2, 9.8), (25, 21), 2.0),
        ((-1.4, 20.3), (25, 21), 2.0),
        ((24, 0), (25, 21), 1.5),
        ((1.1, 2.7), (4, 5), 3.0),
        ((2.2, 0.4), (6, 2), 1.0),
    ],
)
def test_it_is_the_inverse_of_the_fisher_information(xy, size, sigma, known):
    arguments = dict(size=size, sigma=sigma, noise=0.03, amplitude=0.7, known_amplitude=known)
    expected = by_differences(xy, **arguments)
    np.testing.assert_allclose(cramer_rao(xy, **arguments), expected, rtol=1e-5, atol=1e-6 * expected.max())


@given(st.floats(1, 4), st.tuples(st.floats(24, 25), st.floats(24, 25)), st.booleans())
def test_far_from_edges_neither_sigma_nor_the_phase_matters(sigma, xy, known):
    # The sum over a whole grid is the integral: var = 2 n² / (pi A²), and x and y are independent.
    bound = cramer_rao(xy, (50, 50), sigma, noise=0.1, amplitude=2.0, known_amplitude=known)
    np.testing.assert_allclose(bound, 2 * (0.1 / 2.0) ** 2 / np.pi * np.eye(2), rtol=2e-3, atol=1e-7)


@pytest.mark.parametrize("axis", [0, 1])
@pytest.mark.parametrize("far", [False, True])
@pytest.mark.parametrize(
    "distance, deviation", [(0, 1.53), (0.5, 1.25), (1, 1.08), (2, 0.886), (3, 0.818), (6, 0.798), (20, 0.798)]
)
def test_an_edge_takes_information_away(distance, deviation, axis, far):
    # The distance is counted from the center of the outermost pixels.
    xy = np.array([30.0, 30.0])
    xy[axis] = 63 - distance if far else distance
    deviations = np.sqrt(np.diag(cramer_rao(xy, (64, 64), 2.0, noise=1.0)))
    assert deviations[axis] == pytest.approx(deviation, abs=0.006)
    assert deviations[1 - axis] > np.sqrt(2 / np.pi) - 1e-9


def test_a_known_amplitude_can_only_help():
    places = np.random.default_rng(0).uniform(-2, 21, (200, 2))
    unknown, known = (cramer_rao(places, (20, 20), 2.0, 0.1, known_amplitude=k) for k in (False, True))
    assert (np.linalg.eigvalsh(unknown - known) > -1e-12 * np.trace(unknown, axis1=-2, axis2=-1)[:, None]).all()


def test_it_scales_with_noise_over_amplitude():
    one = cramer_rao([3.2, 0.7], (9, 8), 1.5, noise=1.0)
    np.testing.assert_allclose(cramer_rao([3.2, 0.7], (9, 8), 1.5, noise=0.3, amplitude=-6), 0.05**2 * one)
    assert not cramer_rao([3.2, 0.7], (9, 8), 1.5, noise=0.0).any()


def test_dark_scatters_as_the_bound_says():
    # 4,000 readings know a variance to about 2 %.
    rng = np.random.default_rng(1)
    maps = encode([15.3, 16.2], (32, 32), 2.0) + rng.normal(0, 0.02, (4000, 32, 32))
    scatter = np.cov(decode(maps, "dark", 2.0).xy.T)
    np.testing.assert_allclose(scatter, cramer_rao([15.3, 16.2], (32, 32), 2.0, 0.02), rtol=0.1, atol=2e-5)


@pytest.mark.parametrize("leading", [(), (1,), (4,), (2, 3), (0,)])
def test_leading_axes_are_kept(leading):
    places = np.random.default_rng(0).uniform(0, 8, (*leading, 2))
    for known in (False, True):
        bounds = cramer_rao(places, (9, 8), 2.0, 0.1, known_amplitude=known)
        assert bounds.shape == (*leading, 2, 2)
        for index in np.ndindex(leading):
            np.testing.assert_array_equal(
                bounds[index], cramer_rao(places[index], (9, 8), 2.0, 0.1, known_amplitude=known)
            )


@pytest.mark.parametrize("known", [False, True])
@pytest.mark.parametrize(
    "xy, size, amplitude",
    [((0.3, 0.4), (1, 1), 1.0), ((3.2, 2.2), (7, 6), 0.0), ((4e3, 2.2), (7, 6), 1.0), ((1e300, 2.2), (7, 6), 1.0)],
)
def test_nothing_is_known_where_the_map_tells_nothing(xy, size, amplitude, known):
    for noise in (0.0, 0.1):
        bound = cramer_rao(xy, size, 2.0, noise, amplitude, known)
        np.testing.assert_array_equal(bound, [[np.inf, 0], [0, np.inf]])


def test_a_column_tells_of_y_alone():
    bound = cramer_rao([0.3, 8.2], (1, 17), 2.0, 1.0)
    # v_2 is the integral sigma³ sqrt(pi) / 2, u_0 the one pixel's exp(-0.3² / sigma²): var = sigma⁴ / (u_0 v_2).
    expected = 16 / (np.exp(-(0.3**2) / 4) * 8 * np.sqrt(np.pi) / 2)
    np.testing.assert_allclose(bound, [[np.inf, 0], [0, expected]], rtol=1e-4)


def test_a_place_that_is_none_is_nan_and_spares_its_neighbor():
    bounds = cramer_rao([[np.nan, 2], [3, 2], [1, np.inf]], (7, 6), 2.0, 0.1)
    assert np.isnan(bounds[[0, 2]]).all()
    np.testing.assert_array_equal(bounds[1], cramer_rao([3, 2], (7, 6), 2.0, 0.1))


@pytest.mark.parametrize(
    "arguments, message",
    [
        (dict(xy=[1.0, 2.0, 3.0]), r"\(\.\.\., 2\).*\(3,\)"),
        (dict(size=(0, 3)), r"size.*\(0, 3\)"),
        (dict(sigma=0), r"sigma.*got 0"),
        (dict(sigma=np.nan), r"sigma.*got nan"),
        (dict(noise=-0.1), r"noise.*got -0.1"),
        (dict(noise=np.inf), r"noise.*got inf"),
        (dict(amplitude=np.nan), r"amplitude.*nan"),
    ],
)
def test_an_error_names_what_came(arguments, message):
    with pytest.raises(ValueError, match=message):
        cramer_rao(**{"xy": [1.0, 2.0], "size": (4, 3), "sigma": 2.0, "noise": 0.1, **arguments})
