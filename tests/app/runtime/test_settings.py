"""What the environment says: Streamlit's settings as ``streamlit run`` takes them, or one sentence."""

import asyncio
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import click
import pytest
from starlette.datastructures import Headers
from streamlit import config
from streamlit.web import cli

from dark_core.app.runtime.server import Guard, foreign, headers
from dark_core.app.runtime.settings import frame_ancestors, streamlit_settings
from dark_core.errors import InputError
from tests.support.servers import ROOT

GIVEN = {
    "STREAMLIT_SERVER_PORT": "8600",
    "STREAMLIT_SERVER_ENABLE_XSRF_PROTECTION": "False",
    "STREAMLIT_SERVER_ENABLE_CORS": "n",
    "STREAMLIT_SERVER_CORS_ALLOWED_ORIGINS": "https://a.example  https://b.example:8443",
    "STREAMLIT_SERVER_ALLOWED_HOSTS": "*.example.org",
    "STREAMLIT_SERVER_BASE_URL_PATH": "courses/pose",
    "STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL": "30",
    "STREAMLIT_BROWSER_SERVER_ADDRESS": "",
}
TAKEN = {
    "server.port": 8600,
    "server.enableXsrfProtection": False,
    "server.enableCORS": False,
    "server.corsAllowedOrigins": ["https://a.example", "https://b.example:8443"],
    "server.allowedHosts": ["*.example.org"],
    "server.baseUrlPath": "courses/pose",
    "server.disconnectedSessionTTL": 30,
}


def test_settings_are_taken_and_an_empty_or_secret_or_other_variable_is_none():
    assert streamlit_settings(GIVEN | {"STREAMLIT_SERVER_COOKIE_SECRET": "hidden", "HOME": "/root"}) == TAKEN


def test_streamlit_run_takes_them_alike(monkeypatch):
    """Its own command line, asked what it makes of the same environment."""
    for name, value in GIVEN.items():
        monkeypatch.setenv(name, value)
    context = cli.main_run.make_context("run", ["app.py"])
    theirs = {name: context.params[name.replace(".", "_")] for name in TAKEN}
    assert {name: list(value) if isinstance(value, tuple) else value for name, value in theirs.items()} == TAKEN


@pytest.mark.parametrize("text", ["1", "TRUE", "t", "Yes", "y", "on", "0", "false", "F", "no", "N", "Off"])
def test_every_word_for_yes_and_no_is_streamlits(text):
    expected = click.BOOL.convert(text, None, None)
    assert streamlit_settings({"STREAMLIT_SERVER_ENABLE_CORS": text}) == {"server.enableCORS": expected}


@pytest.mark.parametrize(
    ("variable", "text", "says"),
    [
        ("STREAMLIT_SERVER_ENABLE_CORS", "maybe", "write true or false."),
        ("STREAMLIT_SERVER_MAX_UPLOAD_SIZE", "20MB", "write a whole number."),
        ("STREAMLIT_SERVER_CORS_ALLOWED_ORIGINS", '["https://a.example"]', "write values with spaces between them"),
        ("STREAMLIT_SERVER_CORS_ALLOWED_ORIGINS", "https://a.example, https://b.example", "without quotes, commas"),
        ("STREAMLIT_SERVER_ALLOWED_HOSTS", "'a.example'", "without quotes, commas or brackets."),
    ],
)
def test_what_cannot_be_meant_is_refused_in_one_sentence(variable, text, says):
    with pytest.raises(InputError) as caught:
        streamlit_settings({variable: text})
    assert str(caught.value).startswith(f"{variable} is {text!r}: ") and says in str(caught.value)


def test_the_app_ends_with_the_sentence():
    run = subprocess.run(
        [sys.executable, "-m", "dark_core.app"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env=os.environ | {"STREAMLIT_SERVER_ENABLE_CORS": "perhaps"},
    )
    assert run.returncode == 2
    assert run.stderr.splitlines()[-1] == "STREAMLIT_SERVER_ENABLE_CORS is 'perhaps': write true or false."


# Other sites


@pytest.mark.parametrize("sites", ["https://course.example.org", "http://localhost:8000  https://*.example.org", ""])
def test_named_sites_may_show_the_app_in_a_frame(sites):
    rule = headers(frame_ancestors({"DARK_FRAME_ANCESTORS": sites}))["Content-Security-Policy"].rpartition("; ")[2]
    assert rule.split() == ["frame-ancestors", "'self'", *sites.split()]
    assert rule == rule.strip()


@pytest.mark.parametrize(
    "sites", ["*", "course.example.org", "https://a.example; script-src *", "'none'", "https://a,b"]
)
def test_what_is_no_site_is_refused(sites):
    with pytest.raises(InputError, match=r"^DARK_FRAME_ANCESTORS is .*: write sites with spaces between them"):
        frame_ancestors({"DARK_FRAME_ANCESTORS": sites})


@pytest.mark.parametrize("cors", [True, False])
def test_who_may_open_a_connection_follows_the_settings(monkeypatch, cors):
    options = {"server.enableCORS": cors, "server.corsAllowedOrigins": ["https://a.example"]}
    monkeypatch.setattr("streamlit.get_option", options.__getitem__)
    assert not foreign(Headers({"host": "app.example"}))
    assert not foreign(Headers({"host": "app.example", "origin": "https://app.example"}))
    assert not foreign(Headers({"host": "app.example", "origin": "https://a.example"}))
    for origin in ("https://b.example", "https://a", "a.example", "null"):
        assert foreign(Headers({"host": "app.example", "origin": origin})) == cors


@pytest.mark.parametrize(("site", "kept"), [("None; Secure", "None; Secure; Partitioned"), ("Lax", "Lax")])
def test_a_cookie_for_frames_is_one_that_browsers_keep_there(site, kept):
    async def app(scope, receive, send):
        cookie = f"_streamlit_xsrf=1; Path=/; SameSite={site}".encode()
        await send({"type": "http.response.start", "status": 200, "headers": [(b"set-cookie", cookie)]})

    sent = []

    async def send(message):
        sent.append(message)

    with ThreadPoolExecutor() as pool:  # a browser of other tests may have left this thread a running loop
        pool.submit(asyncio.run, Guard(app, {"X-Test": "1"})({"type": "http", "headers": []}, None, send)).result()
    assert dict(sent[0]["headers"]) == {
        b"set-cookie": f"_streamlit_xsrf=1; Path=/; SameSite={kept}".encode(),
        b"x-test": b"1",
    }


def test_streamlits_defaults_are_those_that_the_guard_relies_on():
    assert config.get_option("server.enableCORS") is True and config.get_option("server.corsAllowedOrigins") == []
