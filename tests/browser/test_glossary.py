"""A term of the glossary in the app: its definition opens by mouse, key and finger, inside the window."""

import pytest
from playwright.sync_api import Locator, Page, expect

from dark_core.app.text.glossary import GLOSSARY
from tests.support.layout import sideways
from tests.support.wait_for_idle import opened

SIDES = """(term) => {
  const style = getComputedStyle(term, "::after"), paragraph = term.closest("p").getBoundingClientRect();
  const left = paragraph.left + parseFloat(style.left);
  return [left, left + parseFloat(style.width)];
}"""
"""Where the definition that is open below a term begins and ends, px from the left of the window."""

SHOWN = """(term) => {
  const style = getComputedStyle(term, "::after");
  return style.content === "none" ? "" : JSON.parse(style.content);
}"""
"""The definition that is open below a term; "" for none."""


@pytest.fixture(scope="module")
def page(server, new_tab) -> Page:
    page = new_tab().page
    page.goto(server.url)
    expect(page.locator(".probe")).to_be_visible()
    opened(page)
    return page


def term(page: Page, word: str) -> Locator:
    return page.locator(".stMarkdown .term").get_by_text(word, exact=True).first


def shown(page: Page, word: str) -> str:
    return term(page, word).evaluate(SHOWN)


def test_the_mouse_and_the_keyboard_open_a_definition_and_leave_it(page):
    page.mouse.move(0, 0)
    assert shown(page, "heatmap") == ""
    term(page, "heatmap").hover()
    assert shown(page, "heatmap") == GLOSSARY["heatmap"]
    page.mouse.move(0, 0)
    assert shown(page, "heatmap") == ""
    term(page, "joint").focus()
    assert shown(page, "joint") == GLOSSARY["joint"]
    page.keyboard.press("Tab")
    expect(term(page, "heatmap")).to_be_focused()
    assert shown(page, "joint") == "" and shown(page, "heatmap") == GLOSSARY["heatmap"]


def test_a_finger_opens_a_definition_that_stays_within_a_phone(server, browser):
    with browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True) as context:
        phone = context.new_page()
        phone.goto(server.url)
        expect(phone.locator(".probe")).to_be_visible()
        opened(phone)
        for word, key in (("Gaussian", "Gaussian"), ("σ", "sigma"), ("decoder", "decoder")):
            term(phone, word).tap()
            assert shown(phone, word) == GLOSSARY[key]
            left, right = term(phone, word).evaluate(SIDES)
            assert left >= 0 and right <= 390 and right - left > 200
            assert sideways(phone) == 0
        phone.locator("h1").tap()
        assert shown(phone, "decoder") == ""
