"""What all visitors share: one network behind a fair queue, and its recent predictions, bounded in number."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol, TypeVar

import numpy as np
import streamlit as st

from dark_core.app.runtime.fair_queue import Job, Queue
from dark_core.app.runtime.streamlit_patches import session_id
from dark_core.app.text.catalog import read_catalog
from dark_core.benchmarks.flops import Cost, fitted, measure
from dark_core.cluster.remote import CLUSTER, Remote
from dark_core.codec import decode
from dark_core.files.scenes import load_scenes
from dark_core.pose.batching import Batcher
from dark_core.pose.detector import Box, Detector, Forward
from dark_core.pose.device import NetworkOnDevice
from dark_core.pose.estimator import DETECTOR, Estimator
from dark_core.pose.fallback import Fallback
from dark_core.pose.pose import Pose
from dark_core.pose.predictor import PosePredictor
from dark_core.pose.weights import WeightsError, load_model

TEXT = read_catalog("runtime")["network"]

T = TypeVar("T")

WORKERS = 4
"""Jobs at a time: enough to crop one photo while the network runs on another, and for crops to share a batch."""
CLUSTER_WORKERS = 16
"""Jobs at a time where a cluster runs the network: its replicas work side by side."""
CLUSTER_TIMEOUT = 10.0
"""Seconds that a cluster may take for one batch before this machine runs it."""
PATIENCE = 0.4
"""Seconds before a visitor sees the position in the queue, and between two updates of it."""

TAKEN = 0.05
"""Seconds after which work whose place in the queue was taken stands in line again."""

one_pass = threading.Semaphore(1)
"""One forward pass at a time on this machine: two would only slow each other down."""


@dataclass(frozen=True, eq=False)
class Prediction:
    """Everyone's pose, the largest person first, and what it took.

    poses: at least one, that of the whole photo where nobody is found; locate_ms: of finding the people, 0 where a box
    was given; network_ms, decode_ms: of the network and of DARK decoding for all of them; device: in words.
    """

    poses: tuple[Pose, ...]
    locate_ms: float
    network_ms: float
    decode_ms: float
    device: str

    def person(self, number: int) -> Pose:
        """The pose of person ``number``, counted from 0; the last one where there are fewer."""
        return self.poses[min(number, len(self.poses) - 1)]


def estimator() -> Estimator:
    """The default network on this machine's best device. A page whose network is damaged shows an error and stops."""
    try:
        detector()
        return _estimator()
    except WeightsError as error:
        st.error(TEXT["broken"].format(error=error), icon=":material/broken_image:")
        st.stop()


@st.cache_resource(show_spinner=TEXT["loading"])
def _estimator() -> Estimator:
    return Estimator.load()


@st.cache_resource(show_spinner=False)
def network() -> Fallback:
    """The default network on the cluster if there is one, else on this machine's best device, else on its CPU."""
    local = _estimator()
    devices = [(device_name(local), _in_batches(local.forward))]
    if url := os.environ.get(CLUSTER):
        remote = Remote(url, local.model.card["sha256"], CLUSTER_TIMEOUT)
        devices.insert(0, (remote.device, remote.forward))
    if local.device.type != "cpu":
        on_cpu = cache(lambda: Estimator.load(device="cpu"))
        devices.append((TEXT["devices"]["cpu"], _in_batches(lambda crops: on_cpu().forward(crops))))
    return Fallback(devices)


@st.cache_resource(show_spinner=False)
def detector() -> Detector:
    """The person detector on this machine's best device, for all visitors."""
    model = load_model(DETECTOR)
    return Detector(model, _in_batches(NetworkOnDevice(model.network).forward))


def _in_batches(forward: Forward) -> Forward:
    def one_at_a_time(crops: np.ndarray) -> np.ndarray:
        with one_pass:
            return forward(crops)

    return Batcher(one_at_a_time).forward


@st.cache_resource(show_spinner=False)
def queue() -> Queue:
    """The queue before ``network``."""
    return Queue(CLUSTER_WORKERS if os.environ.get(CLUSTER) else WORKERS)


def shared_predictor() -> PosePredictor:
    """What all visitors share to find people and joints, for work in ``queue``."""
    return PosePredictor(_estimator().model, network().forward, detector().find)


def predict(sha256: str, photo: np.ndarray, box: Box | None) -> Prediction:
    """The pose in ``box`` of a photo, or of everyone found in it; cached by content, not by visitor."""
    estimator()
    return await_turn(_prediction, sha256, photo, box)


@st.cache_resource(max_entries=128, show_spinner=False)
def _prediction(sha256: str, _photo: np.ndarray, box: Box | None) -> Job[Prediction]:
    predictor = shared_predictor()

    def work() -> Prediction:
        start = time.perf_counter()
        boxes = predictor.locate(_photo) if box is None else []
        located = time.perf_counter()
        if box is None:
            poses = predictor.predict_found(_photo, boxes) or [predictor.predict_nobody(_photo)]
        else:
            poses = predictor.predict_boxes(_photo, [box])
        done = time.perf_counter()
        decode(np.stack([pose.heatmaps for pose in poses]), "dark", poses[0].sigma)
        decoded = time.perf_counter()
        return Prediction(
            tuple(poses),
            1000 * (located - start) if box is None else 0.0,
            1000 * (done - located),
            1000 * (decoded - done),
            network().device,
        )

    return queue().put(session_id(), work)


def predict_scenes() -> dict[str, Pose]:
    """The pose in the box of every bundled scene, by the scene's name; found once for all visitors."""
    estimator()
    return await_turn(_scene_poses)


@st.cache_resource(max_entries=1, show_spinner=False)
def _scene_poses() -> Job[dict[str, Pose]]:
    predictor = shared_predictor()

    def work() -> dict[str, Pose]:
        return {name: predictor.predict_boxes(scene.photo, [scene.box])[0] for name, scene in load_scenes().items()}

    return queue().put(session_id(), work)


def video_predictor() -> PosePredictor:
    """A predictor for this visitor's video: each batch of its frames waits for its turn, so that others come between.

    A video counts as a visitor of its own, so that it neither replaces the visitor's photo in the queue nor is replaced
    by it.
    """
    model, in_turn = estimator().model, turns("video")
    forward, find = network().forward, detector().find
    return PosePredictor(
        model, lambda crops: in_turn(lambda: forward(crops)), lambda photo: in_turn(lambda: find(photo))
    )


class InTurn(Protocol):
    """Runs work in the queue when it is its turn, and returns what it returns."""

    def __call__(self, work: Callable[[], T]) -> T: ...


def turns(kind: str) -> InTurn:
    """What runs one ``kind`` of this visitor's long work, a piece at a time, so that others come between the pieces.

    Each kind counts as a visitor of its own in the queue.
    """
    line, visitor = queue(), (session_id(), kind)

    def in_turn(work: Callable[[], T]) -> T:
        while True:
            try:
                return line.put(visitor, work).result()
            except CancelledError:  # the same visitor wants more of this kind, which took this one's place in the queue
                time.sleep(TAKEN)

    return in_turn


class Jobs(Protocol[T]):
    """A function, cached by Streamlit, that puts a job into the queue."""

    def __call__(self, *key: Any) -> Job[T]: ...

    def clear(self, *key: Any) -> None: ...


def await_turn(jobs: Jobs[T], *key: Any) -> T:
    """The result of ``jobs(*key)``, a cached function that puts work into the queue; shows the position in it.

    A job that failed, or that its visitor has given up, is removed from the cache: the next request starts anew.
    """
    while True:
        job = jobs(*key)
        _show_position(job)
        try:
            return job.result()
        except CancelledError:
            jobs.clear(*key)
        except BaseException:
            jobs.clear(*key)
            raise


def _show_position(job: Job) -> None:
    """Show how many jobs are before this visitor's until it is done; nothing where it is done within a moment."""
    slot = st.empty()  # in every run, or the elements after it would change their number and be built anew
    if job.done(PATIENCE):
        return
    while True:
        ahead = job.ahead
        said = TEXT["turn" if not ahead else "before_one" if ahead == 1 else "before"]
        slot.info(said.format(count=ahead), icon=":material/hourglass_top:")
        if job.done(PATIENCE):
            slot.empty()
            return


@st.cache_resource(show_spinner=False)
def costs(sizes: tuple[int, ...]) -> Future[list[Cost]]:
    """The cost of one crop of the default network at each input size, measured once for all visitors."""
    return measure_costs({size: estimator() for size in sizes})


def measure_costs(networks: dict[int, Estimator]) -> Future[list[Cost]]:
    """The cost of one crop on this machine, measured in the background.

    networks: input size -> network, in order of size.
    """

    def measured() -> list[Cost]:
        found = []
        for size, network in networks.items():
            with one_pass:  # a size at a time, so that nobody waits long
                found += measure(network, [size])
        return fitted(found)

    pool = ThreadPoolExecutor(1)
    answer = pool.submit(measured)
    pool.shutdown(wait=False)
    return answer


@st.fragment(run_every=1.0)
def wait_for_costs(measuring: Future[list[Cost]]) -> None:
    """Look once a second whether the costs are measured, and then run the page that shows them."""
    if measuring.done():
        st.rerun()
    st.caption(TEXT["measuring"])


def device_name(network: Estimator) -> str:
    """The device in words, as shown beside the timings."""
    devices = TEXT["devices"]
    return devices.get(network.device.type, devices["cpu"])
