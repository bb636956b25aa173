"""What the app's server changes in Streamlit's session state: the runs of a session, of which a new one begins before
the last has ended, take turns."""

import threading
from types import SimpleNamespace

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.runtime import app_session
from streamlit.runtime.state.safe_session_state import SafeSessionState

import dark_core.app.runtime.server  # noqa: F401 what it changes is tested here


@pytest.fixture
def runs():
    """Two runs of one session."""
    state = app_session.SessionState()
    return SimpleNamespace(**{name: SafeSessionState(state, lambda: None) for name in ("last", "next")})


def test_no_run_reads_what_another_is_writing(runs):
    for number in range(2000):
        runs.last[f"kept {number}"] = number
    done = threading.Event()

    def write() -> None:
        while not done.is_set():
            for number in range(50):
                runs.next[f"new {number}"] = number
            for number in range(50):
                del runs.next[f"new {number}"]

    other = threading.Thread(target=write)
    other.start()
    try:
        for _ in range(300):
            assert len(runs.last.filtered_state) >= 2000
    finally:
        done.set()
        other.join()


def test_what_a_run_does_waits_for_the_callbacks_of_another(runs):
    heard, order = threading.Event(), []

    def call_back() -> None:
        heard.set()
        other.join(0.3)
        order.append("callback")

    def write() -> None:
        heard.wait()
        runs.last["x"] = 1
        order.append("write")

    other = threading.Thread(target=write)
    state = object.__getattribute__(runs.next, "_state")
    state._call_callbacks = lambda **_: call_back()
    other.start()
    runs.next.on_script_will_rerun(WidgetStates())
    other.join()
    assert order == ["callback", "write"]
