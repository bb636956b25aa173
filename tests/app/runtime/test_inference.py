"""What visitors share: the queue says the place, who gave up harms nobody, damage and a lost cluster are said."""

import threading
from concurrent.futures import CancelledError
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from dark_core.app.runtime import inference
from dark_core.app.runtime.fair_queue import Queue
from dark_core.files.scenes import load_scenes
from dark_core.pose.weights import WeightsError

ROOT = Path(__file__).parents[3]


class Waiting:
    """A job with ``ahead`` jobs before it, one fewer at each look."""

    def __init__(self, ahead: int):
        self.ahead = ahead

    def done(self, seconds: float) -> bool:
        self.ahead -= 1
        return self.ahead < 0


class Place:
    """Stands for st.empty(): what was shown there, one after the other."""

    def __init__(self, monkeypatch):
        self.said = []
        monkeypatch.setattr(st, "empty", lambda: self)

    def info(self, text: str, icon: str) -> None:
        self.said.append(text.removeprefix("Finding the joints: "))

    def empty(self) -> None:
        self.said.append("")


def test_the_position_in_the_queue_is_shown_and_removed(monkeypatch):
    place = Place(monkeypatch)
    inference._show_position(Waiting(3))
    assert place.said == ["2 photos before yours.", "1 photo before yours.", "it is your turn.", ""]


def test_a_visitor_served_at_once_sees_no_position(monkeypatch):
    place = Place(monkeypatch)
    inference._show_position(Waiting(0))
    assert place.said == []


@pytest.fixture
def jobs():
    """A cached function that puts ``work[name]()`` into a queue of one worker, held until ``jobs.go`` is set."""
    queue = Queue(1)
    go = threading.Event()

    @st.cache_resource(show_spinner=False)
    def jobs(name: str):
        return queue.put(name, lambda: jobs.work[name]())

    jobs.work, jobs.go, jobs.queue = {}, go, queue
    queue.put("nobody", lambda: go.wait(10))
    yield jobs
    go.set()
    jobs.clear()


def test_a_prediction_that_another_visitor_gave_up_is_put_anew(jobs):
    jobs.work["scene"] = lambda: "read"
    given_up = jobs("scene")
    jobs.queue.put("scene", lambda: "something else")  # the visitor who began it asks for another
    jobs.go.set()
    assert inference.await_turn(jobs, "scene") == "read"
    with pytest.raises(CancelledError):
        given_up.result()


def test_a_prediction_that_failed_is_tried_again_at_the_next_request(jobs):
    jobs.go.set()
    jobs.work["scene"] = lambda: 1 / 0
    with pytest.raises(ZeroDivisionError):
        inference.await_turn(jobs, "scene")
    jobs.work["scene"] = lambda: "read"
    assert inference.await_turn(jobs, "scene") == "read"


@pytest.fixture
def anew():
    """Services that have read nothing yet, and are forgotten afterwards."""
    shared = (inference._estimator, inference.detector, inference.network, inference.queue, inference._prediction)
    for one in shared:
        one.clear()
    yield
    for one in shared:
        one.clear()


def test_a_missing_cluster_is_reported_and_this_machine_predicts(anew, monkeypatch):
    monkeypatch.setenv(inference.CLUSTER, "http://127.0.0.1:9")
    scene = load_scenes()["standing"]
    prediction = inference.predict("cluster test", scene.photo, scene.box)
    assert prediction.person(0).has_person
    assert prediction.device.startswith("CPU (cluster at 127.0.0.1:9 failed: ")


def test_damaged_weights_are_said_in_one_sentence(anew, monkeypatch):
    def damaged():
        raise WeightsError("default.safetensors does not match the SHA-256 on its card")

    monkeypatch.setattr(inference.Estimator, "load", damaged)
    page = AppTest.from_file(ROOT / "app.py", default_timeout=60).run()
    assert not page.exception
    assert [one.value for one in page.error] == [
        "The network cannot be used: default.safetensors does not match the SHA-256 on its card. "
        "Copy the folder assets/models anew, then start the app again."
    ]


def test_crops_of_one_photo_give_the_same_heatmaps_through_the_queue(anew):
    scene = load_scenes()["runner"]
    alone = inference.estimator().predict(scene.photo, scene.box)
    queued = inference.predict("queue test", scene.photo, scene.box).person(0)
    np.testing.assert_array_equal(queued.heatmaps, alone.heatmaps)


def test_two_exports_of_one_visitor_both_come_to_an_end(monkeypatch):
    """They take each other's place in the queue, and stand in line again."""
    queue, done, go = Queue(1), [], threading.Event()
    monkeypatch.setattr(inference, "queue", lambda: queue)
    blocker, in_turn = queue.put("somebody else", lambda: go.wait(20)), inference.turns("clip")
    exports = [
        threading.Thread(target=lambda k=k: [in_turn(lambda: done.append(k)) for _ in range(3)]) for k in range(2)
    ]
    for one in exports:
        one.start()
    go.set()
    for one in exports:
        one.join(20)
    assert blocker.done(20) and sorted(done) == [0, 0, 0, 1, 1, 1]


def test_other_visitors_come_between_the_batches_of_a_video(monkeypatch):
    """One worker: a photo that comes while a batch runs is next, and the video's second batch goes behind it."""
    queue, order, running, go = Queue(1), [], threading.Event(), threading.Event()

    def forward(crops):
        order.append("batch")
        running.set()
        assert go.wait(20)
        return np.zeros((len(crops), 14, 8, 8), np.float32)

    monkeypatch.setattr(inference, "queue", lambda: queue)
    monkeypatch.setattr(inference, "network", lambda: SimpleNamespace(forward=forward))
    monkeypatch.setattr(inference, "detector", lambda: SimpleNamespace(find=lambda photo: []))
    monkeypatch.setattr(inference, "estimator", lambda: SimpleNamespace(model=SimpleNamespace(size=32)))
    predictor, crops = inference.video_predictor(), np.zeros((2, 32, 32, 3), np.uint8)
    video = threading.Thread(target=lambda: [predictor.forward_flipped(crops) for _ in range(2)])
    video.start()
    assert running.wait(20)
    photo = queue.put("somebody else", lambda: order.append("photo"))
    second = queue.put("visitor of the video", lambda: order.append("own photo"))
    go.set()
    video.join(20)
    assert photo.done(20) and second.done(20)
    assert order == ["batch", "photo", "own photo", "batch"]
