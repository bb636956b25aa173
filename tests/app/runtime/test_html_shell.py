"""The HTML page around everything: Streamlit's own, under our name and in our style."""

import re
from http.client import HTTPConnection, HTTPResponse
from threading import Event
from urllib.parse import urlsplit

import pytest

from dark_core.app.runtime.component_files import component_file
from dark_core.app.runtime.html_shell import dressed, late_style, routes, style
from dark_core.app.runtime.page import PAGES
from dark_core.app.runtime.server import inline_scripts
from dark_core.app.runtime.streamlit_patches import PAGE
from tests.support.servers import HOST, ROOT, serve

ADDRESSES = ["/" if path == "app.py" else "/" + re.sub(r"^pages/\d_|\.py$", "", path) for path, _title, _icon in PAGES]


@pytest.fixture(scope="module", params=["", "courses/pose"], ids=["alone", "below a path"])
def server(tmp_path_factory, request):
    """A server that has its site for itself, and one with server.baseUrlPath."""
    with serve(tmp_path_factory.mktemp("server") / "log", server_baseUrlPath=request.param) as server:
        yield server


def get(server, address: str) -> tuple[HTTPResponse, bytes]:
    at = urlsplit(server.url)
    connection = HTTPConnection(HOST, at.port, timeout=30)
    connection.request("GET", at.path + address)
    answer = connection.getresponse()
    data = answer.read()
    connection.close()
    assert answer.status == 200
    return answer, data


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_page_wears_our_name_and_style_before_any_script_has_run(server, address):
    answer, data = get(server, address)
    assert answer.getheader("Cache-Control") == "no-cache"
    assert data.decode() == dressed(present=False)


def test_a_presenter_gets_large_type_from_the_first_paint_on(server):
    assert get(server, "/Decode?present=1")[1].decode() == dressed(present=True)
    assert get(server, "/Decode?present=0")[1].decode() == dressed(present=False)


def test_only_name_and_style_are_put_in():
    for present in (False, True):
        text = dressed(present)
        head = re.search(r"<title>DARK Explorer</title>.*</style>", text, re.DOTALL)[0]
        assert component_file("page.css") in head and (component_file("present.css") in head) == present
        assert text.replace(head, "<title>Streamlit</title>") == PAGE
        assert inline_scripts(text) == inline_scripts(PAGE) != ""


def test_the_icon_is_ours(server):
    answer, data = get(server, "/favicon.png")
    assert answer.getheader("Content-Type") == "image/png" and data == (ROOT / "assets" / "icon.png").read_bytes()


def test_the_script_of_a_page_writes_the_style_only_where_the_server_does_not_send_it(monkeypatch):
    monkeypatch.setattr("dark_core.app.runtime.html_shell._AHEAD", Event())
    assert late_style(present=True) == style(present=True) != style(present=False)
    routes()
    assert late_style(present=True) == ""
