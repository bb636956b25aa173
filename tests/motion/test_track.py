"""A person followed through frames, by a network that draws exact heatmaps of a known person."""

from types import SimpleNamespace

import cv2
import numpy as np
import pytest

from dark_core.codec import encode
from dark_core.files.motion.clips import load_clip
from dark_core.files.motion.videos import Frame
from dark_core.motion.track import BATCH, Cancelled, track
from dark_core.pose.crop_transform import CropTransform
from dark_core.pose.estimator import Estimator
from dark_core.pose.skeleton import SKELETON

BODY = np.random.default_rng(0).uniform([-30, -80], [30, 80], (len(SKELETON), 2))


class Perfect:
    """Sees the frame's number in its first pixel, and draws the heatmaps of the person who is there."""

    model = SimpleNamespace(sigma=2.0)

    def __init__(self, truth, visible=lambda k: True, skin=25):
        self.truth, self.visible, self.skin, self.looked, self.transforms = truth, visible, skin, [], []

    def locate(self, rgb):
        k = int(rgb[0, 0, 0])
        self.looked.append(k)
        low, high = self.truth[k].min(0) - self.skin, self.truth[k].max(0) + self.skin  # and the hands
        return [(*low, *high)] if self.visible(k) else []

    def crop_transform(self, box):
        perfect = self
        x0, y0, x1, y1 = box
        half, x, y = max(x1 - x0, y1 - y0) / 2, (x0 + x1) / 2, (y0 + y1) / 2
        plain = CropTransform.from_box((x - half, y - half, x + half, y + half), (128, 128))

        class Marked(CropTransform):
            def crop(self, photo):
                perfect.transforms.append((int(photo[0, 0, 0]), plain))
                return np.zeros((128, 128, 3), np.uint8)

        return Marked(plain.matrix, plain.size)

    def forward_flipped(self, crops):
        maps = []
        for k, transform in self.transforms[-len(crops) :]:
            maps.append(encode(transform.to_heatmap(self.truth[k]), (32, 32), 2.0) * self.visible(k))
        return np.stack(maps)

    forward = forward_flipped


def frames(count):
    return (Frame(np.full((8, 8, 3), k, np.uint8), k / 10) for k in range(count))


def truth(count, speed):
    return BODY + [200, 200] + np.arange(count)[:, None, None] * [speed, 0.0]


@pytest.mark.parametrize("speed, boxes", [(0.0, 1), (3.0, 3)])
def test_the_track_is_the_truth_and_the_box_moves_only_when_it_must(speed, boxes):
    xy = truth(40, speed)
    network = Perfect(xy)
    found = track(frames(40), network, ["argmax", "dark"])
    assert found.photo_xy["dark"] == pytest.approx(xy, abs=0.05 * found.scale)  # at 3 px from the heatmap's edge
    assert np.abs(found.photo_xy["argmax"] - xy).max() > 1
    assert network.looked == [0] and found.seconds == pytest.approx(np.arange(40) / 10)
    used = {tuple(one.matrix.ravel()) for _, one in network.transforms}
    assert len(used) == 1 if boxes == 1 else boxes <= len(used) <= 5


def test_a_box_with_joints_at_its_edge_is_laid_anew_before_the_first_batch():
    network = Perfect(truth(20, 0.0), skin=0)
    track(frames(20), network, ["dark"])
    first, *others = [tuple(one.matrix.ravel()) for _, one in network.transforms]
    assert len(set(others)) == 1 and first != others[0]


def test_positions_are_px_of_the_video_where_frames_are_reduced():
    clip, predictor = load_clip("stand"), Estimator.load(device="cpu")
    small = cv2.resize(clip.frames[0], (200, 260), interpolation=cv2.INTER_AREA)
    plain, reduced = track([Frame(small, 0.0)], predictor), track([Frame(small, 0.0, (2.0, 2.0))], predictor)
    for name in plain.decoders:
        assert reduced.photo_xy[name] == pytest.approx(2 * (plain.photo_xy[name] + 0.5) - 0.5, abs=0.02)
        assert reduced.heatmap_xy[name] == pytest.approx(plain.heatmap_xy[name], abs=0.002)
    assert reduced.scale == pytest.approx(2 * plain.scale)


def test_a_person_who_is_lost_is_looked_for_again():
    network = Perfect(truth(40, 0.5), lambda k: not 10 <= k < 20)
    found = track(frames(40), network, ["dark"])
    lost = np.isnan(found.photo_xy["dark"]).all((1, 2))
    assert lost[10:20].all() and not lost[:10].any() and not lost[24:].any()
    assert len(network.looked) > 1


def test_nobody_gives_a_track_of_nothing():
    found = track(frames(5), Perfect(truth(5, 0), lambda k: False), ["dark"])
    assert np.isnan(found.photo_xy["dark"]).all() and len(found) == 5


def test_progress_is_told_and_can_cancel():
    told = []
    track(frames(20), Perfect(truth(20, 0)), ["dark"], told.append)
    assert told == [BATCH, 2 * BATCH, 20]
    with pytest.raises(Cancelled):
        track(frames(20), Perfect(truth(20, 0)), ["dark"], lambda done: done < 2 * BATCH)
    with pytest.raises(ValueError, match="at least one frame"):
        track([], Perfect(truth(1, 0)))


def test_the_bundled_network_follows_the_still_stance():
    clip = load_clip("stand")
    some = [Frame(rgb, seconds) for rgb, seconds in zip(clip.frames[:4], clip.seconds)]
    found = track(some, Estimator.load(device="cpu"), ["dark"])
    error = np.linalg.norm(found.photo_xy["dark"] - clip.joints[:4], axis=-1)
    assert np.median(error) < 0.02 * clip.frames.shape[1]
