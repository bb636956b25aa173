"""A room behind nginx: who comes stays with one process, and finds another when that one dies."""

import asyncio
import base64
import hashlib
import os
import re
import subprocess
from collections import Counter
from pathlib import Path

import pytest
import requests

from tests.deploy.image import ROOT
from tests.deploy.room import BASE, STATIC, Room, room
from tests.load import visitor
from tests.load.room import overlay
from tests.load.visitor import Visitor
from tests.support.servers import run_async

SCENES = sorted((Path(__file__).parents[2] / "assets" / "scenes").glob("*.jpg"))


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory):
    with room(tmp_path_factory.mktemp("room")) as full:
        yield full


class Guest(Visitor):
    """A visitor who knows which process they are with."""

    @property
    def home(self) -> str:
        return self.http.cookies["dark_app"]


# What the proxy answers


def test_the_front_end_is_served_by_the_proxy_and_kept_by_browsers(full: Room):
    name = next((STATIC / "static" / "js").glob("index.*.js")).name
    answer = requests.get(f"{full.url}/static/js/{name}")
    assert answer.status_code == 200 and "max-age=315360000" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Encoding"] == "gzip" and "javascript" in answer.headers["Content-Type"]
    assert "Set-Cookie" not in answer.headers  # no process was asked


@pytest.mark.parametrize("path", ["/", "/Your_photo", "/_stcore/health", "/static/none.js", "/_stcore/metrics"])
def test_every_answer_carries_the_security_headers(full: Room, path):
    headers = requests.get(full.url + path).headers
    assert headers["X-Content-Type-Options"] == "nosniff" and headers["Referrer-Policy"] == "no-referrer"
    assert "camera=(self)" in headers["Permissions-Policy"]
    policy = headers["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in policy and "unsafe-eval" not in policy
    assert headers["Server"] == "nginx"  # and not which


def test_the_one_inline_script_of_the_front_end_is_the_one_allowed(full: Room):
    page = requests.get(full.url)
    (script,) = re.findall(r"<script>(.*?)</script>", page.text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"'sha256-{digest}'" in page.headers["Content-Security-Policy"]


def test_what_is_for_those_who_run_the_room_stays_inside(full: Room):
    for path in ("/_stcore/metrics", "/_stcore/script-health-check", "/_stcore/agent/openapi.json"):
        assert requests.get(full.url + path).status_code == 404
    metrics = requests.get(f"http://127.0.0.1:{full.apps[0].port}/_stcore/metrics").text
    assert re.search(r"^active_sessions \d+$", metrics, re.MULTILINE)


def test_a_body_that_no_upload_may_have_is_refused_unread(full: Room):
    for path, length in (("/", 2**17), ("/_stcore/upload_file/session/file", 202 * 2**20)):
        said = requests.Request("PUT", full.url + path, headers={"Content-Length": str(length)}).prepare()
        said.headers["Content-Length"] = str(length)
        assert requests.Session().send(said, timeout=10).status_code == 413


def test_one_session_may_not_flood_with_uploads_and_a_class_may_come_at_once(full: Room):
    def statuses(session: str, count: int) -> Counter:
        with requests.Session() as http:
            paths = (f"/_stcore/upload_file/{session}/{number}" for number in range(count))
            return Counter(http.put(full.url + path).status_code for path in paths)

    assert statuses("flood", 60)[429] > 10
    assert sum((statuses(f"visitor-{number}", 2) for number in range(40)), Counter())[429] == 0


def test_new_visitors_are_shared_out_and_stay(full: Room):
    homes = Counter()
    for _ in range(10):
        with requests.Session() as http:
            http.get(full.url)
            home = http.cookies["dark_app"]
            homes[home] += 1
            for _ in range(3):
                assert "dark_app" not in http.get(f"{full.url}/_stcore/health").headers.get("Set-Cookie", "")
            assert http.cookies["dark_app"] == home
    assert set(homes) == {"1", "2"} and max(homes.values()) <= 7


@pytest.mark.parametrize("value", ["", "0", "3", "room", "app1", "127.0.0.1:22", "1;", "1 "])
def test_a_made_up_cookie_leads_to_no_other_place_than_the_room(full: Room, value):
    answer = requests.get(f"{full.url}/_stcore/health", headers={"Cookie": f"dark_app={value}"})
    assert (answer.status_code, answer.text) == (200, "ok")


# A room below a path, whose lessons a course shows inside its pages


def test_a_room_below_a_path_that_a_course_may_frame(tmp_path):
    course = "https://course.example.org"
    with room(tmp_path, count=1, **{BASE: "courses/pose", "DARK_FRAME_ANCESTORS": course}) as small:
        here = f"{small.url}/courses/pose"
        page = requests.get(f"{here}/Decode")
        assert "<title>DARK Explorer</title>" in page.text
        assert page.headers["Content-Security-Policy"].endswith(f"; frame-ancestors 'self' {course}")
        assert page.headers["Set-Cookie"] == "dark_app=1; Path=/; HttpOnly; SameSite=None; Secure; Partitioned"
        name = next((STATIC / "static" / "js").glob("index.*.js")).name
        script = requests.get(f"{here}/static/js/{name}")
        assert script.headers["Content-Encoding"] == "gzip" and "Set-Cookie" not in script.headers
        assert requests.get(f"{here}/static/none.js").status_code == 404
        for path in ("metrics", "script-health-check", "agent/openapi.json"):
            assert requests.get(f"{here}/_stcore/{path}").status_code == 404
        # An upload may be large, and is counted by its session: the app refuses it for want of the token, not nginx.
        put = [requests.put(f"{here}/_stcore/upload_file/flood/1", data=bytes(2**17)).status_code for _ in range(30)]
        assert put[0] == 403 and put[-1] == 429

        async def visit() -> str:
            async with Visitor(here) as visitor:
                await visitor.open("Decode", noise="0.02")
                return visitor.live("decode")["state"]["noise"]

        assert run_async(visit()) == pytest.approx(0.02)


@pytest.mark.parametrize("sites", ["course.example.org", "https://a.example;", "https://a.example '$x'"])
def test_the_proxy_refuses_what_is_no_site(tmp_path, sites):
    run = subprocess.run(
        ["sh", str(ROOT / "deploy" / "proxy.sh")],
        env={**os.environ, "DARK_FRAME_ANCESTORS": sites, "APPS": "", "RUN": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 1 and re.fullmatch(r"DARK_FRAME_ANCESTORS names \S+: write sites .*\n", run.stderr)


# A process dies


def test_when_a_process_is_killed_every_visitor_goes_on_with_their_own_page(full: Room, monkeypatch):
    monkeypatch.setattr(visitor, "PATIENCE", 120)  # this is about who gets where, not how fast
    run_async(_killed(full))


async def _killed(full: Room) -> None:
    guests = [Guest(full.url) for _ in range(6)]
    noises = {guest: 0.01 * (number + 1) for number, guest in enumerate(guests)}
    files = {guest: SCENES[number].read_bytes() for number, guest in enumerate(guests[:3])}

    async def arrive(guest: Visitor) -> None:
        await guest.__aenter__()
        await guest.open("Decode", noise=f"{noises[guest]:.2f}")

    def noise(guest: Visitor) -> float:
        return guest.live("decode")["state"]["noise"]

    try:
        await asyncio.gather(*map(arrive, guests))
        homes = {guest: guest.home for guest in guests}
        assert set(homes.values()) == {"1", "2"}
        assert {guest: noise(guest) for guest in guests} == pytest.approx(noises)
        sessions = {guest.session for guest in guests}
        assert len(sessions) == len(guests)

        # Those on the other process are dragging when it happens.
        moved = [guest for guest in guests if homes[guest] == "1"]
        drags = [asyncio.ensure_future(_drag(guest)) for guest in guests if guest not in moved]
        full.app("1").kill()
        await asyncio.gather(*drags)
        async with asyncio.timeout(120):
            while not all(guest.renewed for guest in moved):
                await asyncio.sleep(0.1)

        assert [guest.home for guest in guests] == ["2"] * len(guests)
        assert all(guest.reconnects == guest.renewed == (guest in moved) for guest in guests)
        assert len({guest.session for guest in guests}) == len(guests)
        for guest in moved:
            await guest.open("Decode", noise=f"{noises[guest]:.2f}")
            await _drag(guest)

        # The process comes back; who has moved stays where their session is now, and can give it a photo.
        full.app("1").start()
        await asyncio.to_thread(full.app("1").ready)
        for guest, data in files.items():
            await guest.put("photo.jpg", data)
        for guest in guests:
            await guest.open("Decode", noise=f"{noises[guest]:.2f}")
        assert {guest: noise(guest) for guest in guests} == pytest.approx(noises)
        assert [guest.home for guest in guests] == ["2"] * len(guests)
        assert [guest.told for guest in guests] == [[]] * len(guests)
    finally:
        for guest in guests:
            await guest.__aexit__()


def test_when_a_process_is_killed_a_photo_is_handed_to_the_next_one(full: Room):
    async def visit() -> None:
        async with Guest(full.url) as guest:
            await guest.open("Your_photo")
            await guest.upload("upload", "me.jpg", SCENES[0].read_bytes(), lambda: overlay(guest))
            shown, app = guest.live("stage")["html"], full.app(guest.home)
            app.kill()
            async with asyncio.timeout(120):
                while not guest.keeper.handed:
                    await asyncio.sleep(0.1)
            await guest.set("joint", lambda: overlay(guest), string_value="left knee")
            assert href(guest.live("stage")["html"]) == href(shown)
            assert (guest.renewed, guest.keeper.handed, guest.told) == (1, 1, [])
            app.start()
            await asyncio.to_thread(app.ready)

    def href(html: str) -> str:
        return re.search(r'href="(data:image/jpeg[^"]+)"', html)[1]

    run_async(visit())


async def _drag(guest: Visitor) -> None:
    """Move the noise to and fro, and leave it where it was."""
    own = guest.live("decode")["state"]["noise"]
    await guest.drag("decode", [{"noise": own + 0.01 * (1 + step)} for step in range(8)])
    await guest.drag("decode", [{"noise": own}])
