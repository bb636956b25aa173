"""The app's server: Streamlit's own, with our page around everything (``ui.shell``) and four habits broken.

By itself it writes uploads of more than 1 MB to a temporary file, asks a server outside for this machine's address
whenever a page of another site calls, sends no header that holds a browser to this site, and lets a run that was
overtaken touch the session's state while the next run does.
"""

from __future__ import annotations

import os
import re
import sys
from base64 import b64encode
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from threading import RLock
from urllib.parse import urlsplit

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.formparsers import MultiPartParser
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.config import get_config_options
from streamlit.runtime import app_session
from streamlit.runtime.state.safe_session_state import SafeSessionState
from streamlit.runtime.state.session_state import SessionState

from dark_core.app.runtime.html_shell import ROOT, SHELL, routes

SCRIPT = ROOT / "app.py"


def inline_scripts(page: str) -> str:
    """The scripts written into ``page``, as a content policy names them: by SHA-256."""
    hashes = (sha256(code.encode()).digest() for code in re.findall(r"<script>(.*?)</script>", page, re.DOTALL))
    return " ".join(f"'sha256-{b64encode(one).decode()}'" for one in hashes)


HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=(), payment=(), usb=()",
    "Content-Security-Policy": (
        f"default-src 'self'; script-src 'self' blob: {inline_scripts(SHELL)}; "
        "style-src 'self' 'unsafe-inline'; connect-src 'self' data:; "
        "img-src 'self' data: blob:; font-src 'self' data:; media-src 'self' blob:; worker-src 'self' blob:; "
        "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
    ),
}
"""Sent with every answer: content is what it says it is, and no page asks for anything beyond this server.

Of inline scripts that of Streamlit's own page is let through; the live figures are scripts in blobs.
A shot of the webcam is fetched from a data: address, which is no request.
"""

MultiPartParser.spool_max_size = 2**31  # what Streamlit takes is bounded by server.maxUploadSize, and stays in memory


class LockedState(SessionState):
    """A session's state with the one lock that all its runs take: Streamlit gives each run a lock of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.lock = RLock()


_begin = SafeSessionState.__init__


def _begin_with_its_lock(self: SafeSessionState, state: SessionState, yield_callback: Callable[[], None]) -> None:
    _begin(self, state, yield_callback)
    if isinstance(state, LockedState):
        object.__setattr__(self, "_lock", state.lock)


SafeSessionState.__init__ = _begin_with_its_lock
app_session.SessionState = LockedState


class Guard:
    """Turns away pages of other sites, and puts HEADERS on every answer."""

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket" and foreign(Headers(scope=scope)):
            await receive()
            await send({"type": "websocket.close", "code": 1008})
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        with suppress(ClientDisconnect):  # a visitor's line broke in mid-upload: nobody is left to answer
            await self.app(scope, receive, with_headers)


def foreign(headers: Headers) -> bool:
    """Whether a page of another site calls; programs, which name no site, may, as may those of corsAllowedOrigins."""
    origin = headers.get("origin")
    allowed = st.get_option("server.corsAllowedOrigins")
    return origin is not None and origin not in allowed and urlsplit(origin).netloc != headers.get("host")


def from_environment() -> dict[str, object]:
    """Streamlit's settings that the environment gives, as STREAMLIT_SERVER_PORT, read as ``streamlit run`` does."""
    read = {bool: lambda text: text.lower() in ("1", "true", "yes", "on"), int: int, float: float}
    return {
        name: read.get(option.type, str)(os.environ[option.env_var])
        for name, option in get_config_options().items()
        if option.env_var in os.environ and not option.sensitive  # those Streamlit reads itself
    }


def serve(**options: object) -> None:
    """Serve the app until it is stopped; ``options`` are Streamlit's, with _ for the dot: ``server_port=8600``.

    What they do not say the environment does, and then .streamlit/config.toml.
    """
    # Set before PyTorch comes: threads that spin while they wait for each other take the processors from all visitors.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    # The network asks for the interpreter between its layers, and is not to wait 5 ms for it each time.
    sys.setswitchinterval(0.0005)
    sys.argv = [str(SCRIPT)]  # beside which Streamlit looks for modules and settings
    app = st.App(SCRIPT, routes=routes(), middleware=[Middleware(Guard)])
    app.run(config=from_environment() | {name.replace("_", ".", 1): value for name, value in options.items()})
