"""What is timed, and how often; the times come from a clock that the test sets."""

import pytest

from dark_core.benchmarks import timing
from dark_core.benchmarks.timing import durations


@pytest.fixture
def clock(monkeypatch) -> list[float]:
    """Work that takes 0.25 s: each call appends its start to the list."""
    now, calls = [0.0], []

    def work() -> None:
        calls.append(now[0])
        now[0] += 0.25

    monkeypatch.setattr(timing, "perf_counter", lambda: now[0])
    calls.append(work)
    return calls


def test_each_run_is_timed_in_milliseconds(clock):
    assert durations(clock.pop(), repeats=3) == [250.0, 250.0, 250.0]
    assert clock == [0.0, 0.25, 0.5]


@pytest.mark.parametrize("repeats, seconds, runs", [(1, 0.0, 1), (2, 0.25, 2), (2, 1.1, 5), (3, 0.75, 3)])
def test_it_runs_until_both_the_repeats_and_the_seconds_are_reached(clock, repeats, seconds, runs):
    assert durations(clock.pop(), repeats, seconds) == [250.0] * runs
