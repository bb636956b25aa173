"""The app's server as a hostile program meets it: headers, other sites' pages, uploads without leave, paths."""

import http.client
import json
import re
import socket
import sys

import pytest

from dark_core.app.runtime.server import headers
from tests.support.servers import HOST

if sys.platform == "win32":
    pytest.skip("the server is held by limits that Windows has not", allow_module_level=True)

from tests.fuzz.sandbox import Guarded, guarded

EVIL = "http://evil.example"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with guarded(tmp_path_factory.mktemp("server")) as server:
        yield server


def ask(server: Guarded, path: str, method: str = "GET", body: bytes = b"", **headers: str):
    """(status, headers with small letters, body)."""
    connection = http.client.HTTPConnection(HOST, server.port, timeout=30)
    try:
        connection.putrequest(method, path)  # the path as it is, dots and all
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            connection.putheader(name.replace("_", "-"), value)
        connection.endheaders(body)
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


@pytest.mark.parametrize("path", ["/", "/Your_photo?joint=neck", "/_stcore/health", "/media/none.png", "/a/b/../c"])
def test_every_answer_carries_the_headers(server, path):
    _, got, _ = ask(server, path)
    assert {name.lower(): value for name, value in headers().items()}.items() <= got.items()


def test_the_headers_let_no_page_leave_the_server():
    rules = dict(rule.strip().split(" ", 1) for rule in headers()["Content-Security-Policy"].split(";"))
    assert rules["default-src"] == rules["frame-ancestors"] == "'self'" and rules["object-src"] == "'none'"
    assert not re.search(r"https?:|\*|wss?:", " ".join(rules.values()))


def upload(session: str, data: bytes = b"x") -> dict:
    body = b'--b\r\nContent-Disposition: form-data; name="f"; filename="f.png"\r\n\r\n' + data + b"\r\n--b--\r\n"
    path = f"/_stcore/upload_file/{session}/file"
    return {"path": path, "method": "PUT", "body": body, "Content_Type": "multipart/form-data; boundary=b"}


def test_nobody_uploads_without_the_token_or_for_an_unknown_session(server):
    assert ask(server, **upload("session"))[0] == 403
    token = re.search("_streamlit_xsrf=([^;]+)", ask(server, "/_stcore/health")[1]["set-cookie"])[1]
    assert ask(server, **upload("session"), X_Xsrftoken=token)[0] == 403, "the cookie is missing"
    assert ask(server, **upload("session"), X_Xsrftoken="1|a|b|c", Cookie=f"_streamlit_xsrf={token}")[0] == 403
    status, _, body = ask(server, **upload("session"), X_Xsrftoken=token, Cookie=f"_streamlit_xsrf={token}")
    assert status == 400 and b"Invalid session_id" in body
    assert ask(server, "/_stcore/upload_file/session/file", "DELETE")[0] == 403


@pytest.mark.parametrize("path", ["/", "/_stcore/health", "/_stcore/host-config", "/media/none.png"])
def test_no_page_of_another_site_may_read_an_answer(server, path):
    assert "access-control-allow-origin" not in ask(server, path, Origin=EVIL)[1]


def shake_hands(server: Guarded, **headers: str) -> str:
    """The first line of the answer to a websocket's opening."""
    told = {"Host": f"{HOST}:{server.port}", "Upgrade": "websocket", "Connection": "Upgrade", **headers}
    told |= {"Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "MDEyMzQ1Njc4OWFiY2RlZg=="}
    lines = ["GET /_stcore/stream HTTP/1.1", *(f"{name}: {value}" for name, value in told.items()), "", ""]
    with socket.create_connection((HOST, server.port), timeout=30) as connection:
        connection.sendall("\r\n".join(lines).encode())
        return connection.recv(1000).decode().splitlines()[0]


def test_a_page_of_another_site_gets_no_session_and_the_server_asks_nobody_about_it(server):
    assert " 403 " in shake_hands(server, Origin=EVIL)
    assert " 403 " in shake_hands(server, Origin=f"http://{HOST}:{server.port}.evil.example")
    assert " 403 " in shake_hands(server, Origin="null")
    assert " 101 " in shake_hands(server, Origin=f"http://{HOST}:{server.port}")
    assert " 101 " in shake_hands(server)
    assert server.calls == [], "neither at the start nor since"


@pytest.mark.parametrize(
    "path",
    [
        "/../../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/..%2f..%2fetc%2fpasswd",
        "/static/../../../../../../etc/passwd",
        "/static/%2e%2e/%2e%2e/app.py",
        "/app/static/../app.py",
        "/media/../app.py",
        "/media/%2e%2e%2fapp.py",
        "/component/dark_explorer.figure/../../../etc/passwd",
        "//etc/passwd",
        "/static/..\\..\\app.py",
        "/.streamlit/config.toml",
        "/app.py",
        "/assets/models/default.json",
        "/media",
        "/media/",
        "/_stcore/upload_file/session",
    ],
)
def test_no_path_leads_to_a_file(server, path):
    status, _, body = ask(server, path)
    assert status >= 400 or b'<div id="root">' in body, "the page that every unknown address gives"
    assert b"root:x" not in body and b"import streamlit" not in body and b"maxUploadSize" not in body


def test_the_metrics_tell_nothing_of_a_visitor(server):
    status, _, body = ask(server, "/_stcore/metrics")
    assert status == 200 and not re.search(rb"[0-9a-f]{8}-[0-9a-f]{4}-", body), "no session is named"
    assert json.loads(ask(server, "/_stcore/host-config")[2])["allowedOrigins"] is not None
