"""A real browser on a real server.

server        a server of app.py, shared by all tests of one process
fresh_server  a factory: fresh_server() starts one of the test's own
page          a Playwright page that finds nothing left by others; its traffic is watched
traffic       what that page did: `traffic.outside` and `traffic.errors`, both to be empty
new_tab       a factory: new_tab() is such a page with its traffic, for several tests of a module. Each test begins
              where the one before ended, because opening a page takes longer than most tests do.
"""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect, sync_playwright

from tests.support.chromium import ARGUMENTS, installed_browser
from tests.support.firefox import installed_firefox
from tests.support.servers import HOST, Server, running, serve

collect_ignore = [] if installed_firefox() else ["test_firefox.py"]

TIMEOUT = 30  # seconds for anything in a browser: the first page loads the network


# The server


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serve(tmp_path_factory.mktemp("server") / "log") as server:
        yield server


@pytest.fixture
def fresh_server(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    with ExitStack() as stack:
        yield lambda: stack.enter_context(serve(tmp_path / f"server-{len(running)}.log"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo) -> Iterator[None]:
    """A failed test shows what its servers logged."""
    report = yield
    if report.failed:
        report.sections += [(f"log of {server.url}", server.log.read_text(errors="replace")) for server in running]
    return report


# The browser


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
        expect.set_options(timeout=TIMEOUT * 1000)
        yield browser
        browser.close()


@dataclass
class Traffic:
    """outside: every address asked for beyond this machine; errors: what the page's console complained about."""

    outside: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @contextmanager
    def watched(self, context: BrowserContext) -> Iterator[None]:
        """While what the pages of ``context`` do is written down."""

        def note(url: str) -> None:
            if urlsplit(url).hostname not in (None, HOST):  # None: data: and blob:
                self.outside.append(url)

        def watch_page(page: Page) -> None:
            page.on("websocket", lambda websocket: note(websocket.url))
            page.on("pageerror", lambda error: self.errors.append(str(error)))

        def watch_request(request: Request) -> None:
            note(request.url)

        def watch_console(message: ConsoleMessage) -> None:
            if message.type == "error":
                self.errors.append(message.text)

        watching = {"page": watch_page, "request": watch_request, "console": watch_console}
        for event, watch in watching.items():
            context.on(event, watch)
        yield
        for event, watch in watching.items():
            context.remove_listener(event, watch)


@dataclass(frozen=True)
class Tab:
    """A page and its traffic."""

    page: Page
    traffic: Traffic


@contextmanager
def open_window(browser: Browser) -> Iterator[BrowserContext]:
    with browser.new_context(viewport={"width": 1440, "height": 900}) as context:
        context.set_default_timeout(TIMEOUT * 1000)
        yield context


@contextmanager
def open_tab(context: BrowserContext) -> Iterator[Tab]:
    traffic = Traffic()
    with traffic.watched(context):
        yield Tab(context.new_page(), traffic)


@pytest.fixture(scope="session")
def window(browser: Browser) -> Iterator[BrowserContext]:
    """One for all tests of a process, which an empty page keeps open.

    Each window costs a second of the processor: it starts Chromium's suggestions below its address line, too. What
    would stay set in a window, as ``page.clock`` does, a test does to a ``new_tab``, which has one of its own.
    """
    with open_window(browser) as window:
        window.new_page()
        yield window


@pytest.fixture
def tab(window: BrowserContext) -> Iterator[Tab]:
    stays, *_ = window.pages
    window.clear_cookies()
    storage = window.new_cdp_session(stays)
    for server in running:
        storage.send("Storage.clearDataForOrigin", {"origin": server.origin, "storageTypes": "all"})
    storage.detach()
    with open_tab(window) as tab:
        yield tab
        for page in window.pages[1:]:
            page.close()


@pytest.fixture
def page(tab: Tab) -> Page:
    return tab.page


@pytest.fixture
def traffic(tab: Tab) -> Traffic:
    return tab.traffic


@pytest.fixture(scope="module")
def new_tab(browser: Browser) -> Iterator[Callable[[], Tab]]:
    with ExitStack() as stack:
        yield lambda: stack.enter_context(open_tab(stack.enter_context(open_window(browser))))
