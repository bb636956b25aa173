"""Wall-clock time of a piece of work."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter


def durations(work: Callable[[], object], repeats: int = 1, seconds: float = 0.0) -> list[float]:
    """Milliseconds of each run of ``work``: ``repeats`` runs at least, and more until they took ``seconds`` in all.

    Nothing is run to warm up. Work that a GPU does later must wait for it, or only its start is timed.
    """
    times: list[float] = []
    while len(times) < repeats or sum(times) < 1000 * seconds:
        start = perf_counter()
        work()
        times.append(1000 * (perf_counter() - start))
    return times
