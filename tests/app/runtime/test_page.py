"""The frame of every page: a tab that floods is held up, and nobody else."""

from types import SimpleNamespace

import pytest
import streamlit as st

from dark_core.app.runtime import page


@pytest.fixture
def clock(monkeypatch):
    """Time that passes in sleep alone; ``slept`` is how much."""
    clock = SimpleNamespace(now=1000.0, slept=0.0)

    def sleep(seconds: float) -> None:
        clock.now, clock.slept = clock.now + seconds, clock.slept + seconds

    monkeypatch.setattr(page, "time", SimpleNamespace(monotonic=lambda: clock.now, sleep=sleep))
    monkeypatch.setattr(st, "session_state", {})
    return clock


def test_a_flood_of_runs_is_held_up_to_the_pace(clock):
    for _ in range(page.BURST):
        page._pace()
    assert clock.slept == 0
    for _ in range(40):
        page._pace()
    assert clock.slept == pytest.approx(40 / page.RUNS)


def test_who_runs_slowly_never_waits(clock):
    for _ in range(200):
        page._pace()
        clock.now += 1 / page.RUNS
    assert clock.slept == 0
