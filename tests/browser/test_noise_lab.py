"""The Noise lab in a real browser: its point at first sight, another quantity, the files, the arrow keys."""

import csv
import json
import re

import pytest
from playwright.sync_api import Page, expect

from dark_core.simulation.sweep_parameters import SimulationConfig
from dark_core.simulation.sweeps import sweep
from tests.support.wait_for_idle import opened

POINTS = ".st-key-curve .js-plotly-plot .scatterlayer .point"


def open_lab(page: Page, url: str, query: str = "") -> None:
    page.goto(f"{url}/Noise_lab{query}")
    expect(page.locator(POINTS).first).to_be_visible()
    expect(page.locator(".st-key-teach")).to_be_visible()  # the foot: the page is whole
    opened(page)


def words(page: Page):
    return page.locator(".st-key-words")


@pytest.fixture(scope="module")
def lab(server, new_tab):
    tab = new_tab()
    open_lab(tab.page, server.url)
    return tab


def test_its_point_is_made_before_the_first_click(lab):
    page = lab.page
    (here,) = sweep("noise", [0.02], SimulationConfig(), ["taylor", "dark"], 2000)
    taylor, dark = (here.accuracy[name].ratio for name in ("taylor", "dark"))
    expect(words(page)).to_contain_text(f"{taylor:.1f} times the bound")
    expect(words(page)).to_contain_text(f"{dark:.1f} times the bound. Noise is why DARK smooths")
    expect(page.get_by_role("heading", level=1)).to_have_text("How close to the physical limit?")
    expect(page.locator(".st-key-curve .annotation")).to_have_count(1)  # the arrow
    figure = page.locator(".st-key-curve").bounding_box()
    assert figure["y"] + figure["height"] <= 900, "the figure stands on the first screen"
    assert lab.traffic.outside == []


def test_another_quantity_redraws_the_figure_in_its_place_and_stays_in_the_link(lab):
    page = lab.page
    before = page.locator(".st-key-curve").bounding_box()
    page.locator(".st-key-against").get_by_text("Distance to the border", exact=True).click()
    expect(words(page)).to_contain_text("in the outermost pixel")
    expect(page.locator(".st-key-curve .xtitle", has_text="distance from the edge")).to_be_visible()
    assert page.locator(".st-key-curve").bounding_box()["y"] == before["y"], "nothing jumps"
    expect(page).to_have_url(re.compile(r"against=Distance\+to\+the\+border"))
    page.get_by_text("Bias and scatter", exact=True).click()
    expect(page.locator(".st-key-curve .js-plotly-plot")).to_have_count(2)
    page.reload()
    expect(page.locator(".st-key-curve .js-plotly-plot")).to_have_count(2)
    expect(page.locator(".st-key-table caption")).to_contain_text("Bias along x")
    assert lab.traffic.outside == []


def test_the_curves_download(server, page):
    open_lab(page, server.url, "?repeats=500&decoders=DARK&seed=4")
    points = list(sweep("noise", [0.002, 0.2], SimulationConfig(), ["dark"], 500, 4))
    with page.expect_download() as download:
        page.get_by_role("button", name="Curves (CSV)").click()
    assert download.value.suggested_filename == "noise.csv"
    with open(download.value.path(), encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 7
    for row, point in ((rows[0], points[0]), (rows[-1], points[1])):
        assert float(row["value"]) == point.value
        assert float(row["rmse"]) == pytest.approx(point.accuracy["dark"].rmse)
    with page.expect_download() as download:
        page.get_by_role("button", name="Curves (JSON)").click()
    with open(download.value.path(), encoding="utf-8") as file:
        assert len(json.load(file)["points"]) == 7
    page.get_by_role("button", name="Code").click()
    expect(page.locator("[data-testid=stPopoverBody] [data-testid=stCode]")).to_contain_text('sweep("noise"')


def test_an_exercise_is_revealed_by_its_button(server, page):
    open_lab(page, server.url, "?hide=answer")
    expect(words(page)).to_contain_text("Where do you expect the curves of DARK and of the bound?")
    expect(page.locator(".st-key-legend")).not_to_contain_text("DARK")
    before = page.locator(".st-key-curve").bounding_box()
    page.get_by_role("button", name="Reveal the answer").click()
    expect(words(page)).to_contain_text("Noise is why DARK smooths")
    expect(page.locator(".st-key-legend")).to_contain_text("DARK")
    assert page.locator(".st-key-curve").bounding_box()["y"] == before["y"], "nothing jumps"


def test_the_arrow_keys_step_through_the_quantities(server, page):
    open_lab(page, server.url, "?present=1&repeats=500")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".st-key-curve .xtitle", has_text="target σ")).to_be_visible()
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".st-key-curve .xtitle", has_text="noise")).to_be_visible()
