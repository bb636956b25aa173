"""Hostile files and bad luck in a real browser: nothing of a file runs, is written or shown to others, or is lost."""

import io
import json
import re
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from dark_core.files.scenes import load_scenes
from tests.support.faulty_proxy import line
from tests.support.servers import ROOT
from tests.support.wait_for_idle import opened, settle

if sys.platform == "win32":
    pytest.skip("the server is held by limits that Windows has not", allow_module_level=True)

from tests.fuzz.sandbox import LARGEST, guarded

SCENE = load_scenes()["standing"]
NAMES = (
    '"><img src=x onerror=window.pwned=1>',
    "<script>window.pwned=1<\\script>",
    "![x](http:\\\\198.51.100.1\\x.png) [y](javascript:alert(1)) www.example.com",
    "=cmd|' C calc'!A1",
)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with guarded(tmp_path_factory.mktemp("server")) as server:
        yield server


@pytest.fixture
def page(page: Page) -> Page:
    page.on("dialog", lambda dialog: pytest.fail(f"a dialog opened: {dialog.message}"))
    return page


def photo(seed: int = 0) -> bytes:
    """The scene in grain, more than 1 MB as a phone's photo is."""
    grain = np.random.default_rng(seed).integers(0, 40, (1600, 1200, 3), np.uint8)
    large = np.asarray(Image.fromarray(SCENE.photo).resize((1200, 1600))) // 2 + grain
    out = io.BytesIO()
    Image.fromarray(large).save(out, "JPEG", quality=95)
    assert len(out.getvalue()) > max(2**20, 10 * LARGEST)
    return out.getvalue()


def bring(page: Page, data: bytes, name: str, key: str = "upload") -> None:
    file = {"name": name, "mimeType": "application/octet-stream", "buffer": data}
    page.locator(f".st-key-{key} input[type=file]").set_input_files(file)


def visit(page: Page, url: str) -> None:
    """Until the first photo of a fresh server is read, which takes longer than any other."""
    page.goto(url)
    expect(page.locator(".overview svg")).to_be_visible(timeout=90_000)
    opened(page)


def own(page: Page):
    """The figure of a visitor's own photo; while it is drawn again there are two."""
    return page.locator(".overview svg[aria-label*='Your photo with the joints']").first


def assert_unharmed(page: Page) -> None:
    assert page.evaluate("window.pwned") is None
    assert page.locator("img[onerror], a[href^='javascript:' i], [src*='198.51.100.1']").count() == 0
    assert page.locator(".figure-root script, [data-testid=stMarkdown] script").count() == 0


def policy(traffic) -> list[str]:
    """What the server's content policy kept from the page: it is to be in nobody's way."""
    return [error for error in traffic.errors if "Content Security Policy" in error]


def test_a_photo_stays_in_memory_and_with_its_visitor(server, page, browser, traffic):
    visit(page, f"{server.url}/Your_photo?source=Upload&joint=right+wrist")
    for name in NAMES[:2]:
        bring(page, photo(), f"{name}.jpg")
        expect(own(page)).to_be_visible()
        expect(page.get_by_test_id("stFileChipName")).to_have_attribute("title", f"{name}.jpg")
    assert_unharmed(page)

    with browser.new_context() as context:
        other = context.new_page()
        visit(other, page.url)
        expect(own(other)).to_have_count(0)
    assert server.written() == [], "and no file was larger than the few bytes allowed, or the upload had failed"
    assert server.calls == [] and traffic.outside == []
    assert policy(traffic) == []


def test_names_within_files_are_text(server, page, traffic):
    maps = np.random.default_rng(1).random((2, 3, 16, 12), np.float32)
    page.goto(f"{server.url}/Your_heatmaps")
    expect(page.locator(".st-key-sheet svg")).to_be_visible()
    opened(page)
    out = io.BytesIO()
    np.savez(out, **{name.replace("/", "_"): maps for name in NAMES})
    bring(page, out.getvalue(), f"{NAMES[2]}.npz", "maps_file")
    expect(page.get_by_text("This one is yours.")).to_be_visible()
    expect(page.get_by_text("2 people × 3 joints").first).to_be_visible()
    page.locator(".st-key-array input").click()
    expect(page.get_by_role("option")).to_have_count(len(NAMES))
    page.keyboard.press("Escape")
    expect(page.locator(".st-key-maps_csv button")).to_be_visible()
    assert_unharmed(page)
    np.savez(out := io.BytesIO(), **{"www.example.com": np.zeros(3)})
    bring(page, out.getvalue(), "x.npz", "maps_file")
    expect(page.get_by_test_id("stAlert")).to_be_visible()
    assert_unharmed(page)
    assert page.locator("[data-testid=stAlert] a").count() == 0
    assert traffic.outside == [] and policy(traffic) == []


def test_names_in_joints_and_in_the_address_are_text(server, page, traffic):
    page.goto(f"{server.url}/Your_photo?place=true&box={NAMES[0]}&joint={NAMES[1]}&hide={NAMES[2]}&scene={NAMES[3]}")
    expect(page.locator(".st-key-box input")).to_have_value(NAMES[0])
    opened(page)
    bring(page, photo(), "me.jpg")
    expect(page.locator(".st-key-joints_file")).to_be_visible()
    bring(
        page, json.dumps({"picture": {}, "joints": {name: [1, 2] for name in NAMES}}).encode(), "j.json", "joints_file"
    )
    expect(page.get_by_text("choose a file saved here")).to_be_visible()
    assert_unharmed(page)
    assert traffic.outside == [] and policy(traffic) == []


def settled(page: Page):
    """The page connected to its server, which has answered."""
    ready = "[data-testid=stApp][data-test-connection-state=CONNECTED][data-test-script-state=notRunning]"
    return page.locator(ready)


def test_a_cut_line_costs_nothing_that_was_on_screen(server, page):
    picture = page.locator(".overview svg image").first
    with line(server.url) as wire:
        visit(page, f"{wire.url}/Your_photo?joint=right+wrist")
        expect(settled(page)).to_be_visible()
        scene = picture.get_attribute("href")

        wire.hold_uploads_after(400_000)
        bring(page, photo(1), "cut.jpg")
        assert wire.reached.wait(30)
        wire.mend()
        with page.expect_websocket():  # the browser calls again
            wire.drop()
        expect(settled(page)).to_be_visible()
        expect(page).to_have_url(re.compile("joint=right\\+wrist"))
        # The browser may have sent the photo once more by itself; what it did comes to an end before the next choice.
        expect(own(page).or_(page.locator(".st-key-upload").get_by_role("alert")).first).to_be_visible()
        assert own(page).count() or picture.get_attribute("href") == scene

        bring(page, photo(1), "again.jpg")
        expect(own(page)).to_be_visible()
        expect(settled(page)).to_be_visible()
        mine = picture.get_attribute("href")

        with page.expect_websocket():
            wire.drop()
        expect(settled(page)).to_be_visible()
        expect(own(page)).to_be_visible()
        assert picture.get_attribute("href") == mine
        page.locator(".overview [data-pick=neck]").focus()
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile("joint=neck"))
        expect(own(page)).to_be_visible()


def test_what_is_done_first_after_another_server_took_over_is_taken_up(server, fresh_server, page):
    with line(server.url) as wire:

        def take_over(other: str) -> None:
            wire.put_through(other)
            with page.expect_websocket():
                wire.drop()
            expect(settled(page)).to_be_visible()
            settle(page)  # the tab has the page run there at once

        page.goto(f"{wire.url}/Decode")
        expect(page.locator(".st-key-table table")).to_be_visible()
        opened(page)
        take_over(fresh_server().url)
        page.locator(".decode [data-step='3']").click()
        expect(page).to_have_url(re.compile("step=3"))
        page.goto(f"{wire.url}/Your_photo")
        expect(page.locator(".overview svg")).to_be_visible()
        opened(page)
        take_over(server.url)
        page.locator(".overview [data-pick='right wrist']").focus()
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile("joint=right\\+wrist"))


def linked(folder: Path) -> Path:
    """A checkout of links to this one, in which a file of weights can be replaced."""
    models = folder / "assets" / "models"
    models.mkdir(parents=True)
    for below in (".", "assets", "assets/models"):
        for path in (ROOT / below).iterdir():
            place = folder / below / path.name
            if not place.exists():
                place.symlink_to(path)
    return folder


def test_damaged_weights_are_refused_in_a_sentence_and_the_other_pages_live(tmp_path, page):
    root = linked(tmp_path / "app")
    weights = root / "assets" / "models" / "default.safetensors"
    data = bytearray(weights.read_bytes())
    data[-1000] ^= 1
    weights.unlink()
    weights.write_bytes(data)
    with guarded(tmp_path, root) as server:
        page.goto(f"{server.url}/Your_photo")
        refusal = page.get_by_test_id("stAlert")
        expect(refusal).to_contain_text("does not match the SHA-256 on its card")
        expect(refusal).to_contain_text("Copy the folder assets/models anew")
        assert page.get_by_test_id("stException").count() == 0
        page.goto(f"{server.url}/Decode")
        expect(page.get_by_role("heading", level=1)).to_contain_text("one Newton step")
        expect(page.locator(".st-key-table table")).to_be_visible()
        assert page.get_by_test_id("stException").count() == 0
