"""A network in several places: the best one runs, and where it fails the next one does."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import numpy as np

REST = 60.0
"""Seconds after which a place that failed is tried again."""


class Fallback:
    """Runs crops in the first of several places that does not fail. Any thread may call.

    Parameters
    ----------
    places : sequence of (str, callable)
        Names and functions from crops (N, H, W, 3) to heatmaps, the best first. The last one's error is the caller's.
    rest : float
        Seconds for which a place that failed is left alone.
    clock : callable
        The time in seconds.
    """

    def __init__(
        self,
        places: Sequence[tuple[str, Callable[[np.ndarray], np.ndarray]]],
        rest: float = REST,
        clock: Callable[[], float] = time.monotonic,
    ):
        self._places, self._rest, self._clock = list(places), rest, clock
        self._failed: dict[str, tuple[float, str]] = {}
        self.where = self._places[0][0]
        """The name of the place that ran last, and after a failure why it is not a better one."""

    def forward(self, crops: np.ndarray) -> np.ndarray:
        """Return the heatmaps of crops (N, H, W, 3)."""
        *better, (last, run_last) = self._places
        for name, run in better:
            if name in self._failed and self._clock() < self._failed[name][0] + self._rest:
                continue
            try:
                maps = run(crops)
            except Exception as error:  # out of memory, device lost, cluster gone: the next place can tell no better
                self._failed[name] = self._clock(), str(error).splitlines()[0] if str(error) else type(error).__name__
                continue
            self._failed.pop(name, None)
            self.where = self._said(name)
            return maps
        maps = run_last(crops)
        self.where = self._said(last)
        return maps

    def _said(self, name: str) -> str:
        why = "; ".join(f"{failed} failed: {reason[:120]}" for failed, (_, reason) in list(self._failed.items()))
        return f"{name} ({why})" if why else name
