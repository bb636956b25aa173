"""The HTML page around everything: Streamlit's own, with our title and our style from the first paint on.

Streamlit titles its page "Streamlit", and a style written by a page's script arrives after the first elements are
drawn, so that they move. Under ``streamlit run app.py``, which sends Streamlit's page, the script writes the style
all the same (``late_style``).
"""

from __future__ import annotations

import re
from pathlib import Path
from threading import Event

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Route

from dark_core.app.runtime.component_files import component_file
from dark_core.app.runtime.streamlit_patches import PAGE
from dark_core.app.text.catalog import read_catalog

ROOT = Path(__file__).parents[3]

TEXT = read_catalog("runtime")["page"]

_AHEAD = Event()
"""Set once this process sends the style ahead."""


def style(present: bool) -> str:
    """Our style, with that of ``?present=1`` if asked."""
    names = ("symbol.css", "page.css", "present.css")[: 2 + present]
    return "".join(f"<style>{component_file(name)}</style>" for name in names)


def late_style(present: bool) -> str:
    """The style for a page's script to write: none where the server has sent it ahead."""
    return "" if _AHEAD.is_set() else style(present)


def dressed(present: bool) -> str:
    """Streamlit's page under our name, in our style."""
    head = f'<title>{TEXT["name"]}</title><meta name="description" content="{TEXT["about"]}">{style(present)}'
    return PAGE.replace("<title>Streamlit</title>", head)


def routes(base: str = "") -> list[Route]:
    """What this process sends in place of Streamlit's page and icon, at the address of every page of the app.

    base: server.baseUrlPath, the part of the address before the pages' names where the app shares a site with others.
    """
    _AHEAD.set()
    names = ["", *(re.sub(r"^\d+_", "", path.stem) for path in sorted((ROOT / "pages").glob("*.py")))]
    start = f"/{base.strip('/')}".rstrip("/")
    icon = Route(f"{start}/favicon.png", lambda _: FileResponse(ROOT / "assets" / "icon.png"))
    return [icon, *(Route(f"{start}/{name}", _page) for name in names)]


def _page(request: Request) -> Response:
    text = dressed(request.query_params.get("present") == "1")
    return HTMLResponse(text, headers={"Cache-Control": "no-cache"})
