"""A class guesses: the teacher on the projector, phones that join by the link, the cloud, the reveal."""

import re

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from dark_core.app.class_room.view import TEXT
from dark_core.app.runtime.page import PAGES
from tests.support.wait_for_idle import opened

CLOUD = "[data-mark=class]"


def go(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator(".figure-root").first).to_be_visible()
    opened(page)


@pytest.mark.parametrize("name", ["Encode", "Decode"])
def test_two_phones_guess_and_the_projector_shows_where(server, browser: Browser, page: Page, traffic, name):
    go(page, f"{server.url}/{name}?present=1")
    page.get_by_text("Teach with this page").click()
    page.get_by_role("button", name=TEXT["open"]).click()
    join = page.get_by_role("button", name=re.compile("^Join room "))
    join.click()
    link = page.locator("[data-testid=stPopoverBody] code").inner_text()
    assert "present" not in link and "hide=answer" in link and link.startswith(server.url)
    assert page.locator("[data-testid=stPopoverBody] img").bounding_box()["width"] > 300
    page.keyboard.press("Escape")
    expect(page.get_by_text("0 guesses")).to_be_visible()
    assert "present=1" in page.url, "Escape closed the pop-up, and only that"

    guesses = []
    for n, (x, y) in enumerate([(0.3, 0.4), (0.6, 0.7)]):
        with browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True) as context:
            phone = context.new_page()
            go(phone, link)
            reveal, send = phone.locator("[data-do=reveal]"), phone.locator("[data-do=send]")
            expect(send).to_be_disabled()
            expect(reveal).to_be_hidden()
            plot = phone.locator("svg.guessing")
            plot.scroll_into_view_if_needed()
            box = plot.bounding_box()
            phone.touchscreen.tap(box["x"] + x * box["width"], box["y"] + y * box["height"])
            guesses.append(phone.locator(".predict").evaluate("box => box.closest('.figure-root').guess"))
            send.click()
            expect(phone.get_by_text("your guess is in")).to_be_visible()
            expect(reveal).to_be_enabled()
            assert phone.locator(CLOUD).count() == 0, "only the projector shows the guesses of the others"
        expect(page.get_by_text("1 guess" if n == 0 else "2 guesses", exact=True)).to_be_visible()

    assert page.locator(CLOUD).count() == 0, "the teacher decides when they are seen"
    page.get_by_text(TEXT["show"]).click()
    expect(page.locator(CLOUD)).to_have_count(2)
    shown = page.eval_on_selector_all(
        CLOUD, "dots => dots.map((dot) => [+dot.getAttribute('cx'), +dot.getAttribute('cy')])"
    )
    np.testing.assert_allclose(sorted(shown), sorted(guesses), atol=0.006)
    page.locator("[data-do=reveal]").click()
    answer = page.locator(".predict").evaluate(
        "box => { const d = box.closest('.figure-root').drawn; return d.centers?.floor ?? d.landings.dark; }"
    )
    mean = np.linalg.norm(np.array(shown) - answer, axis=1).mean()
    said = page.locator(".predict output").inner_text()
    assert said.startswith(f"The class: 2 guesses, on average {mean:.2f} heatmap px"), said
    opened(page)
    page.get_by_role("button", name=TEXT["clear"]).click()
    expect(page.locator(CLOUD)).to_have_count(0)
    page.get_by_role("button", name=TEXT["close"]).click()
    expect(join).to_have_count(0)
    assert traffic.outside == [] and not [error for error in traffic.errors if "404" not in error]


def test_page_up_and_page_down_turn_the_pages_of_a_presentation(server, page: Page):
    go(page, f"{server.url}/Encode?present=1")
    corner = page.locator(".st-key-pager")
    for key, at, address in (
        ("PageDown", f"3 / {len(PAGES)}", "/Decode"),
        ("PageUp", f"2 / {len(PAGES)}", "/Encode"),
        ("PageUp", f"1 / {len(PAGES)}", "/"),
    ):
        page.keyboard.press(key)
        expect(corner).to_contain_text(at)
        expect(page).to_have_url(re.compile(rf"{address}\?present=1(&|$)"))
        opened(page)
    assert page.locator(".st-key-pager").get_by_role("button", name="Previous page").count() == 0
