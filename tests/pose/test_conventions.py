"""Three ways to say where a heatmap pixel lies, each its own inverse, and what mixing them costs, by hand."""

import doctest

import numpy as np
import pytest

from dark_core.codec import encode
from dark_core.pose import conventions
from dark_core.pose.conventions import CONVENTIONS, bias, flip_gap
from dark_core.pose.frame import Frame

SMALL, LARGE = (48, 64), (192, 256)
names = pytest.mark.parametrize("name", CONVENTIONS)


def test_the_examples_in_the_docstrings_hold():
    assert doctest.testmod(conventions).failed == 0


@names
def test_there_and_back(name):
    places = np.random.default_rng(0).uniform(-1, 65, (50, 2))
    convention = CONVENTIONS[name]
    there = convention.to_input(places, SMALL, LARGE)
    np.testing.assert_allclose(convention.to_heatmap(there, SMALL, LARGE), places, atol=1e-12)


def test_by_hand():
    first, last = [0, 0], [47, 63]
    np.testing.assert_allclose(
        CONVENTIONS["half_pixel"].to_input([first, last], SMALL, LARGE), [[1.5, 1.5], [189.5, 253.5]]
    )
    np.testing.assert_allclose(CONVENTIONS["size_ratio"].to_input([first, last], SMALL, LARGE), [[0, 0], [188, 252]])
    np.testing.assert_allclose(
        CONVENTIONS["size_minus_one"].to_input([first, last], SMALL, LARGE), [[0, 0], [191, 255]]
    )


def test_ours_is_the_frames_own():
    frame = Frame.from_box((0, 0, 192, 256), LARGE)
    places = np.random.default_rng(1).uniform(0, 47, (20, 2))
    np.testing.assert_allclose(
        CONVENTIONS["half_pixel"].to_input(places, SMALL, LARGE), frame.to_photo(places), atol=1e-9
    )


def test_weights_of_one_read_by_another_are_off_by_three_eighths_of_a_pixel():
    across = np.stack([np.linspace(0, 47, 1001), np.linspace(0, 63, 1001)], -1)
    off = bias("size_minus_one", "size_ratio", across)
    np.testing.assert_allclose(off[0], 0)
    np.testing.assert_allclose(off[-1], -0.75)
    np.testing.assert_allclose(off.mean(0), -0.375)
    for name in CONVENTIONS:
        np.testing.assert_allclose(bias(name, name, across), 0, atol=1e-12)


@pytest.mark.parametrize(
    ("name", "shift", "off"), [("half_pixel", 0, 0), ("size_ratio", 0, -0.375), ("size_ratio", 1, 0.125)]
)
def test_the_flip_average_moves_the_joint_by_half_its_gap(name, shift, off):
    # The map of the mirrored input, mirrored back and shifted, averaged with the plain one; read by its centroid.
    x, y = 20.3, 31.0
    back = x + flip_gap(name, SMALL, LARGE) + shift
    average = (encode([[x, y]], SMALL, 2.0) + encode([[back, y]], SMALL, 2.0))[0] / 2
    seen = (average.sum(0) * np.arange(48)).sum() / average.sum()
    assert seen - x == pytest.approx(off, abs=1e-5)


@pytest.mark.parametrize("size", [(0, 64), (48,), (48, 64, 3)])
def test_a_size_that_is_none_is_refused(size):
    with pytest.raises(ValueError, match="at least 1 px"):
        CONVENTIONS["half_pixel"].to_input([0, 0], size, LARGE)
