"""Crops of several callers in one batch: while one batch runs, the next one gathers."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future

import numpy as np

MOST = 16
"""Crops in a batch: more make those behind it wait longer and are hardly faster."""


class Batcher:
    """Runs a network for callers of any thread, one batch at a time.

    First come, first served. Waiting crops of the same size as the first join its batch, up to ``most`` crops; the
    crops of one caller stay together. An error is raised in every caller of its batch, and the next batch runs.

    Parameters
    ----------
    forward : callable
        uint8 crops (N, H, W, 3) to heatmaps (N, …).
    most : int
        Crops per batch.
    """

    def __init__(self, forward: Callable[[np.ndarray], np.ndarray], most: int = MOST):
        self._forward, self._most = forward, most
        self._waiting: deque[tuple[np.ndarray, Future[np.ndarray]]] = deque()
        self._arrived = threading.Condition()
        threading.Thread(target=self._serve, name="batcher", daemon=True).start()

    def forward(self, crops: np.ndarray) -> np.ndarray:
        """Return the heatmaps of crops (N, H, W, 3), once their turn has come."""
        answer: Future[np.ndarray] = Future()
        with self._arrived:
            self._waiting.append((crops, answer))
            self._arrived.notify()
        return answer.result()

    def _batch(self) -> list[tuple[np.ndarray, Future[np.ndarray]]]:
        """Return the first request and those that fit beside it; all others keep their order."""
        with self._arrived:
            self._arrived.wait_for(lambda: self._waiting)
            chosen = [self._waiting.popleft()]
            count, kind = len(chosen[0][0]), chosen[0][0].shape[1:]
            for _ in range(len(self._waiting)):
                one = self._waiting.popleft()
                fits = one[0].shape[1:] == kind and count + len(one[0]) <= self._most
                count += len(one[0]) if fits else 0
                (chosen if fits else self._waiting).append(one)
            return chosen

    def _serve(self) -> None:
        while True:
            chosen = self._batch()
            try:
                maps = self._forward(np.concatenate([crops for crops, _ in chosen]))
            except BaseException as error:  # whatever it is: those who wait must hear of it, and the next be served
                for _, answer in chosen:
                    answer.set_exception(error)
                continue
            ends = np.cumsum([len(crops) for crops, _ in chosen])
            for (_, answer), part in zip(chosen, np.split(maps, ends[:-1]), strict=True):
                answer.set_result(part)
