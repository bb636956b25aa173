"""The noise of a heatmap, read round its peak: right for white noise, nothing on a clean peak."""

import numpy as np
import pytest

from dark_core.codec import decode, encode

pytestmark = pytest.mark.filterwarnings("error")


def measured(maps: np.ndarray, sigma: float = 2.0) -> np.ndarray:
    return decode(maps, "noise_matched", sigma).noise


@pytest.mark.parametrize("height", [1.0, 0.05, 300.0])
@pytest.mark.parametrize("noise", [0.002, 0.01, 0.03, 0.1])
@pytest.mark.parametrize("sigma", [2.0, 3.0])
def test_white_noise_is_recovered_whatever_the_height(sigma, noise, height):
    rng = np.random.default_rng(0)
    joints = rng.uniform(0, [47, 63], (2000, 2))  # beside the edges too
    maps = encode(joints, (48, 64), sigma) + noise * rng.standard_normal((2000, 64, 48))
    found = measured(height * maps, sigma)
    # In strong noise the highest pixel, in whose unit it is, stands a little too high.
    assert np.sqrt((found**2).mean()) == pytest.approx(noise, rel=0.03 if noise < 0.1 else 0.08)


def test_a_single_bright_pixel_is_noise():
    # Its fourth difference along both axes is 36 at the pixel; the squares of all add up to 70 squared.
    lone = np.zeros((31, 31))
    lone[15, 15] = 1.0
    assert measured(lone[None]) == pytest.approx(1 / np.sqrt(11 * 11))


def test_a_clean_peak_has_hardly_any():
    joints = np.random.default_rng(1).uniform(0, [47, 63], (500, 2))
    assert measured(encode(joints, (48, 64), 2.0)).max() < 2e-4
    narrow = measured(encode(joints, (48, 64), 1.0), 1.0)
    assert 0.003 < narrow.max() < 0.01, "a peak of one pixel's sigma is not smooth enough to be nothing"


@pytest.mark.parametrize("shape", [(4, 64), (64, 4), (3, 3), (2, 2), (1, 1)])
def test_it_is_unknown_on_a_heatmap_without_five_pixels_in_a_line(shape):
    maps = np.random.default_rng(2).random((3, *shape))
    assert np.isnan(measured(maps)).all()
    np.testing.assert_allclose(decode(maps, "noise_matched").ok, decode(maps, "dark").ok)


def test_it_is_unknown_where_the_peak_is_not_positive():
    assert np.isnan(measured(np.stack([np.zeros((9, 9)), encode([4.0, 4.0], (9, 9), 1.0) - 2.0]))).all()


def test_it_is_picked_and_shaped_with_the_joints():
    maps = np.random.default_rng(3).random((2, 3, 12, 12))
    found = decode(maps, "noise_matched")
    assert found.noise.shape == (2, 3) and found[1].noise.tolist() == found.noise[1].tolist()
    assert decode(maps, "dark").noise is None and decode(maps, "dark")[0].noise is None
