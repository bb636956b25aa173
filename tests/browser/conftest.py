"""A real browser on a real server.

server        a fresh server of app.py, shared by the tests of one module
fresh_server  a factory: fresh_server() starts one of the test's own, fresh_server("other.py") another script
page          a Playwright page in a new context; its traffic is watched
traffic       what that page did: `traffic.outside` and `traffic.errors`, both to be empty
"""

import http.client
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

ROOT = Path(__file__).parents[2]
HOST = "127.0.0.1"
TIMEOUT = 30  # seconds for anything in a browser: the first page loads the network
START = 90  # seconds for a server

COMMANDS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
)
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


# The server


@dataclass(frozen=True)
class Server:
    """A running streamlit: `url` without a trailing slash, `log` the file it writes to."""

    url: str
    log: Path


_running: list[Server] = []


@contextmanager
def serve(script: str | Path, log: Path) -> Iterator[Server]:
    """A new streamlit process on a free port, answering; it is gone afterwards."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = probe.getsockname()[1]
    where = [f"--server.address={HOST}", f"--server.port={port}"]
    command = [sys.executable, "-m", "streamlit", "run", str(script), *where]
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT)
    server = Server(f"http://{HOST}:{port}", log)
    _running.append(server)
    try:
        wait_until_healthy(process, port, log)
        yield server
    finally:
        _running.remove(server)
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_until_healthy(process: subprocess.Popen, port: int, log: Path) -> None:
    deadline = time.monotonic() + START
    while time.monotonic() < deadline and process.poll() is None:
        connection = http.client.HTTPConnection(HOST, port, timeout=5)
        try:
            connection.request("GET", "/_stcore/health")
            if connection.getresponse().status == 200:
                return
        except OSError:
            pass  # not listening yet
        finally:
            connection.close()
        time.sleep(0.1)
    state = f"ended with {process.returncode}" if process.poll() is not None else f"did not answer within {START} s"
    pytest.fail(f"The streamlit server {state}. Its log:\n{log.read_text(errors='replace')}", pytrace=False)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serve("app.py", tmp_path_factory.mktemp("server") / "log") as server:
        yield server


@pytest.fixture
def fresh_server(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    with ExitStack() as stack:
        yield lambda script="app.py": stack.enter_context(serve(script, tmp_path / f"server-{len(_running)}.log"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo) -> Iterator[None]:
    """A failed test shows what its servers logged."""
    report = yield
    if report.failed:
        report.sections += [(f"log of {server.url}", server.log.read_text(errors="replace")) for server in _running]
    return report


# The browser


def installed_browser() -> str | None:
    """The path of this machine's Chromium or Chrome."""
    found = (shutil.which(name) for name in COMMANDS)
    return next(filter(None, found), None) or next((path for path in PLACES if Path(path).exists()), None)


def fetch_browser() -> str | None:
    """Let Playwright fetch its own Chromium; returns why that failed, or None."""
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    try:
        fetch = subprocess.run(command, capture_output=True, text=True, timeout=300)
    except subprocess.TimeoutExpired:
        return "playwright install took more than 300 s"
    if fetch.returncode == 0:
        return None
    said = re.search(r"^Error.*", fetch.stderr, re.MULTILINE)
    return said[0] if said else f"playwright install ended with {fetch.returncode}"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = installed_browser()
    if path is None and (failure := fetch_browser()):
        reason = f"no Chromium or Chrome is installed, and Playwright could not fetch its own: {failure}"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@dataclass
class Traffic:
    """outside: every address asked for beyond this machine; errors: what the page's console complained about."""

    outside: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def watch(self, context: BrowserContext) -> None:
        def note(url: str) -> None:
            if urlsplit(url).hostname not in (None, HOST):  # None: data: and blob:
                self.outside.append(url)

        def watch_page(page: Page) -> None:
            page.on("websocket", lambda websocket: note(websocket.url))
            page.on("pageerror", lambda error: self.errors.append(str(error)))

        context.on("page", watch_page)
        context.on("request", lambda request: note(request.url))
        context.on("console", lambda message: self.errors.append(message.text) if message.type == "error" else None)


@pytest.fixture
def traffic() -> Traffic:
    return Traffic()


@pytest.fixture
def page(browser: Browser, traffic: Traffic) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(TIMEOUT * 1000)
    expect.set_options(timeout=TIMEOUT * 1000)
    traffic.watch(context)
    yield context.new_page()
    context.close()
