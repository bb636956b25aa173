"""One Newton step on its own: exact on a Gaussian from anywhere, and the step that DARK takes."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from dark_core.codec import Status, decode, encode, newton_step, reference, smooth, trace

pytestmark = pytest.mark.filterwarnings("error")


@given(x=st.floats(3, 16), y=st.floats(3, 14), column=st.integers(0, 19), row=st.integers(0, 17))
@settings(max_examples=60)
def test_on_a_gaussian_a_step_from_any_pixel_ends_on_the_mean(x, y, column, row):
    # From 17 px away the values are exp(-36) of the height at sigma 2: no further than the log is taken.
    heatmap = encode([x, y], (20, 18), 4.0, dtype=np.float64)
    step = newton_step(heatmap, [column, row])
    np.testing.assert_array_equal(step.center, np.clip([column, row], 1, [18, 16]))
    np.testing.assert_allclose(step.center + step.offset, [x, y], atol=1e-7)
    np.testing.assert_allclose(step.gradient, (np.array([x, y]) - step.center) / 16, atol=1e-9)
    np.testing.assert_allclose(step.hessian, -np.eye(2) / 16, atol=1e-9)
    away = np.abs(np.array([x, y]) - [column, row]).max()
    assert step.status == (Status.BOUNDED if away > 1 else Status.FINE)
    np.testing.assert_allclose(
        step.xy, np.clip([x, y], np.subtract([column, row], 1), np.add([column, row], 1)), atol=1e-7
    )


@given(seed=st.integers(0, 2**32), sigma=st.sampled_from([1.0, 2.0]))
@settings(max_examples=40)
def test_the_derivatives_are_the_references(seed, sigma):
    rng = np.random.default_rng(seed)
    heatmap = smooth(reference.encode((12.3, 9.7), (24, 22), sigma) + rng.normal(0, 0.02, (22, 24)), sigma)
    step = newton_step(heatmap)
    gradient, hessian = reference.derivatives(heatmap, step.center)
    np.testing.assert_allclose(step.gradient, gradient, atol=1e-10)
    np.testing.assert_allclose(step.hessian, hessian, atol=1e-10)
    np.testing.assert_allclose(np.exp(step.log_patch).max(), heatmap.max(), rtol=1e-12)


@pytest.mark.parametrize("leading", [(), (1,), (2, 3)])
def test_a_batch_keeps_its_shape_and_its_type(leading):
    rng = np.random.default_rng(0)
    heatmaps = encode(rng.uniform(2, 10, (*leading, 2)), (14, 12), 1.5, dtype=np.float64)
    array, tensor = newton_step(heatmaps), newton_step(torch.from_numpy(heatmaps))
    assert array.xy.shape == array.center.shape == array.gradient.shape == array.offset.shape == (*leading, 2)
    assert (array.hessian.shape, array.log_patch.shape) == ((*leading, 2, 2), (*leading, 3, 3))
    assert array.status.shape == leading
    np.testing.assert_array_equal(array.xy, decode(heatmaps, "taylor").xy)
    for name in ("center", "log_patch", "gradient", "hessian", "offset", "xy", "status"):
        assert isinstance(getattr(tensor, name), torch.Tensor)
        np.testing.assert_allclose(getattr(tensor, name), getattr(array, name), atol=1e-12)


def test_from_its_peak_it_is_the_step_of_trace():
    heatmap = encode([9.3, 7.6], (20, 18), 2.0) + 0.01 * np.random.default_rng(0).normal(size=(18, 20))
    step, traced = newton_step(heatmap), trace(heatmap, 0)
    for name in ("center", "log_patch", "gradient", "hessian", "offset", "xy"):
        np.testing.assert_array_equal(getattr(step, name), getattr(traced, name))


@pytest.mark.parametrize("start", [[[1, 2]], [1.5, 2.0], [20, 3], [3, -1], [1, 2, 3]])
def test_a_start_that_is_no_pixel_is_named(start):
    with pytest.raises(ValueError, match="start must"):
        newton_step(np.ones((18, 20)), start)


def test_a_heatmap_too_small_stays_at_its_start():
    step = newton_step(np.eye(2), [1, 0])
    assert step.status == Status.TOO_SMALL
    np.testing.assert_array_equal(step.xy, [1, 0])
