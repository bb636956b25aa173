"""Which axis counts the joints, on arrays as people bring them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dark_core.codec import encode
from dark_core.files.axis_recognition import NOT_SURE, channels_last

SIZE = (48, 64)


def both_orders(maps: np.ndarray) -> list[tuple[np.ndarray, bool]]:
    """Maps (…, K, H, W) with the joints first and last, each with whether they are last."""
    return [(maps, False), (np.moveaxis(maps, -3, -1), True)]


def assert_seen(maps: np.ndarray) -> None:
    """The joints of maps (…, K, H, W) are found by the values in both orders."""
    for array, last in both_orders(maps):
        found, why = channels_last(array)
        assert found == last, why
        assert NOT_SURE not in why, why


def people(count: int, joints: int = 17, seed: int = 0, size: tuple[int, int] = SIZE) -> np.ndarray:
    """(count, joints, H, W): joints anywhere, in a little noise."""
    rng = np.random.default_rng(seed)
    xy = rng.uniform(6, np.array(size) - 7, (count, joints, 2))
    return encode(xy, size, 2.0, dtype=np.float64) + 0.01 * rng.normal(size=(count, joints, *size[::-1]))


@pytest.mark.parametrize("filled", [[4], [7], [4, 5, 6, 7], [0]])
def test_a_batch_padded_with_empty_people(filled):
    batch = np.zeros((8, 17, 64, 48))
    batch[filled] = people(8)[filled]
    assert_seen(batch)


def test_people_without_a_peak_have_no_say():
    # Noise jumps along all axes: in hundred such people the four who show a joint speak.
    rng = np.random.default_rng(0)
    batch = 0.02 * rng.normal(size=(100, 17, 64, 48))
    batch[40:44] += people(4)
    assert_seen(batch)


@pytest.mark.parametrize("softness", [1.0, 6.0])
def test_log_softmax_maps(softness):
    logits = softness * people(3)
    assert_seen(logits - np.log(np.exp(logits).sum((-2, -1), keepdims=True)))


def test_log_probabilities_with_zeros():
    with np.errstate(divide="ignore"):
        assert_seen(np.log(np.where(people(3) > 0.1, people(3), 0)))


def test_the_log_of_gaussians():
    # A quadratic that falls to -400 in the corners: nothing is background.
    xy = np.random.default_rng(0).uniform(6, 40, (3, 17, 2, 1, 1))
    x, y = np.arange(48), np.arange(64)[:, None]
    assert_seen(-((x - xy[:, :, 0]) ** 2 + (y - xy[:, :, 1]) ** 2) / 8)


@pytest.mark.parametrize("steps", [[0.2, 0.1], [0.0, 0.25], [1.0, 0.0], [2.0, 1.0]])
def test_frames_of_one_joint(steps):
    # (200, 64, 32): back and forth between the edges, slowly, on one axis, at a pixel a frame, faster.
    way = np.abs((np.arange(200)[:, None] * steps + 7) % np.array([2 * 20, 2 * 50]) - [20, 50]) + 6
    assert_seen(encode(way, (32, 64), 2.0))


@pytest.mark.parametrize("count", [98, 400])
@pytest.mark.parametrize("radii", [(20, 20), (12, 26), (23, 30)])
def test_contours_of_neighboring_points(count, radii):
    # Neighbors are 0.2 to 2 px apart: they look alike, as neighboring pixels do.
    angle = 2 * np.pi * np.arange(count) / count
    contour = np.array([24, 32]) + np.stack([np.cos(angle), np.sin(angle)], -1) * radii
    assert_seen(encode(contour, SIZE, 2.0))


def test_logits_of_39_joints_on_square_maps():
    # BlazePose's (1, 64, 64, 39): a background of -9, and the joints close together.
    rng = np.random.default_rng(0)
    logits = -9 + 11 * encode(rng.normal(32, 8, (1, 39, 2)), (64, 64), 2.0) + 0.1 * rng.normal(size=(1, 39, 64, 64))
    assert_seen(logits.astype(np.float32))


@given(st.integers(2, 40), st.floats(1, 4), st.sampled_from([-9.0, 0.0, 5.0]), st.integers(0, 999))
@settings(max_examples=40)
def test_joints_anywhere_on_any_background(joints, sigma, offset, seed):
    rng = np.random.default_rng(seed)
    maps = encode(rng.uniform(4, [43, 59], (2, joints, 2)), SIZE, sigma, dtype=np.float64)
    assert_seen(offset + maps + 0.02 * rng.normal(size=maps.shape))


@pytest.mark.parametrize("value", [0.0, 1.0, -3.0, np.nan])
@pytest.mark.parametrize(
    "shape, last",
    [
        ((3, 17, 64, 48), False),
        ((3, 64, 48, 17), True),
        ((1, 64, 64, 39), True),  # the square is the map
        ((39, 64, 64), False),
        ((17, 20, 24), False),
        ((2, 1, 90), False),  # a strip
    ],
)
def test_where_only_the_lengths_decide_it_is_not_sure(value, shape, last):
    found, why = channels_last(np.full(shape, value))
    assert found == last and why.endswith(f"({NOT_SURE})")


@pytest.mark.parametrize("shape, last", [((5, 1, 64, 48), False), ((5, 64, 48, 1), True), ((64, 48, 1), True)])
def test_an_axis_of_length_one_counts_the_joints(shape, last):
    found, why = channels_last(np.zeros(shape))
    assert found == last and "has length 1" in why and NOT_SURE not in why


def test_large_maps_are_looked_at_in_part():
    maps = encode(np.random.default_rng(0).uniform(60, 240, (1, 30, 2)), (288, 384), 6.0)
    assert_seen(maps)
