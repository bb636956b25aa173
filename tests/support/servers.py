"""A real server of the app for the tests that need one: its own process, on a free port, gone afterwards."""

import asyncio
import http.client
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

ROOT = Path(__file__).parents[2]
HOST = "127.0.0.1"
START = 90  # seconds for a server


class ServerError(RuntimeError):
    """A server that did not start; the message holds its log."""


@dataclass(frozen=True)
class Server:
    """A running streamlit: `url` without a trailing slash, `log` the file it writes to, `pid` its process."""

    url: str
    log: Path
    pid: int

    @property
    def origin(self) -> str:
        """Its address without a path."""
        return "/".join(self.url.split("/")[:3])

    def complaint(self) -> str:
        """What its log complains about."""
        return complaint(self.log)


running: list[Server] = []


def complaint(log: Path) -> str:
    """What a server's log says from the first traceback through the app's own code on; "" where there is none."""
    said = log.read_text(errors="replace")
    ours = r'File "[^"]*(?:/dark_core/|/pages/|/app\.py")'
    found = re.search(rf"^Traceback \(most recent call last\):\n(?:[ \t].*\n)*?[ \t]+{ours}", said, re.MULTILINE)
    return said[found.start() :][:4000] if found else ""


def command(**settings: object) -> list[str]:
    """What starts the app's server, with Streamlit's settings: `server_port=8600`."""
    return [sys.executable, "-c", f"from dark_core.app.runtime.server import serve; serve(**{settings!r})"]


def run_async(coroutine: Coroutine[object, object, T]) -> T:
    """What `coroutine` returns, run on a thread of its own: Playwright may have a loop running on this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()


@contextmanager
def own_server_unless(url: str | None) -> Iterator[str]:
    """The address of a server that already runs, or that of a new one."""
    if url:
        yield url
    else:
        with tempfile.TemporaryDirectory() as folder, serve(Path(folder) / "log") as server:
            yield server.url


@contextmanager
def serve(log: Path, **settings: object) -> Iterator[Server]:
    """A new server of the app on a free port, answering; `settings` are Streamlit's, as in `command`.

    Raises ServerError if it does not start.
    """
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = probe.getsockname()[1]
    start = command(server_address=HOST, server_port=port, **settings)
    with log.open("wb") as output:
        process = subprocess.Popen(start, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT)
    base = str(settings.get("server_baseUrlPath", ""))
    server = Server(f"http://{HOST}:{port}/{base}".rstrip("/"), log, process.pid)
    running.append(server)
    try:
        wait_until_healthy(process, port, log, base)
        yield server
    finally:
        running.remove(server)
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_until_healthy(process: subprocess.Popen, port: int, log: Path, base: str = "") -> None:
    """Returns once the server answers below ``base``, its server.baseUrlPath.

    Raises ServerError if it ends or stays silent.
    """
    deadline = time.monotonic() + START
    while time.monotonic() < deadline and process.poll() is None:
        connection = http.client.HTTPConnection(HOST, port, timeout=5)
        try:
            connection.request("GET", f"/{base}/_stcore/health".replace("//", "/"))
            if connection.getresponse().status == 200:
                return
        except OSError:
            pass  # not listening yet
        finally:
            connection.close()
        time.sleep(0.1)
    state = f"ended with {process.returncode}" if process.poll() is not None else f"did not answer within {START} s"
    raise ServerError(f"The streamlit server {state}. Its log:\n{log.read_text(errors='replace')}")
