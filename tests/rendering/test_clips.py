"""The bundled clips are those of the catalog, in its sizes, and the walk goes on smoothly."""

import json

import numpy as np
import pytest

from dark_core.files.motion.clips import CLIPS as FOLDER
from dark_core.rendering.clips import CLIPS, FPS, FRAMES
from dark_core.rendering.people.figure import JOINT_NAMES


def test_the_bundled_clips_are_those_of_the_catalog():
    assert {path.stem for path in FOLDER.glob("*.webm")} == {clip.scene.name for clip in CLIPS}
    for clip in CLIPS:
        record = json.loads((FOLDER / f"{clip.scene.name}.json").read_text())
        assert (record["width"], record["height"]) == clip.scene.size and record["fps"] == FPS
        assert np.shape(record["joints"]) == (FRAMES, 14, 3) and record["joint_names"] == list(JOINT_NAMES)
        assert record["title"] == clip.scene.title and record["description"] == clip.scene.description


@pytest.mark.parametrize("clip", CLIPS, ids=lambda clip: clip.scene.name)
def test_a_pose_changes_little_from_frame_to_frame(clip):
    def angles(seconds):
        pose = clip.pose(seconds)
        limbs = (pose.right_arm, pose.left_arm, pose.right_leg, pose.left_leg)
        return np.array([value for limb in limbs for value in (limb.lift, limb.bend)])

    steps = np.diff([angles(k / FPS) for k in range(FRAMES)], axis=0)
    assert 0 <= np.abs(steps).max() < 12  # degrees: 34 of the knee in a second, as a sine
