"""No text on any page overlaps another or is cut off, however wide the window; none moves as the page opens. Nothing
keeps anybody from using it, in either theme."""

import re

import pytest
from playwright.sync_api import expect

from dark_core.app.runtime.page import PAGES
from tests.support.accessibility import barriers
from tests.support.layout import beyond, sideways, text_faults
from tests.support.themes import in_both_themes
from tests.support.wait_for_idle import RUNNING, STILL, opened

WIDTHS = (1920, 1440, 1366, 1280, 1024, 390)
SHIFT, MOST_SHIFT = (
    """
window.shift = 0;
const add = (seen) => { for (const one of seen.getEntries()) window.shift += one.hadRecentInput ? 0 : one.value; };
new PerformanceObserver(add).observe({ type: "layout-shift", buffered: true });
""",
    0.05,
)
"""Adds up the layout shifts of a page (CLS); how much a page may have."""
UNDER_MENU = """() => {
  const side = (name) => document.querySelector(name).getBoundingClientRect();
  return innerWidth > 960 && side("h1").right > side("[data-testid=stMainMenuButton]").left;
}"""
"""Whether the page is as wide as to reach below the menu; in a narrow window, the menu has a ground of its own."""
OPENINGS = 3
"""Times that a page is opened until the machine lays it out before the page is shown unfinished."""
PAPER = 760
"""CSS px between the margins of a printed page of A4."""
PATIENCE = 120_000
"""Milliseconds for a page: a busy machine takes its time, which is not what is tested."""
ADDRESSES = [re.sub(r"^pages/\d_|(app)?\.py$", "", path) for path, _title, _icon in PAGES]

PLANTED = """<div style="position: absolute; left: 300px; top: 80px; width: 600px; height: 300px; background: white">
  <p id="one" style="position: absolute; left: 0; top: 0; margin: 0">the first text</p>
  <p id="other" style="position: absolute; left: 60px; top: 2px; margin: 0">the second text</p>
  <p style="position: absolute; top: 60px; width: 60px; overflow: hidden; white-space: nowrap">
    a text that is cut off</p>
  <p style="position: absolute; top: 90px; width: 60px; overflow: hidden; white-space: nowrap;
    text-overflow: ellipsis">a text that ends in dots</p>
  <svg style="position: absolute; top: 120px" width="100" height="30"><text x="60" y="20">beyond its figure</text></svg>
  <p id="exact" style="position: absolute; top: 180px; overflow: hidden; white-space: nowrap">
    just as wide as its letters</p>
  <p style="position: absolute; top: 220px; margin: 0">two lines<br>of one text</p>
</div>"""


def test_planted_faults_are_found(page):
    page.set_content(PLANTED)
    page.evaluate("exact.style.width = `${exact.getBoundingClientRect().width}px`")
    found = text_faults(page)
    plain = [fault for fault in found if "wider font" not in fault]
    assert len(plain) == 3
    assert re.match(r'"a text that is cut off" is cut off by \d+ px', plain[0])
    assert re.match(r'"beyond its figure" is cut off by \d+ px', plain[1])
    assert re.match(r'"the (first|second) text" and "the (first|second) text" overlap by \d+ px', plain[2])
    wide = [fault for fault in found if "wider font" in fault]
    assert len(wide) == 4 and any(fault.startswith('"just as wide as its letters" is cut off') for fault in wide)


def test_an_element_beyond_the_window_is_found(page):
    page.set_viewport_size({"width": 390, "height": 844})
    page.set_content(
        "<main data-testid=stMain><p id=wide style='width: 420px'>wide</p>"
        "<pre style='overflow: auto'><code style='display: block; width: 900px'>it scrolls</code></pre></main>"
    )
    assert [re.search(r"<(\w+)", found)[1] for found in beyond(page)] == ["p"]


@pytest.fixture(scope="module")
def tab(new_tab):
    tab = new_tab()
    tab.page.add_init_script(SHIFT)
    return tab


@pytest.mark.parametrize("address", ADDRESSES, ids=[address or "Home" for address in ADDRESSES])
def test_no_text_overlaps_or_is_cut_off_and_nothing_keeps_anybody_out(server, tab, address):
    page = tab.page
    page.set_viewport_size({"width": 1440, "height": 900})
    page.emulate_media(color_scheme="dark")
    for _ in range(OPENINGS):
        page.goto(f"{server.url}/{address}", timeout=PATIENCE)
        for waited_for, count in (("h1", 1), ("[data-testid=stSkeleton]", 0), (RUNNING, 0)):
            expect(page.locator(waited_for)).to_have_count(count, timeout=PATIENCE)
        opened(page)
        if page.evaluate("document.body.dataset.laidOut") == "yes":
            assert page.evaluate("shift") < MOST_SHIFT, "what was already seen moved as the page opened"
            break
    faults = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate(STILL)
        faults += [f"{width} px: {fault}" for fault in text_faults(page)]
        faults += [f"{width} px: {element}" for element in beyond(page)]
        if page.evaluate(UNDER_MENU):
            faults.append(f"{width} px: what scrolls passes below Streamlit's menu")
        faults += [f"{width} px: it scrolls sideways"] * (sideways(page) > 0)
    page.emulate_media(media="print")
    page.set_viewport_size({"width": PAPER, "height": 1080})
    page.evaluate(STILL)
    faults += [f"on paper: {element}" for element in beyond(page)]
    buttons = page.locator("[data-testid=stMain] [data-testid=stButton]")
    faults += [f"on paper: {button.inner_text()}" for button in buttons.all() if button.is_visible()]
    page.emulate_media(media="null")
    page.set_viewport_size({"width": 1440, "height": 900})
    for scheme in in_both_themes(page):
        rules = ("color-contrast",) if scheme == "light" else ()  # but for its colors it is the page of before
        faults += [f"{scheme}: {barrier}" for barrier in barriers(page, rules)]
    assert faults == []
    assert page.locator("a[target]:not([target='']):not([target=_self])").count() == 0, "a link leaves the frame"
