"""Evidence in a real browser: its point at first sight, another metric, the files, the arrow keys.

What the page says is held against the table that it reads, whatever that table says.
"""

import csv
import json
import re

import pytest
from playwright.sync_api import Page, expect

from dark_core.app.evidence.view import DARK, TEXT
from dark_core.app.runtime.page import JOINT
from dark_core.app.widgets.numbers import interval, signed
from dark_core.evaluation import ablation_table
from dark_core.evaluation.ablation_table import BASELINE
from dark_core.evaluation.published_results import HEADLINE, PUBLISHED
from tests.support.wait_for_idle import opened

POINTS = ".st-key-ours .js-plotly-plot .scatterlayer .point"


@pytest.fixture(scope="module")
def table() -> ablation_table.Table:
    return ablation_table.load()


@pytest.fixture(scope="module")
def exact(table) -> str:
    return next(name for name, one in table.sets.items() if one["exact"])


def open_page(page: Page, url: str, query: str = "", points: bool = True) -> None:
    page.goto(f"{url}/Evidence{query}")
    if points:
        expect(page.locator(POINTS).first).to_be_visible()
    expect(page.locator(".st-key-teach")).to_be_visible()  # the foot: the page is whole
    opened(page)


def words(page: Page):
    return page.locator(".st-key-words")


@pytest.fixture(scope="module")
def evidence(server, new_tab):
    tab = new_tab()
    open_page(tab.page, server.url)
    return tab


def test_its_point_is_made_before_the_first_click(evidence, table, exact):
    page = evidence.page
    expect(page.get_by_role("heading", level=1)).to_have_text(TEXT["title"])
    reach = table.value(exact, DARK[0], table.sizes[0], DARK[1], "pck@0.1")
    expect(words(page)).to_contain_text(f"{reach.value:.1f} % of the limb joints within 10 % of the torso length")
    expect(page.locator(".st-key-headline")).to_contain_text(HEADLINE)
    gains = [table.gain(exact, DARK[0], size, DARK[1], "pck@0.1") for size in table.sizes]
    for gain in gains:
        expect(words(page)).to_contain_text(f"{abs(gain.value):.1f}")
    for row in PUBLISHED:
        if row.network == "HRNet-W32":
            expect(page.locator(".st-key-paper .textpoint", has_text=signed(row.gain))).to_be_visible()
    for part in ("ours", "paper", "headline"):
        box = page.locator(f".st-key-{part}").bounding_box()
        assert box["y"] + box["height"] <= 900, f"{part} stands on the first screen"
    page.locator(".st-key-tables summary").click()
    row = page.locator(".st-key-sets tr.best")
    for gain in gains:
        expect(row).to_contain_text(f"{signed(gain.value)} {interval(gain, sign=True)}")
    assert evidence.traffic.outside == []


LONGEST_LINE = """() => {
  const lines = {};
  for (const paragraph of document.querySelectorAll(".st-key-lesson :is(p, li)")) {
    const texts = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT), range = document.createRange();
    while (texts.nextNode()) {
      const text = texts.currentNode;
      if (text.parentElement.closest(".katex")) continue;
      for (let k = 0; k < text.length; k++) {
        range.setStart(text, k);
        range.setEnd(text, k + 1);
        const bottom = Math.round(range.getBoundingClientRect().bottom);
        lines[bottom] = (lines[bottom] ?? 0) + 1;
      }
    }
  }
  return Math.max(...Object.values(lines));
}"""
"""Letters of the longest line of the lesson."""


def test_the_lesson_stands_in_a_narrow_column(evidence):
    assert 50 <= evidence.page.evaluate(LONGEST_LINE) <= 70


def test_the_table_downloads(evidence, table):
    page = evidence.page
    with page.expect_download() as download:
        page.get_by_role("button", name="Table (CSV)").click()
    with open(download.value.path(), encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(table.data["cells"])
    for row in rows:
        if (row["encoding"], row["reading"]) == BASELINE:
            given = table.value(row["set"], *BASELINE[:1], int(row["size"]), BASELINE[1], "pck@0.1")
            assert float(row["pck@0.1"]) == given.value
    with page.expect_download() as download:
        page.get_by_role("button", name="Everything (JSON)").click()
    with open(download.value.path(), encoding="utf-8") as file:
        assert json.load(file)["measured"] == table.data
    page.get_by_role("button", name="Command").click()
    code = page.locator("[data-testid=stPopoverBody] [data-testid=stCode]")
    expect(code).to_contain_text("python -m dark_core ablation")


def test_two_cells_are_read_on_a_photo_and_a_joint_is_chosen_on_it(evidence):
    page = evidence.page
    cells = page.locator(".st-key-landed svg[role=group]")
    expect(cells).to_have_count(2)
    expect(page.locator(".st-key-cell")).to_contain_text(f"at the {JOINT}")
    cells.first.get_by_role("button", name="choose the right wrist").click()
    expect(page.locator(".st-key-cell")).to_contain_text("at the right wrist")
    assert evidence.traffic.outside == []


def test_a_joint_chosen_in_the_table_is_drawn_in_the_figure(evidence, table, exact):
    page = evidence.page
    page.get_by_role("tab", name="Joint by joint").click()
    page.locator(".st-key-joints tr", has_text="left elbow").click()
    elbow = table.data["joints"].index("left elbow")
    share = table.cell(exact, DARK[0], table.sizes[0], DARK[1])["joints"]["pck@0.1"][elbow]
    expect(words(page)).to_contain_text(f"{share:.1f} % of the left elbows")
    expect(page).to_have_url(re.compile(r"limb=left\+elbow"))


def test_another_metric_redraws_the_figure_in_its_place_and_stays_in_the_link(server, page, traffic, table, exact):
    open_page(page, server.url)
    before = page.locator(".st-key-ours").bounding_box()
    page.get_by_text("Mean error", exact=True).click()
    reach = table.value(exact, DARK[0], table.sizes[0], DARK[1], "mean_px")
    expect(words(page)).to_contain_text(f"a mean error of {reach.value:.1f} photo px")
    expect(page.locator(".st-key-ours .ytitle", has_text="below 0: better")).to_be_visible()
    assert page.locator(".st-key-ours").bounding_box()["y"] == before["y"], "nothing jumps"
    expect(page).to_have_url(re.compile(r"metric=Mean\+error"))
    page.locator(".st-key-gain").get_by_text("As gain over the baseline").click()
    expect(page.locator(".st-key-ours .ytitle", has_text="mean error, photo px")).to_be_visible()
    page.reload()
    expect(page.locator(".st-key-ours .ytitle", has_text="mean error, photo px")).to_be_visible()
    assert traffic.outside == []


def test_an_exercise_is_revealed_by_its_button(server, page, table):
    open_page(page, server.url, "?hide=answer", points=False)
    expect(words(page)).to_contain_text("How much better than the baseline")
    expect(page.locator(".st-key-paper .js-plotly-plot")).to_be_visible()
    expect(page.locator(".st-key-legend")).not_to_contain_text("DARK")
    before = page.locator(".st-key-ours").bounding_box()
    page.get_by_role("button", name="Reveal the answer").click()
    expect(page.locator(".st-key-legend")).to_contain_text("Unbiased + DARK")
    expect(page.locator(POINTS).first).to_be_visible()
    assert page.locator(".st-key-ours").bounding_box()["y"] == before["y"], "nothing jumps"


def test_the_arrow_keys_step_through_the_metrics(server, page, table):
    open_page(page, server.url, "?present=1")
    page.keyboard.press("ArrowRight")
    expect(words(page)).to_contain_text("within 5 % of the torso length")
    page.keyboard.press("ArrowLeft")
    expect(words(page)).to_contain_text("within 10 % of the torso length")
