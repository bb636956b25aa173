"""The queue: in order, with a place that counts down, one waiting job a visitor."""

import gc
import threading
import weakref
from concurrent.futures import CancelledError

import pytest

from dark_core.app.runtime.fair_queue import Queue


class Line:
    """A queue of one worker, held by a job of nobody's until ``go`` is set; ``done`` says who was served."""

    def __init__(self):
        self.queue, self.go, self.done = Queue(1), threading.Event(), []
        began = threading.Event()
        self.first = self.queue.put("nobody", lambda: began.set() or self.go.wait(10))
        assert began.wait(10)

    def put(self, visitor: str, what: str = ""):
        return self.queue.put(visitor, lambda: self.done.append(what or visitor) or what)


@pytest.fixture
def line():
    line = Line()
    yield line
    line.go.set()


def test_first_come_first_served_and_the_position_is_known(line):
    jobs = [line.put(visitor) for visitor in "abc"]
    assert [job.ahead for job in jobs] == [0, 1, 2] and line.first.ahead == 0
    line.go.set()
    assert all(job.done(10) for job in jobs)
    assert line.done == ["a", "b", "c"] and [job.ahead for job in jobs] == [0, 0, 0]


def test_who_asks_again_gives_up_the_job_before_and_goes_to_the_end(line):
    given_up, other = line.put("greedy", "one"), line.put("other")
    for k in range(50):
        last = line.put("greedy", f"two {k}")
    assert other.ahead == 0 and last.ahead == 1
    assert given_up.done()
    with pytest.raises(CancelledError):
        given_up.result()
    line.go.set()
    assert last.result() == "two 49"
    assert line.done == ["other", "two 49"]


def test_the_visitor_with_the_fewest_recent_requests_goes_first():
    now = 0.0
    queue, done, go = Queue(1, clock=lambda: now), [], threading.Event()

    def held(visitors: str) -> list:
        go.clear()
        began = threading.Event()
        queue.put("nobody", lambda: began.set() or go.wait(10))
        assert began.wait(10)
        jobs = [queue.put(visitor, lambda visitor=visitor: done.append(visitor)) for visitor in visitors]
        places = [job.ahead for job in jobs]
        go.set()
        assert all(job.done(10) for job in jobs)
        return places

    assert held("a") == [0] and held("a") == [0]
    assert held("abc") == [2, 0, 1] and done[2:] == ["b", "c", "a"]
    now = 61.0
    assert held("ab") == [0, 1], "a minute later nothing counts"


def test_work_that_has_begun_is_not_given_up(line):
    line.put("nobody")
    assert not line.first.done()
    line.go.set()
    assert line.first.result() is True


def test_a_job_that_is_done_holds_nothing_of_what_it_worked_on(line):
    class Photo:
        pass

    photo = Photo()
    gone = weakref.ref(photo)
    done = line.queue.put("a", lambda photo=photo: str(photo))
    given_up = line.queue.put("b", lambda photo=photo: str(photo))
    last = line.put("b")
    del photo
    line.go.set()
    assert last.done(10) and done.done() and given_up.done()
    gc.collect()
    assert gone() is None


def test_an_error_reaches_its_own_visitor_and_the_next_is_served(line):
    broken = line.queue.put("a", lambda: 1 / 0)
    fine = line.put("b", "well")
    line.go.set()
    with pytest.raises(ZeroDivisionError):
        broken.result()
    assert fine.result() == "well"
