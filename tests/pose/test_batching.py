"""Batches: everybody is answered with their own, those who wait share one, and a failure ends with its batch."""

import threading
import time

import numpy as np
import pytest

from dark_core.pose.batching import Batcher


class Network:
    """Answers each crop with its first value, and remembers its batches; waits where it is told to."""

    def __init__(self):
        self.batches, self.busy, self.go = [], threading.Event(), threading.Event()
        self.go.set()

    def __call__(self, crops: np.ndarray) -> np.ndarray:
        values = crops[:, 0, 0, 0]
        self.batches.append(values.tolist())
        self.busy.set()
        assert self.go.wait(10)
        if 13 in values:
            raise RuntimeError("unlucky")
        return values.astype(float)[:, None]


def crops(*values: int, size: int = 4) -> np.ndarray:
    return np.stack([np.full((size, size, 3), value, np.uint8) for value in values])


class Callers:
    """Threads that ask one after the other while the network is busy with a crop of value 0."""

    def __init__(self, network: Network, most: int = 4):
        self.network, self.batcher = network, Batcher(network, most)
        self.answers, self._threads, self.held = {}, [], False

    def ask(self, *values: int, size: int = 4) -> None:
        def call() -> None:
            try:
                self.answers[values] = self.batcher.forward(crops(*values, size=size))[:, 0].tolist()
            except RuntimeError as error:
                self.answers[values] = str(error)

        before = len(self.batcher._waiting)
        self._threads.append(threading.Thread(target=call))
        self._threads[-1].start()
        deadline = time.monotonic() + 10
        while self.held and len(self.batcher._waiting) == before:
            assert time.monotonic() < deadline
            time.sleep(0.001)

    def hold(self) -> None:
        self.network.go.clear()
        self.ask(0)
        assert self.network.busy.wait(10)
        self.held = True

    def release(self) -> None:
        self.network.go.set()
        for thread in self._threads:
            thread.join(10)


@pytest.fixture
def callers():
    return Callers(Network())


def test_everybody_is_answered_with_their_own(callers):
    asked = [tuple(range(first, first + 1 + first % 6)) for first in range(20, 60)]
    for values in asked:
        callers.ask(*values)
    callers.release()
    assert callers.answers == {values: list(values) for values in asked}


def test_those_who_wait_run_together_in_their_order(callers):
    callers.hold()
    for values in ((1,), (2, 3), (4, 5), (6,)):
        callers.ask(*values)
    callers.release()
    # (4, 5) does not fit beside the first three; the one crop behind it does.
    assert callers.network.batches == [[0], [1, 2, 3, 6], [4, 5]]


def test_crops_of_another_size_wait_for_a_batch_of_their_own(callers):
    callers.hold()
    callers.ask(1)
    callers.ask(2, size=8)
    callers.ask(3)
    callers.release()
    assert callers.network.batches == [[0], [1, 3], [2]]


def test_a_caller_with_more_crops_than_a_batch_runs_at_once(callers):
    callers.ask(*range(20, 30))
    callers.release()
    assert callers.network.batches == [list(range(20, 30))]


def test_a_failure_reaches_those_in_its_batch_and_nobody_else(callers):
    callers.hold()
    callers.ask(13)
    callers.ask(1)
    callers.ask(2, 3, 4)
    callers.release()
    assert callers.answers == {(0,): [0], (13,): "unlucky", (1,): "unlucky", (2, 3, 4): [2, 3, 4]}
