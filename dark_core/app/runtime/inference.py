"""What all visitors share: one network with its queue, and what it read lately, bounded in number."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

import numpy as np
import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dark_core.app.runtime.fair_queue import Job, Queue
from dark_core.benchmarks.flops import Cost, measure
from dark_core.cluster.remote import CLUSTER, Remote
from dark_core.codec import decode
from dark_core.pose.batching import Batcher
from dark_core.pose.estimator import Estimator, Heatmaps, Pose, PosePredictor
from dark_core.pose.fallback import Fallback
from dark_core.pose.weights import WeightsError

T = TypeVar("T")

WORKERS = 4
"""Jobs at a time: enough to crop one photo while another is read, and for their crops to share a batch."""
CLUSTER_WORKERS = 16
"""Jobs at a time where a cluster reads: its replicas work side by side."""
CLUSTER_TIMEOUT = 10.0
"""Seconds that a cluster may take for one batch before this machine reads it."""
PATIENCE = 0.4
"""Seconds that a visitor waits before the place in the queue is shown, and between two looks at it."""

one_pass = threading.Semaphore(1)
"""One forward pass at a time on this machine: two would only slow each other down."""


@dataclass(frozen=True, eq=False)
class Reading:
    """A pose and what it took: milliseconds of finding the person, of the network, of DARK decoding."""

    pose: Pose
    locate_ms: float
    network_ms: float
    decode_ms: float
    device: str


def estimator() -> Estimator:
    """The default network on this machine's best device; a page whose network is damaged says so and ends here."""
    try:
        return _estimator()
    except WeightsError as error:
        st.error(
            f"The network cannot be used: {error}. Copy the folder assets/models anew, then start the app again.",
            icon=":material/broken_image:",
        )
        st.stop()


@st.cache_resource(show_spinner="Loading the network…")
def _estimator() -> Estimator:
    return Estimator.load()


@st.cache_resource(show_spinner=False)
def places() -> Fallback:
    """Where the default network runs: the cluster if there is one, this machine's best device, its CPU."""
    here = _estimator()
    found = [(device_name(here), _in_batches(here.forward))]
    if url := os.environ.get(CLUSTER):
        remote = Remote(url, here.model.card["sha256"], CLUSTER_TIMEOUT)
        found.insert(0, (remote.device, remote.forward))
    if here.device.type != "cpu":
        on_cpu = cache(lambda: Estimator.load(device="cpu"))
        found.append(("CPU", _in_batches(lambda crops: on_cpu().forward(crops))))
    return Fallback(found)


def _in_batches(forward: Heatmaps) -> Heatmaps:
    def alone(crops: np.ndarray) -> np.ndarray:
        with one_pass:
            return forward(crops)

    return Batcher(alone).forward


@st.cache_resource(show_spinner=False)
def queue() -> Queue:
    """The queue before ``places``."""
    return Queue(CLUSTER_WORKERS if os.environ.get(CLUSTER) else WORKERS)


def read(sha256: str, photo: np.ndarray, box: tuple[float, float, float, float] | None) -> Reading:
    """The pose in ``box`` of a photo, or of the person found in it; remembered by content, not by visitor."""
    estimator()
    return await_turn(_reading, sha256, photo, box)


@st.cache_resource(max_entries=128, show_spinner=False)
def _reading(sha256: str, _photo: np.ndarray, box: tuple[float, float, float, float] | None) -> Job[Reading]:
    network = PosePredictor(_estimator().model, places().forward)

    def work() -> Reading:
        start = time.perf_counter()
        where = network.locate(_photo) if box is None else box
        located = time.perf_counter()
        pose = network.predict(_photo, where)
        done = time.perf_counter()
        decode(pose.heatmaps, "dark", pose.sigma)
        decoded = time.perf_counter()
        return Reading(
            pose,
            1000 * (located - start) if box is None else 0.0,
            1000 * (done - located),
            1000 * (decoded - done),
            places().where,
        )

    return queue().put(visitor(), work)


def await_turn(jobs: Callable[..., Job[T]], *key) -> T:
    """The result of ``jobs(*key)``, a cached function that puts work into the queue; the place in it is shown.

    A job that failed, or that whoever put it there has given up, is forgotten, so that the next who asks puts it anew.
    """
    while True:
        job = jobs(*key)
        _show_place(job)
        try:
            return job.result()
        except CancelledError:
            jobs.clear(*key)
        except BaseException:
            jobs.clear(*key)
            raise


def _show_place(job: Job) -> None:
    """Say how many are before this visitor until the job is done; nothing to who waits but a moment."""
    place = st.empty()  # there in every run, or what follows would change its number and be built anew
    if job.done(PATIENCE):
        return
    while True:
        ahead = job.ahead
        before = f"{ahead} {'reading' if ahead == 1 else 'readings'} before yours" if ahead else "it is your turn"
        place.info(f"Reading the joints: {before}.", icon=":material/hourglass_top:")
        if job.done(PATIENCE):
            place.empty()
            return


def visitor() -> str:
    """Who runs this page: one browser tab."""
    context = get_script_run_ctx()
    return context.session_id if context else ""


@st.cache_resource(show_spinner=False)
def costs(sizes: tuple[int, ...]) -> Future[list[Cost]]:
    """What one crop costs at each input size on this machine, measured once for all visitors, in the background."""
    network = estimator()

    def measured() -> list[Cost]:
        found = []
        for size in sizes:
            with one_pass:  # a size at a time, so that nobody waits long
                found += measure(network, [size])
        return found

    pool = ThreadPoolExecutor(1)
    answer = pool.submit(measured)
    pool.shutdown(wait=False)
    return answer


def device_name(network: Estimator) -> str:
    """The device in words, as shown beside the timings."""
    kind = network.device.type
    return {"cuda": "GPU (CUDA)", "mps": "GPU (Apple)"}.get(kind, "CPU")
