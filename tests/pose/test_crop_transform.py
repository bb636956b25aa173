"""Photo, crop and heatmap: the closed forms of half-pixel centers, and images that are where the numbers say."""

import doctest
from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dark_core.pose import crop_transform
from dark_core.pose.crop_transform import GRAY, CropTransform, square_box
from dark_core.pose.pixel_conventions import CONVENTIONS, flip_gap

pytestmark = pytest.mark.filterwarnings("error")

CORNERS = np.array([[0, 0], [1, 0], [1, 1], [0, 1]])


@st.composite
def transforms(draw) -> CropTransform:
    x, y = draw(st.floats(-2000, 6000)), draw(st.floats(-2000, 6000))
    width, height = draw(st.floats(1, 4000)), draw(st.floats(1, 4000))
    return CropTransform.from_box(
        (x, y, x + width, y + height),
        size=(32 * draw(st.integers(1, 12)), 32 * draw(st.integers(1, 12))),
        stride=draw(st.sampled_from([1, 2, 4, 8])),
        rotation=draw(st.floats(-np.pi, np.pi)),
        flip=draw(st.booleans()),
        convention=draw(st.sampled_from(sorted(CONVENTIONS))),
    )


def outline(size) -> np.ndarray:
    """(4, 2) the corners of a grid of (W, H) px, whose edges lie half a pixel outside the outer centers."""
    return CORNERS * size - 0.5


# Coordinates


@given(transforms(), st.lists(st.tuples(st.floats(-5000, 9000), st.floats(-5000, 9000)), min_size=1, max_size=5))
def test_there_and_back_is_exact(transform, points):
    np.testing.assert_allclose(transform.to_photo(transform.to_heatmap(points)), points, rtol=0, atol=1e-9)


@given(transforms(), st.tuples(st.floats(-0.5, 95.5), st.floats(-0.5, 95.5)))
def test_back_and_there_is_exact_on_the_heatmap(transform, point):
    np.testing.assert_allclose(transform.to_heatmap(transform.to_photo(point)), point, rtol=0, atol=1e-9)


@pytest.mark.parametrize("size, stride", [((128, 128), 4), ((192, 256), 4), ((64, 32), 8), ((96, 96), 1)])
def test_the_edges_of_the_box_are_the_edges_of_crop_and_heatmap(size, stride):
    transform = CropTransform.from_box((10, 20, 43, 71), size, stride)
    box = np.array([10, 20]) + CORNERS * [33, 51] - 0.5
    np.testing.assert_allclose(transform.to_crop(box), outline(size), atol=1e-9)
    np.testing.assert_allclose(transform.to_heatmap(box), outline(np.array(size) / stride), atol=1e-9)
    np.testing.assert_allclose(transform.corners(), box, atol=1e-9)
    assert transform.heatmap_size == (size[0] // stride, size[1] // stride)


def test_heatmap_and_crop_count_by_half_pixel_centers():
    # The whole photo one to one: its first pixel is crop pixel 0, a stride of 4 puts it at (0 + 1/2) / 4 - 1/2.
    transform = CropTransform.from_box((0, 0, 128, 128))
    np.testing.assert_allclose(transform.to_crop([[0, 0], [127, 30]]), [[0, 0], [127, 30]], atol=1e-12)
    np.testing.assert_allclose(transform.to_heatmap([[0, 0], [1.5, 3.5]]), [[-0.375, -0.375], [0, 0.5]], atol=1e-12)


@given(transforms(), st.tuples(st.floats(-3000, 7000), st.floats(-3000, 7000)))
def test_a_mirrored_transform_counts_from_the_other_side(transform, point):
    # diag(-1, 1) after the map, about the crop's middle: x becomes W - 1 - x on both grids, less the gap that a
    # convention without symmetry leaves on the heatmap.
    mirror = replace(transform, matrix=transform.matrix * [[-1], [1]] + [[0, 0, transform.size[0] - 1], [0, 0, 0]])
    gap = flip_gap(transform.convention, transform.heatmap_size, transform.size)
    x, y = transform.to_heatmap(point)
    np.testing.assert_allclose(
        mirror.to_heatmap(point), [transform.heatmap_size[0] - 1 - x - gap, y], rtol=1e-9, atol=1e-6
    )


@pytest.mark.parametrize("rotation", [0, 0.7, -2.5])
def test_flip_is_that_mirror(rotation):
    points = np.random.default_rng(0).uniform(-20, 120, (20, 2))
    plain, flipped = (
        CropTransform.from_box((7, 9, 80, 93), (96, 128), rotation=rotation, flip=f) for f in (False, True)
    )
    x, y = plain.to_heatmap(points).T
    np.testing.assert_allclose(flipped.to_heatmap(points), np.stack([24 - 1 - x, y], -1), atol=1e-12)


@pytest.mark.parametrize(
    "rotation, expected", [(0, (49.5, 29.5)), (90, (69.5, 49.5)), (180, (49.5, 69.5)), (-90, (29.5, 49.5))]
)
def test_rotation_turns_clockwise_about_the_boxs_center(rotation, expected):
    # What was straight above the center goes to its right on a quarter turn, one photo px being one crop px.
    transform = CropTransform.from_box((100, 200, 200, 300), (100, 100), rotation=np.deg2rad(rotation))
    np.testing.assert_allclose(transform.to_crop([149.5, 249.5 - 20]), expected, atol=1e-9)
    np.testing.assert_allclose(transform.to_crop([149.5, 249.5]), [49.5, 49.5], atol=1e-9)


@given(transforms(), st.tuples(*[st.floats(0.1, 8)] * 2), st.tuples(*[st.floats(-3000, 7000)] * 2))
def test_a_resized_photo_gives_the_same_crop(transform, ratio, point):
    # The photo's outline stays the outline: a resized photo's px are (x + 1/2) ratio - 1/2.
    resized = (np.array(point) + 0.5) * ratio - 0.5
    other = transform.rescaled(ratio)
    np.testing.assert_allclose(other.to_crop(resized), transform.to_crop(point), rtol=1e-9, atol=1e-6)
    np.testing.assert_allclose(other.to_heatmap(resized), transform.to_heatmap(point), rtol=1e-9, atol=1e-6)


@given(transforms())
@settings(max_examples=50)
def test_the_jacobian_is_the_difference_of_two_points(transform):
    here = np.array([3.0, 5.0])
    columns = [transform.to_photo(here + step) - transform.to_photo(here) for step in np.eye(2)]
    np.testing.assert_allclose(transform.jacobian, np.stack(columns, -1), rtol=1e-6, atol=1e-6)


def test_photo_px_is_the_side_of_a_heatmap_pixel():
    assert CropTransform.from_box((0, 0, 64, 64), (128, 128), 4, rotation=0.4).photo_px == pytest.approx(2)
    # 320 and 80 photo px over 32 heatmap px: 10 by 2.5, whose geometric mean is 5.
    assert CropTransform.from_box((0, 0, 320, 80), (128, 128), 4, flip=True).photo_px == pytest.approx(5)


# Conventions of other networks


def test_the_examples_in_the_docstrings_hold():
    assert doctest.testmod(crop_transform).failed == 0


def transform_with(convention: str) -> CropTransform:
    """Two photo px a crop px, four crop px a heatmap px."""
    return CropTransform.from_box((10, 20, 10 + 384, 20 + 512), (192, 256), convention=convention)


@pytest.mark.parametrize("convention", CONVENTIONS)
def test_a_convention_changes_the_way_from_crop_to_heatmap_alone(convention):
    transform, ours = transform_with(convention), transform_with("half_pixel")
    np.testing.assert_array_equal(transform.matrix, ours.matrix)
    np.testing.assert_array_equal(transform.corners(), ours.corners())
    points = np.random.default_rng(0).uniform(0, 500, (20, 2))
    np.testing.assert_allclose(transform.from_crop(transform.to_crop(points)), points, atol=1e-9)
    expected = CONVENTIONS[convention].to_heatmap(transform.to_crop(points), (48, 64), (192, 256))
    np.testing.assert_allclose(transform.to_heatmap(points), expected, atol=1e-12)


def test_the_last_heatmap_pixel_in_the_photo_by_hand():
    # In the crop the last pixel of 48 by 64 lies at 189.5, 188 or 191 and 253.5, 252 or 255; two photo px a crop px,
    # and the box begins half a pixel before the center of photo pixel 10, 20.
    last = {"half_pixel": (189.5, 253.5), "size_ratio": (188, 252), "size_minus_one": (191, 255)}
    for convention, crop in last.items():
        expected = (np.array(crop) + 0.5) * 2 - 0.5 + [10, 20]
        np.testing.assert_allclose(transform_with(convention).to_photo([47, 63]), expected, atol=1e-9)


def test_a_heatmap_px_is_wider_from_corner_to_corner():
    assert transform_with("size_ratio").photo_px == pytest.approx(8)
    assert transform_with("size_minus_one").photo_px == pytest.approx(2 * np.sqrt(191 / 47 * 255 / 63))


def test_an_unknown_convention_is_named():
    with pytest.raises(ValueError, match="unknown convention 'udp': expected one of half_pixel, size_ratio"):
        CropTransform.from_box((0, 0, 10, 10), convention="udp")


# Pictures


def dot(photo_size: tuple[int, int], center, sigma: float) -> np.ndarray:
    """(H, W, 3) a white Gaussian dot on black, at a real-valued place."""
    x, y = np.meshgrid(np.arange(photo_size[0]), np.arange(photo_size[1]))
    gray = 255 * np.exp(-((x - center[0]) ** 2 + (y - center[1]) ** 2) / (2 * sigma**2))
    return np.repeat(np.rint(gray).astype(np.uint8)[..., None], 3, axis=2)


def centroid(picture: np.ndarray) -> np.ndarray:
    weight = picture[..., 1].astype(np.float64)
    height, width = weight.shape
    return np.array([weight.sum(0) @ np.arange(width), weight.sum(1) @ np.arange(height)]) / weight.sum()


@pytest.mark.parametrize("rotation", [0, 0.6, -2.2])
@pytest.mark.parametrize("flip", [False, True])
@pytest.mark.parametrize(
    "photo_size, box",
    [
        ((60, 50), (12, 8, 52, 48)),  # enlarged 3.2 times
        ((160, 150), (10, 9, 138, 137)),  # one to one
        ((200, 180), (5, 3, 175, 173)),  # shrunk less than the averaging starts at
        ((601, 541), (31, 17, 545, 531)),  # shrunk four times, averaged first, by an uneven ratio
        ((601, 541), (31, 117, 545, 431)),  # the same, squeezed along x
    ],
)
def test_a_dot_is_where_to_crop_says(photo_size, box, flip, rotation):
    transform = CropTransform.from_box(box, (128, 128), rotation=rotation, flip=flip)
    side = min(box[2] - box[0], box[3] - box[1])
    middle = np.array([box[0] + box[2], box[1] + box[3]]) / 2
    center = middle + side * np.array([0.113, -0.087])
    crop = transform.crop(dot(photo_size, center, sigma=side / 32))
    assert crop.shape == (128, 128, 3) and crop.dtype == np.uint8
    inside = np.zeros((128, 128, 1), np.uint8)  # beyond the photo's edge the crop is gray
    x, y = transform.to_crop(center)
    cv2.circle(inside, (round(x), round(y)), 28, 1, -1)
    np.testing.assert_allclose(centroid(crop * inside * (crop > 2)), [x, y], atol=0.06)


def test_one_to_one_is_the_photo_itself():
    photo = np.random.default_rng(0).integers(0, 256, (90, 100, 3), dtype=np.uint8)
    before = photo.copy()
    plain, flipped = (
        CropTransform.from_box((20, 10, 84, 74), (64, 64), flip=flip).crop(photo) for flip in (False, True)
    )
    np.testing.assert_array_equal(plain, photo[10:74, 20:84])
    np.testing.assert_array_equal(flipped, photo[10:74, 83:19:-1])
    np.testing.assert_array_equal(photo, before)


def test_beyond_the_photo_is_gray():
    crop = CropTransform.from_box((-32, 0, 32, 64), (64, 64)).crop(np.full((64, 64, 3), 255, np.uint8))
    assert (crop[:, :31] == GRAY).all() and (crop[:, 33:] == 255).all()


def test_a_shrunk_photo_is_averaged_before_it_is_sampled():
    # Black and white columns alternate: sampled, they would alias to one or the other; averaged, they are mid-gray.
    photo = np.zeros((512, 512, 3), np.uint8)
    photo[:, ::2] = 255
    crop = CropTransform.from_box((0, 0, 512, 512), (64, 64)).crop(photo)
    assert np.abs(crop[2:-2, 2:-2].astype(int) - 127.5).max() < 3


@pytest.mark.parametrize("photo_size", [(1, 1), (1, 40), (3000, 2)])
def test_the_smallest_photo_is_cropped(photo_size):
    photo = np.full((*photo_size[::-1], 3), 200, np.uint8)
    crop = CropTransform.from_box((0, 0, *photo_size), (64, 64)).crop(photo)
    assert crop.shape == (64, 64, 3) and np.abs(crop[31:33, 31:33].astype(int) - 200).max() <= 1


# Boxes


def test_a_square_box_holds_its_joints_with_a_margin():
    # Pixel centers 10 to 30 by 20 to 60, the middle at center 20, 40, that is edge coordinate 20.5, 40.5.
    box = square_box(np.array([[10, 60], [30, 20], [np.nan, np.nan]]), margin=1.5)
    np.testing.assert_allclose(box, [20.5 - 30, 40.5 - 30, 20.5 + 30, 40.5 + 30])
    np.testing.assert_allclose(CropTransform.from_box(box).to_heatmap([20, 40]), [15.5, 15.5], atol=1e-9)


def test_a_square_box_round_one_point_is_not_empty():
    np.testing.assert_allclose(square_box(np.array([[5.0, 7.0]])), [1.5, 3.5, 9.5, 11.5])


@pytest.mark.parametrize("box", [(5, 5, 5, 9), (5, 5, 9, 5), (9, 5, 5, 9), (0, 0, np.nan, 9), (0, -np.inf, 9, 9)])
def test_a_box_without_area_is_named(box):
    with pytest.raises(ValueError, match=r"x1 > x0.*got \("):
        CropTransform.from_box(box)
