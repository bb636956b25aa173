"""The codec of MMPose: with MMPose where it is installed, and with a stand-in for its registry and base class.

MMPose brings OpenCV in another build and packages that are no longer built, and is no dependency, so that CI tests the
codec on the stand-in.
"""

import importlib
import sys
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest

from dark_core.codec import encode

MODULE = "dark_core.adapters.mmpose_codec"
INPUT, HEATMAP = (192, 256), (48, 64)
KEYPOINTS = np.random.default_rng(0).uniform([30, 30], [160, 220], (1, 17, 2))
"""(1, 17, 2) input px, away from the edges."""


class Registry(dict):
    """As much of MMEngine's registry as a codec is registered and built with."""

    def register_module(self):
        return lambda made: self.setdefault(made.__name__, made)

    def build(self, options):
        return self[options["type"]](**{name: value for name, value in options.items() if name != "type"})


@pytest.fixture(params=["mmpose", "stand-in"])
def build(request, monkeypatch):
    """A function that builds a codec as MMPose does, from its type and options."""
    if request.param == "mmpose":
        registry = pytest.importorskip("mmpose.registry", reason="needs mmpose, no dependency").KEYPOINT_CODECS
        if "DarkHeatmap" not in registry:
            importlib.import_module(MODULE)
    else:
        registry = Registry()
        monkeypatch.setitem(sys.modules, "mmpose", ModuleType("mmpose"))
        monkeypatch.setitem(sys.modules, "mmpose.codecs", ModuleType("mmpose.codecs"))
        monkeypatch.setitem(sys.modules, "mmpose.codecs.base", SimpleNamespace(BaseKeypointCodec=object))
        monkeypatch.setitem(sys.modules, "mmpose.registry", SimpleNamespace(KEYPOINT_CODECS=registry))
        monkeypatch.delitem(sys.modules, MODULE, raising=False)
        importlib.import_module(MODULE)
        monkeypatch.delitem(sys.modules, MODULE)
    options = {"type": "DarkHeatmap", "input_size": INPUT, "heatmap_size": HEATMAP, "sigma": 2.0}
    return lambda **more: registry.build({**options, **more})


@pytest.mark.parametrize("convention, factor", [("size_ratio", 1), ("half_pixel", 1), ("size_minus_one", (192, 256))])
def test_what_is_encoded_is_decoded(build, convention, factor):
    codec = build(convention=convention, decoder="dark")
    encoded = codec.encode(KEYPOINTS)
    assert encoded["heatmaps"].shape == (17, 64, 48) and encoded["heatmaps"].dtype == np.float32
    assert encoded["keypoint_weights"].shape == (1, 17) and (encoded["keypoint_weights"] == 1).all()
    xy, score = codec.decode(encoded["heatmaps"])
    # MMPose takes input px for shares of the width, w; in this convention they are shares of w - 1.
    wanted = KEYPOINTS * np.divide(factor, np.subtract(factor, 1)) if factor != 1 else KEYPOINTS
    np.testing.assert_allclose(xy, wanted, atol=4e-3)
    np.testing.assert_array_equal(score, encoded["heatmaps"].max((1, 2))[None])


def test_the_gaussian_stands_at_the_joint_in_heatmap_px(build):
    heatmaps = build().encode(np.array([[[81.2, 126.8]]]))["heatmaps"]
    np.testing.assert_allclose(heatmaps, encode([[20.3, 31.7]], HEATMAP, 2.0), atol=1e-7)


def test_unlabeled_and_far_joints_have_neither_target_nor_weight(build):
    # σ 2 at stride 4: three sigmas are 24 input px, and the last pixel's center lies at 188.
    keypoints = np.array([[[90, 90], [90, 90], [211.9, 90], [212.1, 90], [-24.1, 90]]], dtype=np.float64)
    encoded = build().encode(keypoints, np.array([[1, 0, 1, 1, 1]], np.float32))
    assert encoded["keypoint_weights"].tolist() == [[1, 0, 1, 0, 0]]
    assert [bool(heatmap.any()) for heatmap in encoded["heatmaps"]] == [True, False, True, False, False]


def test_its_decoder_is_the_one_that_was_asked_for(build):
    heatmaps = encode([[20.3, 31.7]], HEATMAP, 2.0)
    assert build(decoder="argmax").decode(heatmaps)[0].tolist() == [[[80, 128]]]
    np.testing.assert_allclose(build(decoder="gaussian_fit").decode(heatmaps)[0], [[[81.2, 126.8]]], atol=1e-3)


@pytest.mark.parametrize(
    "options, message",
    [
        ({"decoder": "none"}, "unknown decoder 'none'"),
        ({"sigma": 0}, "sigma must be a positive number"),
        ({"convention": "none"}, "unknown convention 'none': expected one of half_pixel, size_ratio"),
    ],
)
def test_a_wrong_option_is_told_before_the_training(build, options, message):
    with pytest.raises(ValueError, match=message):
        build(**options)


def test_two_people_at_a_time_are_refused(build):
    with pytest.raises(ValueError, match=r"one person at a time, got keypoints of shape \(2, 17, 2\)"):
        build().encode(np.repeat(KEYPOINTS, 2, 0))


def test_without_mmpose_one_sentence_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "mmpose", None)
    monkeypatch.delitem(sys.modules, MODULE, raising=False)
    for name in [name for name in sys.modules if name.startswith("mmpose.")]:
        monkeypatch.delitem(sys.modules, name)
    with pytest.raises(ModuleNotFoundError, match=r"^mmpose is not installed: pip install mmpose$"):
        importlib.import_module(MODULE)


# Beside MMPose's own codecs


@pytest.fixture
def codecs():
    return pytest.importorskip("mmpose.codecs", reason="needs mmpose, no dependency")


@pytest.mark.parametrize("build", ["mmpose"], indirect=True)
def test_its_targets_are_those_of_dark_in_mmpose(build, codecs):
    keypoints = np.concatenate([KEYPOINTS, [[[-5, 30], [400, 90]]]], 1)
    visible = np.ones((1, 19), np.float32)
    visible[0, :3] = 0
    wanted = codecs.MSRAHeatmap(INPUT, HEATMAP, 2.0, unbiased=True).encode(keypoints, visible)
    found = build().encode(keypoints, visible)
    assert set(found) == set(wanted)
    np.testing.assert_array_equal(found["keypoint_weights"], wanted["keypoint_weights"])
    np.testing.assert_allclose(found["heatmaps"], wanted["heatmaps"], atol=1e-6)


@pytest.mark.parametrize("build", ["mmpose"], indirect=True)
@pytest.mark.parametrize("name, convention", [("MSRAHeatmap", "size_ratio"), ("UDPHeatmap", "size_minus_one")])
def test_it_decodes_to_the_input_px_of_mmposes_codecs(build, codecs, name, convention):
    # A joint on a pixel has no sub-pixel part, so that only the convention counts.
    heatmaps = encode([[5, 7], [40, 55]], HEATMAP, 2.0)
    xy, _ = getattr(codecs, name)(INPUT, HEATMAP, sigma=2.0).decode(heatmaps)
    # MSRAHeatmap shifts by a quarter of a heatmap px, or 1 input px, where two sides are equal but for rounding.
    quarter = 1.0 if name == "MSRAHeatmap" else 0.0
    np.testing.assert_allclose(build(convention=convention).decode(heatmaps)[0], xy, atol=quarter + 1e-2)
