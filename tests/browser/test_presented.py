"""Presented on a projector of 1920 by 1080, or a small one: labels that the last row reads, and figures that fit."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.support.wait_for_idle import opened, settle

LEAST = 28
"""Screen px of a letter in a figure."""

SEEN = """() => {
  const roots = [...document.querySelectorAll("*")].filter((one) => one.shadowRoot).map((one) => one.shadowRoot);
  const figures = roots.flatMap((root) => [...root.querySelectorAll(".figure-root.present")]);
  const live = figures.filter((one) => one.querySelector(".encode, .decode, .smooth, .log-step, .motion"));
  const top = [], bottom = [], drawn = [], small = [];
  for (const figure of live) {
    if (!figure.getBoundingClientRect().height) continue;
    top.push(figure.getBoundingClientRect().top);
    bottom.push(figure.getBoundingClientRect().bottom);
    for (const svg of figure.querySelectorAll(".plot svg, .log-step svg")) {
      if (svg.getClientRects().length) drawn.push(svg.getBoundingClientRect().bottom);
    }
    const walker = document.createTreeWalker(figure, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node.parentElement;
      if (!node.data.trim() || !element.checkVisibility({ visibilityProperty: true })) continue;
      if (element.closest("msup > :last-child, option")) continue;
      const scale = element.closest("svg text") ? element.getScreenCTM().a : 1;
      const size = parseFloat(getComputedStyle(element).fontSize) * scale;
      if (size < LEAST - 0.2) small.push(`${node.data.trim().slice(0, 30)}: ${size.toFixed(1)} px`);
    }
  }
  return { top: Math.min(...top), bottom: Math.max(...bottom), drawn: Math.max(...drawn, 0), small };
}""".replace("LEAST", str(LEAST))


@pytest.fixture
def projector(page: Page) -> Page:
    page.set_viewport_size({"width": 1920, "height": 1080})
    return page


def assert_fit_for_a_room(page: Page, view: str) -> None:
    found = page.evaluate(SEEN)
    assert found["small"] == [], view
    assert found["drawn"] <= 1080, f"{view}: what is drawn ends below the screen"
    assert min(found["bottom"], 1080) - found["top"] >= 0.6 * 1080, f"{view}: the figure is small, {found}"


@pytest.mark.parametrize(
    ("address", "views"),
    [
        ("Encode?present=1&hide=cost", 6),
        ("Decode?present=1&step=8", 3),
        ("Smooth?present=1", 5),
        ("Motion?present=1", 2),
    ],
)
def test_every_view_of_a_presented_page_is_legible_and_fills_the_screen(server, projector, address, views):
    page = projector
    page.goto(f"{server.url}/{address}")
    opened(page)
    choice = page.locator(".st-key-view [role=radio]")
    expect(choice).to_have_count(views)
    for name in choice.all_inner_texts():
        page.locator(".st-key-view").get_by_role("radio", name=name, exact=True).click()
        settle(page)
        page.locator("[data-testid=stMain]").evaluate("(main) => main.scrollTo(0, 0)")
        assert_fit_for_a_room(page, name)
        if name == "Floor and unbiased":
            floor, unbiased = (
                page.locator(f'[data-panel="{way}"] svg').bounding_box() for way in ("floor", "unbiased")
            )
            assert floor["y"] == unbiased["y"] and floor["x"] + floor["width"] < unbiased["x"], "side by side"
        if name == "Nine steps":
            for step in ("1", "5", "7", "9"):
                page.locator(f'.decode [data-step="{step}"]').click()
                assert_fit_for_a_room(page, f"step {step}")
                formula = page.locator(".decode .formula")
                assert formula.evaluate("(box) => box.scrollWidth - box.clientWidth") <= 1, f"step {step} is cut off"


def test_a_presented_decode_begins_with_its_first_step(server, projector):
    page = projector
    page.goto(f"{server.url}/Decode?present=1&view=Nine+steps")
    opened(page)
    expect(page.locator('.decode [aria-current="step"]')).to_have_attribute("data-step", "1")
    expect(page.locator('[data-panel="near"] .title')).to_have_text(re.compile("^1 "))


def test_a_revealed_exercise_of_decode_keeps_its_view_and_gets_the_others_back(server, projector):
    page = projector
    page.goto(f"{server.url}/Decode?present=1&hide=answer")
    opened(page)
    expect(page.locator(".decode")).to_be_visible()
    expect(page.locator(".st-key-view")).to_have_count(0)
    page.locator('[data-panel="map"] svg').click(position={"x": 99, "y": 99})
    page.get_by_role("button", name="Reveal", exact=True).click()
    choice = page.locator(".st-key-view")
    expect(choice.get_by_role("radio")).to_have_count(3)
    expect(choice.get_by_role("radio", name="Nine steps")).to_be_checked()


@pytest.mark.parametrize(
    ("address", "last"),
    [("?present=1", ".probe output"), ("Encode?present=1", ".predict"), ("Your_photo?present=1", ".wipe")],
)
def test_the_first_view_of_a_presented_page_ends_on_the_screen(server, projector, address, last):
    page = projector
    page.goto(f"{server.url}/{address}")
    opened(page)
    for width, height in ((1920, 1080), (1366, 768)):
        page.set_viewport_size({"width": width, "height": height})
        box = page.locator(last).first.bounding_box()
        assert box["y"] + box["height"] <= height
