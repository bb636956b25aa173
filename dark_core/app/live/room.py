"""Who may use the webcam live: so many visitors at a time, because each asks for as much as the processors give."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

IDLE = 5.0
"""Seconds without a frame after which a visitor's seat is free."""


class LiveRoom:
    """``limit`` seats in this process."""

    def __init__(self, limit: int, clock: Callable[[], float] = time.monotonic):
        self.limit, self._clock = limit, clock
        self._seen: dict[str, float] = {}
        self._lock = threading.Lock()

    def admit(self, visitor: str) -> bool:
        """Whether this visitor has a seat, taking a free one if there is one."""
        now = self._clock()
        with self._lock:
            self._seen = {name: seen for name, seen in self._seen.items() if now - seen < IDLE}
            if visitor not in self._seen and len(self._seen) >= self.limit:
                return False
            self._seen[visitor] = now
            return True
