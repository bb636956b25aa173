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

import numpy as np
import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dark_core.app.live.route import live_route
from dark_core.app.runtime import settings, streamlit_patches
from dark_core.app.runtime.html_shell import ROOT, routes
from dark_core.codec import decode

SCRIPT = ROOT / "app.py"


def inline_scripts(page: str) -> str:
    """The scripts written into ``page``, as a content policy names them: by SHA-256."""
    hashes = (sha256(code.encode()).digest() for code in re.findall(r"<script>(.*?)</script>", page, re.DOTALL))
    return " ".join(f"'sha256-{b64encode(one).decode()}'" for one in hashes)


def headers(frame_ancestors: str = "") -> dict[str, str]:
    """What is sent with every answer: content is what it says it is, and no page asks for anything beyond this server.

    Of inline scripts that of Streamlit's own page is let through; the live figures are scripts in blobs. A shot of the
    webcam is fetched from a data: address, which is no request. ``frame_ancestors``: other sites that may show the app
    inside their pages.
    """
    rules = {
        "default-src": ["'self'"],
        "script-src": ["'self'", "blob:", inline_scripts(streamlit_patches.PAGE)],
        "style-src": ["'self'", "'unsafe-inline'"],
        "connect-src": ["'self'", "data:"],
        "img-src": ["'self'", "data:", "blob:"],
        "font-src": ["'self'", "data:"],
        "media-src": ["'self'", "blob:"],
        "worker-src": ["'self'", "blob:"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'self'", *frame_ancestors.split()],
    }
    return {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Permissions-Policy": "camera=(self), microphone=(), geolocation=(), payment=(), usb=()",
        "Content-Security-Policy": "; ".join(" ".join([name, *sources]) for name, sources in rules.items()),
    }


class Guard:
    """Turns away pages of other sites, and puts ``headers`` on every answer."""

    def __init__(self, app: ASGIApp, headers: dict[str, str]):
        self.app, self.headers = app, headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket" and foreign(Headers(scope=scope)):
            await receive()
            await send({"type": "websocket.close", "code": 1008})
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    answer.setdefault(name, value)
                message["headers"] = [(name, _partitioned(name, value)) for name, value in message["headers"]]
            await send(message)

        with suppress(ClientDisconnect):  # a connection broke in mid-upload: there is nobody to answer
            await self.app(scope, receive, with_headers)


def _partitioned(name: bytes, value: bytes) -> bytes:
    """A cookie meant for frames of other sites, such that browsers keep it: one of its own for each such site."""
    return value + b"; Partitioned" if name.lower() == b"set-cookie" and b"SameSite=None" in value else value


def foreign(headers: Headers) -> bool:
    """Whether a page of another site calls; programs, which name no site, may, as may those of corsAllowedOrigins.

    Without server.enableCORS every site may, as Streamlit has it.
    """
    origin = headers.get("origin")
    if not st.get_option("server.enableCORS"):
        return False
    allowed = st.get_option("server.corsAllowedOrigins")
    return origin is not None and origin not in allowed and urlsplit(origin).netloc != headers.get("host")


def _compile_ahead() -> None:
    """Decode a heatmap of either precision, so that no visitor waits for Numba where it is installed."""
    for dtype in (np.float32, np.float64):
        for decoder in ("dark", "gaussian_fit"):
            decode(np.zeros((1, 8, 8), dtype), decoder)


def serve(**options: object) -> None:
    """Serve the app until it is stopped; ``options`` are Streamlit's, with _ for the dot: ``server_port=8600``.

    The environment sets what they leave open, and then .streamlit/config.toml. Raises InputError for a variable of the
    environment that cannot be meant.
    """
    sys.argv = [str(SCRIPT)]  # beside which Streamlit looks for modules and settings
    ancestors = settings.frame_ancestors(os.environ)
    chosen = settings.streamlit_settings(os.environ)
    if ancestors:  # in a frame of another site a browser sends no other cookie, and this one comes with every upload
        chosen.setdefault("server.xsrfCookieSameSite", "none")
    chosen |= {name.replace("_", ".", 1): value for name, value in options.items()}
    streamlit_patches.apply()
    # Set before PyTorch comes: threads that spin while they wait for each other take the processors from all visitors.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    # The network asks for the interpreter between its layers, and is not to wait 5 ms for it each time.
    sys.setswitchinterval(0.0005)
    base = str(chosen.get("server.baseUrlPath", st.get_option("server.baseUrlPath")))
    _compile_ahead()
    live = live_route(base, settings.live_visitors(os.environ), foreign)
    app = st.App(SCRIPT, routes=[*routes(base), live], middleware=[Middleware(Guard, headers=headers(ancestors))])
    app.run(config=chosen)
