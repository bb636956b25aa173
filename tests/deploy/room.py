"""A room as deploy/compose.yaml builds it, without a container engine: app processes behind nginx."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import streamlit

from tests.deploy.image import ROOT, stages
from tests.support.servers import HOST, wait_until_healthy

BASE = "STREAMLIT_SERVER_BASE_URL_PATH"
STATIC = Path(streamlit.__file__).parent / "static"


@dataclass
class App:
    """An app process: where it listens, what it logs, its settings beside the image's, and the process itself."""

    port: int
    log: Path
    settings: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen | None = None

    def start(self) -> None:
        """Start it by the command of the image and wait until it answers."""
        stage = stages()["app"]
        command, *rest = stage.command
        own = {"STREAMLIT_SERVER_ADDRESS": HOST, "STREAMLIT_SERVER_PORT": str(self.port), "OMP_NUM_THREADS": "1"}
        own |= self.settings
        settings = {name: value for name, value in stage.environment.items() if name.startswith("STREAMLIT_")}
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                [str(Path(sys.executable).with_name(command)), *rest],
                cwd=ROOT,
                env={**os.environ, **settings, **own},
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def ready(self) -> None:
        wait_until_healthy(self.process, self.port, self.log, self.settings.get(BASE, ""))

    @property
    def url(self) -> str:
        """Past the proxy."""
        return f"http://{HOST}:{self.port}"

    def kill(self) -> None:
        """End it as a machine out of memory does."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


@dataclass
class Room:
    """url: of the proxy, without a trailing slash; apps: number 1 first; log: what nginx complained about."""

    url: str
    apps: list[App]
    log: Path

    def app(self, number: str) -> App:
        """The process with the number that the cookie holds."""
        return self.apps[int(number) - 1]


def free_ports(count: int) -> list[int]:
    with ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind((HOST, 0))
        return [probe.getsockname()[1] for probe in probes]


def nginx() -> str:
    """The path of nginx; without it the test is skipped, and fails in CI."""
    path = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if path is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(
            "nginx is not installed: on Debian, apt-get install nginx-light"
        )
    return path


@contextmanager
def room(folder: Path, certificate: Path | None = None, count: int = 2, **settings: str) -> Iterator[Room]:
    """``count`` app processes behind the proxy, all answering; they are gone afterwards.

    ``certificate``: a folder with cert.pem and key.pem, for a room by https. ``settings``: more of the environment of
    the processes.
    """
    path = f"{os.environ['PATH']}:{Path(nginx()).parent}"
    port, secure, *ports = free_ports(2 + count)
    apps = [App(port, folder / f"app-{port}", settings) for port in sorted(ports)]
    log, run = folder / "nginx", folder / "run"
    run.mkdir()
    for above in (run, *run.parents):  # nginx started by root works as another user
        if os.access(above, os.W_OK) and above.is_relative_to(folder):
            above.chmod(0o755)
    proxied = {
        "APPS": " ".join(f"{HOST}:{app.port}" for app in apps),
        "PORT": str(port),
        "HTTPS_PORT": str(secure),
        "STATIC": str(STATIC),
        "CERTIFICATE": str(certificate or folder / "none"),
        "DARK_FRAME_ANCESTORS": settings.get("DARK_FRAME_ANCESTORS", ""),
        "RUN": str(run),
    }
    assert set(proxied) == set(stages()["proxy"].environment), "the image and this file set the same variables"
    with ExitStack() as stack:
        for app in apps:
            app.start()
            stack.callback(lambda app=app: (app.process.kill(), app.process.wait()))
        for app in apps:
            app.ready()
        with log.open("wb") as output:
            proxy = subprocess.Popen(
                ["sh", str(ROOT / "deploy" / "proxy.sh")],
                env={**os.environ, **proxied, "PATH": path},
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        stack.callback(lambda: (proxy.terminate(), proxy.wait(10)))
        wait_for(proxy, port, log)
        yield Room(f"https://{HOST}:{secure}" if certificate else f"http://{HOST}:{port}", apps, log)


def wait_for(proxy: subprocess.Popen, port: int, log: Path) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and proxy.poll() is None:
        try:
            socket.create_connection((HOST, port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    pytest.fail(f"nginx does not answer: {log.read_text(errors='replace')}", pytrace=False)
