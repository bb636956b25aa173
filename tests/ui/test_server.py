"""What the app's server changes in Streamlit's session state: a run that is overtaken ends, and reports no fault."""

import threading

import pytest
from streamlit.runtime.state.safe_session_state import SafeSessionState
from streamlit.runtime.state.session_state import SessionState

import dark_core.ui.server  # noqa: F401 what it changes is tested here


class OvertakenError(Exception):
    pass


@pytest.mark.parametrize("reads", [0, 20])
def test_a_run_that_is_overtaken_while_it_reads_the_state_ends_there(reads):
    state, overtaken, done = SessionState(), threading.Event(), threading.Event()
    for number in range(2000):
        state[f"kept {number}"] = number

    def end() -> None:
        if overtaken.is_set():
            raise OvertakenError

    def next_run() -> None:
        overtaken.set()
        writing = SafeSessionState(state, lambda: None)
        while not done.is_set():
            for number in range(50):
                writing[f"new {number}"] = number
            for number in range(50):
                del writing[f"new {number}"]

    reading, other = SafeSessionState(state, end), threading.Thread(target=next_run)
    for _ in range(reads):
        assert reading.filtered_state == {f"kept {number}": number for number in range(2000)}
    other.start()
    try:
        with pytest.raises(OvertakenError):
            for _ in range(1000):
                assert len(reading.filtered_state) >= 2000
    finally:
        done.set()
        other.join()
