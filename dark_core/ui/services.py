"""What all visitors share: one network, its readings by content, bounded in number."""

from __future__ import annotations

import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import streamlit as st

from dark_core.codec import decode
from dark_core.pose.estimator import Estimator, Pose
from dark_core.study.cost import Cost, measure

_forward = threading.Semaphore(1)
"""One forward pass at a time: two would only slow each other down."""


@dataclass(frozen=True, eq=False)
class Reading:
    """A pose and what it took: milliseconds of finding the person, of the network, of DARK decoding."""

    pose: Pose
    locate_ms: float
    network_ms: float
    decode_ms: float
    device: str


@st.cache_resource(show_spinner="Loading the network…")
def estimator() -> Estimator:
    return Estimator.load()


@st.cache_resource(max_entries=48, show_spinner="Reading the joints…")
def read(sha256: str, _photo: np.ndarray, box: tuple[float, float, float, float] | None) -> Reading:
    """The pose in ``box`` of a photo, or of the person found in it; remembered by content, not by visitor."""
    network = estimator()
    with _forward:
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
        device_name(network),
    )


@st.cache_resource(show_spinner=False)
def costs(sizes: tuple[int, ...]) -> Future[list[Cost]]:
    """What one crop costs at each input size on this machine, measured once for all visitors, in the background."""
    network = estimator()

    def measured() -> list[Cost]:
        found = []
        for size in sizes:
            with _forward:  # a size at a time, so that nobody waits long
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
