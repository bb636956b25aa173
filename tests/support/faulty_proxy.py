"""A line between a browser and a server that can be cut: in the middle of an upload, or all of it at once."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

from tests.support.servers import HOST

UPLOAD = b"PUT /_stcore/upload_file/"


class Line:
    """url: where a browser finds the server behind the line. uploads: how many began; reached: set where one ended."""

    def __init__(self, server: str):
        self.put_through(server)
        self._door = socket.create_server((HOST, 0))
        self.url = f"http://{HOST}:{self._door.getsockname()[1]}"
        self.uploads = 0
        self._passes: int | None = None
        self._holds = False
        self.reached = threading.Event()
        self._open: set[socket.socket] = set()
        threading.Thread(target=self._accept, daemon=True).start()

    def put_through(self, server: str) -> None:
        """Lead who calls from now on to the server at this URL."""
        self._server = urlsplit(server)

    def cut_uploads_after(self, count: int) -> None:
        """Cut the connection of an upload once ``count`` bytes of it have passed, every time: browsers try again."""
        self._passes, self._holds = count, False

    def hold_uploads_after(self, count: int) -> None:
        """Let no more than ``count`` bytes of an upload pass, and keep its connection open."""
        self._passes, self._holds = count, True

    def mend(self) -> None:
        """Let uploads pass again."""
        self._passes = None

    def drop(self) -> None:
        """Cut every connection."""
        for end in list(self._open):
            self._close(end)

    def close(self) -> None:
        self._door.close()
        self.drop()

    def _close(self, *ends: socket.socket) -> None:
        for end in ends:
            self._open.discard(end)
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _accept(self) -> None:
        with suppress(OSError):  # the door is closed
            while True:
                near, _ = self._door.accept()
                try:
                    far = socket.create_connection((self._server.hostname, self._server.port))
                except OSError:
                    near.close()
                    continue
                self._open |= {near, far}
                threading.Thread(target=self._carry, args=(near, far, True), daemon=True).start()
                threading.Thread(target=self._carry, args=(far, near, False), daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket, out: bool) -> None:
        left = None  # bytes that may pass
        with suppress(OSError):
            while data := source.recv(2**16):
                if out and data.startswith(UPLOAD):
                    self.uploads += 1
                    left = self._passes
                if left is not None:
                    data, left = data[:left], max(left - len(data), 0)
                target.sendall(data)
                if left == 0:
                    self.reached.set()
                    if self._holds:
                        return  # both ends stay open, and nobody reads on
                    break
        self._close(source, target)


@contextmanager
def line(server: str) -> Iterator[Line]:
    """A line to the server at this URL; cut afterwards."""
    line = Line(server)
    try:
        yield line
    finally:
        line.close()
