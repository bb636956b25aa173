"""Every page in either theme under axe-core: nothing that keeps somebody from using it."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from dark_core.app.runtime.page import PAGES
from tests.support.themes import in_both_themes

PATHS = ["/" if file == "app.py" else f"/{file[8:-3]}" for file, _, _ in PAGES]  # pages/3_Decode.py: /Decode


@pytest.mark.parametrize("path", PATHS)
def test_axe_finds_nothing_serious(server, page, path):
    page.emulate_media(color_scheme="dark")
    page.goto(server.url + path)
    expect(page.locator(".figure-root svg, [data-testid=stPlotlyChart] svg").first).to_be_visible()
    for scheme in in_both_themes(page):
        found = Axe().run(page).response["violations"]
        assert [
            (one["id"], one["help"], [node["html"][:200] for node in one["nodes"][:3]])
            for one in found
            if one["impact"] in ("serious", "critical")
        ] == [], scheme


def test_axe_would_see_what_is_wrong(page):
    page.set_content("<html lang='en'><title>x</title><img src='x.png'><p style='color:#ccc'>pale</p></html>")
    assert {one["id"] for one in Axe().run(page).response["violations"]} >= {"image-alt", "color-contrast"}
