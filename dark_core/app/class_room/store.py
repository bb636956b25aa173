"""Rooms and the guesses in them, in one SQLite file that all processes of a server share.

A guess is a position, the question it answers and a random name of the tab it came from, so that a second guess of a
tab takes the place of its first. Nothing else is kept. A room and all in it are gone ``LIFE`` after it was opened.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np

LIFE = 2 * 3600.0
"""Seconds for which a room is open."""
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Of a code: without I and O, which look like digits on a projector."""
LENGTH = 4
"""Letters of a code."""
MOST_ROOMS, MOST_GUESSES = 500, 500
"""Rooms at a time; guesses of a room for one question."""

_TABLES = """
CREATE TABLE IF NOT EXISTS rooms (code TEXT PRIMARY KEY, key TEXT NOT NULL, opened REAL NOT NULL);
CREATE TABLE IF NOT EXISTS guesses (
    code TEXT NOT NULL REFERENCES rooms ON DELETE CASCADE, question TEXT NOT NULL, seat TEXT NOT NULL,
    x REAL NOT NULL, y REAL NOT NULL, PRIMARY KEY (code, question, seat)
);
"""


def shared_file() -> Path:
    """Where the processes of this server keep their rooms: in the folder ``DARK_ROOMS``, or in one for this user."""
    user = os.getuid() if hasattr(os, "getuid") else "rooms"  # on Windows the folder for temporary files is the user's
    folder = Path(os.environ.get("DARK_ROOMS") or Path(tempfile.gettempdir()) / f"dark-explorer-{user}")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder / "rooms.sqlite"


class Rooms:
    """The rooms in one file.

    Parameters
    ----------
    file
        Of SQLite; it is made where there is none.
    now
        Tells the time in seconds.
    """

    def __init__(self, file: Path, now=time.time):
        self._file, self._now = file, now

    @contextmanager
    def _database(self) -> Iterator[sqlite3.Connection]:
        """A connection for one change; what is too old is gone from it, and what is deleted is overwritten."""
        with closing(sqlite3.connect(self._file, timeout=10)) as database, database:
            database.execute("PRAGMA foreign_keys = ON")
            database.execute("PRAGMA secure_delete = ON")
            database.executescript(_TABLES)
            database.execute("DELETE FROM rooms WHERE opened < ?", (self._now() - LIFE,))
            yield database

    def open(self) -> tuple[str, str]:
        """Open a room.

        Returns
        -------
        tuple of str
            Its code, which everyone in it knows, and its key, which only its teacher has.

        Raises
        ------
        RuntimeError
            If there are ``MOST_ROOMS`` already.
        """
        key = secrets.token_hex(8)
        with self._database() as database:
            taken = {code for (code,) in database.execute("SELECT code FROM rooms")}
            if len(taken) >= MOST_ROOMS:
                raise RuntimeError(f"{MOST_ROOMS} rooms are open, and no more can be. Try again in an hour.")
            code = ""
            while not code or code in taken:
                code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
            database.execute("INSERT INTO rooms VALUES (?, ?, ?)", (code, key, self._now()))
        return code, key

    def is_open(self, code: str) -> bool:
        """Whether a room has this code."""
        with self._database() as database:
            return database.execute("SELECT 1 FROM rooms WHERE code = ?", (code,)).fetchone() is not None

    def is_teacher(self, code: str, key: str) -> bool:
        """Whether ``key`` is that of the room's teacher."""
        with self._database() as database:
            found = database.execute("SELECT 1 FROM rooms WHERE code = ? AND key = ?", (code, key))
            return found.fetchone() is not None

    def guess(self, code: str, question: str, seat: str, xy: tuple[float, float]) -> bool:
        """Note a guess, in place of an earlier one of the same ``seat``.

        Returns
        -------
        bool
            False where the room is closed or full.
        """
        with self._database() as database:
            if database.execute("SELECT 1 FROM rooms WHERE code = ?", (code,)).fetchone() is None:
                return False
            others = "SELECT COUNT(*) FROM guesses WHERE code = ? AND question = ? AND seat != ?"
            if database.execute(others, (code, question, seat)).fetchone()[0] >= MOST_GUESSES:
                return False
            database.execute("INSERT OR REPLACE INTO guesses VALUES (?, ?, ?, ?, ?)", (code, question, seat, *xy))
        return True

    def guesses(self, code: str, question: str) -> np.ndarray:
        """Return the guesses (N, 2) of a room for a question, in no order that tells who made them."""
        with self._database() as database:
            found = database.execute(
                "SELECT x, y FROM guesses WHERE code = ? AND question = ? ORDER BY x, y", (code, question)
            ).fetchall()
        return np.array(found, dtype=float).reshape(-1, 2)

    def forget(self) -> None:
        """Delete every room that is too old, as any other call does."""
        with self._database():
            pass

    def clear(self, code: str, key: str) -> None:
        """Delete all guesses of the room, if ``key`` is its teacher's."""
        self._delete("guesses WHERE code = (SELECT code FROM rooms WHERE code = ? AND key = ?)", code, key)

    def close(self, code: str, key: str) -> None:
        """Delete the room and all guesses in it, if ``key`` is its teacher's."""
        self._delete("rooms WHERE code = ? AND key = ?", code, key)

    def _delete(self, what: str, code: str, key: str) -> None:
        with self._database() as database:
            database.execute(f"DELETE FROM {what}", (code, key))
