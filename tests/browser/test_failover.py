"""A process dies, or a line breaks: what the visitor had on screen is there again, in the same tab and by itself."""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from dark_core.files.scenes import load_scenes
from tests.browser.test_app import jpeg
from tests.browser.test_hostile import bring, own, photo
from tests.browser.test_placing import button, click, drawn, errors, handle, magnifier
from tests.deploy.room import Room, room
from tests.pages.test_motion import small_video
from tests.support.chromium import ARGUMENTS, installed_browser
from tests.support.faulty_proxy import Line, line
from tests.support.wait_for_idle import opened, settle

SCENE = load_scenes()["standing"]
ME = jpeg(SCENE.photo)
SHOWN = re.compile("^Your photo with the joints")
AGAIN = re.compile("The server restarted. Restoring your file")


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    with room(tmp_path_factory.mktemp("room")) as full:
        yield full


@pytest.fixture
def full(started: Room) -> Iterator[Room]:
    """A room in which every process runs, at first and again afterwards."""
    yield started
    for app in started.apps:
        if app.process.poll() is not None:
            app.start()
            app.ready()


def home(context: BrowserContext) -> str:
    """The number of the process that a browser's visitor is with."""
    return next(cookie["value"] for cookie in context.cookies() if cookie["name"] == "dark_app")


@contextmanager
def reconnection(page: Page) -> Iterator[None]:
    """Until the page, whose connection is cut within, has found another and been run over it."""
    with page.expect_websocket():  # listens before the cut: a page may be connected again at once
        yield
    expect(page.locator("[data-testid=stApp][data-test-connection-state=CONNECTED]")).to_be_visible()
    settle(page)


def kill(full: Room, page: Page) -> None:
    """End the visitor's process; returns when the page has been run by another."""
    before = home(page.context)
    with reconnection(page):
        full.app(before).kill()
    assert home(page.context) != before
    assert page.get_by_test_id("stException").count() == 0


def open_own(page: Page, url: str, query: str = "") -> None:
    page.goto(f"{url}/Your_photo?{query}")
    expect(page.locator(".overview svg")).to_be_visible(timeout=90_000)
    opened(page)
    bring(page, ME, "me.jpg")
    expect(page.locator(".overview svg[aria-label^='Your photo with the joints'], .annotation").first).to_be_visible()
    settle(page)


def picture(page: Page) -> str:
    """The photo that the figure is drawn on."""
    return own(page).locator("image").first.get_attribute("href")


def await_another(page: Page, before: str) -> None:
    """Until the figure is drawn on another photo."""
    page.wait_for_function(
        """(before) => [...document.querySelectorAll(".st-key-stage *")].some((part) => {
            const image = part.shadowRoot?.querySelector(".overview svg image");
            return image && image.getAttribute("href") !== before;
        })""",
        arg=before,
    )


def table(page: Page) -> str:
    return page.locator(".st-key-joints table, .st-key-table table").first.inner_text()


def complaints(page: Page) -> list[str]:
    return page.locator("[data-testid=stAlert], [data-testid=stException]").all_inner_texts()


# A process dies


def test_the_photo_its_joints_and_those_placed_are_there_again(full, page, traffic):
    open_own(page, full.url, "place=true&joint=right+wrist")
    expect(magnifier(page).locator("image")).to_have_attribute("href", re.compile("^data:image/jpeg"))
    click(page, (200, 380))
    button(page, "Next joint").click()
    settle(page)
    click(page, (190, 300))
    settle(page)
    placed = drawn(page)["placed"]
    assert set(placed) == {"right wrist", "right elbow"}

    kill(full, page)  # while they are placed
    assert drawn(page)["placed"] == placed
    handle(page).focus()
    page.keyboard.press("ArrowRight")
    settle(page)
    moved = drawn(page)["placed"]
    assert moved["right elbow"] != placed["right elbow"] and moved["right wrist"] == placed["right wrist"]
    button(page, "Done: show the errors").click()
    expect(own(page)).to_be_visible()
    settle(page)
    said, seen, missed = table(page), picture(page), errors(page, "right elbow")
    assert all(re.fullmatch(r"\d+\.\d", text) for text in missed)

    dead = full.app({"1": "2", "2": "1"}[home(page.context)])
    dead.start()
    dead.ready()
    kill(full, page)  # while the errors are shown
    expect(page.get_by_text("Over the 2 joints of 14 that you placed")).to_be_visible()
    assert (table(page), picture(page), errors(page, "right elbow")) == (said, seen, missed)
    assert complaints(page) == [] and traffic.outside == []


def test_a_lesson_on_the_own_photo_goes_on_and_hears_the_first_change(full, page):
    open_own(page, full.url, "box=60,40,560,760&joint=left+knee")
    page.get_by_role("link", name="Decode", exact=True).click()
    page.get_by_text("Real joint", exact=True).click()
    page.get_by_role("combobox", name="Picture").scroll_into_view_if_needed()
    settle(page)  # a page that still scrolls closes the list
    page.get_by_role("combobox", name="Picture").click()
    page.get_by_role("option", name="Your photo").click()
    settle(page)
    read, address = table(page), page.url
    assert "scene=Your+photo" in address

    kill(full, page)
    assert (table(page), page.url) == (read, address)
    page.locator('.decode [data-step="3"]').click()
    page.wait_for_url("**step=3**")
    page.get_by_role("link", name="Your photo", exact=True).click()
    expect(own(page)).to_be_visible()
    assert complaints(page) == []


def test_a_photo_is_not_lost_between_two_pages(full, page):
    open_own(page, full.url)
    first = picture(page)
    page.get_by_role("link", name="Decode", exact=True).click()
    kill(full, page)  # the click may be lost with it
    page.wait_for_timeout(1500)
    settle(page)
    page.get_by_role("link", name="Encode", exact=True).click()
    expect(page.locator(".encode .handle")).to_be_visible()
    page.get_by_role("link", name="Your photo", exact=True).click()
    expect(own(page)).to_be_visible()
    assert picture(page) == first and complaints(page) == []


def test_what_is_moved_while_nobody_listens_is_heard_by_the_next_process(full, page):
    page.goto(f"{full.url}/Decode?noise=0.05")
    expect(page.locator(".decode .handle")).to_be_visible(timeout=90_000)
    opened(page)
    full.app(home(page.context)).kill()
    page.locator('.decode [data-step="4"]').click()
    page.wait_for_url("**step=4**")
    assert "noise=0.05" in page.url


def test_a_file_of_heatmaps_is_there_again_under_its_name(full, page):
    page.goto(f"{full.url}/Your_heatmaps")
    expect(page.locator(".st-key-sheet svg")).to_be_visible(timeout=90_000)
    opened(page)
    out = io.BytesIO()
    np.save(out, np.random.default_rng(0).random((2, 3, 24, 32), np.float32))
    bring(page, out.getvalue(), "mine.npy", key="maps_file")
    expect(page.get_by_text("mine.npy, float32: 2 people × 3 joints")).to_be_visible()
    settle(page)
    said = page.locator(".st-key-table").inner_text()
    kill(full, page)
    expect(page.get_by_text("mine.npy, float32: 2 people × 3 joints")).to_be_visible()
    assert page.locator(".st-key-table").inner_text() == said and complaints(page) == []


def test_a_video_is_tracked_again(full, page, tmp_path):
    page.goto(f"{full.url}/Motion?clip=Your+video&joint=neck")
    expect(page.locator(".motion [data-panel=stage] svg")).to_be_visible(timeout=90_000)
    opened(page)
    bring(page, small_video(tmp_path / "a.mp4", 3), "me.mp4", key="video")
    mine = page.get_by_text("Your video: 3 frames of 400 × 520 px")
    expect(mine).to_be_visible(timeout=60_000)
    settle(page)
    kill(full, page)
    expect(mine).to_be_visible(timeout=60_000)
    expect(page.locator(".motion [data-panel=zoom] .title")).to_have_text("The neck from near")
    assert complaints(page) == []


def test_a_photo_taken_out_does_not_come_back(full, page):
    open_own(page, full.url)
    page.locator(".st-key-upload").get_by_role("button", name=re.compile("Remove")).click()
    expect(page.locator(".overview svg").first).not_to_have_attribute("aria-label", SHOWN)
    settle(page)
    uploads = []
    page.on("request", lambda request: uploads.append(request.url) if request.method == "PUT" else None)
    kill(full, page)
    expect(page.locator(".overview svg").first).not_to_have_attribute("aria-label", SHOWN)
    assert uploads == [] and complaints(page) == []


def test_a_shot_of_the_webcam_is_there_again(full, browser):
    camera = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")
    path = installed_browser()
    seeing = browser.browser_type.launch(executable_path=path, args=[*ARGUMENTS, *camera])
    page = seeing.new_page(viewport={"width": 1440, "height": 900})
    said = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(f"{full.url}/Your_photo?source=Webcam")
    expect(button(page, "Take Photo")).to_be_visible(timeout=90_000)
    page.wait_for_function("() => document.querySelector('video')?.readyState >= 2")  # the camera has a picture
    button(page, "Take Photo").click()
    expect(own(page)).to_be_visible()
    settle(page)
    first = picture(page)
    kill(full, page)
    expect(own(page)).to_be_visible()
    assert picture(page) == first
    button(page, "Clear photo").click()
    expect(page.locator(".overview svg").first).not_to_have_attribute("aria-label", SHOWN)
    assert not [text for text in said if "Content Security Policy" in text]
    seeing.close()


def test_a_process_that_dies_in_mid_upload_loses_neither_photo(full, page):
    with line(full.url) as wire:
        open_own(page, wire.url)
        first = picture(page)
        new = photo(3)
        wire.hold_uploads_after(len(new) // 2)
        bring(page, new, "new.jpg")
        assert wire.reached.wait(30)
        assert picture(page) == first
        wire.mend()
        kill(full, page)
        await_another(page, first)
        expect(page.get_by_text("1200 × 1600")).to_be_visible()
        assert complaints(page) == []


# A line breaks


@pytest.fixture
def wire(server) -> Iterator[Line]:
    with line(server.url) as wire:
        yield wire


def test_an_upload_that_breaks_off_leaves_the_photo_before(wire, page):
    open_own(page, wire.url)
    first, said, new = picture(page), table(page), photo(3)
    wire.cut_uploads_after(len(new) // 2)
    bring(page, new, "new.jpg")
    assert wire.reached.wait(30)
    expect(page.locator(".st-key-upload").get_by_role("alert")).to_be_visible()
    settle(page)
    assert (picture(page), table(page), complaints(page)) == (first, said, [])
    page.get_by_role("link", name="Home", exact=True).click()
    expect(page.locator(".story .panel").first).to_be_visible()
    page.get_by_role("link", name="Your photo", exact=True).click()
    expect(own(page)).to_be_visible()
    assert picture(page) == first
    wire.mend()
    bring(page, new, "new.jpg")
    await_another(page, first)


def test_a_photo_that_cannot_be_read_leaves_the_one_before(wire, page):
    open_own(page, wire.url)
    first = picture(page)
    bring(page, b"no photo at all", "bad.jpg")
    expect(
        page.get_by_text(re.compile("is a text, not a picture: .*; your photo from before is still shown"))
    ).to_be_visible()
    assert picture(page) == first
    page.locator(".st-key-upload").get_by_role("button", name=re.compile("Remove")).click()
    expect(page.locator(".overview svg").first).not_to_have_attribute("aria-label", SHOWN)


def test_a_dropped_connection_to_a_process_that_lives_brings_nothing_anew(wire, page):
    open_own(page, wire.url)
    first, said, address = picture(page), table(page), page.url
    assert wire.uploads == 1
    with reconnection(page):
        wire.drop()
    assert (picture(page), table(page), page.url, wire.uploads) == (first, said, address, 1)
    expect(page.get_by_text(AGAIN)).to_have_count(0)
