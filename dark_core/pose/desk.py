"""One network, many visitors: their crops wait in turns and are read in batches.

Nobody waits for more than one turn of each other visitor, however much somebody asks for: a visitor's crops stand in
a line of their own, and a batch takes one piece of every line in turn. Crops of one size are read together,
because a batch costs a network less than its crops one by one.
"""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable

import numpy as np

MOST = 16
"""Crops in a batch: more make those who wait wait longer and are hardly faster."""


class LeftError(RuntimeError):
    """The answer was asked for by somebody who had left, or of a desk that has closed."""


class Ticket:
    """Crops on their way through the network. ``result`` waits for the heatmaps; ``leave`` gives up the place."""

    def __init__(self, desk: Desk, visitor: Hashable, pieces: list[np.ndarray]):
        self._desk, self.visitor = desk, visitor
        self.pieces = pieces
        self.answers: list[np.ndarray | None] = [None] * len(pieces)
        self.error: BaseException | None = None
        self._left = len(pieces)
        self._done = threading.Event()

    def result(self, timeout: float | None = None) -> np.ndarray:
        """The heatmaps (N, 14, H, W). Raises TimeoutError after ``timeout`` s, or what went wrong in the network."""
        if not self._done.wait(timeout):
            raise TimeoutError("the crops have not had their turn yet")
        if self.error is not None:
            raise self.error
        return np.concatenate(self.answers)

    @property
    def done(self) -> bool:
        return self._done.is_set()

    @property
    def ahead(self) -> int:
        """How many other visitors have their turn before this one's next."""
        return self._desk.ahead(self.visitor)

    def leave(self) -> None:
        """Give up what has not been read yet."""
        self._desk.forget(self)

    def answer(self, piece: int, maps: np.ndarray) -> None:
        self.answers[piece] = maps
        self._left -= 1
        if not self._left:
            self._done.set()

    def fail(self, error: BaseException) -> None:
        self.error = error
        self._done.set()


class Desk:
    """Takes crops and has them read by ``read`` (uint8 (N, S, S, 3) to heatmaps) on a thread of its own.

    ``most``: crops in a batch. Used as a context or closed, it lets its thread end.
    """

    def __init__(self, read: Callable[[np.ndarray], np.ndarray], most: int = MOST):
        self._read, self._most = read, most
        self._lines: OrderedDict[Hashable, deque[tuple[Ticket, int]]] = OrderedDict()
        self._change = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._serve, name="desk", daemon=True)
        self._thread.start()

    def submit(self, crops: np.ndarray, visitor: Hashable) -> Ticket:
        """Put crops (N, S, S, 3) at the end of the visitor's line. Raises LeftError once the desk is closed."""
        pieces = [crops[first : first + self._most] for first in range(0, len(crops), self._most)]
        if not pieces:
            raise ValueError("there are no crops to read")
        ticket = Ticket(self, visitor, pieces)
        with self._change:
            if self._closed:
                raise LeftError("the desk is closed")
            self._lines.setdefault(visitor, deque()).extend((ticket, k) for k in range(len(pieces)))
            self._change.notify()
        return ticket

    def ahead(self, visitor: Hashable) -> int:
        """How many other visitors' lines come before that of ``visitor``; 0 for one who has none."""
        with self._change:
            return list(self._lines).index(visitor) if visitor in self._lines else 0

    def waiting(self) -> int:
        """How many visitors have crops here."""
        with self._change:
            return len(self._lines)

    def forget(self, ticket: Ticket) -> None:
        """Take what is left of a ticket out of its line."""
        with self._change:
            line = self._lines.get(ticket.visitor)
            if line is not None:
                kept = deque(entry for entry in line if entry[0] is not ticket)
                self._keep(ticket.visitor, kept)
        if not ticket.done:
            ticket.fail(LeftError("the visitor has left"))

    def close(self) -> None:
        """End the thread after the batch it is at; whoever still waits is told."""
        with self._change:
            self._closed = True
            left = [entry[0] for line in self._lines.values() for entry in line]
            self._lines.clear()
            self._change.notify()
        for ticket in left:
            ticket.fail(LeftError("the desk is closed"))
        self._thread.join()

    def __enter__(self) -> Desk:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _keep(self, visitor: Hashable, line: deque) -> None:
        if line:
            self._lines[visitor] = line
        else:
            self._lines.pop(visitor, None)

    def _batch(self) -> list[tuple[Ticket, int]]:
        """One piece of each line in turn, all of the size of the first, while there is room; the lines are held."""
        chosen: list[tuple[Ticket, int]] = []
        room, shape = self._most, None
        for visitor in list(self._lines):
            line = self._lines[visitor]
            ticket, piece = line[0]
            crops = ticket.pieces[piece]
            if shape not in (None, crops.shape[1:]) or (chosen and len(crops) > room):
                continue
            shape, room = crops.shape[1:], room - len(crops)
            chosen.append(line.popleft())
            # To the end of the queue, so that the others come first next time.
            del self._lines[visitor]
            self._keep(visitor, line)
        return chosen

    def _serve(self) -> None:
        while True:
            with self._change:
                while not self._lines and not self._closed:
                    self._change.wait()
                if self._closed:
                    return
                chosen = self._batch()
            try:
                maps = self._read(np.concatenate([ticket.pieces[piece] for ticket, piece in chosen]))
            except BaseException as error:  # whatever it is, those who wait must hear of it and the desk go on
                for ticket, _ in chosen:
                    self.forget(ticket)
                    ticket.fail(error)
                continue
            first = 0
            for ticket, piece in chosen:
                count = len(ticket.pieces[piece])
                ticket.answer(piece, maps[first : first + count])
                first += count
