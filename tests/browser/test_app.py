"""The app as a visitor has it: in a real browser, on a fresh server, without a request beyond it."""

import io
import re

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from dark_core.app.runtime.page import SCENE
from dark_core.app.your_photo.share_picture import SIZE
from dark_core.files.scenes import load_scenes
from dark_core.pose import Estimator
from tests.support.mounted_figure import SETTLED
from tests.support.wait_for_idle import opened

SCENES = load_scenes()


def jpeg(array: np.ndarray, **options) -> bytes:
    out = io.BytesIO()
    Image.fromarray(array).save(out, "JPEG", quality=92, **options)
    return out.getvalue()


def upload(page: Page, name: str, data: bytes, kind: str = "image/jpeg") -> None:
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": kind, "buffer": data})


def overview(page: Page):
    return page.locator(".overview svg")


def caption(page: Page):
    """The line that says device, times and picture size: it changes with every reading."""
    return page.get_by_text("DARK decoding of 14 joints")


@pytest.fixture(scope="module")
def home(server, new_tab):
    tab = new_tab()
    tab.page.goto(server.url)
    return tab


@pytest.fixture(scope="module")
def your_photo(server, new_tab):
    return opened_your_photo(server, new_tab())


@pytest.fixture(scope="module")
def uploaded(server, new_tab):
    tab = opened_your_photo(server, new_tab())
    upload(tab.page, "me.jpg", jpeg(SCENES["standing"].photo))
    return tab


def opened_your_photo(server, tab):
    tab.page.goto(server.url + "/Your_photo")
    expect(overview(tab.page)).to_be_visible()
    opened(tab.page)
    return tab


def test_the_first_request_of_a_fresh_server_may_be_a_deep_link(fresh_server, page, traffic):
    scene = SCENES["seated"]
    address = f"/Your_photo?source=Scene&scene={scene.title}&joint=left elbow&show=DARK&show=Argmax"
    page.goto(fresh_server().url + address)
    expect(page.get_by_role("heading", level=1)).to_have_text("On your own picture")
    expect(page.get_by_role("link", name="Home")).to_be_visible()
    expect(overview(page)).to_have_attribute(
        "aria-label", re.compile(f"{scene.title} with the joints decoded by Argmax, DARK")
    )
    expect(page.locator("tr[aria-current=true] th").first).to_have_text("left elbow")
    assert page.title() == "Your photo · DARK Explorer"
    assert traffic.outside == []


def test_home_makes_its_point_before_the_first_click(home):
    page = home.page
    expect(page.locator(".story .panel")).to_have_count(7)
    expect(page.locator(".landing svg")).to_have_attribute("aria-label", re.compile("from the true joint: .*DARK"))
    for number, title in enumerate(("Photo", "Crop", "Heatmap", "Smoothed", "One Newton step", "Back on the photo"), 1):
        expect(page.locator(".story .title", has_text=title).first).to_contain_text(str(number))
    box = page.locator(".probe").bounding_box()
    assert box["y"] + box["height"] <= 600, "the picture stands on the first screen"
    story = page.locator(".story").bounding_box()
    assert story["y"] <= 750 and story["height"] <= 750, "the story begins there and fits a screen"
    assert home.traffic.outside == [] and home.traffic.errors == []


def test_choosing_a_joint_on_the_picture_follows_it_into_the_address(home):
    page = home.page
    target = page.locator('.story [data-pick="right wrist"]')
    expect(target).to_be_visible()
    opened(page)
    target.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("for the right wrist;")).to_be_visible()
    expect(page).to_have_url(re.compile("joint=right\\+wrist"))
    expect(page.locator('.story [data-pick="right wrist"]')).to_be_focused()
    page.reload()
    expect(page.get_by_text("for the right wrist;")).to_be_visible()


def test_an_upload_leads_to_the_overlay(uploaded):
    page = uploaded.page
    expect(overview(page)).to_have_attribute("aria-label", re.compile("^Your photo with the joints decoded by DARK"))
    expect(page.locator(".overview [data-pick]")).to_have_count(14)
    expect(page.locator("tbody tr")).to_have_count(14)
    # The head is above the feet, as it was in the photo.
    head = page.locator('.overview [data-pick="head top"]').bounding_box()
    foot = page.locator('.overview [data-pick="left ankle"]').bounding_box()
    assert head["y"] < foot["y"]
    assert uploaded.traffic.outside == []


def test_the_photo_is_still_there_after_a_look_at_another_page(uploaded):
    page = uploaded.page
    expect(overview(page)).to_have_attribute("aria-label", re.compile("^Your photo"))
    page.get_by_role("link", name="Home").click()
    expect(page.locator(".story")).to_be_visible()
    page.get_by_role("link", name="Your photo", exact=True).click()
    expect(overview(page)).to_have_attribute("aria-label", re.compile("^Your photo"))


def test_the_page_leads_with_the_number_of_positions_and_its_picture_can_be_shared(your_photo):
    page = your_photo.page
    scene = SCENES[SCENE]
    transform = Estimator.load(device="cpu").crop_transform(scene.box)
    height, width = scene.photo.shape[:2]
    x, y = np.moveaxis(transform.to_photo(np.stack(np.meshgrid(np.arange(48), np.arange(48)), -1)), -1, 0)
    count = ((x >= -0.5) & (x <= width - 0.5) & (y >= -0.5) & (y <= height - 0.5)).sum()
    expect(page.locator(".st-key-count strong")).to_have_text(
        f"Argmax can name {count:,} positions on this picture, DARK any."
    )
    with page.expect_download() as download:
        page.get_by_role("button", name="Share before and after (PNG)").click()
    with Image.open(download.value.path()) as picture:
        assert (picture.format, picture.size) == ("PNG", SIZE)


def test_the_line_stays_where_it_is_while_another_choice_runs_the_page(your_photo):
    page = your_photo.page
    handle = page.get_by_role("slider", name="Line between argmax and DARK")
    network = page.locator(".st-key-network")
    handle.focus()
    for _ in range(3):
        page.keyboard.press("Shift+ArrowLeft")
    page.evaluate(SETTLED)
    share = handle.get_attribute("aria-valuenow")
    handle.evaluate("(handle) => { handle.mounted = true; }")
    network.get_by_text("Perfect network").click()
    expect(page.get_by_text("Heatmaps of a perfect network")).to_be_visible()
    assert handle.get_attribute("aria-valuenow") == share and handle.evaluate("(handle) => handle.mounted")
    network.get_by_text("Our network").click()
    expect(caption(page)).to_be_visible()


def test_the_three_files_download(your_photo):
    page = your_photo.page
    for label, start in (
        ("Picture (PNG)", b"\x89PNG"),
        ("Table (CSV)", b"joint,confidence"),
        ("Everything (JSON)", b"{"),
    ):
        with page.expect_download() as download:
            page.get_by_role("button", name=label).click()
        with open(download.value.path(), "rb") as file:
            assert file.read(len(start)) == start


def test_a_file_of_another_kind_and_one_too_large_are_refused_in_words_beside_the_uploader(your_photo):
    page = your_photo.page
    uploader = page.locator(".st-key-upload")
    upload(page, "notes.txt", b"Dear diary", "text/plain")
    said = page.get_by_text("The file is a text, not a picture: choose a JPEG")
    expect(said).to_be_visible()
    above, below = uploader.bounding_box(), said.bounding_box()
    assert 0 <= below["y"] - above["y"] - above["height"] < 60 and abs(below["x"] - above["x"]) < 100
    upload(page, "large.jpg", bytes(21 * 2**20))
    size = uploader.get_by_text("File must be 20.0MB or smaller.")
    expect(size).to_be_visible()
    assert size.bounding_box()["height"] > 10  # shown, not only said to a screen reader
    expect(overview(page)).to_be_visible()
    for _ in range(2):
        uploader.get_by_role("button", name=re.compile("Remove")).first.click()
    expect(said).to_have_count(0)


def test_a_bad_file_gets_a_sentence_and_neither_visitor_is_disturbed(your_photo, server, browser):
    page = your_photo.page
    upload(page, "photo.jpg", b"MZ\x90\x00" + bytes(2000))
    expect(page.get_by_role("alert")).to_have_count(1)
    expect(overview(page)).to_be_visible()
    other = browser.new_page()
    other.goto(server.url + "/Your_photo")
    expect(overview(other)).to_be_visible()
    expect(other.get_by_role("alert")).to_have_count(0)
    other.close()


def test_a_photo_turned_by_its_exif_note_is_read_upright(your_photo):
    page = your_photo.page
    photo = SCENES["standing"].photo
    height, width = photo.shape[:2]
    exif = Image.Exif()
    exif[0x0112] = 6  # turn a quarter clockwise to be upright
    upload(page, "turned.jpg", jpeg(np.rot90(photo).copy(), exif=exif))
    expect(overview(page)).to_have_attribute("aria-label", re.compile("^Your photo"))
    expect(overview(page)).to_have_attribute("viewBox", f"-0.500 -0.500 {width}.000 {height}.000")


def test_a_box_drawn_by_hand_is_read_and_stays_in_the_link(server, page):
    page.goto(server.url + "/Your_photo?source=Scene&hand=true")
    picture = page.locator("svg[data-draw]")
    expect(picture).to_be_visible()
    opened(page)
    picture.scroll_into_view_if_needed()
    area = picture.bounding_box()
    at = [
        (area["x"] + area["width"] * u, area["y"] + area["height"] * v)
        for u, v in ((0.1, 0.05), (0.5, 0.5), (0.9, 0.95))
    ]
    page.mouse.move(*at[0])
    page.mouse.down()
    page.mouse.move(*at[1])
    page.mouse.move(*at[2])
    page.mouse.up()
    field = page.get_by_label("Box around the person, in photo pixels")
    expect(field).to_have_value(re.compile(r"^-?[\d.]+, -?[\d.]+, [\d.]+, [\d.]+$"))
    left, top, width, height = (float(v) for v in picture.get_attribute("viewBox").split())
    one = max(width / area["width"], height / area["height"])  # photo px of a screen's, the whole photo being shown
    reach = (0.4 * area["width"] * one, 0.45 * area["height"] * one)
    middle = (left + width / 2, top + height / 2)
    drawn = [m + sign * r for sign in (-1, 1) for m, r in zip(middle, reach, strict=True)]
    assert [float(v) for v in field.input_value().split(",")] == pytest.approx(drawn, abs=width / 50)
    expect(page).to_have_url(re.compile("box="))
    expect(caption(page)).not_to_contain_text("person found")
    said = field.input_value()
    page.goto(page.url)
    expect(page.get_by_label("Box around the person, in photo pixels")).to_have_value(said)
