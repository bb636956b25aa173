"""Modulation: a Gaussian blurred by a Gaussian is nearly one, and an edge takes what the kernel's sums say."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.ndimage import gaussian_filter

from dark_core.codec import encode, smooth
from dark_core.codec._smooth import gaussian_kernel, kernel_radius

pytestmark = pytest.mark.filterwarnings("error")

SIGMAS = (1.5, 2.0, 3.0)


def noise(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=shape)


def weights(sigma: float) -> np.ndarray:
    """The kernel along one axis, from -reach to reach: a Gaussian's samples up to 2.5 sigma, divided by their sum."""
    ends = int(np.ceil(2.5 * sigma))
    samples = np.exp(-0.5 * (np.arange(-ends, ends + 1) / sigma) ** 2)
    return samples / samples.sum()


@pytest.mark.parametrize("sigma, ends", [(0.3, 1), (0.4, 1), (0.41, 2), (1, 3), (2, 5), (3, 8)])
def test_the_kernel_ends_after_two_and_a_half_sigma_and_sums_to_one(sigma, ends):
    assert kernel_radius(sigma) == ends
    line = gaussian_kernel(np.arange(-ends - 3, ends + 4), sigma)
    np.testing.assert_array_equal(line[[0, 1, 2, -3, -2, -1]], 0)
    np.testing.assert_allclose(line[3:-3], weights(sigma), rtol=1e-14)
    assert line.sum() == pytest.approx(1, abs=1e-15)


@pytest.mark.parametrize("drawn", SIGMAS)
@pytest.mark.parametrize("wide", SIGMAS)
def test_gaussian_by_gaussian_is_a_lower_wider_gaussian(drawn, wide):
    # Variances add; the volume stays, so the height falls by the ratio of the variances: to a half at equal sigma.
    # The kernel's missing tails, 1.2 % of an axis, leave the result that much too narrow and too high.
    joint, both = [30.3, 31.8], drawn**2 + wide**2
    expected = drawn**2 / both * encode(joint, (61, 63), np.sqrt(both)).astype(np.float64)
    seen = smooth(encode(joint, (61, 63), drawn), wide)
    np.testing.assert_allclose(seen, expected, atol=0.025 * expected.max())
    # To rounding it is the convolution of the line and of the column.
    column, row = (
        np.convolve(np.exp(-0.5 * ((np.arange(length) - at) / drawn) ** 2), weights(wide), "same")
        for at, length in zip(joint, (61, 63))
    )
    np.testing.assert_allclose(seen, row[:, None] * column, atol=2e-7)


@pytest.mark.parametrize("sigma", [0.3, 1, 2.7, 9])
def test_a_lone_pixel_becomes_the_kernel_of_unit_sum_symmetric_and_separable(sigma):
    ends = int(np.ceil(2.5 * sigma))
    half = ends + 2
    pixel = np.zeros((2 * half + 1, 2 * half + 1))
    pixel[half, half] = 1
    seen = smooth(pixel, sigma)
    assert seen.sum() == pytest.approx(1, abs=1e-12)
    np.testing.assert_array_equal(seen, seen[::-1])
    np.testing.assert_array_equal(seen, seen[:, ::-1])
    np.testing.assert_allclose(seen, seen.T, atol=1e-16)
    np.testing.assert_allclose(seen[2:-2, 2:-2], np.outer(weights(sigma), weights(sigma)), rtol=1e-13)
    assert not seen[:2].any() and not seen[:, -2:].any()
    # One pixel to the side the kernel has fallen by exp(-1 / 2 sigma²).
    assert seen[half, half + 1] / seen[half, half] == pytest.approx(np.exp(-0.5 / sigma**2))


@given(st.integers(0, 2**32), st.floats(-5, 5), st.floats(-5, 5), st.floats(0.2, 6))
@settings(max_examples=25)
def test_smoothing_is_linear(seed, a, b, sigma):
    g, h = noise(2, 9, 13, seed=seed)
    np.testing.assert_allclose(smooth(a * g + b * h, sigma), a * smooth(g, sigma) + b * smooth(h, sigma), atol=1e-12)


@pytest.mark.parametrize("sigma", [0.5, 1, 2, 4.5])
def test_scipy_agrees(sigma):
    maps = noise(3, 24, 31)
    expected = gaussian_filter(maps, sigma, mode="constant", radius=kernel_radius(sigma), axes=(1, 2))
    np.testing.assert_allclose(smooth(maps, sigma), expected, atol=1e-12)


@pytest.mark.parametrize("sigma", SIGMAS)
def test_an_edge_keeps_half_the_kernel_and_half_its_middle(sigma):
    # Of a map of ones, a pixel on the edge still sees one side and itself: (1 + k0) / 2; a corner its square.
    seen = smooth(np.ones((81, 81)), sigma)
    edge = (1 + weights(sigma).max()) / 2
    assert seen[40, 40] == pytest.approx(1, abs=1e-9)
    assert seen[40, 0] == pytest.approx(edge, abs=1e-9)
    assert seen[0, 80] == pytest.approx(edge**2, abs=1e-9)


@pytest.mark.parametrize("sigma", SIGMAS)
def test_a_peak_on_the_edge_leans_inwards(sigma):
    # Along y the whole kernel meets the Gaussian, near 1/sqrt 2; along x half of that and half the middle weight.
    seen = smooth(encode([0, 40], (81, 81), sigma), sigma)
    ends = kernel_radius(sigma)
    whole = weights(sigma) @ np.exp(-0.5 * (np.arange(-ends, ends + 1) / sigma) ** 2)
    assert whole == pytest.approx(1 / np.sqrt(2), rel=0.02)
    assert seen[40, 0] == pytest.approx((whole + weights(sigma).max()) / 2 * whole, abs=1e-6)
    assert seen[40].argmax() > 0


def test_zero_sigma_is_a_copy():
    maps = noise(2, 5, 4)
    same = smooth(maps, 0)
    np.testing.assert_array_equal(same, maps)
    assert not np.shares_memory(same, maps)


@pytest.mark.parametrize("given_dtype, kept", [("f4", "f4"), ("f8", "f8"), ("f2", "f4"), ("i4", "f8"), ("?", "f8")])
@pytest.mark.parametrize("sigma", [0, 1.2])
def test_float32_and_float64_are_kept_and_others_widened(given_dtype, kept, sigma):
    assert smooth(np.eye(4, dtype=given_dtype), sigma).dtype == kept


@pytest.mark.parametrize("shape", [(6, 7), (3, 6, 7), (2, 3, 6, 7), (0, 6, 7), (2, 0, 6, 7), (1, 9), (9, 1)])
def test_leading_axes_are_kept_and_maps_do_not_mix(shape):
    maps = noise(*shape)
    before = maps.copy()
    smoothed = smooth(maps, 1.3)
    assert smoothed.shape == shape
    for index in np.ndindex(shape[:-2]):
        np.testing.assert_allclose(smoothed[index], smooth(maps[index], 1.3), atol=1e-14)
    np.testing.assert_array_equal(maps, before)


@pytest.mark.parametrize("sigma", [-1, np.nan, np.inf])
def test_a_bad_sigma_is_named(sigma):
    with pytest.raises(ValueError, match=f"sigma.*got {sigma}"):
        smooth(np.ones((3, 3)), sigma)


def test_a_shape_without_height_and_width_is_named():
    with pytest.raises(ValueError, match=r"\(\.\.\., H, W\).*\(5,\)"):
        smooth(np.ones(5), 1)
