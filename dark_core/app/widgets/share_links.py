"""The page's address: the buttons that copy it, the same address with changes, and its QR code."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import urlencode, urlsplit

import segno
import streamlit as st

from dark_core.app.runtime.component_files import component_file
from dark_core.app.text.catalog import read_catalog

TEXT = read_catalog("widgets")["share"]

LONGEST = 500
"""Letters of a value that a link holds."""
QUIET = 4
"""Modules of white round a QR code: fewer, and some phones do not find it."""


def share_links(photo: bool) -> None:
    """Buttons that copy the page's address; ``photo`` says that a visitor's photo belongs to what is seen."""
    component = st.components.v2.component(
        "dark_explorer.share_links", css=component_file("interactive_figure.css"), js=component_file("share_links.js")
    )
    component(key="share", data={"photo": photo, "text": TEXT})


def page_address(**changes: str) -> str:
    """The address of the page as it stands, with other values for some parameters; those that become "" are left out.

    So are values that no control of ours writes: what stands in an address may be a trap, and this one is passed on.
    Without a browser, as in a test, it has no host.
    """
    query = {**{name: st.query_params[name] for name in st.query_params}, **changes}
    bare = urlsplit(st.context.url or "")._replace(query="", fragment="").geturl()
    text = urlencode({name: value for name, value in query.items() if _is_plain(name) and _is_plain(value)}, safe=",")
    return f"{bare}?{text}" if text else bare


def _is_plain(text: str) -> bool:
    """Whether a text is none too long, of printable characters without quotes and brackets of markup."""
    return 0 < len(text) <= LONGEST and text.isprintable() and not set(text) & set("<>\"'`\\&$")


def show_qr_code(address: str, width: int) -> None:
    """The QR code of ``address``, ``width`` px wide where the page is: black on white, as phones expect it.

    An address too long for a QR code, some 2,300 letters, has none.
    """
    try:
        code = _qr_code(address)
    except segno.DataOverflowError:
        return
    st.html(f'<img src="{code}" alt="{TEXT["qr_code"]}" style="width: {width}px; max-width: 100%">')


@lru_cache(maxsize=64)
def _qr_code(address: str) -> str:
    """An SVG as an address of its own."""
    return segno.make(address, error="m").svg_data_uri(border=QUIET, light="#fff", omitsize=True)
