"""ViTPose's post-processing with our decoders: from closed forms, and beside transformers if it is installed."""

import doctest
from itertools import chain
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from dark_core.adapters import post_process_pose_estimation, vitpose
from dark_core.codec import DECODERS, decode, encode

SIZE, SIGMA = (48, 64), 2.0
TALL = [31.0, 47.0, 120.0, 160.0]
"""(x, y, width, height) in the proportions 3 : 4 of the crop, which shows 150 × 200 px from (16, 27) on."""
WIDE = [0.0, 0.0, 300.0, 100.0]
"""The crop grows to 300 × 400 px about (150, 50), then by a quarter: 375 × 500 px from (-37.5, -200) on."""


@pytest.fixture
def joints() -> np.ndarray:
    """(3, 17, 2) positions in heatmap px, away from the edges."""
    return np.random.default_rng(0).uniform([8, 8], [39, 55], (3, 17, 2))


def outputs(heatmaps: np.ndarray) -> SimpleNamespace:
    return SimpleNamespace(heatmaps=torch.from_numpy(heatmaps))


def in_box(joints: np.ndarray, corner: tuple, area: tuple) -> np.ndarray:
    """Photo px of heatmap px: the first pixel's center lies on the area's corner, the last one's on the other."""
    return joints * area / (np.array(SIZE) - 1) + corner


def test_joints_reach_the_photo_in_any_proportions_of_the_box(joints):
    heatmaps = encode(joints[:2], SIZE, SIGMA)
    ((tall, wide),) = post_process_pose_estimation(outputs(heatmaps), [[TALL, WIDE]], decoder="dark")
    np.testing.assert_allclose(tall["keypoints"], in_box(joints[0], (16, 27), (150, 200)), atol=1e-3)
    np.testing.assert_allclose(wide["keypoints"], in_box(joints[1], (-37.5, -200), (375, 500)), atol=2e-3)
    np.testing.assert_array_equal(tall["scores"], heatmaps[0].max((-1, -2)))
    assert tall["bbox"].tolist() == [31, 47, 151, 207] and tall["labels"].tolist() == list(range(17))
    assert tall["keypoints"].dtype == tall["scores"].dtype == torch.float32 and tall["labels"].dtype == torch.int64


@pytest.mark.parametrize("decoder", DECODERS)
def test_it_decodes_as_the_codec_does(joints, decoder):
    noise = np.random.default_rng(1).normal(0, 0.02, (1, 17, 64, 48))
    heatmaps = (encode(joints[:1], SIZE, SIGMA) + noise).astype(np.float32)
    ((person,),) = post_process_pose_estimation(outputs(heatmaps), [[TALL]], decoder=decoder, sigma=1.5)
    wanted = decode(heatmaps[0], decoder, 1.5)
    np.testing.assert_allclose(person["keypoints"], in_box(wanted.xy, (16, 27), (150, 200)), rtol=1e-5)
    assert ("covariance" in person) == (wanted.covariance is not None)
    if wanted.covariance is not None:
        stride = np.diag([150 / 47, 200 / 63])
        np.testing.assert_allclose(person["covariance"], stride @ wanted.covariance @ stride, rtol=1e-5)


def test_its_example_runs():
    assert doctest.testmod(vitpose).failed == 0


def test_people_are_dealt_to_their_images(joints):
    found = post_process_pose_estimation(
        outputs(encode(joints, SIZE, SIGMA)), [[TALL], [], np.array([WIDE, TALL])], decoder="argmax"
    )
    assert [len(image) for image in found] == [1, 0, 2]
    for person, number, corner, area in (
        (found[2][0], 1, (-37.5, -200), (375, 500)),
        (found[2][1], 2, (16, 27), (150, 200)),
    ):
        np.testing.assert_allclose(person["keypoints"], in_box(np.rint(joints[number]), corner, area), atol=1e-3)


def test_no_people_give_empty_images():
    assert post_process_pose_estimation(outputs(np.zeros((0, 17, 64, 48), np.float32)), [[], []]) == [[], []]


def test_joints_up_to_the_threshold_are_left_out(joints):
    heights = np.linspace(0.1, 0.9, 17, dtype=np.float32)
    whole = np.rint(joints[:1])  # the score of a peak on a pixel is its height
    heatmaps = encode(whole, SIZE, SIGMA) * heights[:, None, None]
    ((person,),) = post_process_pose_estimation(outputs(heatmaps), [[TALL]], threshold=0.5, decoder="gaussian_fit")
    assert person["labels"].tolist() == list(range(9, 17)) and person["scores"].tolist() == heights[9:].tolist()
    np.testing.assert_allclose(person["keypoints"], in_box(whole[0, 9:], (16, 27), (150, 200)), atol=1e-3)
    assert person["covariance"].shape == (8, 2, 2)


def test_relative_boxes_take_height_and_width_of_each_image(joints):
    x, y, width, height = TALL
    relative = [x / 400, y / 300, width / 400, height / 300]
    heatmaps = outputs(encode(joints[:2], SIZE, SIGMA))
    plain = post_process_pose_estimation(heatmaps, [[TALL, TALL], []])
    ((first, second), none) = post_process_pose_estimation(
        heatmaps, [[relative, relative], []], target_sizes=[(300, 400), (10, 10)]
    )
    assert none == []
    for one, other in zip(plain[0], (first, second)):
        np.testing.assert_allclose(one["keypoints"], other["keypoints"], rtol=1e-6)


def test_half_precision_gradients_and_a_single_joint_are_accepted(joints):
    heatmaps = torch.from_numpy(encode(joints[:, :1], SIZE, SIGMA)).bfloat16().requires_grad_()
    ((first, _, _),) = post_process_pose_estimation(SimpleNamespace(heatmaps=heatmaps), [[TALL] * 3], decoder="dark")
    assert first["scores"].shape == (1,) and not first["keypoints"].requires_grad
    np.testing.assert_allclose(first["keypoints"], in_box(joints[0, :1], (16, 27), (150, 200)), atol=0.05 * 200 / 63)


@pytest.mark.parametrize(
    "boxes, options, message",
    [
        ([[TALL]], {}, "got 1 boxes and the heatmaps of 3 people"),
        ([[TALL, TALL, [0, 0, np.nan, 1]]], {}, "one finite"),
        ([[TALL, TALL, [0, 0, 1]]], {}, r"one finite \(x, y, width, height\) for each person"),
        ([[TALL] * 3], {"target_sizes": [(1, 1)] * 3}, "target_sizes must have one .* for each image, got 3"),
        ([[TALL] * 3], {"decoder": "none"}, "unknown decoder 'none'"),
    ],
)
def test_what_does_not_fit_is_told_in_a_sentence(joints, boxes, options, message):
    with pytest.raises(ValueError, match=message):
        post_process_pose_estimation(outputs(encode(joints, SIZE, SIGMA)), boxes, **options)


# Beside transformers, which is no dependency


@pytest.fixture
def processor():
    transformers = pytest.importorskip("transformers", reason="needs transformers, no dependency", exc_type=ImportError)
    return getattr(transformers, "VitPoseImageProcessorPil", None) or transformers.VitPoseImageProcessor


@pytest.mark.parametrize("size", [(192, 256), (256, 192)])
def test_on_clean_gaussians_it_returns_what_transformers_does(processor, joints, size):
    if size == (256, 192):  # a wide crop
        joints = joints[..., ::-1]
    heatmaps = outputs(encode(joints, (size[0] // 4, size[1] // 4), SIGMA))
    boxes = [[TALL, WIDE], [TALL]]
    options = {"threshold": 0.97}
    theirs = processor(size={"width": size[0], "height": size[1]}).post_process_pose_estimation(
        heatmaps, boxes=boxes, **options
    )
    ours = post_process_pose_estimation(heatmaps, boxes=boxes, decoder="dark", **options)
    assert [len(image) for image in ours] == [len(image) for image in theirs]
    dropped = 0
    for one, other in zip(chain(*ours), chain(*theirs)):
        assert set(one) == set(other) and all(one[name].dtype == other[name].dtype for name in one)
        np.testing.assert_allclose(one["keypoints"], other["keypoints"], atol=5e-3)
        np.testing.assert_array_equal(one["scores"], other["scores"])
        np.testing.assert_array_equal(one["labels"], other["labels"])
        dropped += 17 - len(one["labels"])
    assert 0 < dropped < 3 * 17


def test_relative_boxes_in_a_square_image_agree_with_transformers(processor, joints):
    # Theirs takes (width, height), one for each person; on a square photo of one person the two are the same.
    heatmaps, boxes = outputs(encode(joints[:1], SIZE, SIGMA)), [np.array([TALL]) / 400]
    theirs = processor().post_process_pose_estimation(heatmaps, boxes=boxes, target_sizes=[(400, 400)])
    ours = post_process_pose_estimation(heatmaps, boxes, decoder="dark", target_sizes=[(400, 400)])
    np.testing.assert_allclose(ours[0][0]["keypoints"], theirs[0][0]["keypoints"], atol=5e-3)
