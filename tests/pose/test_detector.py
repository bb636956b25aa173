"""Finding everyone: the peaks of maps made by hand become boxes in photo px."""

import numpy as np
import pytest

from dark_core.codec import encode
from dark_core.pose.crop_transform import CropTransform
from dark_core.pose.detector import (
    MOST_SQUARES,
    UNIT,
    Detection,
    decode_people,
    expand_to_square,
    find_people,
    overlap,
    squares,
    without_doubles,
)

SIZE = 128
CELLS = SIZE // 4


def maps_of(people, sigma=2.0) -> np.ndarray:
    """(3, 32, 32) as a perfect network answers for ``people``, (x, y, width, height, score) in crop px (centers)."""
    heatmap, sizes = np.full((CELLS, CELLS), 1e-6), np.zeros((2, CELLS, CELLS))
    for x, y, width, height, score in people:
        bell = score * encode([[(x + 0.5) / 4 - 0.5, (y + 0.5) / 4 - 0.5]], (CELLS, CELLS), sigma)[0].astype(float)
        sizes[:, bell > heatmap] = np.log(np.array([[width], [height]]) / UNIT)
        heatmap = np.maximum(heatmap, bell)
    heatmap = np.clip(heatmap, 1e-6, 1 - 1e-6)
    return np.concatenate([np.log(heatmap / (1 - heatmap))[None], sizes])


def answering(people: list, mirrored: list | None = None):
    """A network that answers so for every crop, and for its mirror image as for ``mirrored``, by default the same."""

    def forward(crops: np.ndarray) -> np.ndarray:
        assert crops.shape[1:] == (SIZE, SIZE, 3) and len(crops) % 2 == 0
        half = len(crops) // 2
        np.testing.assert_array_equal(crops[half:], crops[:half, :, ::-1])
        straight = np.stack([maps_of(people)] * half)
        turned = np.stack([maps_of(people if mirrored is None else mirrored)] * half)[..., ::-1]
        return np.concatenate([straight, turned])

    return forward


def test_a_box_grows_to_a_square_that_keeps_the_center_and_takes_the_longer_side():
    assert expand_to_square((0, 10, 20, 20)) == (0, 5, 20, 25)
    assert expand_to_square((0, 10, 20, 20), 1.5) == (-5, 0, 25, 30)


@pytest.mark.parametrize("x, y", [(60.0, 50.0), (61.3, 47.8), (20.9, 100.2)])
def test_a_peak_between_pixels_becomes_the_box_around_it(x, y):
    transform = CropTransform.from_box((100, 40, 612, 552), (SIZE, SIZE))  # 4 photo px per crop px
    (found,) = decode_people(maps_of([(x, y, 24, 60, 0.9)]), 0.3, transform)
    center = transform.from_crop([x, y]) + 0.5
    expected = [center[0] - 48, center[1] - 120, center[0] + 48, center[1] + 120]
    np.testing.assert_allclose(found.box, expected, atol=0.4)  # a tenth of a crop px: the sizes are those of a pixel
    assert 0.8 < found.score <= 0.9


def test_everyone_is_found_the_largest_first_and_faint_peaks_are_not():
    people = [(30, 40, 20, 40, 0.6), (80, 50, 30, 80, 0.9), (110, 100, 10, 20, 0.2)]
    photo = np.random.default_rng(0).integers(0, 256, (SIZE, SIZE, 3), dtype=np.uint8)
    found = find_people(photo, answering(people), SIZE, 0.3)
    assert [round(one.box[3] - one.box[1]) for one in found] == [80, 40]
    assert find_people(photo, answering([]), SIZE, 0.3) == []


def test_the_mirror_image_has_an_equal_say():
    photo = np.zeros((SIZE, SIZE, 3), np.uint8)
    (found,) = find_people(photo, answering([(64, 64, 20, 40, 0.9)], [(64, 64, 45, 40, 0.9)]), SIZE, 0.3)
    assert found.box[2] - found.box[0] == pytest.approx(30, rel=0.01)  # the mean of two logarithms: sqrt(20 · 45)
    assert find_people(photo, answering([(64, 64, 20, 40, 0.9)], []), SIZE, 0.3) == []


def test_boxes_end_where_the_photo_does():
    photo = np.zeros((100, SIZE, 3), np.uint8)
    (found,) = find_people(photo, answering([(64, 40, 40, 90, 0.9)]), SIZE, 0.3)
    x0, y0, x1, y1 = found.box
    assert y0 == 0 and 0 <= x0 < x1 <= SIZE and y1 <= 100


def test_overlap_is_intersection_over_union():
    assert overlap((0, 0, 10, 10), (0, 0, 10, 10)) == 1
    assert overlap((0, 0, 10, 10), (5, 5, 15, 15)) == 25 / 175
    assert overlap((0, 0, 10, 10), (20, 0, 30, 10)) == 0


def test_two_boxes_of_one_person_become_the_better_one():
    better, worse, other = (
        Detection((0, 0, 10, 20), 0.9),
        Detection((1, 1, 10, 20), 0.5),
        Detection((6, 0, 16, 20), 0.4),
    )
    assert without_doubles([worse, other, better]) == [better, other]


@pytest.mark.parametrize("width, height", [(640, 480), (480, 640), (1600, 100), (32, 1600), (300, 300), (1000, 600)])
def test_the_squares_cover_the_photo_and_are_bounded_in_number(width, height):
    boxes = squares(width, height)
    assert 1 <= len(boxes) <= 2 * MOST_SQUARES
    assert {round(x1 - x0, 6) == round(y1 - y0, 6) for x0, y0, x1, y1 in boxes} == {True}
    along = np.array(boxes)[:, [0, 2]] if width >= height else np.array(boxes)[:, [1, 3]]
    long = max(width, height)
    assert along[:, 0].min() <= 0 and along[:, 1].max() >= long
    assert (along[1:, 0] < along[:-1, 1]).all(), "neighbors overlap"
    if max(width, height) > 1.6 * min(width, height) and len(boxes) < MOST_SQUARES:
        assert boxes[0][2] - boxes[0][0] <= 1.6 * min(width, height), "a person's height of the photo stays visible"


def test_a_panorama_is_searched_square_by_square():
    seen = []

    def forward(crops):
        seen.append(len(crops) // 2)
        return answering([(64, 64, 30, 60, 0.9)])(crops)

    found = find_people(np.zeros((100, 500, 3), np.uint8), forward, SIZE, 0.3)
    assert len(seen) == 1 and seen[0] == len(squares(500, 100)) > 2
    assert len(found) == seen[0], "one person in the middle of each square"
