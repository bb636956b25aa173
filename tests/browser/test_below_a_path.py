"""The app below a path of somebody's site, and as a lesson inside a page of somebody else's."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from dark_core.files.scenes import load_scenes
from tests.browser.test_app import jpeg, upload
from tests.support.servers import HOST, Server, serve
from tests.support.wait_for_idle import opened

BASE = "courses/pose"


@contextmanager
def site() -> Iterator[str]:
    """Somebody else's site, for a browser: this machine by another name, with a page that holds a frame."""

    class Course(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<title>A course</title><iframe width=1300 height=850></iframe>")

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer((HOST, 0), Course) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module")
def sites() -> Iterator[tuple[str, str]]:
    """The site that may show the app inside its pages, and one that may not."""
    with site() as course, site() as other:
        yield course, other


@pytest.fixture(scope="module")
def below(tmp_path_factory, sites) -> Iterator[Server]:
    """A server below a path."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DARK_FRAME_ANCESTORS", f"https://course.example.org {sites[0]}")
        with serve(tmp_path_factory.mktemp("below") / "log", server_baseUrlPath=BASE) as server:
            yield server


def framed(page: Page, course: str, address: str) -> FrameLocator:
    """``address`` in the frame of the site's page."""
    page.goto(f"{course}/lesson")
    page.locator("iframe").evaluate("(frame, address) => { frame.src = address; }", address)
    return page.frame_locator("iframe")


def test_below_a_path_all_is_as_alone(below, page, traffic):
    page.goto(f"{below.url}/Decode?present=1&noise=0.02")
    lead = page.locator(".st-key-lead p")
    expect(page.locator("h1")).to_have_text(re.compile("one Newton step"))
    opened(page)
    assert page.title() == "Decode · DARK Explorer"
    # The style of every page, and that of a presenter: a wider page without the lead.
    assert page.locator(".block-container").evaluate("e => getComputedStyle(e).maxWidth") == "1530px"
    expect(lead).to_be_hidden()
    assert page.locator("link[rel*=icon]").first.evaluate("async e => (await fetch(e.href)).status") == 200

    page.goto(f"{below.url}/")
    expect(page.locator(".story svg").first).to_be_visible()
    opened(page)
    page.get_by_role("link", name="Your photo", exact=True).click()
    expect(page).to_have_url(f"{below.url}/Your_photo")
    expect(page.locator(".overview svg")).to_be_visible()
    opened(page)
    upload(page, "me.jpg", jpeg(load_scenes()["standing"].photo))
    expect(page.locator(".overview svg")).to_have_attribute("aria-label", re.compile("^Your photo"))
    page.get_by_role("button", name="Copy link", exact=True).click()
    assert page.get_by_label("The copied link").input_value().startswith(f"{below.url}/Your_photo")
    assert traffic.outside == [] and below.complaint() == ""


def test_a_lesson_in_a_page_of_a_named_site_stays_in_its_frame(below, sites, page):
    lesson = framed(page, sites[0], f"{below.url}/Encode")
    opened_tabs = []
    page.context.on("page", lambda tab: opened_tabs.append(tab))
    expect(lesson.locator("h1")).to_have_text(re.compile("^Rounding the joint"))
    expect(lesson.locator("[data-testid=stSkeleton]")).to_have_count(0)
    lesson.get_by_role("link", name="Your photo", exact=True).click()
    expect(lesson.locator("h1")).to_have_text("On your own picture")
    expect(lesson.locator(".overview svg")).to_be_visible()
    expect(lesson.locator("[data-testid=stSkeleton]")).to_have_count(0)
    # The cookie that comes with an upload is one that the browser sends from inside this frame.
    upload(lesson, "me.jpg", jpeg(load_scenes()["standing"].photo))
    expect(lesson.locator(".overview svg")).to_have_attribute("aria-label", re.compile("^Your photo"))
    assert page.url == f"{sites[0]}/lesson" and page.title() == "A course" and opened_tabs == []
    assert page.frames[1].url.startswith(f"{below.url}/Your_photo")


def test_no_other_site_may_show_it(below, sites, page):
    with page.expect_event("framenavigated", lambda frame: frame.url.startswith("chrome-error:")):
        framed(page, sites[1], f"{below.url}/Encode")
