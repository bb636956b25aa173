"""The bundled clips: pictures and truth agree, move as they say, and stay small."""

import cv2
import numpy as np
import pytest

from dark_core.files.motion.clips import CLIPS, clip_names, load_clip

each = pytest.mark.parametrize("name", clip_names())


def test_there_are_three_clips_of_at_most_four_megabytes():
    assert clip_names() == ("stand", "walk", "wave")
    assert sum(path.stat().st_size for path in CLIPS.iterdir()) <= 4_000_000


@each
def test_a_clip_has_the_joints_of_four_seconds_in_its_picture(name):
    clip = load_clip(name)
    assert clip.frames.shape[0] == 48 and clip.fps == 12 and clip.seconds[-1] == 47 / 12
    assert clip.joints.shape == (48, 14, 2) and clip.visible.shape == (48, 14)
    assert (clip.joints > 0).all() and (clip.joints < np.array(clip.frames.shape[2:0:-1]) - 1).all()
    assert clip.title[0].isupper() and clip.description.endswith(".")


@each
def test_no_joint_jumps(name):
    """People move by less than a tenth of their height in a twelfth of a second."""
    joints = load_clip(name).joints
    assert np.linalg.norm(np.diff(joints, axis=0), axis=-1).max() < 0.1 * np.ptp(joints[0, :, 1])


@each
def test_the_picture_moves_with_the_joints(name):
    """The patch around a seen joint, found again by matching in the next frame, has moved as the joint has."""
    clip = load_clip(name)
    gray = [cv2.cvtColor(one, cv2.COLOR_RGB2GRAY) for one in clip.frames]
    misses = []
    for t in range(0, 45, 6):
        for k in np.flatnonzero(clip.visible[t] & clip.visible[t + 1]):
            x, y = np.round(clip.joints[t, k]).astype(int)
            patch, search = gray[t][y - 10 : y + 11, x - 10 : x + 11], gray[t + 1][y - 28 : y + 29, x - 28 : x + 29]
            if patch.shape != (21, 21) or search.shape != (57, 57):
                continue
            found = cv2.minMaxLoc(cv2.matchTemplate(search, patch, cv2.TM_CCOEFF_NORMED))[3]
            moved = clip.joints[t + 1, k] - clip.joints[t, k]
            misses.append(np.linalg.norm(np.array(found) - 18 - moved))
    assert len(misses) > 20 and np.median(misses) < 1.5


def test_only_the_still_stance_is_still():
    most = {name: np.ptp(load_clip(name).joints, axis=0).max() for name in clip_names()}
    assert most["stand"] < 8 < 20 < most["wave"] and most["walk"] > 200


def test_an_unknown_clip_is_refused():
    with pytest.raises(KeyError, match="choose one of"):
        load_clip("dance")
