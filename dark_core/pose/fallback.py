"""A network on several devices: the best one runs it, and where that fails the next one does."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import numpy as np

RETRY_AFTER = 60.0
"""Seconds after which a device that failed is tried again."""


class Fallback:
    """Runs crops through the first device that does not fail; any thread may call.

    A device that raised an error is left out for ``retry_after`` seconds. An error of the last device reaches the
    caller.

    Parameters
    ----------
    devices
        (name, function from crops to heatmaps), the best first.
    retry_after
        Seconds.
    clock
        Seconds that never run backwards.
    """

    def __init__(
        self,
        devices: Sequence[tuple[str, Callable[[np.ndarray], np.ndarray]]],
        retry_after: float = RETRY_AFTER,
        clock: Callable[[], float] = time.monotonic,
    ):
        self._devices, self._retry_after, self._clock = list(devices), retry_after, clock
        self._failed: dict[str, tuple[float, str]] = {}
        self.device = self._devices[0][0]
        """The device of the last forward pass, and why it was not a better one."""

    def forward(self, crops: np.ndarray) -> np.ndarray:
        """Return the heatmaps of crops.

        Parameters
        ----------
        crops
            (N, H, W, 3) uint8.

        Returns
        -------
        numpy.ndarray
            Heatmaps (N, …) of the first device that does not fail.

        Raises
        ------
        Exception
            Whatever the last device raises, where all fail.
        """
        *better, (last, forward_last) = self._devices
        for name, forward in better:
            if name in self._failed and self._clock() < self._failed[name][0] + self._retry_after:
                continue
            try:
                heatmaps = forward(crops)
            except Exception as error:  # out of memory, device lost, cluster gone: all mean the next device
                self._failed[name] = self._clock(), str(error).splitlines()[0] if str(error) else type(error).__name__
                continue
            self._failed.pop(name, None)
            self.device = self._described(name)
            return heatmaps
        heatmaps = forward_last(crops)
        self.device = self._described(last)
        return heatmaps

    def _described(self, name: str) -> str:
        why = "; ".join(f"{failed} failed: {reason[:120]}" for failed, (_, reason) in list(self._failed.items()))
        return f"{name} ({why})" if why else name
