"""DARK's step, smoothed as the noise asks for: exact without noise, near the bound in it, still on lopsided peaks."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dark_core.codec import Status, cramer_rao, decode, encode, smooth
from dark_core.codec.decoders.noise_matched import KERNELS, TOLERATED, error_per_noise

pytestmark = pytest.mark.filterwarnings("error")

SIZE = (48, 64)
INSIDE_95 = -2 * np.log(0.05)
"""95 % of a two-dimensional normal lies within this squared Mahalanobis distance, 5.99."""


def rmse(found, joints: np.ndarray) -> float:
    """Along an axis, in heatmap px."""
    return float(np.sqrt(((found.xy - joints) ** 2).mean()))


def noisy(noise: float, sigma: float = 2.0, inside: bool = True, count: int = 4000):
    """Joints (count, 2), deeper than 4 sigma or anywhere, and their heatmaps in white noise."""
    rng = np.random.default_rng(0)
    last = np.array(SIZE) - 1.0
    joints = rng.uniform(4 * sigma, last - 4 * sigma, (count, 2)) if inside else rng.uniform(0, last, (count, 2))
    maps = encode(joints, SIZE, sigma) + np.float32(noise) * rng.standard_normal((count, *SIZE[::-1]), np.float32)
    return joints, maps


@given(st.floats(-0.5, 24.5), st.floats(-0.5, 20.5), st.floats(1, 3), st.sampled_from([0.25, 0.4, 1.0]))
@settings(max_examples=150)
def test_it_is_exact_on_a_clean_map_with_every_kernel(x, y, sigma, share):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("dark_core.codec.decoders.noise_matched.KERNELS", (0.0, share))
        patch.setattr("dark_core.codec.decoders.noise_matched.TOLERATED", 0.0)
        found = decode(encode([x, y], (25, 21), sigma, dtype=np.float64), "noise_matched", sigma)
    assert found.ok
    # A kernel of half a pixel on a narrow peak is no true Gaussian, and the widest one ends after 2.5 sigma.
    np.testing.assert_allclose(found.xy, [x, y], atol=2e-3)


@pytest.mark.parametrize("noise, most", [(0.02, 1.04), (0.05, 1.02), (0.1, 1.02)])
def test_it_meets_the_bound_in_strong_noise(noise, most):
    joints, maps = noisy(noise)
    bound = np.sqrt(cramer_rao(joints, SIZE, 2.0, noise)[:, 0, 0].mean())
    # 4,000 readings of two coordinates know an RMSE to 0.8 %.
    assert 0.96 < rmse(decode(maps, "noise_matched"), joints) / bound < most


@pytest.mark.parametrize("sigma", [1.5, 2.0, 3.0])
@pytest.mark.parametrize("noise", [0.001, 0.003, 0.005, 0.008, 0.011, 0.014, 0.017])
def test_noise_never_costs_more_than_is_tolerated(noise, sigma):
    joints, maps = noisy(noise, sigma, count=2000)
    assert rmse(decode(maps, "noise_matched", sigma), joints) < TOLERATED


@pytest.mark.parametrize("noise", [0.002, 0.006, 0.012, 0.05])
def test_it_is_as_good_beside_an_edge_where_dark_leans_inwards(noise):
    joints, maps = noisy(noise, inside=False)
    found, deep = decode(maps, "noise_matched"), noisy(noise)
    assert rmse(found, joints) < 1.12 * rmse(decode(deep[1], "noise_matched"), deep[0])
    assert rmse(decode(maps, "dark"), joints) > 4 * rmse(found, joints)


@pytest.mark.parametrize("inside", [True, False])
@pytest.mark.parametrize("noise", [0.002, 0.006, 0.012, 0.05])
def test_it_knows_its_own_error(noise, inside):
    joints, maps = noisy(noise, inside=inside)
    found = decode(maps, "noise_matched")
    away = found.xy - joints
    held = np.einsum("mi,mij,mj->m", away, np.linalg.inv(found.covariance), away) <= INSIDE_95
    # The noise is read from some eighty pixels, and so known to a fifth: the regions hold a little less than 95 %.
    assert 0.89 < held.mean() < 0.97
    np.testing.assert_allclose(found.covariance, found.covariance.swapaxes(1, 2))


@pytest.mark.parametrize("kernel", [0.0, 0.5, 0.8, 2.0])
def test_the_predicted_error_is_the_measured_one(kernel):
    noise, sigma = 0.004, 2.0
    joints, maps = noisy(noise)
    step = decode(smooth(maps, kernel), "taylor", sigma) if kernel else decode(maps, "taylor", sigma)
    assert rmse(step, joints) / noise == pytest.approx(error_per_noise(kernel, sigma), rel=0.05)


def test_the_widest_kernel_is_the_matched_filter():
    # Far from edges no unbiased decoder beats sqrt(2 / pi) px per unit of noise.
    assert error_per_noise(3.0, 3.0) == pytest.approx(np.sqrt(2 / np.pi), rel=0.02)
    errors = [error_per_noise(share * 3.0, 3.0) for share in KERNELS]
    assert errors == sorted(errors, reverse=True)


def test_it_stays_at_the_maximum_of_a_lopsided_peak():
    # A peak with a tail to the right, as where a network hesitates between two places.
    maps = encode([[20.0, 20.0]], (48, 48), 2.0) + 0.5 * encode([[23.0, 20.0]], (48, 48), 2.0)
    at = np.arange(19, 23, 1e-4)
    top = at[np.argmax(np.exp(-((at - 20) ** 2) / 8) + 0.5 * np.exp(-((at - 23) ** 2) / 8))]
    matched, dark = (decode(maps, name).xy[0, 0] - top for name in ("noise_matched", "dark"))
    assert abs(matched) < 0.06 < 0.2 < dark


def test_in_strong_noise_it_is_dark():
    _, maps = noisy(0.05, count=300)
    np.testing.assert_array_equal(decode(maps, "noise_matched").xy, decode(maps, "dark").xy)


def test_little_noise_and_much_of_it_go_together_in_a_batch():
    joints = np.array([[20.3, 31.7]] * 4)
    noise = np.array([0.0, 0.006, 0.012, 0.1])[:, None, None]
    maps = encode(joints, SIZE, 2.0) + noise * np.random.default_rng(5).standard_normal((4, *SIZE[::-1]))
    together = decode(maps, "noise_matched")
    for k, one in enumerate(maps):
        alone = decode(one, "noise_matched")
        np.testing.assert_allclose(together.xy[k], alone.xy, atol=1e-12)
        assert together.status[k] == alone.status == Status.FINE
        np.testing.assert_allclose(together.covariance[k], alone.covariance)
