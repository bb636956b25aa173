"""Confidence read from the card's knots, and the status of joints at hand-made positions."""

import numpy as np
import pytest

from dark_core.codec import encode
from dark_core.pose.calibration import EDGE, GUESS, confidence, joint_status
from dark_core.pose.crop_transform import CropTransform

TRANSFORM = CropTransform.from_box(
    (20, 0, 180, 160), (160, 160)
)  # 4 photo px a heatmap px; reaches the photo's top edge
PHOTO = (300, 200)
NEAR = 40 * EDGE  # heatmap px


def test_between_knots_it_is_linear_and_beyond_them_level():
    knots = {"score": [0.0, 0.4, 0.8], "share": [0.0, 0.5, 0.9]}
    np.testing.assert_allclose(confidence(np.array([-1, 0.2, 0.4, 0.6, 1.2]), knots), [0, 0.25, 0.5, 0.7, 0.9])


def test_without_calibration_it_is_the_score():
    np.testing.assert_array_equal(confidence(np.array([[-0.1, 0.3, 1.1]])), [[0, 0.3, 1]])


def told(heatmap_xy, sure, transform=TRANSFORM, has_person=True) -> str:
    """The state of one joint whose map peaks at ``heatmap_xy``."""
    maps = encode(np.array([heatmap_xy], float), transform.heatmap_size, 2.0)
    (state,) = joint_status(np.array([sure]), transform.to_photo([heatmap_xy]), maps, transform, PHOTO, has_person)
    return state


@pytest.mark.parametrize(
    ("heatmap_xy", "sure", "state"),
    [
        ((20, 20), 0.9, ""),
        ((20, 20), GUESS, ""),
        ((20, 20), GUESS - 0.01, "guess"),
        ((20, NEAR - 0.6), 0.9, ""),  # close to the edge, and sure of it
        ((20, NEAR - 0.6), 0.3, "cut off"),
        ((20, NEAR - 0.4), 0.3, "guess"),  # an edge lies at -1/2
        ((40 - NEAR - 0.4, 20), 0.3, "cut off"),  # the box ends there, not the photo
        ((0, 20), 0.9, "cut off"),  # on the map's outermost px
        ((39, 39), 0.9, "cut off"),
    ],
)
def test_a_joint_is_sure_a_guess_or_cut_off(heatmap_xy, sure, state):
    assert told(heatmap_xy, sure) == state


def test_a_position_beyond_the_photo_is_cut_off_however_sure():
    beyond = CropTransform.from_box((-60, 0, 100, 160), (160, 160))  # the photo begins at heatmap x = 14.5
    assert told((16, 20), 0.9, beyond) == ""
    assert told((14, 20), 0.9, beyond) == "cut off"
    assert told((16, 20), 0.3, beyond) == "cut off"


def test_where_nobody_is_found_every_joint_is_a_guess():
    assert told((0, 20), 0.9, has_person=False) == told((20, 20), 0.9, has_person=False) == "guess"
