"""A pose network that runs elsewhere: crops go over HTTP to ``serve`` and heatmaps come back.

Only the address that the operator gave is ever asked, no redirect is followed, and no crop is sent before it has said
that its weights are the ones expected.
"""

from __future__ import annotations

import http.client
import json
import time
from collections import deque
from urllib.parse import urlsplit

import numpy as np

from dark_core.cluster.wire import MOST_BYTES, MOST_CROPS, maps_shape, pack, unpack

CLUSTER = "DARK_POSE_URL"
"""The environment variable with the address of the cluster that runs the app's network, http://host:port."""

TIMEOUT = 60.0
"""Seconds that one call may take, with all its tries."""

PAUSES = (0.0, 0.5, 2.0)
"""Seconds before each try: a kept connection may have been shut meanwhile, a process be just dying or starting."""


class RemoteError(RuntimeError):
    """The cluster does not answer, or not as it should; the message is one sentence."""


class _Passing(Exception):
    """What may be over at the next try."""


class Remote:
    """The cluster at ``url``, "http://host:port" or https, which is to have the weights of SHA-256 ``sha256``.

    Any thread may call ``forward``; connections are kept and shared. Raises ValueError for a url of another form.
    """

    def __init__(self, url: str, sha256: str, timeout: float = TIMEOUT):
        parts = urlsplit(url)
        plain = url.rstrip("/") == f"{parts.scheme}://{parts.netloc}" and "@" not in parts.netloc
        if parts.scheme not in ("http", "https") or not parts.hostname or not plain:
            raise ValueError(f"The address of a cluster is http://host:port, not {url!r}.")
        self._where, self._secure = (parts.hostname, parts.port), parts.scheme == "https"
        self._sha256, self._timeout = sha256, timeout
        self._idle: deque[http.client.HTTPConnection] = deque()
        self.device = f"cluster at {parts.netloc}"
        """Where the network runs, in words."""

    def __del__(self):
        for connection in getattr(self, "_idle", ()):  # none where the address was refused
            connection.close()

    def forward(self, crops: np.ndarray) -> np.ndarray:
        """Heatmaps (N, 14, H/4, W/4) float32 of crops (N, H, W, 3) uint8; 32 divides H and W.

        Raises RemoteError where the cluster does not answer in time, refuses, or has other weights.
        """
        end = time.monotonic() + self._timeout
        room = max(1, min(MOST_CROPS, MOST_BYTES // max(1, crops[:1].nbytes)))
        pieces = [crops[first : first + room] for first in range(0, len(crops), room)]
        return np.concatenate([self._forward_piece(piece, end) for piece in pieces])

    def _forward_piece(self, crops: np.ndarray, end: float) -> np.ndarray:
        body, wanted = pack(crops), maps_shape(crops.shape)
        try:
            maps = unpack(self._asked(body, 1024 + 4 * int(np.prod(wanted)), end), np.float32)
        except ValueError as error:
            raise RemoteError(f"The {self.device} answered no heatmaps: {error}") from error
        if maps.shape != wanted:
            raise RemoteError(f"The {self.device} answered heatmaps of shape {maps.shape}, not {wanted}.")
        return maps

    def _asked(self, body: bytes, most: int, end: float) -> bytes:
        """The answer, at most ``most`` bytes, to crops, tried again while what fails may pass."""
        said = ""
        for pause in PAUSES:
            if time.monotonic() + pause >= end:
                break
            time.sleep(pause)
            connection = self._connection()
            try:
                if connection.sock is None:
                    self._check(connection, end)
                answer = self._answer(connection, "POST", "/read", body, most, end)
            except _Passing as error:
                connection.close()
                said = str(error)
            except BaseException:
                connection.close()
                raise
            else:
                self._idle.append(connection)
                return answer
        raise RemoteError(f"The {self.device} does not answer: {said or 'it took too long'}.")

    def _connection(self) -> http.client.HTTPConnection:
        """A kept connection, or a new one that is not open yet."""
        try:
            return self._idle.pop()
        except IndexError:
            kind = http.client.HTTPSConnection if self._secure else http.client.HTTPConnection
            return kind(*self._where)

    def _check(self, connection: http.client.HTTPConnection, end: float) -> None:
        """Raises RemoteError where the cluster behind a new connection has other weights."""
        try:
            found = json.loads(self._answer(connection, "GET", "/about", None, 10_000, end))["sha256"]
        except (ValueError, KeyError, TypeError) as error:
            raise RemoteError(f"The {self.device} does not say which network it is.") from error
        if found != self._sha256:
            raise RemoteError(
                f"The {self.device} has other weights (SHA-256 {str(found)[:12]}…) than this app "
                f"({self._sha256[:12]}…): start both from one version."
            )

    def _answer(
        self, connection: http.client.HTTPConnection, method: str, path: str, body: bytes | None, most: int, end: float
    ) -> bytes:
        """One answer of at most ``most`` bytes, waited for until ``end``."""
        connection.timeout = max(0.001, end - time.monotonic())
        if connection.sock is not None:
            connection.sock.settimeout(connection.timeout)
        try:
            connection.request(method, path, body, {"Content-Type": "application/octet-stream"})
            answer = connection.getresponse()
            data = answer.read(most + 1)
        except (OSError, http.client.HTTPException) as error:
            raise _Passing(str(error) or type(error).__name__) from error
        if answer.status >= 500 or answer.status == 404:  # a proxy to which the network has not come yet finds nothing
            raise _Passing(f"{answer.status} {answer.reason}")
        if answer.status != 200:
            why = data[:200].decode(errors="replace").rstrip(".")
            raise RemoteError(f"The {self.device} refused with {answer.status}: {why}.")
        if len(data) > most:
            raise RemoteError(f"The {self.device} answered more than was asked for.")
        return data


def wait_until_ready(url: str, sha256: str, seconds: float) -> None:
    """Return once the cluster at ``url`` has run a crop. Raises RemoteError where it has not within ``seconds``."""
    cluster, end = Remote(url, sha256, seconds), time.monotonic() + seconds
    while True:
        try:
            cluster.forward(np.zeros((1, 32, 32, 3), np.uint8))
            return
        except RemoteError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)
