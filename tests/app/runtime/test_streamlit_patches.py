"""What the app changes in Streamlit and relies on inside it: each test fails where that inside has changed."""

import asyncio
import inspect
import threading
import time
from types import SimpleNamespace

import pytest
import streamlit as st
from starlette.formparsers import MultiPartParser
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.runtime import Runtime, RuntimeConfig, state
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.state.safe_session_state import SafeSessionState
from streamlit.runtime.state.session_state import SessionState
from streamlit.runtime.uploaded_file_manager import DeletedFile, UploadedFileRec

from dark_core.app.runtime import streamlit_patches
from dark_core.app.runtime.streamlit_patches import (
    PAGE,
    TRIED,
    LockedState,
    is_lost,
    session_id,
)
from tests.support.servers import run_async


@pytest.fixture(autouse=True)
def patched(monkeypatch):
    """Streamlit as the server changes it, and as it was afterwards."""
    monkeypatch.setattr(MultiPartParser, "spool_max_size", MultiPartParser.spool_max_size)
    monkeypatch.setattr(AppSession, "request_rerun", AppSession.request_rerun)
    monkeypatch.setattr(ForwardMsgQueue, "clear", ForwardMsgQueue.clear)
    monkeypatch.setattr(SafeSessionState, "__init__", SafeSessionState.__init__)
    monkeypatch.setattr(state, "SessionState", state.SessionState)
    streamlit_patches.apply()


@pytest.fixture
def runs():
    """Two runs of one session.

    Runs take turns: a new one begins before the last has ended.
    """
    shared = state.SessionState()
    return SimpleNamespace(**{name: SafeSessionState(shared, lambda: None) for name in ("last", "next")})


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
    inner = object.__getattribute__(runs.next, "_state")
    inner._call_callbacks = lambda **_: call_back()
    other.start()
    runs.next.on_script_will_rerun(WidgetStates())
    other.join()
    assert order == ["callback", "write"]


PART = """
import streamlit as st
st.text("whole")
st.fragment(lambda: st.text("part"))()
"""


def test_a_whole_run_is_shown_where_a_part_runs_right_after_it(tmp_path, monkeypatch):
    monkeypatch.setattr(Runtime, "_instance", None)
    (tmp_path / "page.py").write_text(PART)
    sent: list[ForwardMsg] = []

    async def visit() -> None:
        runtime = Runtime(
            RuntimeConfig(
                script_path=str(tmp_path / "page.py"),
                media_file_storage=MemoryMediaFileStorage("/media"),
                uploaded_file_manager=MemoryUploadedFileManager("/upload"),
            )
        )
        await runtime.start()
        identity = runtime.connect_session(SimpleNamespace(write_forward_msg=sent.append), {})
        session = runtime._session_mgr.get_session_info(identity).session

        def ask(part: str = "") -> None:
            session.request_rerun(
                ClientState(page_script_hash=session._client_state.page_script_hash, fragment_id=part)
            )

        async def shown(text: str) -> None:
            async with asyncio.timeout(10):
                while not any(message.delta.new_element.text.body == text for message in sent):
                    await asyncio.sleep(0.01)

        ask()
        await shown("part")
        part = next(message.delta.fragment_id for message in sent if message.delta.fragment_id)
        while session._scriptrunner is not None:
            await asyncio.sleep(0.01)
        sent.clear()
        ask()
        thread = session._scriptrunner._script_thread
        while thread.is_alive():
            time.sleep(0.01)  # the loop is busy until the run has ended
        ask(part)
        await shown("whole")
        await shown("part")
        runtime.stop()
        await runtime.stopped

    run_async(visit())


@pytest.mark.parametrize("fragments", [None, ["part"]])
def test_who_asked_where_to_put_a_file_is_answered_though_a_run_begins(fragments):
    def left(clear) -> set[str]:
        queue = ForwardMsgQueue()
        for message in ({"file_urls_response": {}}, {"delta": {"fragment_id": "part"}}, {"new_session": {}}):
            queue.enqueue(ForwardMsg(**message))
        clear(queue, retain_lifecycle_msgs=True, fragment_ids_this_run=fragments)
        kinds = [one.WhichOneof("type") for one in queue.flush()]
        assert len(kinds) == len(set(kinds))
        return set(kinds)

    assert left(ForwardMsgQueue.clear) == {"file_urls_response", "new_session"}
    if fragments is None:
        assert left(streamlit_patches._clear) == {"new_session"}, "Streamlit forgets the answer"


def test_a_visitor_who_leaves_leaves_nothing_in_the_queue():
    queue = ForwardMsgQueue()
    queue.enqueue(ForwardMsg(file_urls_response={}))
    queue.clear()
    assert not queue.flush()


def test_it_was_tried_with_the_streamlit_that_is_installed(caplog, monkeypatch):
    assert st.__version__.startswith(TRIED)
    streamlit_patches.apply()
    assert caplog.records == []
    monkeypatch.setattr(st, "__version__", "9.0.0")
    streamlit_patches.apply()
    assert "Streamlit 9.0.0 was not tried" in caplog.text


def test_what_is_replaced_is_what_streamlit_uses(runs):
    parameters = list(inspect.signature(streamlit_patches._begin).parameters)
    assert parameters == ["self", "state", "yield_callback"]
    assert state.SessionState is LockedState
    assert "from streamlit.runtime.state import SessionState" in inspect.getsource(AppSession.__init__)
    locks = [object.__getattribute__(run, "_lock") for run in (runs.last, runs.next)]
    assert locks[0] is locks[1]
    unpatched = SessionState()
    mine = [SafeSessionState(unpatched, lambda: None) for _ in range(2)]
    assert len({id(object.__getattribute__(run, "_lock")) for run in mine}) == 2, "Streamlit has one lock per run"


def test_an_upload_of_any_size_stays_in_memory():
    assert MultiPartParser.spool_max_size == 2**31
    source = inspect.getsource(MultiPartParser)
    assert "max_size=self.spool_max_size" in source


def test_the_page_of_streamlit_has_the_title_that_ours_replaces():
    assert PAGE.count("<title>Streamlit</title>") == 1


def test_the_upload_manager_gives_and_forgets_files_by_number():
    manager = MemoryUploadedFileManager("/upload")
    record = UploadedFileRec("7", "maps.npy", "application/octet-stream", b"bytes")
    manager.add_file("session", record)
    assert manager.get_files("session", ["7"])[0].data is record.data
    manager.remove_file("session", "7")
    assert manager.get_files("session", ["7"]) == []


def test_outside_a_page_there_is_no_session():
    assert session_id() == "" and not is_lost(None) and is_lost(DeletedFile("7"))
