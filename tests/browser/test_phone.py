"""Pages on a phone, in either theme. The lessons, on which a finger drags, are in test_lessons.py."""

import pytest
from playwright.sync_api import expect

from dark_core.app.evidence.view import set_title
from dark_core.evaluation.ablation_table import load
from tests.support.layout import sideways
from tests.support.themes import in_both_themes

OTHER = next(name for name, one in load().sets.items() if not one["exact"])
PAGES = {
    "/": (".figure-root svg",),
    "/Your_photo": (".figure-root svg",),
    "/Your_heatmaps": (".st-key-detail_panels .landing svg",),
    "/Noise_lab?measure=Bias and scatter": (
        ".st-key-curve .js-plotly-plot .scatterlayer .point",
        ".st-key-table table",
    ),
    f"/Evidence?set={set_title(OTHER)}": (
        ".st-key-ours .js-plotly-plot .scatterlayer .point",
        ".st-key-cells table",
    ),
}
"""Address -> what the page must show."""


@pytest.mark.parametrize(("address", "shown"), PAGES.items(), ids=[name.partition("?")[0] for name in PAGES])
def test_a_phone_shows_the_page_without_scrolling_sideways(server, browser, address, shown):
    with browser.new_context(viewport={"width": 390, "height": 844}, color_scheme="dark") as context:
        phone = context.new_page()
        phone.goto(server.url + address)
        for selector in shown:
            expect(phone.locator(selector).first).to_be_visible()
        for scheme in in_both_themes(phone):
            assert sideways(phone) == 0, scheme
            for selector in shown:
                expect(phone.locator(selector).first).to_be_visible()
