"""Joints as FiftyOne takes them: with FiftyOne where it is installed, and with a stand-in for its two classes.

FiftyOne brings a database server and is no dependency, so that CI tests the conversion on the stand-in.
"""

import sys
from types import SimpleNamespace

import numpy as np
import pytest

from dark_core.adapters import to_fiftyone
from dark_core.codec import decode, encode
from dark_core.pose.crop_transform import CropTransform

SIZE = (48, 64)
PHOTO = (400, 300)
TRANSFORM = CropTransform.from_box((100, 50, 292, 306), (192, 256))
"""One heatmap px is 4 photo px; the box reaches 6 px below the photo."""


@pytest.fixture(params=["fiftyone", "stand-in"])
def package(request, monkeypatch):
    """FiftyOne itself, and a module whose classes only keep what they are given."""
    if request.param == "fiftyone":
        return pytest.importorskip("fiftyone", reason="needs fiftyone, no dependency", exc_type=ImportError)
    stand_in = SimpleNamespace(Keypoint=SimpleNamespace, Keypoints=SimpleNamespace)
    monkeypatch.setitem(sys.modules, "fiftyone", stand_in)
    return stand_in


def test_points_are_shares_of_the_photo_from_its_edges(package):
    # Heatmap px (0, 0) has its center at (2, 2) px in the box, (102, 52) from the photo's edges.
    found = to_fiftyone(decode(encode([[0, 0], [20, 30]], SIZE, 2.0), "argmax"), TRANSFORM, PHOTO)
    assert isinstance(found, package.Keypoints)
    (person,) = found.keypoints
    assert isinstance(person, package.Keypoint) and person.label == "person" and isinstance(person.points[0], tuple)
    np.testing.assert_allclose(person.points, [[102 / 400, 52 / 300], [182 / 400, 172 / 300]], rtol=1e-9)
    assert person.confidence == [1, 1]


def test_absent_joints_and_those_outside_the_photo_are_nan(package):
    # The last row's center lies 254 px below the box's top, 304 px below that of a photo of 300.
    heatmaps = encode([[20, 63], [20, 30], [20, 62]], SIZE, 2.0)
    (person,) = to_fiftyone(decode(heatmaps, "argmax"), [TRANSFORM], PHOTO, absent=[False, True, False]).keypoints
    assert np.isnan(person.points).tolist() == [[True, True], [True, True], [False, False]]


def test_every_person_has_a_keypoint_and_confidences_stay_within_0_and_1(package):
    heatmaps = encode([[[20, 30]], [[20, 30]], [[20, 30]]], SIZE, 2.0) * [[[[1.2]]], [[[0.5]]], [[[np.nan]]]]
    people = to_fiftyone(decode(heatmaps, "argmax"), [TRANSFORM] * 3, PHOTO, label="dancer").keypoints
    assert [person.confidence for person in people] == [[1.0], [0.5], [0.0]]
    assert {person.label for person in people} == {"dancer"}
    assert to_fiftyone(decode(np.zeros((0, 1, 64, 48))), [], PHOTO).keypoints == []


def test_without_fiftyone_one_sentence_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "fiftyone", None)
    with pytest.raises(ModuleNotFoundError, match=r"^fiftyone is not installed: pip install fiftyone$"):
        to_fiftyone(decode(encode([[20, 30]], SIZE, 2.0)), TRANSFORM, PHOTO)
