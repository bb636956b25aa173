"""Every page in Firefox. Collected only where one is installed."""

from collections.abc import Iterator

import pytest

from tests.browser.test_layout import ADDRESSES
from tests.support.firefox import Tab, firefox_tab
from tests.support.layout import SIDEWAYS
from tests.support.wait_for_idle import STILL

WASM = "blocked WebAssembly"
"""Streamlit tries whether it may compile WebAssembly, and does without; Firefox logs that the page forbids it."""
OPENED = f"""(async () => {{
  const figures = (root) => [...root.querySelectorAll("*")].some((one) =>
    one.matches(".figure-root svg, .js-plotly-plot .main-svg") || (one.shadowRoot && figures(one.shadowRoot)));
  const ready = () => ["yes", "late"].includes(document.body.dataset.laidOut) && figures(document)
    && !document.querySelector("[data-testid=stSkeleton], [data-testid=stApp][data-test-script-state=running]");
  const start = performance.now();
  while (!ready() && performance.now() - start < 90000) await new Promise((next) => setTimeout(next, 50));
  await ({STILL})();
  return [ready(), document.querySelector("h1").checkVisibility()];
}})()"""
"""Until a page is drawn and at rest: whether it has a figure, and whether its title is seen."""


@pytest.fixture(scope="module")
def tab() -> Iterator[Tab]:
    with firefox_tab() as tab:
        yield tab


@pytest.mark.parametrize("address", ADDRESSES, ids=[address or "Home" for address in ADDRESSES])
def test_a_page_opens_in_firefox(server, tab, address):
    tab.errors.clear()
    tab.goto(f"{server.url}/{address}")
    assert tab.evaluate(OPENED) == [True, True]
    assert tab.evaluate(f"({SIDEWAYS})()") == 0, "the page is wider than its window"
    assert tab.evaluate("document.querySelectorAll('[data-testid=stMain] [role=alert]').length") == 0
    assert [said for said in tab.errors if WASM not in said] == []
    assert [url for url in tab.requests if not url.startswith((server.url, "data:", "blob:", "about:"))] == []
