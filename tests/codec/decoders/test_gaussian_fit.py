"""The fitted Gaussian: exact without noise wherever the joint is, at the bound in noise, and it knows its own error."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dark_core.codec import Status, cramer_rao, decode, encode
from dark_core.codec._fast.heatmap_batch import HeatmapBatch
from dark_core.codec.decoders.gaussian_fit import Fit, fit_peaks

pytestmark = pytest.mark.filterwarnings("error")

FITS = ("gaussian_fit", "gaussian_fit_free")
INSIDE_95 = -2 * np.log(0.05)
"""95 % of a two-dimensional normal lies within this squared Mahalanobis distance, 5.99."""


def fit(maps: np.ndarray, sigma: float, free: bool = False) -> Fit:
    look = HeatmapBatch(maps, sigma)
    with np.errstate(all="ignore"):  # as ``decode`` does
        return fit_peaks(look, free)


def everywhere(size: tuple[int, int]) -> np.ndarray:
    """(N, 2): a grid of fractional steps over the whole map, its edges and corners too."""
    x, y = (
        np.concatenate([np.linspace(0, 3, 11), np.linspace(3.3, n - 4.3, 9), n - 1 - np.linspace(0, 3, 11)])
        for n in size
    )
    return np.stack(np.meshgrid(x, y), -1).reshape(-1, 2)


# Without noise


@pytest.mark.parametrize("free", [False, True])
@pytest.mark.parametrize("sigma", [1.0, 2.0, 3.0])
def test_it_is_exact_anywhere_on_a_clean_map(sigma, free):
    size = (33, 29)
    joints = everywhere(size)
    for amplitude, dtype, near in ((1.0, np.float32, 1e-4), (0.02, np.float64, 1e-6), (250.0, np.float16, 5e-3)):
        maps = (amplitude * encode(joints, size, sigma, dtype=np.float64)).astype(dtype)
        found = decode(maps, FITS[free], sigma)
        assert found.ok.all()
        np.testing.assert_allclose(found.xy, joints, atol=near)
    found = fit(encode(joints, size, sigma), sigma, free)
    np.testing.assert_allclose(found.amplitude, 1, rtol=5e-3)  # as seen from the step before
    np.testing.assert_allclose(found.sigma, sigma, rtol=2e-3)


@given(st.floats(-0.5, 24.5), st.floats(-0.5, 20.5), st.floats(0.8, 3), st.booleans())
@settings(max_examples=100)
def test_it_is_exact_up_to_the_very_border_of_the_outermost_pixels(x, y, sigma, free):
    found = decode(encode([x, y], (25, 21), sigma, dtype=np.float64), FITS[free], sigma)
    assert found.ok
    np.testing.assert_allclose(found.xy, [x, y], atol=1e-5)


@pytest.mark.parametrize("start, true", [(2.0, 2.4), (2.0, 1.6), (3.0, 2.5), (1.0, 1.2)])
def test_a_free_width_is_found_from_a_wrong_start(start, true):
    joints = everywhere((33, 29))
    maps = encode(joints, (33, 29), true)
    found = fit(maps, start, free=True)
    assert (found.status == Status.FINE).all()
    np.testing.assert_allclose(found.sigma, true, atol=1e-2)
    np.testing.assert_allclose(found.xy, joints, atol=1e-2)
    # A width held wrong costs nothing deep inside, and a good part of a pixel at an edge.
    held = np.linalg.norm(fit(maps, start).xy - joints, axis=-1)
    deep = (joints > 3 * start).all(-1) & (joints < np.array([32, 28]) - 3 * start).all(-1)
    assert held[deep].max() < 0.02 and held.max() > 0.1


def test_a_floor_below_the_joint_is_no_part_of_the_model():
    # Inside, a pedestal pulls to both sides alike; the crop of one beside an edge is lopsided.
    maps = encode([[16.3, 14.8], [1.3, 14.8]], (33, 29), 2.0) + 0.1
    inside, beside = np.linalg.norm(decode(maps, "gaussian_fit").xy - [[16.3, 14.8], [1.3, 14.8]], axis=-1)
    assert inside < 0.03 < beside


# In white noise

SIZE = (48, 64)


def noisy(sigma: float, noise: float, border: bool, count: int = 4000, seed: int = 0):
    """Joints (count, 2) deeper than 4 sigma, or within 3 px of an edge, and their maps in noise."""
    rng = np.random.default_rng(seed)
    last = np.array(SIZE) - 1.0
    joints = rng.uniform(0, last, (count, 2)) if border else rng.uniform(4 * sigma, last - 4 * sigma, (count, 2))
    if border:
        axis, depth = rng.integers(0, 2, count), rng.uniform(0, 3, count)
        joints[np.arange(count), axis] = np.where(rng.random(count) < 0.5, depth, last[axis] - depth)
    maps = encode(joints, SIZE, sigma)
    maps += np.float32(noise) * rng.standard_normal(maps.shape, dtype=np.float32)
    return joints, maps


@pytest.mark.parametrize("border", [False, True])
@pytest.mark.parametrize("sigma, noise", [(1.0, 0.02), (2.0, 0.02), (2.0, 0.1), (3.0, 0.05)])
def test_it_meets_the_bound_and_knows_its_own_error(sigma, noise, border):
    joints, maps = noisy(sigma, noise, border)
    bound = cramer_rao(joints, SIZE, sigma, noise)
    for method in FITS:
        found = decode(maps, method, sigma)
        away = found.xy - joints
        # 4,000 readings of two coordinates know an RMSE to 0.8 %.
        ratio = np.sqrt((away**2).sum(-1).mean() / np.trace(bound, axis1=1, axis2=2).mean())
        if method == "gaussian_fit":
            assert 0.95 <= ratio <= (1.06 if border else 1.05)
        else:  # one more unknown; beside an edge place and width look alike
            assert 0.95 <= ratio <= (1.25 if border else 1.05)
        assert found.ok.mean() > 0.999
        held = np.einsum("mi,mij,mj->m", away, np.linalg.inv(found.covariance), away) <= INSIDE_95
        assert 0.92 <= held.mean() <= 0.98
        np.testing.assert_allclose(found.covariance, found.covariance.swapaxes(1, 2))
        assert (np.linalg.eigvalsh(found.covariance) > 0).all()


@pytest.mark.parametrize("place", [(24.3, 31.8), (0.4, 31.8), (46.2, 1.7)])
@pytest.mark.parametrize("sigma", [1.0, 2.0, 3.0])
def test_its_covariance_is_the_bound_on_average(sigma, place):
    noise = 0.02
    maps = encode(place, SIZE, sigma) + noise * np.random.default_rng(0).standard_normal((2000, *SIZE[::-1]))
    found = decode(maps, "gaussian_fit", sigma).covariance.mean(0)
    bound = cramer_rao(place, SIZE, sigma, noise)
    np.testing.assert_allclose(found, bound, rtol=0.04, atol=0.03 * np.sqrt(bound[0, 0] * bound[1, 1]))


def test_a_free_width_gives_a_covariance_of_its_own():
    # In a corner the two errors go together, because both depend on the width.
    noise, place = 0.02, np.array([0.4, 1.2])
    maps = encode(place, SIZE, 2.0) + noise * np.random.default_rng(0).standard_normal((4000, *SIZE[::-1]))
    found = decode(maps, "gaussian_fit_free", 2.0)
    scatter = np.cov(found.xy.T)
    assert scatter[0, 1] > 0.1 * np.sqrt(scatter[0, 0] * scatter[1, 1])
    np.testing.assert_allclose(found.covariance.mean(0), scatter, rtol=0.1)


# Where there is nothing to fit


@pytest.mark.parametrize("method", FITS)
@pytest.mark.parametrize(
    "heatmap, reason",
    [
        (np.zeros((9, 11)), Status.FLAT),
        (np.full((9, 11), 3.0), Status.FLAT),
        (np.full((9, 11), -3.0), Status.FLAT),
        (encode([4.2, 3.1], (11, 9), 1.0).astype(np.float64) - 5, Status.NOT_POSITIVE),
        (np.ones((1, 1)), Status.FLAT),
        (np.arange(9.0)[None], Status.TOO_SMALL),
        (np.where(np.arange(99).reshape(9, 11) == 0, -1e-3, -1.0), Status.NOT_POSITIVE),
    ],
)
def test_a_map_without_a_peak_is_flagged_and_could_be_anywhere(heatmap, reason, method):
    found = decode(heatmap, method)
    assert not found.ok and found.status == reason
    assert np.isfinite(found.xy).all()
    if reason != Status.NOT_POSITIVE:
        height, width = heatmap.shape
        np.testing.assert_allclose(found.covariance, np.diag([width**2 / 12, height**2 / 12]))


@pytest.mark.parametrize("method", FITS)
def test_what_settles_nowhere_near_the_peak_is_read_at_it_and_could_be_anywhere(method):
    # A Gaussian of sigma 2 that rises by e a pixel at the edge has its own peak 4 px outside.
    slope = np.exp(np.arange(30.0) - 29)[None] * np.exp(-0.125 * (np.arange(30.0) - 11)[:, None] ** 2)
    found = decode(slope, method)
    assert found.status == Status.UNSETTLED
    np.testing.assert_array_equal(found.xy, HeatmapBatch(slope[None], 2.0).smoothed_peaks.peak[0])
    np.testing.assert_allclose(found.covariance, np.diag([75, 75]))


def test_on_nothing_but_noise_most_fits_do_not_settle_and_the_others_are_true_minima():
    sigma, offsets = 2.0, 0.15 * np.array([[u, v] for u in (-1, 0, 1) for v in (-1, 0, 1) if u or v])
    maps = np.random.default_rng(0).normal(size=(400, 30, 30))
    look, found = HeatmapBatch(maps, sigma), fit(maps, sigma)
    settled = np.flatnonzero(found.status == Status.FINE)
    assert 20 < len(settled) < 200
    for one in settled:
        crop, corner = look.smoothed_peaks.crop[one], look.smoothed_peaks.corner[one]

        def explained(xy, crop=crop, corner=corner):
            """How much of the crop's sum of squares a Gaussian there takes away, its amplitude fitted."""
            bell = encode(xy - corner, crop.shape[::-1], sigma, dtype=np.float64)
            return (bell * crop).sum() ** 2 / (bell**2).sum()

        # Within a sixth of a pixel nothing explains half a percent more: steps in noise shrink slowly.
        assert explained(found.xy[one]) > 0.995 * max(explained(found.xy[one] + offset) for offset in offsets)


@pytest.mark.parametrize("method", FITS)
def test_one_lit_pixel_is_flagged_by_its_own_residual_or_read_where_it_is(method):
    heatmap = np.zeros((30, 30))
    heatmap[12, 17] = 1
    found = decode(heatmap, method)
    np.testing.assert_allclose(found.xy, [17, 12], atol=1e-6)
    # Not the Gaussian that was promised: what the fit leaves over makes it unsure by more than a clean one is.
    clean = decode(encode([17, 12], (30, 30), 2.0), method)
    assert np.trace(found.covariance) > 100 * np.trace(clean.covariance)


@pytest.mark.parametrize("sigma", [1e-3, 0.05, 0.3, 30.0, 1e4])
@pytest.mark.parametrize("method", FITS)
def test_any_sigma_gives_finite_readings(sigma, method):
    maps = encode(np.random.default_rng(0).uniform(0, 20, (20, 2)), (25, 21), 2.0)
    found = decode(maps, method, sigma)
    assert np.isfinite(found.xy).all() and np.isfinite(found.covariance).all()
    assert (np.abs(found.xy - decode(maps, "argmax").xy) <= max(2, 1.2 * sigma) + 8).all()
