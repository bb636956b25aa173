"""The queue before the network: who asks for work waits in line, knows the place, and stands in it once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from typing import Generic, TypeVar

T = TypeVar("T")


class Queue:
    """Runs work on ``workers`` threads, first come, first served.

    A visitor waits with one job at a time: who asks for another gives up the one before, unless it has begun. So nobody
    waits longer because somebody else asks for more.
    """

    def __init__(self, workers: int):
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="queue")
        self._lock = threading.Lock()
        self._waiting: dict[Hashable, Job] = {}

    def put(self, visitor: Hashable, work: Callable[[], T]) -> Job[T]:
        """Put ``work`` at the end of the queue."""
        job = Job(self, visitor, work)
        with self._lock:
            before = self._waiting.pop(visitor, None)
            self._waiting[visitor] = job
        if before:
            before._future.cancel()
        self._pool.submit(job._run)
        return job

    def ahead(self, job: Job) -> int:
        """How many jobs begin before this one; 0 for one that has begun."""
        with self._lock:
            waiting = list(self._waiting.values())
        return waiting.index(job) if job in waiting else 0

    def _begun(self, job: Job) -> None:
        with self._lock:
            if self._waiting.get(job.visitor) is job:
                del self._waiting[job.visitor]


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

    def _run(self) -> None:
        work, self._work = self._work, None  # a job is remembered for its result; what it worked on may go
        if not self._future.set_running_or_notify_cancel():
            return
        self._queue._begun(self)
        try:
            self._future.set_result(work())
        except BaseException as error:  # the visitor must hear of it, whatever it is
            self._future.set_exception(error)
