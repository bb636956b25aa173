"""The HTML page around everything: Streamlit's own, under our name and in our style from its first paint on.

By itself it is called Streamlit, and a style that a page's script writes comes when much has been drawn: all moves.
"""

from __future__ import annotations

import re
from pathlib import Path

import streamlit as st
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Route

from dark_core.ui.scripts import source

ROOT = Path(__file__).parents[2]
SHELL = (Path(st.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
"""Streamlit's page, without a word of the app."""

NAME = "DARK Explorer"
ABOUT = "How a pose network’s heatmap is written and read decides where the joint lands: seen on your own photo."


def dressed(present: bool) -> str:
    """The page in our style, with that of ``?present=1`` if asked."""
    head = f'<title>{NAME}</title><meta name="description" content="{ABOUT}"><style>{source("page.css")}</style>'
    if present:
        head += f"<style>{source('present.css')}</style>"
    return SHELL.replace("<title>Streamlit</title>", head)


def routes() -> list[Route]:
    """What is sent in place of Streamlit's page and icon, at the address of every page of the app."""
    names = ["", *(re.sub(r"^\d+_", "", path.stem) for path in sorted((ROOT / "pages").glob("*.py")))]
    icon = Route("/favicon.png", lambda _: FileResponse(ROOT / "assets" / "icon.png"))
    return [icon, *(Route(f"/{name}", _page) for name in names)]


def _page(request: Request) -> Response:
    text = dressed(request.query_params.get("present") == "1")
    return HTMLResponse(text, headers={"Cache-Control": "no-cache"})
