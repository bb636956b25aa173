"""Crops of several callers in one forward pass: while one batch runs, the next one fills."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future

import numpy as np

MAX_CROPS = 16
"""Crops in a batch. A larger batch delays the requests behind it and is hardly faster."""

Request = tuple[np.ndarray, Future[np.ndarray]]


class Batcher:
    """Runs a network for callers of any thread, one batch at a time.

    Requests are served in order of arrival. Those with crops of the same size as the first one join its batch, up to
    ``most`` crops. The crops of one request stay together, however many they are. An error reaches the callers of
    its batch only.

    Parameters
    ----------
    forward
        Crops (N, H, W, 3) uint8 to heatmaps (N, …).
    most
        Crops in a batch; a single request may have more.
    """

    def __init__(self, forward: Callable[[np.ndarray], np.ndarray], most: int = MAX_CROPS):
        self._forward, self._most = forward, most
        self._waiting: deque[Request] = deque()
        self._arrived = threading.Condition()
        threading.Thread(target=self._serve, name="batcher", daemon=True).start()

    def forward(self, crops: np.ndarray) -> np.ndarray:
        """Return the heatmaps of crops; blocks until their batch has run.

        Parameters
        ----------
        crops
            (N, H, W, 3) uint8.

        Returns
        -------
        numpy.ndarray
            What the network returns for these crops, (N, …).

        Raises
        ------
        Exception
            Whatever the network raises for the batch.
        """
        result: Future[np.ndarray] = Future()
        with self._arrived:
            self._waiting.append((crops, result))
            self._arrived.notify()
        return result.result()

    def _next_batch(self) -> list[Request]:
        """Take the first request and those that fit beside it; the others keep their order."""
        with self._arrived:
            self._arrived.wait_for(lambda: self._waiting)
            batch = [self._waiting.popleft()]
            count, size = len(batch[0][0]), batch[0][0].shape[1:]
            for _ in range(len(self._waiting)):
                request = self._waiting.popleft()
                fits = request[0].shape[1:] == size and count + len(request[0]) <= self._most
                count += len(request[0]) if fits else 0
                (batch if fits else self._waiting).append(request)
            return batch

    def _serve(self) -> None:
        while True:
            batch = self._next_batch()
            try:
                heatmaps = self._forward(np.concatenate([crops for crops, _ in batch]))
            except BaseException as error:  # every caller must hear of it, and the next batch must run
                for _, result in batch:
                    result.set_exception(error)
                continue
            ends = np.cumsum([len(crops) for crops, _ in batch])
            for (_, result), part in zip(batch, np.split(heatmaps, ends[:-1]), strict=True):
                result.set_result(part)
