"""Rooms in a file that several processes share: who may do what, what is kept, and when it is gone."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from dark_core.app.class_room import store
from dark_core.app.class_room.store import LETTERS, LIFE, Rooms

ROOT = Path(__file__).parents[3]


@pytest.fixture
def rooms(tmp_path: Path) -> Rooms:
    return Rooms(tmp_path / "rooms.sqlite")


def test_a_code_is_four_letters_that_nobody_mistakes(rooms):
    codes = {rooms.open()[0] for _ in range(40)}
    assert len(codes) == 40 and all(len(code) == 4 and set(code) <= set(LETTERS) for code in codes)
    assert not set("IO01") & set(LETTERS)


def test_a_second_guess_of_a_seat_takes_the_place_of_its_first(rooms):
    code, _ = rooms.open()
    for seat, xy in (("a", (1, 2)), ("b", (3, 4)), ("a", (5.25, 6))):
        assert rooms.guess(code, "q", seat, xy)
    np.testing.assert_array_equal(rooms.guesses(code, "q"), [[3, 4], [5.25, 6]])
    assert rooms.guesses(code, "another question").shape == (0, 2)


def test_only_the_teacher_clears_and_closes(rooms):
    code, key = rooms.open()
    rooms.guess(code, "q", "a", (1, 2))
    rooms.clear(code, "no key")
    rooms.close(code, "no key")
    assert len(rooms.guesses(code, "q")) == 1 and rooms.is_open(code)
    rooms.clear(code, key)
    assert len(rooms.guesses(code, "q")) == 0 and rooms.is_open(code)
    rooms.guess(code, "q", "a", (1, 2))
    rooms.close(code, key)
    assert not rooms.is_open(code) and len(rooms.guesses(code, "q")) == 0
    assert not rooms.guess(code, "q", "a", (1, 2)), "a closed room takes no guess"


def test_all_is_gone_after_two_hours(tmp_path):
    clock = [1000.0]
    rooms = Rooms(tmp_path / "rooms.sqlite", lambda: clock[0])
    code, _ = rooms.open()
    rooms.guess(code, "q", "seat-of-one-tab", (1, 2))
    clock[0] += LIFE - 1
    assert rooms.is_open(code)
    clock[0] += 2
    rooms.forget()
    with sqlite3.connect(tmp_path / "rooms.sqlite") as database:
        assert database.execute("SELECT COUNT(*) FROM guesses").fetchone() == (0,)
    assert b"seat-of-one-tab" not in (tmp_path / "rooms.sqlite").read_bytes(), "what is deleted is overwritten"


def test_a_full_room_and_a_full_server_say_so(rooms, monkeypatch):
    monkeypatch.setattr(store, "MOST_GUESSES", 2)
    monkeypatch.setattr(store, "MOST_ROOMS", 1)
    code, _ = rooms.open()
    assert [rooms.guess(code, "q", seat, (0, 0)) for seat in "abcab"] == [True, True, False, True, True]
    with pytest.raises(RuntimeError, match="1 rooms are open"):
        rooms.open()


CLASS = """
import sys
from pathlib import Path
from dark_core.app.class_room.store import Rooms
file, code, first = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
for seat in range(first, first + 15):
    assert Rooms(file).guess(code, "q", f"seat {seat}", (seat, 0))
"""


def test_four_processes_lose_no_guess_of_sixty(tmp_path):
    file = tmp_path / "rooms.sqlite"
    code, _ = Rooms(file).open()
    command = [sys.executable, "-c", CLASS, str(file), code]
    running = [subprocess.Popen([*command, str(15 * n)], cwd=ROOT) for n in range(4)]
    assert [one.wait() for one in running] == [0] * 4
    np.testing.assert_array_equal(Rooms(file).guesses(code, "q")[:, 0], np.arange(60))


def test_the_file_lies_where_the_environment_says_and_only_for_this_user(tmp_path, monkeypatch):
    monkeypatch.setenv("DARK_ROOMS", str(tmp_path / "a" / "rooms"))
    assert store.shared_file() == tmp_path / "a" / "rooms" / "rooms.sqlite"
    assert (tmp_path / "a" / "rooms").stat().st_mode & 0o077 == 0
