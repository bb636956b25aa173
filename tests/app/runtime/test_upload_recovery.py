"""What a session believes of the files that a tab says it holds."""

import io
from itertools import count

import numpy as np
import pytest
import streamlit
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from dark_core.app.runtime import upload_recovery
from dark_core.app.widgets import photo_source
from dark_core.app.your_photo.placed_joints import named
from dark_core.pose.skeleton import SKELETON

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
)


@pytest.fixture
def state(monkeypatch) -> dict:
    """A new session, of which the test is the browser."""
    state = {}
    monkeypatch.setattr(streamlit, "session_state", state)
    return state


def holds(state: dict, *files: tuple[int, str], kind: str = "photo") -> None:
    """The tab says that it holds these: (number, session it gave the file to)."""
    state["tab"] = {
        "held": [{"kind": kind, "number": number, "session": name, "notes": None} for number, name in files]
    }


def lacking(kind: str = "photo") -> list[int]:
    return [one.number for one in upload_recovery._lacking(kind)]


def test_a_file_given_to_another_session_is_lacking_and_one_given_here_is_not(state):
    assert lacking() == []
    holds(state, (3, "gone"), (2, "gone"), (4, upload_recovery._session()))
    assert lacking() == [2, 3], "oldest first"
    assert lacking("maps") == []


def choose(state: dict, number: object, kind: object = "photo") -> None:
    """The tab says that this file is on its way."""
    state["chosen"] = {"chosen": {"kind": kind, "number": number}}
    upload_recovery._note_choice()


def test_a_choice_that_comes_with_the_emptied_uploader_keeps_the_photo(state):
    # One message brought both, and the uploader's callback runs before the choice is noted.
    choose(state, 1)
    upload_recovery.took("photo")
    state |= {photo_source.OWN: "the photo", "upload": None, "chosen": {"chosen": {"kind": "photo", "number": 2}}}
    photo_source.uploader_changed("upload")
    assert state[photo_source.OWN] == "the photo"
    upload_recovery.refused("photo")
    photo_source.uploader_changed("upload")
    assert photo_source.OWN not in state, "taken out by the visitor"


def test_a_file_chosen_replaces_the_one_before_when_it_has_arrived(state):
    assert not upload_recovery.replacing("photo")
    choose(state, 1)
    assert upload_recovery.replacing("photo") and not upload_recovery.replacing("maps")
    upload_recovery.took("photo")
    assert not upload_recovery.replacing("photo") and upload_recovery._files("photo").kept == 1
    choose(state, 2)
    assert upload_recovery.replacing("photo")
    upload_recovery.refused("photo")
    assert not upload_recovery.replacing("photo") and (
        upload_recovery._files("photo").kept,
        upload_recovery._files("photo").last,
    ) == (1, 2)
    upload_recovery.dropped("photo")
    assert upload_recovery._files("photo").kept == 0 and lacking() == []


@pytest.mark.parametrize("number", [None, 0, -1, 1.5, True, "1", 10**9, [], {}])
def test_what_is_no_number_is_no_choice(state, number):
    choose(state, number)
    choose(state, 1, kind=[number])
    assert not upload_recovery.replacing("photo") and not upload_recovery.replacing("maps")


def test_without_a_word_of_the_tab_a_file_is_taken_all_the_same(state):
    upload_recovery.took("photo")
    assert not upload_recovery.replacing("photo") and lacking() == []


@given(JSON)
def test_whatever_a_browser_says_it_holds_is_a_bounded_list_of_numbers(said):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(streamlit, "session_state", {"tab": {"held": said}})
        for kind in upload_recovery.MOST:
            found = upload_recovery._held(kind)
            assert len(found) <= 8
            assert all(type(one.number) is int and isinstance(one.notes, dict) for one in found)


class Upload(io.BytesIO):
    file_id = "again"


def photo() -> bytes:
    out = io.BytesIO()
    Image.fromarray(np.zeros((300, 400, 3), np.uint8)).save(out, "PNG")
    return out.getvalue()


PHOTO = photo()


def test_what_comes_again_has_its_box_and_its_joints(state):
    joints = np.full((len(SKELETON), 2), np.nan)
    joints[3] = 12.5, 40
    upload_recovery._files("photo").handed = (Upload(PHOTO), {"box": [10, 20, 210, 280.5], "placed": named(joints)})
    own = photo_source.own_picture()
    assert own.own and own.size == (400, 300) and own.box == (10, 20, 210, 280.5)
    np.testing.assert_array_equal(own.truth, joints)
    assert upload_recovery.handed("photo") is None, "once"
    assert upload_recovery._files("photo").notes == {"box": own.box, "person": 0, "placed": named(joints)}


class Overtaken(BaseException):
    """As Streamlit ends a run where another was asked for."""


class Interrupted(dict):
    """A session's state whose ``left``-th access from now on ends the run."""

    left = -1

    def _access(name):
        def access(self, *arguments):
            self.left -= 1
            if self.left == 0:
                raise Overtaken
            return getattr(dict, name)(self, *arguments)

        return access

    __getitem__, __setitem__, __contains__ = map(_access, ("__getitem__", "__setitem__", "__contains__"))
    get, pop, setdefault = map(_access, ("get", "pop", "setdefault"))


def test_a_run_that_is_overtaken_at_any_line_loses_nothing_of_what_comes_again(monkeypatch):
    joints = np.full((len(SKELETON), 2), 40.0)
    notes = {"box": [10, 20, 210, 280.5], "placed": named(joints)}
    for at in count(1):
        state = Interrupted()
        monkeypatch.setattr(streamlit, "session_state", state)
        upload_recovery._files("photo").handed = (Upload(PHOTO), notes)
        state.left = at
        try:
            photo_source.own_picture()
        except Overtaken:
            state.left = -1
            own = photo_source.own_picture()
            assert own.size == (400, 300) and own.box == (10, 20, 210, 280.5), at
            np.testing.assert_array_equal(own.truth, joints)
            assert upload_recovery.handed("photo") is None
        else:
            break
    assert at > 5


def test_what_comes_again_and_cannot_be_read_is_no_photo(state):
    upload_recovery._files("photo").handed = (Upload(b"no photo"), {})
    assert photo_source.own_picture() is None and upload_recovery.handed("photo") is None


@given(JSON, JSON)
def test_senseless_notes_leave_the_photo_alone(box, placed):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(streamlit, "session_state", {})
        upload_recovery._files("photo").handed = (Upload(PHOTO), {"box": box, "placed": placed})
        own = photo_source.own_picture()
        assert own.size == (400, 300) and (own.box is None or len(own.box) == 4)
        assert own.truth is None or own.truth.shape == (len(SKELETON), 2)
