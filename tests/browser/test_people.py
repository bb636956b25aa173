"""Several people in one photo: all are found and drawn, one is chosen by click, key, list or link."""

import io
import json
import re

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from dark_core.files.scenes import load_scenes
from tests.support.wait_for_idle import opened, settle

SCENES = load_scenes()


@pytest.fixture(scope="module")
def group() -> bytes:
    """Two scenes of one height beside each other, as PNG."""
    photo = np.hstack([SCENES["standing"].photo, SCENES["kick"].photo])
    out = io.BytesIO()
    Image.fromarray(photo).save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def opened_group(server, page, group) -> Page:
    page.goto(server.url + "/Your_photo")
    expect(page.locator(".overview svg")).to_be_visible()
    opened(page)
    page.locator("input[type=file]").set_input_files({"name": "group.png", "mimeType": "image/png", "buffer": group})
    expect(chosen(page, 1)).to_be_visible()
    settle(page)  # the downloads below the picture are replaced after it
    return page


def chosen(page: Page, number: int):
    """The picture while that person is chosen."""
    return page.locator(f'.overview svg[aria-label^="Your photo with the joints of person {number} of 2 "]')


def other(page: Page, number: int):
    """The area of the picture that chooses this person."""
    return page.locator(f'.overview [data-pick="person {number}"]')


def test_everyone_is_drawn_and_a_click_or_a_key_chooses_another(opened_group):
    page = opened_group
    expect(page.get_by_text("2 people found, the largest first")).to_be_visible()
    expect(page.locator(".overview [data-pick]")).to_have_count(14 + 1)  # joints, and the other person
    expect(page.locator(".overview text")).to_have_text(["2"])
    x = page.locator('.overview [data-pick="neck"]').bounding_box()["x"]
    other(page, 2).click()
    expect(chosen(page, 2)).to_be_visible()
    expect(page).to_have_url(re.compile("person=2"))
    assert abs(page.locator('.overview [data-pick="neck"]').bounding_box()["x"] - x) > 50
    other(page, 1).focus()
    page.keyboard.press("Enter")
    expect(chosen(page, 1)).to_be_visible()
    page.get_by_role("radio", name="2", exact=True).click()
    expect(chosen(page, 2)).to_be_visible()
    # A joint chosen on the picture stays one of the same person.
    page.locator('.overview [data-pick="left knee"]').focus()
    page.keyboard.press("Enter")
    expect(page.locator("tr[aria-current=true] th").first).to_have_text("left knee")
    expect(chosen(page, 2)).to_be_visible()


def test_the_other_pages_show_the_chosen_person(opened_group):
    page = opened_group
    other(page, 2).click()
    expect(chosen(page, 2)).to_be_visible()
    page.get_by_role("link", name="Home").click()
    expect(page.locator(".story")).to_be_visible()
    page.get_by_role("link", name="Your photo").click()
    expect(chosen(page, 2)).to_be_visible()


def test_the_file_holds_everyone(opened_group):
    page = opened_group
    with page.expect_download() as saved:
        page.get_by_role("button", name="Everything (JSON)").click()
    data = json.loads(saved.value.path().read_text())
    assert [one["person"] for one in data["people"]] == [1, 2] and data["chosen"] == 1
    necks = [next(j for j in one["joints"] if j["joint"] == "neck") for one in data["people"]]
    truth = [scene.joints[12] + [shift, 0] for scene, shift in ((SCENES["standing"], 0), (SCENES["kick"], 600))]
    for expected in truth:
        assert min(np.hypot(n["dark_x"] - expected[0], n["dark_y"] - expected[1]) for n in necks) < 40


def test_a_number_in_the_address_that_nobody_has_is_the_first_person(server, page, group):
    page.goto(server.url + "/Your_photo?person=2")
    expect(page.locator(".overview svg")).to_be_visible()
    opened(page)
    page.locator("input[type=file]").set_input_files({"name": "group.png", "mimeType": "image/png", "buffer": group})
    expect(page.locator('.overview svg[aria-label^="Your photo with the joints of person"]')).to_be_visible()
    page.goto(server.url + "/Your_photo?person=99")
    expect(page.locator(".overview svg")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)
