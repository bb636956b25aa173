"""A Firefox as it is installed, driven by WebDriver BiDi. Playwright drives only a build of its own.

References
----------
W3C, "WebDriver BiDi", https://www.w3.org/TR/webdriver-bidi/.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

COMMANDS = ("firefox", "firefox-esr")
MAC = "/Applications/Firefox.app/Contents/MacOS/firefox"
PREFERENCES = {
    "app.normandy.enabled": False,
    "app.update.auto": False,
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "captivedetect.canonicalURL": "",
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "",
    "toolkit.telemetry.server": "",
    "ui.prefersReducedMotion": 1,
}
"""Nothing but the pages is loaded, and nothing moves."""


def installed_firefox() -> str | None:
    """The path of this machine's Firefox, or what DARK_FIREFOX says."""
    if chosen := os.environ.get("DARK_FIREFOX"):
        return chosen
    found = (shutil.which(name) for name in COMMANDS)
    return next(filter(None, found), None) or (MAC if Path(MAC).exists() else None)


class Tab:
    """The one tab of a Firefox: goes to pages, runs scripts in them, and keeps what went wrong."""

    def __init__(self, socket: ClientConnection):
        self._socket, self._count = socket, 0
        self.errors: list[str] = []
        """Errors that no script of the page caught, and messages of the page's console that are errors."""
        self.requests: list[str] = []
        """The address of each request."""
        self._send("session.new", capabilities={})
        self._send("session.subscribe", events=["log.entryAdded", "network.beforeRequestSent"])
        self._context = self._send("browsingContext.getTree")["contexts"][0]["context"]

    def goto(self, address: str) -> None:
        """Open a page, until its document has loaded."""
        self._send("browsingContext.navigate", context=self._context, url=address, wait="complete")

    def evaluate(self, script: str) -> Any:
        """The value of an expression in the page, or of the promise that it is, as JSON carries it."""
        said = self._send(
            "script.evaluate",
            expression=f"Promise.resolve({script}).then(JSON.stringify)",
            target={"context": self._context},
            awaitPromise=True,
        )
        if said["type"] == "exception":
            raise RuntimeError(said["exceptionDetails"]["text"])
        return json.loads(said["result"].get("value", "null"))

    def _send(self, method: str, **params: Any) -> dict[str, Any]:
        self._count += 1
        self._socket.send(json.dumps({"id": self._count, "method": method, "params": params}))
        while True:
            message = json.loads(self._socket.recv(timeout=120))
            if message.get("method") == "log.entryAdded" and message["params"]["level"] == "error":
                self.errors.append(message["params"]["text"])
            elif message.get("method") == "network.beforeRequestSent":
                self.requests.append(message["params"]["request"]["url"])
            elif message.get("id") == self._count:
                if message["type"] == "error":
                    raise RuntimeError(f"{method}: {message['message']}")
                return message["result"]


@contextmanager
def firefox_tab() -> Iterator[Tab]:
    """A Firefox with a profile of its own, closed in the end."""
    executable = installed_firefox()
    assert executable
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in PREFERENCES.items()]
        (Path(profile) / "user.js").write_text("\n".join(lines), encoding="utf-8")
        command = [executable, "--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0"]
        browser = subprocess.Popen([*command, "about:blank"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            where = Path(profile) / "WebDriverBiDiServer.json"
            while not (where.exists() and (said := where.read_text(encoding="utf-8"))):
                assert browser.poll() is None, "Firefox ended"
                time.sleep(0.1)
            server = json.loads(said)
            with connect(f"ws://{server['ws_host']}:{server['ws_port']}/session", max_size=None) as socket:
                yield Tab(socket)
        finally:
            browser.kill()
            browser.wait()
