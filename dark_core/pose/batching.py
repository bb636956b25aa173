"""Crops of several callers, read together: while one batch is being read, the next one gathers."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future

import numpy as np

MOST = 16
"""Crops in a batch: more make those behind it wait longer and are hardly faster."""


class Batcher:
    """Answers callers from any thread by ``forward`` (uint8 (N, H, W, 3) to heatmaps (N, …)), one batch at a time.

    First come, first served; those who wait with crops of the same size as the first are read with it, up to
    ``most`` crops. A caller's crops stay together, however many they are. What goes wrong in a batch is raised in
    those who were in it, and the next batch is read.
    """

    def __init__(self, forward: Callable[[np.ndarray], np.ndarray], most: int = MOST):
        self._forward, self._most = forward, most
        self._waiting: deque[tuple[np.ndarray, Future[np.ndarray]]] = deque()
        self._arrived = threading.Condition()
        threading.Thread(target=self._serve, name="batcher", daemon=True).start()

    def forward(self, crops: np.ndarray) -> np.ndarray:
        """The heatmaps of crops (N, H, W, 3), after those who came before."""
        answer: Future[np.ndarray] = Future()
        with self._arrived:
            self._waiting.append((crops, answer))
            self._arrived.notify()
        return answer.result()

    def _batch(self) -> list[tuple[np.ndarray, Future[np.ndarray]]]:
        """The first who waits and those who fit beside him; all others keep their order."""
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
