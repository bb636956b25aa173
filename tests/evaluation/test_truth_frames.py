"""The unit of the truth: recognized by the size of people, or given; photo px by each person's box."""

import numpy as np
import pytest

from dark_core.evaluation.truth_frames import truth_in_heatmap_px
from dark_core.files.joint_files import Joints, JointsError
from dark_core.pose.crop_transform import CropTransform
from dark_core.pose.pixel_conventions import CONVENTIONS

RNG = np.random.default_rng(4)
SIZE, N = (48, 64), 9
TRUE = np.stack([RNG.uniform(5, 42, (N, 5)), RNG.uniform(5, 58, (N, 5))], -1)
ROUGH = np.floor(TRUE + 0.5)


def joints(xy, boxes=None, areas=None) -> Joints:
    nothing = np.full((len(xy), 4), np.nan)
    areas = nothing[:, 0] if areas is None else areas
    return Joints(xy, (), tuple(map(str, range(len(xy)))), areas, nothing if boxes is None else boxes)


def test_heatmap_px_are_left_as_they_are():
    frames = truth_in_heatmap_px(joints(TRUE), SIZE, ROUGH)
    assert set(frames.by_convention) == {""} and frames.how.startswith("heatmap px")
    np.testing.assert_array_equal(frames.by_convention[""], TRUE)
    exchanged = truth_in_heatmap_px(joints(TRUE[..., ::-1]), SIZE, ROUGH)
    assert set(exchanged.by_convention) == {""}, "whatever else is wrong with them"


@pytest.mark.parametrize("stride", [2, 4, 8])
def test_input_px_are_recognized_with_their_stride(stride):
    large = (stride * SIZE[0], stride * SIZE[1])
    given = joints(CONVENTIONS["half_pixel"].to_input(TRUE, SIZE, large), areas=np.full(N, 16.0 * stride**2))
    frames = truth_in_heatmap_px(given, SIZE, ROUGH)
    assert frames.stride == stride and set(frames.by_convention) == set(CONVENTIONS)
    np.testing.assert_allclose(frames.by_convention["half_pixel"], TRUE, atol=1e-9)
    np.testing.assert_allclose(frames.areas, 16)


def test_a_stride_that_is_given_is_not_questioned():
    given = joints(CONVENTIONS["size_ratio"].to_input(TRUE, SIZE, (144, 192)))
    frames = truth_in_heatmap_px(given, SIZE, ROUGH, stride=3)
    np.testing.assert_allclose(frames.by_convention["size_ratio"], TRUE, atol=1e-9)
    assert "as you say" in frames.how


@pytest.mark.parametrize("padding", [1.0, 1.25])
def test_photo_px_are_cropped_by_boxes_with_the_padding_that_fits(padding):
    corner, width = RNG.uniform(0, 300, (N, 2)), RNG.uniform(100, 400, N)
    height = width * SIZE[1] / SIZE[0]
    crops = [CropTransform.from_box((*c, c[0] + w, c[1] + h), (192, 256)) for c, w, h in zip(corner, width, height)]
    given = np.stack([crop.to_photo(xy) for crop, xy in zip(crops, TRUE)])
    center, half = corner + np.stack([width, height], -1) / 2, np.stack([width, height], -1) / 2 / padding
    half[:, 0] *= 0.8  # a narrow box is widened to the shape of the heatmap
    boxes = np.concatenate([center - half, center + half], 1)
    frames = truth_in_heatmap_px(joints(given, boxes, width * height), SIZE, ROUGH)
    np.testing.assert_allclose(frames.by_convention["half_pixel"], TRUE, atol=1e-9)
    assert f"grown by {padding:g}" in frames.how
    np.testing.assert_allclose(frames.areas, SIZE[0] * SIZE[1])


def test_what_cannot_be_recognized_is_told():
    with pytest.raises(JointsError, match="give --stride"):
        truth_in_heatmap_px(joints(TRUE * 5.7 + 300), SIZE, ROUGH)
    with pytest.raises(JointsError, match="9 × 4 people and joints and the heatmaps have 9 × 5"):
        truth_in_heatmap_px(joints(TRUE[:, :4]), SIZE, ROUGH)
    with pytest.raises(JointsError, match="has no area"):
        truth_in_heatmap_px(joints(TRUE * 5.7 + 300, np.zeros((N, 4))), SIZE, ROUGH)
