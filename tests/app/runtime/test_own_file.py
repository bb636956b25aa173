"""A visitor's own file: looked at once, kept, refused in a sentence, and given back by the tab."""

import io
import re
from dataclasses import dataclass

import pytest
import streamlit

from dark_core.app.runtime import own_file, upload_recovery
from dark_core.app.runtime.component_files import component_file
from dark_core.app.runtime.own_file import OwnFile
from dark_core.errors import InputError


class Upload(io.BytesIO):
    def __init__(self, data: bytes, file_id: str, name: str = "mine.csv") -> None:
        super().__init__(data)
        self.file_id, self.name = file_id, name


@dataclass
class Made:
    data: bytes
    name: str
    upload: str


@pytest.fixture
def file(monkeypatch) -> OwnFile:
    """Files are text; ``opened`` lists those that were looked at."""
    monkeypatch.setattr(streamlit, "session_state", {"beside": 1})
    monkeypatch.setattr(own_file, "upload_bytes", lambda given: given.getvalue())
    opened = []

    def make(data: bytes, name: str, upload: str) -> Made:
        opened.append(upload)
        if not data.isascii():
            raise InputError("no text")
        return Made(data, name, upload)

    found = OwnFile("tracks", "own", make, lambda error: f"{error}!", ("beside",))
    object.__setattr__(found, "opened", opened)
    return found


def test_a_file_is_opened_once_and_takes_the_place_of_what_belonged_to_the_one_before(file):
    given = Upload(b"a", "1", "../my\n file.csv")
    for _ in range(3):
        made, complaint = file.taken(given)
        assert (made.data, made.name, complaint) == (b"a", "my file.csv", "")
    assert file.opened == ["1"] and "beside" not in streamlit.session_state
    assert file.taken(None)[0] is made, "it stays after a look at another page"


def test_a_bad_file_is_refused_once_and_the_one_before_stays(file):
    made, _ = file.taken(Upload(b"a", "1"))
    for _ in range(2):
        assert file.taken(Upload(b"\xff", "2")) == (made, "no text!")
    assert file.opened == ["1", "2"]
    file.forget()
    assert file.taken(None) == (None, "")


def test_what_the_tab_kept_comes_again(file, monkeypatch):
    handed = {"tracks": (Upload(b"a", "again"), {})}
    monkeypatch.setattr(upload_recovery, "handed", handed.get)
    monkeypatch.setattr(upload_recovery, "used", handed.pop)
    assert file.taken(None)[0].upload == "again" and not handed
    assert file.taken(None)[0].upload == "again"


def test_the_tab_keeps_every_kind_of_file():
    given = re.search(r"GIVEN = \{(.+?)\}", component_file("upload_recovery.js"))[1]
    assert set(re.findall(r': "(\w+)"', given)) == set(upload_recovery.MOST)
