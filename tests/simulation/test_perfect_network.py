"""The heatmaps of a network that makes no error."""

import numpy as np

from dark_core.codec import decode
from dark_core.pose.crop_transform import CropTransform
from dark_core.pose.pose import Pose
from dark_core.simulation import perfect_pose


def pose_of(size: int) -> Pose:
    transform = CropTransform.from_box((10.0, 20.0, 10.0 + 8 * size, 20.0 + 8 * size), (4 * size, 4 * size))
    empty = np.zeros((14, size, size))
    none = np.zeros(14)
    box = (10.0, 20.0, 10.0 + 8 * size, 20.0 + 8 * size)
    return Pose(np.zeros((14, 2)), none, none, ("guess",) * 14, box, box, empty, transform, 2.0, False)


def test_each_heatmap_is_the_gaussian_at_its_joint():
    pose, at = pose_of(32), np.stack([np.linspace(8, 23, 14), np.linspace(22.3, 9.1, 14)], 1)
    found = perfect_pose(pose, pose.transform.to_photo(at))
    y, x = np.mgrid[:32, :32]
    for k, (u, v) in enumerate(at):
        np.testing.assert_allclose(found.heatmaps[k], np.exp(-((x - u) ** 2 + (y - v) ** 2) / 8), atol=1e-12)
    np.testing.assert_allclose(decode(found.heatmaps, "taylor", 2.0).xy, at, atol=1e-9)
    np.testing.assert_allclose(found.xy, pose.transform.to_photo(at), atol=0.01)  # photo px; 8 are one heatmap px
    assert found.joint_status == ("",) * 14 and (found.confidence == 1).all() and found.has_person
    assert not pose.has_person and not pose.heatmaps.any(), "what was given stays as it is"


def test_a_joint_outside_the_heatmap_is_absent():
    pose, at = pose_of(32), np.full((14, 2), 16.0)
    at[3], at[4] = (-0.6, 5.0), (-0.4, 5.0)
    found = perfect_pose(pose, pose.transform.to_photo(at))
    assert found.absent.tolist() == [k == 3 for k in range(14)]
    assert not found.heatmaps[3].any() and np.isnan(found.xy[3]).all() and found.confidence[3] == 0
