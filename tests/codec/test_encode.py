"""Joints to heatmaps: every pixel is a Gaussian of its distance, and quantizing costs what the integral says."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dark_core.codec import ENCODINGS, encode, quantize

pytestmark = pytest.mark.filterwarnings("error")

UNIT_SQUARE = (np.sqrt(2) + np.arcsinh(1)) / 3
"""Mean distance of a point of the unit square from its corner: the integral of sqrt(x² + y²), 0.7652."""


def phases(count: int = 40) -> np.ndarray:
    """(count², 2) sub-pixel phases at the midpoints of an even grid over the unit pixel."""
    u = (np.arange(count) + 0.5) / count
    return np.stack(np.meshgrid(u, u), -1).reshape(-1, 2)


@pytest.mark.parametrize("x, y", [(0, 0), (4, 2), (6, 0), (3, 4)])
def test_a_pixel_holds_the_gaussian_of_its_distance(x, y):
    # The joint lies at (3.25, 1.5) of a map 7 wide and 5 high.
    heatmap = encode([3.25, 1.5], size=(7, 5), sigma=1.5)
    assert heatmap[y, x] == pytest.approx(np.exp(-((x - 3.25) ** 2 + (y - 1.5) ** 2) / 4.5), rel=1e-6)


def test_size_is_width_height_and_the_array_height_width():
    heatmap = encode([6, 1], size=(7, 3), sigma=1)
    assert heatmap.shape == (3, 7)
    assert np.unravel_index(heatmap.argmax(), heatmap.shape) == (1, 6)
    assert (heatmap.max(), heatmap.dtype) == (1, np.float32)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, ">f8", float])
def test_a_map_is_of_the_dtype_asked_for(dtype):
    heatmap = encode([3.25, 1.5], size=(7, 5), sigma=1.5, dtype=dtype)
    assert heatmap.dtype == dtype
    # exp(-(1.25² + 0.5²) / 4.5), as exactly as the dtype holds it.
    assert heatmap[1, 2] == pytest.approx(np.exp(-1.8125 / 4.5), rel=float(np.finfo(dtype).eps))


@pytest.mark.parametrize("dtype", [np.int32, np.uint8, bool, complex, object, "U3"])
def test_a_map_of_no_floating_point_is_refused(dtype):
    with pytest.raises(TypeError, match="floating point"):
        encode([3.25, 1.5], size=(7, 5), sigma=1.5, dtype=dtype)


@pytest.mark.parametrize("leading", [(), (1,), (14,), (2, 14), (0,), (2, 0, 3)])
def test_leading_axes_are_kept(leading):
    joints = np.random.default_rng(0).uniform(0, 8, (*leading, 2))
    maps = encode(joints, size=(9, 8), sigma=2)
    assert maps.shape == (*leading, 8, 9)
    for index in np.ndindex(leading):
        np.testing.assert_array_equal(maps[index], encode(joints[index], size=(9, 8), sigma=2))


@pytest.mark.parametrize(
    "method, centers",
    [
        ("unbiased", [2.3, 2.5, 2.7, -0.2]),
        ("floor", [2, 2, 2, -1]),
        ("round", [2, 3, 3, 0]),
        ("ceil", [3, 3, 3, 0]),
    ],
)
def test_each_method_draws_at_its_own_center(method, centers):
    xs = np.array([2.3, 2.5, 2.7, -0.2])
    joints, drawn_at = np.stack([xs, xs[::-1]], -1), np.stack([centers, centers[::-1]], -1)
    np.testing.assert_array_equal(quantize(joints, method), drawn_at)
    np.testing.assert_array_equal(encode(joints, (6, 6), 2, method), encode(drawn_at, (6, 6), 2))


@given(
    st.sampled_from(sorted(ENCODINGS)),
    st.tuples(*[st.floats(-50, 50).map(lambda v: round(v, 3))] * 2),
    st.tuples(*[st.integers(-20, 20)] * 2),
)
def test_encoding_moves_with_the_pixel_grid(method, joint, shift):
    joint = np.array(joint) + 0.0001  # off the ties, where floating point would decide
    np.testing.assert_allclose(quantize(joint + shift, method), quantize(joint, method) + shift, atol=1e-9)


@pytest.mark.parametrize(
    "method, mean, worst",
    [
        ("unbiased", 0, 0),
        ("floor", UNIT_SQUARE, np.sqrt(2)),
        ("ceil", UNIT_SQUARE, np.sqrt(2)),
        ("round", UNIT_SQUARE / 2, np.sqrt(0.5)),
    ],
)
def test_quantizing_displaces_a_joint_by_the_integral_over_the_pixel(method, mean, worst):
    joints = 20 + phases()
    moved = np.linalg.norm(quantize(joints, method) - joints, axis=-1)
    assert moved.mean() == pytest.approx(mean, abs=1e-4)
    assert worst - 0.04 <= moved.max() <= worst


@pytest.mark.parametrize("joint", [(np.nan, 3), (3, np.nan), (np.nan, np.nan), (np.inf, 3), (-np.inf, np.inf)])
def test_a_joint_that_is_nowhere_leaves_an_empty_map_and_spares_its_neighbor(joint):
    maps = encode([joint, (2.5, 1)], size=(5, 4), sigma=1)
    assert not maps[0].any()
    np.testing.assert_array_equal(maps[1], encode([2.5, 1], size=(5, 4), sigma=1))


def test_a_joint_outside_leaves_its_tail():
    heatmap = encode([-2, 1], size=(5, 3), sigma=1)
    assert heatmap[1, 0] == heatmap.max() == pytest.approx(np.exp(-2))
    assert not encode([1e4, 1], size=(5, 3), sigma=1).any()


def test_the_joints_given_are_left_alone():
    joints = np.array([[1.7, 2.2], [np.nan, 0]])
    before = joints.copy()
    for method in ENCODINGS:
        encode(joints, (4, 4), 1, method)
        centers = quantize(joints, method)
        assert not np.shares_memory(centers, joints)
    np.testing.assert_array_equal(joints, before)


@pytest.mark.parametrize(
    "arguments, message",
    [
        (dict(encoding="nearest"), r"'nearest'.*unbiased, floor, round, ceil"),
        (dict(joints_xy=[1.0, 2.0, 3.0]), r"\(\.\.\., 2\).*\(3,\)"),
        (dict(joints_xy=7.0), r"\(\.\.\., 2\).*\(\)"),
        (dict(size=(0, 3)), r"size.*\(0, 3\)"),
        (dict(size=(3, -1)), r"size.*\(3, -1\)"),
        (dict(sigma=0), r"sigma.*got 0"),
        (dict(sigma=-1.5), r"sigma.*got -1.5"),
        (dict(sigma=np.nan), r"sigma.*got nan"),
        (dict(sigma=np.inf), r"sigma.*got inf"),
    ],
)
def test_an_error_names_what_came(arguments, message):
    with pytest.raises(ValueError, match=message):
        encode(**{"joints_xy": [1.0, 2.0], "size": (4, 3), "sigma": 2.0, **arguments})
