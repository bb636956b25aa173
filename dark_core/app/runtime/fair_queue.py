"""The queue before the network: a fair line in which every visitor stands once and knows the place."""

from __future__ import annotations

import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Hashable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from typing import Generic, TypeVar

T = TypeVar("T")

LATELY = 60.0
"""Seconds for which a job that began counts against its visitor."""


class Queue:
    """Runs work on ``workers`` threads: the visitor with the fewest recent requests goes first, then the first come.

    A visitor waits with one job at a time. A new job replaces the one before, unless that has begun, so that nobody
    waits longer because somebody else asks for more.
    """

    def __init__(self, workers: int, clock: Callable[[], float] = time.monotonic):
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="queue")
        self._lock, self._clock = threading.Lock(), clock
        self._waiting: dict[Hashable, Job] = {}
        self._begun: deque[tuple[float, Hashable]] = deque()

    def put(self, visitor: Hashable, work: Callable[[], T]) -> Job[T]:
        """Put ``work`` into the queue."""
        job = Job(self, visitor, work)
        with self._lock:
            before = self._waiting.pop(visitor, None)
            self._waiting[visitor] = job
        if before:
            before._give_up()
        self._pool.submit(self._run_next)
        return job

    def ahead(self, job: Job) -> int:
        """How many jobs begin before this one as things stand; 0 for one that has begun."""
        with self._lock:
            line = self._line()
        return line.index(job) if job in line else 0

    def _line(self) -> list[Job]:
        """Who waits, in the order of their turns; the lock is held."""
        while self._begun and self._begun[0][0] < self._clock() - LATELY:
            self._begun.popleft()
        recent = Counter(visitor for _, visitor in self._begun)
        return sorted(self._waiting.values(), key=lambda job: recent[job.visitor])  # a stable sort: first come first

    def _run_next(self) -> None:
        """One call for each job put; there is none left for one that was given up."""
        with self._lock:
            line = self._line()
            if not line:
                return
            job = self._waiting.pop(line[0].visitor)
            self._begun.append((self._clock(), job.visitor))
        job._run()


class Job(Generic[T]):
    """Work of one visitor on its way through a ``Queue``."""

    def __init__(self, queue: Queue, visitor: Hashable, work: Callable[[], T]):
        self._queue, self.visitor = queue, visitor
        self._work: Callable[[], T] | None = work
        self._future: Future[T] = Future()

    @property
    def ahead(self) -> int:
        """How many jobs begin before this one; 0 once it has begun."""
        return self._queue.ahead(self)

    def done(self, seconds: float = 0.0) -> bool:
        """Whether it has ended, one way or another, within ``seconds``."""
        try:
            self._future.exception(seconds)
        except TimeoutError:
            return False
        except CancelledError:
            pass
        return True

    def result(self) -> T:
        """What the work returned. Raises what it raised, or CancelledError if it was given up before it began."""
        return self._future.result()

    def _give_up(self) -> None:
        self._work = None
        self._future.cancel()

    def _run(self) -> None:
        work, self._work = self._work, None  # a job is remembered for its result; what it worked on may go
        assert work is not None, "a job that was given up is never begun"
        try:
            self._future.set_result(work())
        except BaseException as error:  # the visitor must hear of it, whatever it is
            self._future.set_exception(error)
