"""Pages on a phone, in the dark. The lessons, on which a finger drags, are in test_lessons.py."""

import pytest
from playwright.sync_api import expect

from dark_core.app.evidence.view import set_title
from dark_core.app.runtime.component_files import component_file
from dark_core.evaluation.ablation_table import load
from tests.support.layout import sideways
from tests.support.wait_for_idle import opened

OTHER = next(name for name, one in load().sets.items() if not one["exact"])
PAGES = {
    "/": (".figure-root svg",),
    "/Your_photo": (".figure-root svg",),
    "/Motion": (".motion svg", ".st-key-measures table", ".st-key-filters table"),
    "/Your_heatmaps": (".st-key-detail_panels .landing svg",),
    "/Noise_lab?measure=Bias and scatter": (
        ".st-key-curve .js-plotly-plot .scatterlayer .point",
        ".st-key-table table",
    ),
    f"/Evidence?set={set_title(OTHER)}": (
        ".st-key-ours .js-plotly-plot .scatterlayer .point",
        ".st-key-tables summary",
        ".st-key-cells table",
        ".st-key-cells .scrolls",
    ),
}
"""Address -> what the page must show; a summary is opened."""


@pytest.mark.parametrize(("address", "shown"), PAGES.items(), ids=[name.partition("?")[0] for name in PAGES])
def test_a_phone_shows_the_page_without_scrolling_sideways(server, page, address, shown):
    page.set_viewport_size({"width": 390, "height": 844})
    page.emulate_media(color_scheme="dark")
    page.goto(server.url + address)
    for selector in shown:
        expect(page.locator(selector).first).to_be_visible()
        if selector.endswith("summary"):
            page.locator(selector).click()
    opened(page)
    assert sideways(page) == 0


def test_a_finger_that_moves_up_on_a_picture_scrolls_the_page(browser):
    """Also on a picture on which boxes are drawn: what a finger does sideways is the picture's."""
    picture = "<svg data-draw='box' width='390' height='500'></svg>"
    with browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True) as context:
        phone = context.new_page()
        phone.set_content(f"<style>{component_file('figure.css')} body {{ height: 3000px }}</style>{picture}")
        finger = context.new_cdp_session(phone)
        for kind, up in (("Start", 0), *(("Move", 20 * n) for n in range(1, 10)), ("End", None)):
            points = [] if up is None else [{"x": 200, "y": 400 - up}]
            finger.send("Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": points})
        phone.wait_for_function("() => scrollY > 60")


def test_only_a_table_wider_than_its_box_says_that_it_scrolls(server, page, traffic):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{server.url}/Evidence")
    page.locator(".st-key-tables summary").click()
    hint, table = page.locator(".st-key-cells .scrolls"), page.locator(".st-key-cells .wide-table")
    expect(hint).to_be_visible()
    expect(table).to_have_class("wide-table more-right")
    table.evaluate("one => one.scrollLeft = one.scrollWidth")
    expect(table).to_have_class("wide-table more-left")
    table.evaluate("one => one.style.width = '2000px'")
    page.set_viewport_size({"width": 400, "height": 844})  # laid out anew
    expect(hint).to_be_hidden()
    expect(table).to_have_class("wide-table")
