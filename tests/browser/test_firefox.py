"""Every page in Firefox. Collected only where Playwright's Firefox is installed, see CONTRIBUTING.md."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.conftest import TIMEOUT, open_tab, open_window
from tests.browser.test_layout import ADDRESSES
from tests.support.firefox import installed_firefox
from tests.support.layout import sideways
from tests.support.wait_for_idle import opened

DRAWN = ".figure-root svg, .js-plotly-plot .main-svg, [data-testid=stBidiComponentRegular] svg"
"""What a figure of any kind is drawn in."""


@pytest.fixture(scope="module")
def firefox() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.firefox.launch(executable_path=installed_firefox())
        expect.set_options(timeout=TIMEOUT * 1000)
        yield browser
        browser.close()


@pytest.mark.parametrize("address", ADDRESSES, ids=[address or "Home" for address in ADDRESSES])
def test_a_page_opens_in_firefox(server, firefox, address):
    with open_window(firefox) as window, open_tab(window) as tab:
        assert_opens(tab.page, f"{server.url}/{address}")
        assert tab.traffic.outside == []


def assert_opens(page: Page, address: str) -> None:
    """The page has its title and a figure, no script of it fails, and it fits the window."""
    failed = []
    page.on("pageerror", lambda error: failed.append(str(error)))
    page.goto(address)
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator(DRAWN).first).to_be_visible()
    opened(page)
    assert failed == [] and sideways(page) == 0
    expect(page.get_by_role("alert")).to_have_count(0)
