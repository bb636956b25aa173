"""Finding the person: the window search on maps made by hand."""

import numpy as np
import pytest

from dark_core.codec import encode
from dark_core.pose.crop_transform import CropTransform
from dark_core.pose.detector import SCAN_AREA, best_windows, expand_to_square, find_person, refine_box, scan


def test_a_box_grows_to_a_square_that_keeps_the_center_and_takes_the_longer_side():
    assert expand_to_square((0, 10, 20, 20)) == (0, 5, 20, 25)


def test_the_best_window_has_every_peak_about_its_middle():
    maps = np.zeros((14, 60, 70))
    for k in range(14):
        maps[k, 22 + k % 7, 30 + k % 4] = 0.5
    worth, x, y = best_windows(maps, side=16)[0]
    assert 0 < worth <= 0.5
    assert abs(x + 7.5 - 31.5) <= 3 and abs(y + 7.5 - 25) <= 3


def test_the_second_window_is_another_place():
    maps = np.zeros((14, 64, 64))
    maps[:, 20, 20], maps[:, 44, 44] = 1.0, 0.8
    (first, x, y), (second, u, v) = best_windows(maps, side=16)
    assert first > second > 0
    assert x <= 20 < x + 16 and y <= 20 < y + 16 and u <= 44 < u + 16 and v <= 44 < v + 16


def test_too_few_sure_joints_leave_the_box():
    xy, box = np.random.default_rng(0).uniform(0, 50, (14, 2)), (1.0, 2.0, 3.0, 4.0)
    assert refine_box(xy, np.r_[np.ones(3), np.zeros(11)], box) == box
    assert refine_box(xy, np.r_[np.ones(4), np.zeros(10)], box) != box


def test_a_network_that_sees_red_dots_finds_them_anywhere():
    """A stand-in network: joint k answers where the picture's red channel says k."""
    height, width = 300, 400
    joints = np.stack([np.linspace(230, 290, 14), np.linspace(120, 230, 14)], -1)
    photo = np.zeros((height, width, 3), np.uint8)

    def network(heatmaps_of):
        def forward(crops):
            return np.stack([heatmaps_of(crop) for crop in crops])

        return forward

    # The stand-in needs to know where it looks: it finds the transform by the corner marks of the picture.
    ramp_x = np.broadcast_to(np.linspace(10, 250, width)[None, :], (height, width))
    ramp_y = np.broadcast_to(np.linspace(10, 250, height)[:, None], (height, width))
    photo[..., 0], photo[..., 1] = ramp_x, ramp_y

    def maps_of(crop):
        seen_x = (crop[..., 0].astype(float) - 10) / 240 * (width - 1)
        seen_y = (crop[..., 1].astype(float) - 10) / 240 * (height - 1)
        inside = crop[..., 2] == 0
        small = slice(2, None, 4)
        found = []
        for x, y in joints:
            distance = np.hypot(seen_x - x, seen_y - y)[small, small]
            found.append(np.where(inside[small, small], np.exp(-0.5 * (distance / 8) ** 2), 0))
        return np.array(found)

    box = find_person(photo, network(maps_of), network(maps_of), size=160, sigma=2.0)
    x0, y0, x1, y1 = box
    assert x0 < joints[:, 0].min() and x1 > joints[:, 0].max()
    assert y0 < joints[:, 1].min() and y1 > joints[:, 1].max()
    assert 110 < y1 - y0 < 200, "the box is about 1.3 times the joints' extent of 110 px"


def test_encode_and_transform_agree_on_the_grid():
    transform = CropTransform.from_box((0, 0, 160, 160), (160, 160))
    joint = np.array([[79.5, 79.5]])
    maps = encode(transform.to_heatmap(joint), transform.heatmap_size, 2.0)
    np.testing.assert_allclose(maps[0], maps[0][::-1, ::-1])


@pytest.mark.parametrize("shape", [(32, 1600), (1600, 32), (480, 640), (900, 1600)])
def test_what_is_scanned_is_bounded_whatever_the_shape(shape):
    areas = []

    def forward(crops):
        areas.append(crops.shape[1] * crops.shape[2])
        return np.zeros((1, 14, crops.shape[1] // 4, crops.shape[2] // 4), np.float32)

    assert scan(np.zeros((*shape, 3), np.uint8), forward)
    assert max(areas) <= SCAN_AREA
    assert len(areas) == 6 or shape == (32, 1600)
