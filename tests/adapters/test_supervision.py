"""Joints as supervision takes them: with supervision where it is installed, and with a stand-in for its one class.

supervision brings a video library of 36 MB and is no dependency, so that CI tests the conversion on the stand-in.
"""

import doctest
import sys
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from dark_core.adapters import supervision, to_supervision
from dark_core.codec import decode, encode
from dark_core.pose.crop_transform import CropTransform

SIZE = (48, 64)
JOINTS = np.array([[20.3, 31.7], [19.0, 25.5]])
"""(2, 2) heatmap px."""


@pytest.fixture(params=["supervision", "stand-in"])
def package(request, monkeypatch):
    """supervision itself, and a module whose KeyPoints only keeps what it is given."""
    if request.param == "supervision":
        return pytest.importorskip("supervision", reason="needs supervision, no dependency")
    stand_in = SimpleNamespace(KeyPoints=SimpleNamespace)
    monkeypatch.setitem(sys.modules, "supervision", stand_in)
    return stand_in


@pytest.fixture
def transforms() -> list[CropTransform]:
    """192 × 256 crops of boxes twice and half as large, so that a heatmap px is 8 and 2 photo px."""
    boxes = (100, 50, 484, 562), (10, 20, 106, 148)
    return [CropTransform.from_box(box, (192, 256), convention="half_pixel") for box in boxes]


def test_positions_scores_and_covariance_are_in_photo_px(package, transforms):
    noise = np.random.default_rng(0).normal(0, 0.01, (2, 2, 64, 48))
    heatmaps = encode([JOINTS, JOINTS + 3], SIZE, 2.0) * [[[[1.0]], [[0.5]]]] + noise
    decoded = decode(heatmaps, "gaussian_fit", 2.0)
    found = to_supervision(decoded, transforms)
    assert isinstance(found, package.KeyPoints)
    # Half-pixel centers: heatmap px x lies (x + ½) s into the box, and pixel i of the photo has its center at i + ½.
    for person, corner, stride in ((0, (100, 50), 8), (1, (10, 20), 2)):
        wanted = (decoded.xy[person] + 0.5) * stride + corner - 0.5
        np.testing.assert_allclose(found.xy[person], wanted, rtol=1e-6)
        np.testing.assert_allclose(found.data["covariance"][person], stride**2 * decoded.covariance[person], rtol=1e-6)
    np.testing.assert_allclose(found.keypoint_confidence, heatmaps.max((-1, -2)), rtol=1e-6)
    assert found.xy.dtype == found.keypoint_confidence.dtype == np.float32
    assert found.visible.all() and found.data["ok"].all()


def test_a_turned_crop_turns_the_covariance(package):
    turned = CropTransform.from_box((0, 0, 192, 256), (192, 256), rotation=np.pi / 2)
    decoded = decode(encode(JOINTS, SIZE, 2.0), "gaussian_fit", 2.0)
    decoded = replace(decoded, covariance=np.array([[[3.0, 1.0], [1.0, 2.0]]] * 2))
    # One heatmap px is 4 photo px. A quarter turn exchanges the axes and changes the sign of one.
    wanted = 16 * np.array([[2.0, -1.0], [-1.0, 3.0]])
    np.testing.assert_allclose(to_supervision(decoded, turned).data["covariance"], [[wanted] * 2], rtol=1e-6)


def test_a_decoder_without_covariance_gives_none(package, transforms):
    assert set(to_supervision(decode(encode(JOINTS, SIZE, 2.0), "argmax"), transforms[:1]).data) == {"ok"}


def test_absent_joints_are_not_visible_and_fallbacks_are_not_ok(package, transforms):
    heatmaps = np.stack([encode(JOINTS[0], SIZE, 2.0), np.zeros((64, 48))])
    found = to_supervision(decode(heatmaps), transforms[0], absent=[True, False])
    assert found.visible.tolist() == [[False, True]] and found.data["ok"].tolist() == [[True, False]]


def test_tensors_in_half_precision_and_with_gradient_are_accepted(package, transforms):
    heatmaps = torch.from_numpy(encode([JOINTS, JOINTS], SIZE, 2.0)).bfloat16().requires_grad_()
    found = to_supervision(decode(heatmaps, "dark"), transforms)
    np.testing.assert_allclose(found.xy[0], (JOINTS + 0.5) * 8 + [99.5, 49.5], atol=0.05 * 8)


def test_nobody_gives_no_key_points(package):
    found = to_supervision(decode(np.zeros((0, 2, 64, 48)), "gaussian_fit"), [])
    assert found.xy.shape == (0, 2, 2) and found.data["covariance"].shape == (0, 2, 2, 2)


def test_what_does_not_fit_is_told_in_a_sentence(package, transforms):
    decoded = decode(encode([JOINTS, JOINTS], SIZE, 2.0))
    with pytest.raises(ValueError, match=r"one transform for each person, got shape \(2, 2\) and 1 transforms"):
        to_supervision(decoded, transforms[0])
    with pytest.raises(ValueError, match=r"absent must have one value for each joint, \(2, 2\), got shape \(2,\)"):
        to_supervision(decoded, transforms, absent=[True, False])


def test_without_supervision_one_sentence_says_what_to_install(monkeypatch, transforms):
    monkeypatch.setitem(sys.modules, "supervision", None)
    with pytest.raises(ModuleNotFoundError, match=r"^supervision is not installed: pip install supervision$"):
        to_supervision(decode(encode(JOINTS, SIZE, 2.0)), transforms[0])


def test_its_annotators_draw_what_they_are_given(transforms):
    # 1 photo px² in x and 25 in y, at (60, 40) of a black photo: the ellipse of 2 sigma is 2 px wide and 10 high.
    sv = pytest.importorskip("supervision", reason="needs supervision, no dependency")
    assert doctest.testmod(supervision).failed == 0
    decoded = decode(encode([JOINTS], SIZE, 2.0), "gaussian_fit")
    key_points = to_supervision(decoded, transforms[:1])
    key_points.xy[:], key_points.data["covariance"][:] = (60, 40), np.diag([1.0, 25.0])
    scene = np.zeros((80, 120, 3), np.uint8)
    drawn = sv.VertexEllipseAreaAnnotator(sigma=2.0, color=sv.Color.WHITE).annotate(scene, key_points)
    rows, columns = np.nonzero(drawn.any(-1))
    assert (columns.min(), columns.max(), rows.min(), rows.max()) == pytest.approx((58, 62, 30, 50), abs=1)
    assert len(key_points[[0]]) == 1 and key_points[[0]].data["covariance"].shape == (1, 2, 2, 2)
