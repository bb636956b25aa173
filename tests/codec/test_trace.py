"""The steps of one joint: the same numbers as decode gives, each following from the one before."""

import doctest
import importlib
import pkgutil
from inspect import isfunction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dark_core.codec
from dark_core.codec import Status, decode, encode, smooth, trace

pytestmark = pytest.mark.filterwarnings("error")


def spike(shape=(7, 9), at=(4, 3), value=1.0) -> np.ndarray:
    heatmap = np.zeros(shape)
    heatmap[at[1], at[0]] = value
    return heatmap


def ridge() -> np.ndarray:
    """A ridge along y: the log does not curve along it, so no single pixel is its top."""
    return np.exp(-0.1 * (np.arange(9) - 4.0) ** 2)[None, :] * np.ones((9, 1))


def saddle() -> np.ndarray:
    """The log falls along x and along y, yet stays flat along one diagonal: D'' has a positive eigenvalue."""
    return np.exp([[-0.1, -1, -9], [-1, 0, -1], [-9, -1, -0.1]])


def cliff() -> np.ndarray:
    """Along x the log runs 0, -1, -2.001: from the pixel inside the edge the parabola's top is 1000 px away."""
    return np.exp(np.array([0, -1, -2.001, -9, -9]) - np.array([[1], [0], [1]]))


DEGENERATE = {
    "zero": np.zeros((6, 7)),
    "one pixel": np.ones((1, 1)),
    "two by two": np.eye(2),
    "a row": np.arange(9.0)[None],
    "nan": np.full((6, 7), np.nan),
    "one nan": np.where(spike(at=(1, 1)) > 0, np.nan, encode([4.2, 3.1], (9, 7), 1)),
    "infinite": np.full((6, 7), np.inf),
    "below zero": encode([4.2, 3.1], (9, 7), 1) - 3,
    "ridge": ridge(),
    "saddle": saddle(),
    "cliff": cliff(),
    "whole numbers": np.arange(63).reshape(7, 9) % 11,
    "half precision": encode([4.2, 3.1], (9, 7), 1).astype(np.float16),
    "minus infinity": np.where(spike(at=(5, 3)) > 0, -np.inf, encode([4.2, 3.1], (9, 7), 1)),
    "tiny": np.float64(1e-308) * encode([4.2, 3.1], (9, 7), 1),
    "huge": np.float64(1e308) * encode([4.2, 3.1], (9, 7), 1),
    "saturated": np.minimum(100 * encode([4.2, 3.1], (9, 7), 1), 1),
    "corner": encode([-0.4, -0.4], (9, 7), 2),
    "outside": encode([-6, 3], (9, 7), 2),
}


def same_reading(heatmap, sigma: float) -> None:
    step = trace(heatmap, sigma)
    read = decode(heatmap, "dark", sigma) if sigma else decode(heatmap, "taylor")
    np.testing.assert_array_equal(step.xy, read.xy)
    assert step.ok == read.ok == (step.fallback == "")


@given(
    x=st.floats(-2, 27),
    y=st.floats(-2, 23),
    level=st.floats(0, 0.5),
    seed=st.integers(0, 2**32),
    sigma=st.sampled_from([0, 1.0, 2.0, 3.3]),
    dtype=st.sampled_from([np.float32, np.float64]),
)
@settings(max_examples=60)
def test_trace_reads_exactly_what_decode_reads(x, y, level, seed, sigma, dtype):
    noise = np.random.default_rng(seed).normal(0, 1, (22, 26))
    same_reading((encode([x, y], (26, 22), 2) + level * noise).astype(dtype), sigma)


@pytest.mark.parametrize("name", DEGENERATE)
@pytest.mark.parametrize("sigma", [0, 1.0, 2.0])
def test_trace_reads_a_degenerate_map_as_decode_does(name, sigma):
    same_reading(DEGENERATE[name], sigma)


@given(x=st.floats(1, 24), y=st.floats(1, 20), seed=st.integers(0, 2**32), sigma=st.sampled_from([0, 1.5, 2.5]))
@settings(max_examples=40)
def test_each_step_follows_from_the_one_before(x, y, seed, sigma):
    heatmap = encode([x, y], (26, 22), 2) + np.random.default_rng(seed).normal(0, 0.03, (22, 26))
    step = trace(heatmap, sigma)
    np.testing.assert_array_equal(step.raw, heatmap)
    np.testing.assert_allclose(step.smoothed, smooth(heatmap, sigma), atol=1e-15)
    assert step.raw[step.raw_peak[1], step.raw_peak[0]] == step.raw.max()
    climbed = step.smoothed if sigma else step.raw
    beside = np.s_[max(step.peak[1] - 1, 0) : step.peak[1] + 2, max(step.peak[0] - 1, 0) : step.peak[0] + 2]
    assert climbed[step.peak[1], step.peak[0]] >= climbed[beside].max() - 1e-15
    np.testing.assert_array_equal(step.center, np.clip(step.peak, 1, [24, 20]))
    cx, cy = step.center
    patch = step.smoothed[cy - 1 : cy + 2, cx - 1 : cx + 2]
    np.testing.assert_allclose(step.log_patch, np.log(np.maximum(patch, 1e-10 * patch.max())), atol=1e-12)

    (a, b, c), (d, e, f), (g, h, i) = step.log_patch
    np.testing.assert_allclose(step.gradient, [(f - d) / 2, (h - b) / 2], atol=1e-12)
    mixed = (i - g - c + a) / 4
    np.testing.assert_allclose(step.hessian, [[f - 2 * e + d, mixed], [mixed, h - 2 * e + b]], atol=1e-12)
    if not step.ok and step.status != Status.BOUNDED:
        np.testing.assert_array_equal(step.xy, step.peak)
        return
    np.testing.assert_allclose(step.offset, -np.linalg.solve(step.hessian, step.gradient), atol=1e-9)
    landed = step.center + step.offset
    np.testing.assert_allclose(step.xy, np.clip(landed, step.peak - 1, step.peak + 1), atol=1e-12)
    assert step.ok == (np.abs(landed - step.peak).max() <= 1)


@pytest.mark.parametrize("drawn, kernel", [(2.0, 0), (2.0, 2.0), (1.5, 2.0), (3.0, 1.0)])
def test_the_derivatives_of_a_gaussian_are_its_own(drawn, kernel):
    # ln h = -|x - mu|² / 2 s² + const with s² the sum of variances: D' = (mu - m) / s², D'' = -1 / s².
    mean, variance = np.array([25.3, 23.6]), drawn**2 + kernel**2
    # The kernel's missing tails take a little of its variance, and of the Gaussian's shape less than the reading shows.
    step = trace(encode(mean, (51, 49), drawn).astype(np.float64), kernel)
    near = dict(rtol=2e-3, atol=1e-6) if kernel else dict(atol=1e-6)
    np.testing.assert_array_equal(step.center, [25, 24])
    np.testing.assert_allclose(step.gradient, (mean - step.center) / variance, **near)
    np.testing.assert_allclose(step.hessian, -np.eye(2) / variance, **near)
    np.testing.assert_allclose(step.offset, [0.3, -0.4], atol=1e-4 if kernel else 1e-5)
    assert step.ok and step.fallback == ""


@pytest.mark.parametrize(
    "reason, heatmap, sigma",
    [
        ("not finite", spike(value=np.nan), 2.0),
        ("flat", np.zeros((7, 9)), 2.0),
        ("not concave", ridge(), 0),
        ("not concave", saddle(), 0),
        ("not positive at its peak", encode([4.2, 3.1], (9, 7), 1) - 3.0, 0),
        ("cut to one pixel", cliff(), 0),
        ("smaller than 3 by 3", np.eye(2), 0),
    ],
)
def test_each_fallback_says_why(reason, heatmap, sigma):
    step = trace(heatmap, sigma)
    assert reason in step.fallback and not step.ok
    assert np.isfinite(step.xy).all()


def test_every_reason_is_a_sentence_of_its_own():
    sentences = [status.sentence for status in Status]
    assert sentences[Status.FINE] == "" and all(sentences[1:]) and len(set(sentences)) == len(Status)
    assert list(Status) == list(range(len(Status)))


def test_a_cut_step_stops_a_pixel_from_the_peak_and_keeps_the_whole_offset():
    # At column 1: D' = -2.001 / 2 and D'' = -0.001.
    step = trace(cliff(), 0)
    np.testing.assert_array_equal(step.peak, [0, 1])
    np.testing.assert_array_equal(step.center, [1, 1])
    np.testing.assert_allclose(step.offset, [-2.001 / 2 / 0.001, 0], atol=1e-6)
    np.testing.assert_allclose(step.xy, [-1, 1], atol=1e-12)


@pytest.mark.parametrize("shape", [(5,), (1, 5, 5), ()])
def test_only_one_map_is_followed(shape):
    with pytest.raises(ValueError, match="one heatmap"):
        trace(np.ones(shape))


@pytest.mark.parametrize("sigma", [-1, np.nan])
def test_a_bad_sigma_is_named(sigma):
    with pytest.raises(ValueError, match=f"sigma.*got {sigma}"):
        trace(np.eye(3), sigma)


def test_the_examples_in_the_docstrings_run():
    modules = pkgutil.walk_packages(dark_core.codec.__path__, "dark_core.codec.")
    names = ["dark_core.codec", *(module.name for module in modules)]
    results = {name: doctest.testmod(importlib.import_module(name)) for name in names}
    assert [name for name, result in results.items() if result.failed] == []
    functions = [value for value in map(vars(dark_core.codec).get, dark_core.codec.__all__) if isfunction(value)]
    assert [function.__name__ for function in functions if ">>> " not in function.__doc__] == []
    assert len(functions) >= 6
