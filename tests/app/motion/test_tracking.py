"""A video in the background: its progress, its end, its cancellation, and what is said where it cannot be used."""

import threading
from types import SimpleNamespace

import numpy as np
import pytest

from dark_core.app.motion import tracking
from dark_core.app.motion.tracking import Tracking
from dark_core.app.text.catalog import read_catalog
from dark_core.codec import CORE_DECODERS
from dark_core.files.motion.videos import video_facts
from dark_core.motion.track import BATCH
from dark_core.pose.crop_transform import CropTransform
from dark_core.pose.skeleton import SKELETON
from tests.files.motion.test_videos import make

TEXT = read_catalog("motion")["own"]


class Network:
    """Finds a person everywhere, or nobody; answers when it is let."""

    model = SimpleNamespace(sigma=2.0)

    def __init__(self, boxes=((8, 4, 88, 60),), fails=False):
        self.boxes, self.fails, self.free, self.batches = list(boxes), fails, threading.Event(), 0
        self.free.set()

    def locate(self, rgb):
        return self.boxes

    def crop_transform(self, box):
        return CropTransform.from_box((8, 0, 72, 64), (128, 128))

    def forward_flipped(self, crops):
        assert self.free.wait(20)
        self.batches += 1
        if self.fails:
            raise RuntimeError("out of memory")
        return self.forward(crops)

    def forward(self, crops):
        heatmaps = np.zeros((len(crops), len(SKELETON), 32, 32))
        heatmaps[:, :, 16, 12] = 1.0
        return heatmaps


@pytest.fixture
def video(tmp_path):
    return make(tmp_path / "a.mp4", frames=2 * BATCH + 3).read_bytes()


def tracked(video: bytes, network: Network) -> Tracking:
    return Tracking("own 1 0.0", video, video_facts(video), 0.0, network)


def test_a_video_becomes_a_footage_without_truth(video):
    found = tracked(video, Network())
    found.join(30)
    assert found.finished and found.complaint == "" and found.done == found.total == 2 * BATCH + 3
    footage = found.footage
    assert (
        footage.own and footage.truth is None and footage.size == (96, 64) and footage.tracks.fps == pytest.approx(12)
    )
    assert len(footage.frames) == len(footage.tracks) == 2 * BATCH + 3
    assert footage.tracks.decoders == CORE_DECODERS
    # Heatmap px (12, 16) of a box that begins at (8, 0), 2 photo px each.
    assert footage.tracks.photo_xy["argmax"][0, 0] == pytest.approx([8 + 12.5 * 2 - 0.5, 16.5 * 2 - 0.5])


def test_the_time_left_is_told_from_the_second_batch_on(video, monkeypatch):
    """The first batch takes 100 s, because networks are loaded and a person is looked for; each further frame 1 s."""
    clock, told = [0.0], []
    monkeypatch.setattr(tracking, "time", SimpleNamespace(monotonic=lambda: clock[0]))

    class Timed(Network):
        def forward_flipped(self, crops):
            told.append(found.seconds_left)
            clock[0] += len(crops) if self.batches else 100
            return super().forward_flipped(crops)

    network = Timed()
    network.free.clear()  # until ``found`` is there
    monkeypatch.setattr(tracking, "PATIENCE", 1000.0)
    monkeypatch.setattr(network, "locate", lambda rgb: network.free.wait(20) and network.boxes)
    found = tracked(video, network)
    network.free.set()
    found.join(30)
    assert told == [None, None, 3] and found.seconds_left == 0


def test_it_stops_after_the_batch_in_which_it_is_cancelled(video):
    network = Network()
    network.free.clear()
    found = tracked(video, network)
    found.cancel()
    assert not found.finished
    network.free.set()
    found.join(30)
    assert found.complaint == TEXT["cancelled"] and found.footage is None and network.batches == 1


def test_it_stops_when_nobody_looks_any_more(video, monkeypatch):
    monkeypatch.setattr(tracking, "PATIENCE", -1.0)
    found = tracked(video, Network())
    found.join(30)
    assert found.complaint == TEXT["cancelled"]


def test_only_so_many_are_tracked_at_a_time(video):
    network = Network()
    network.free.clear()
    first = [tracked(video, network) for _ in range(tracking.SLOTS)]
    last = tracked(video, Network())
    last.join(0.5)
    assert last.waiting and not last.finished
    network.free.set()
    for one in [*first, last]:
        one.join(30)
        assert one.footage is not None


@pytest.mark.parametrize(("network", "said"), [(Network(boxes=()), "nobody"), (Network(fails=True), "failed")])
def test_what_goes_wrong_is_one_sentence(video, network, said):
    found = tracked(video, network)
    found.join(30)
    assert found.complaint == TEXT[said] and found.footage is None


def test_a_video_that_breaks_off_at_once_is_told(video):
    facts = video_facts(video)
    found = Tracking("own 1 0.0", video[:300], facts, 0.0, Network())
    found.join(30)
    assert found.complaint.endswith("; the clip is shown instead.") and found.complaint.count(". ") == 0
