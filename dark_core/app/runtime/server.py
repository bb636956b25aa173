"""The app's server: Streamlit's own, with our page around everything and headers that hold a browser to this site.

By itself Streamlit asks a server outside for this machine's address whenever a page of another site calls. Here
such calls are turned away. What else is changed in it is in ``streamlit_patches``.
"""

from __future__ import annotations

import os
import re
import sys
from base64 import b64encode
from contextlib import suppress
from hashlib import sha256
from urllib.parse import urlsplit

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dark_core.app.runtime import streamlit_patches
from dark_core.app.runtime.html_shell import ROOT, routes

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
        f"default-src 'self'; script-src 'self' blob: {inline_scripts(streamlit_patches.PAGE)}; "
        "style-src 'self' 'unsafe-inline'; connect-src 'self' data:; "
        "img-src 'self' data: blob:; font-src 'self' data:; media-src 'self' blob:; worker-src 'self' blob:; "
        "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
    ),
}
"""Sent with every answer: content is what it says it is, and no page asks for anything beyond this server.

Of inline scripts that of Streamlit's own page is let through; the live figures are scripts in blobs.
A shot of the webcam is fetched from a data: address, which is no request.
"""


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

        with suppress(ClientDisconnect):  # a connection broke in mid-upload: there is nobody to answer
            await self.app(scope, receive, with_headers)


def foreign(headers: Headers) -> bool:
    """Whether a page of another site calls; programs, which name no site, may, as may those of corsAllowedOrigins."""
    origin = headers.get("origin")
    allowed = st.get_option("server.corsAllowedOrigins")
    return origin is not None and origin not in allowed and urlsplit(origin).netloc != headers.get("host")


def serve(**options: object) -> None:
    """Serve the app until it is stopped; ``options`` are Streamlit's, with _ for the dot: ``server_port=8600``.

    The environment sets what they leave open, and then .streamlit/config.toml.
    """
    streamlit_patches.apply()
    # Set before PyTorch comes: threads that spin while they wait for each other take the processors from all visitors.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    # The network asks for the interpreter between its layers, and is not to wait 5 ms for it each time.
    sys.setswitchinterval(0.0005)
    sys.argv = [str(SCRIPT)]  # beside which Streamlit looks for modules and settings
    settings = streamlit_patches.settings_of_the_environment(dict(os.environ))
    app = st.App(SCRIPT, routes=routes(), middleware=[Middleware(Guard)])
    app.run(config=settings | {name.replace("_", ".", 1): value for name, value in options.items()})
