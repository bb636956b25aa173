"""A server of the app that may write next to nothing, and whose every call to the outside would be noticed."""

import os
import resource
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.servers import HOST, ROOT, command, wait_until_healthy

LARGEST = 100_000
"""Bytes that any file may grow to: enough for the log, too little for a photo."""


@dataclass(frozen=True)
class Guarded:
    """port; log; folder: home and temporary folder of the server, empty at the start; calls: to the outside."""

    port: int
    log: Path
    folder: Path
    calls: list

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    def written(self) -> list[str]:
        """Every file below ``folder``."""
        return [str(path.relative_to(self.folder)) for path in self.folder.rglob("*") if not path.is_dir()]


@contextmanager
def guarded(tmp_path: Path, root: Path = ROOT) -> Iterator[Guarded]:
    """The app of the checkout at ``root``, answering; gone afterwards."""
    folder, calls = tmp_path / "home", []
    folder.mkdir()
    with outside(calls) as proxy, (tmp_path / "log").open("wb") as output:
        with socket.socket() as probe:
            probe.bind((HOST, 0))
            port = probe.getsockname()[1]
        asked = f"http://{HOST}:{proxy}"
        env = os.environ | dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), asked)
        env |= {"HOME": str(folder), "TMPDIR": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
        process = subprocess.Popen(
            command(server_address=HOST, server_port=port),
            cwd=root,
            env={name: value for name, value in env.items() if name.lower() != "no_proxy"},
            stdout=output,
            stderr=subprocess.STDOUT,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST, LARGEST)),
        )
        try:
            wait_until_healthy(process, port, tmp_path / "log")
            yield Guarded(port, tmp_path / "log", folder, calls)
        finally:
            process.kill()
            process.wait()


@contextmanager
def outside(calls: list) -> Iterator[int]:
    """The port of a proxy that notes every call and answers none."""

    def note() -> None:
        while True:
            try:
                call, _ = listener.accept()
            except OSError:
                return
            calls.append(call.recv(200))
            call.close()

    with socket.create_server((HOST, 0)) as listener:
        threading.Thread(target=note, daemon=True).start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)
