"""Your heatmaps in a real browser: a file brought, read by every decoder, browsed, linked and taken home."""

import csv
import io
import re
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from dark_core.codec import DECODERS, decode, encode
from dark_core.evaluation.sample_heatmaps import SAMPLE
from tests.support.wait_for_idle import opened, settle

XY = np.random.default_rng(5).uniform(8, 40, (3, 4, 2))
MAPS = encode(XY, (48, 64), 2.0)


def npy(array: np.ndarray) -> bytes:
    out = io.BytesIO()
    np.save(out, array)
    return out.getvalue()


def open_page(page: Page, url: str, query: str = "") -> None:
    page.goto(f"{url}/Your_heatmaps{query}")
    expect(page.locator(".st-key-detail_panels .landing svg")).to_be_visible()
    opened(page)


def bring(page: Page, data: bytes, name: str = "mine.npy") -> None:
    page.locator(".st-key-maps_file input[type=file]").set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": data}
    )


def download(page: Page, key: str) -> bytes:
    with page.expect_download() as caught:
        page.locator(f".st-key-{key} button").click()
    return Path(caught.value.path()).read_bytes()


@pytest.fixture(scope="module")
def heatmaps(server, new_tab):
    tab = new_tab()
    open_page(tab.page, server.url)
    return tab


def test_the_first_screen_makes_the_point(heatmaps):
    page = heatmaps.page
    expect(page.get_by_role("heading", level=1)).to_have_text("On your own network")
    expect(page.get_by_text("On joint 0, the right ankle, argmax is")).to_be_visible()
    for key in ("sheet", "detail_panels"):
        box = page.locator(f".st-key-{key}").bounding_box()
        assert box["y"] + box["height"] <= 900, "it stands on the first screen"
    assert heatmaps.traffic.outside == []


def test_a_bad_file_gets_a_sentence_and_neither_visitor_is_disturbed(heatmaps, server, browser):
    page = heatmaps.page
    bring(page, b"\x80\x04\x95" + bytes(200))
    expect(page.get_by_role("alert")).to_have_count(1)
    expect(page.get_by_role("alert")).to_contain_text("a pickle, which could run code when it is opened")
    expect(page.locator(".st-key-detail_panels svg").first).to_be_visible()
    other = browser.new_page()
    open_page(other, server.url)
    expect(other.get_by_role("alert")).to_have_count(0)
    other.close()


def test_the_sample_file_is_one_click_away(heatmaps):
    page = heatmaps.page
    data = download(page, "sample_file")
    assert data == SAMPLE.read_bytes()
    bring(page, data, "heatmaps.npz")
    expect(page.get_by_text("This one is yours.")).to_be_visible()
    expect(page.get_by_text("10 people × 14 joints × 48 rows × 48 columns.")).to_be_visible()


def test_a_file_is_read_by_every_decoder_and_its_csv_is_what_the_codec_says(heatmaps):
    page = heatmaps.page
    bring(page, npy(MAPS))
    expect(page.get_by_text("3 people × 4 joints × 64 rows × 48 columns.")).to_be_visible()
    settle(page)
    expect(page.locator(".st-key-table tbody tr")).to_have_count(len(DECODERS))
    expect(page.locator(".st-key-whole_table table").first.locator("tbody tr")).to_have_count(len(DECODERS))
    expect(page.locator(".st-key-whole_chart .js-plotly-plot")).to_be_visible()

    sigma = float(re.search(r"[\d.]+", page.locator(".st-key-maps_sigma input").get_attribute("placeholder"))[0])
    assert sigma == pytest.approx(2, abs=0.01)
    rows = list(csv.DictReader(io.StringIO(download(page, "maps_csv").decode())))
    assert [(int(row["person"]), int(row["joint"])) for row in rows] == list(np.ndindex(3, 4))
    for name in DECODERS:
        joints = decode(MAPS, name, sigma)
        told = np.array([[float(row[f"{name}_x"]), float(row[f"{name}_y"])] for row in rows])
        np.testing.assert_allclose(told, (joints.xy.reshape(-1, 2) + 0.5) * 4 - 0.5, atol=2e-4)
        assert [row[f"{name}_ok"] == "true" for row in rows] == joints.ok.ravel().tolist()
    assert download(page, "maps_json").startswith(b"{")
    assert heatmaps.traffic.outside == []


def test_the_file_is_still_there_after_a_look_at_another_page_and_goes_when_it_is_removed(heatmaps):
    page = heatmaps.page
    bring(page, npy(MAPS[:, :3]))
    expect(page.get_by_text("3 people × 3 joints")).to_be_visible()
    page.get_by_role("link", name="Encode").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Rounding the joint")
    page.get_by_role("link", name="Your heatmaps").click()
    expect(page.get_by_text("3 people × 3 joints")).to_be_visible()
    bring(page, npy(MAPS[:2]), "fewer.npy")
    expect(page.get_by_text("2 people × 4 joints")).to_be_visible()
    page.locator(".st-key-maps_file [data-testid=stFileChipDeleteBtn] button").click()
    expect(page.get_by_text("10 people × 14 joints")).to_be_visible()


def test_a_map_chosen_on_the_sheet_is_followed_into_the_address(heatmaps):
    page = heatmaps.page
    opened(page)
    target = page.locator('.st-key-sheet [data-pick="6"]')
    target.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("On joint 6, the right wrist, argmax is")).to_be_visible()
    expect(page).to_have_url(re.compile("number=6"))
    expect(target).to_be_focused()
    page.reload()
    expect(page.get_by_text("On joint 6, the right wrist, argmax is")).to_be_visible()
    expect(page.get_by_label("Joint, 0 to 13")).to_have_value("6")


def test_the_whole_state_but_the_file_is_in_the_address(server, page, browser):
    open_page(page, server.url, "?person=2&number=1&maps_sigma=2.5&stride=8&frame=size_ratio&stretch=true")
    expect(page.get_by_label("Person, 0 to 9")).to_have_value("2")
    expect(page.get_by_text("1 heatmap px = 8 input px")).to_be_visible()
    expect(page.get_by_text("Averaged with neighbors, σ = 2.5 px")).to_be_visible()
    page.locator(".st-key-person button").last.click()
    expect(page).to_have_url(re.compile("person=3"))
    other = browser.new_page()
    other.goto(page.url)
    expect(other.get_by_label("Person, 0 to 9")).to_have_value("3")
    expect(other.get_by_text("Averaged with neighbors, σ = 2.5 px")).to_be_visible()
    other.close()


def test_presenting_the_arrow_keys_browse_the_joints(server, page):
    open_page(page, server.url, "?present=1")
    for key, joint in (("ArrowRight", 1), ("ArrowRight", 2), ("ArrowLeft", 1)):
        page.keyboard.press(key)
        expect(page.get_by_text(re.compile(f"^On joint {joint}, the"))).to_be_visible()
        settle(page)


def test_a_file_with_its_true_joints_shows_which_decoder_the_network_needs(server, new_tab):
    """Joints in px of an input of stride 4, drawn by half_pixel, with a shift of 1 input px that is found."""
    xy = np.random.default_rng(8).uniform(8, 40, (12, 4, 2))
    out = io.BytesIO()
    np.savez(out, heatmaps=encode(xy, (48, 64), 2.0), joints=(xy + 0.5) * 4 - 0.5 + [1, 0])
    tab = new_tab()
    page = tab.page
    open_page(page, server.url)
    bring(page, out.getvalue(), "both.npz")
    expect(page.get_by_text("12 people × 4 joints")).to_be_visible()
    report = page.locator(".st-key-choice")
    expect(report.get_by_role("heading", name="Which decoder does this network need?")).to_be_visible()
    expect(report.locator(".st-key-choice_table tbody tr")).to_have_count(len(DECODERS))
    expect(
        report.get_by_text("12 people, 48 labeled joints; the truth is in input px, 4 per heatmap px")
    ).to_be_visible()
    expect(report.get_by_role("alert").first).to_contain_text("shifted by −0.25 in x")
    expect(report.locator(".st-key-choice_chart .js-plotly-plot")).to_be_visible()
    expect(report.get_by_text("Use ", exact=False).first).to_contain_text("It lowers the mean error of Argmax")
    expect(report.locator("code").last).to_contain_text('CONVENTIONS["half_pixel"].to_input(xy, (48, 64), (192, 256))')
    assert tab.traffic.outside == []


def test_coordinates_without_heatmaps_are_brought_and_audited(server, new_tab):
    tab = new_tab()
    page = tab.page
    page.goto(f"{server.url}/Your_heatmaps?bring=Coordinates+only&audit_decoder=%C2%BC+shift")
    expect(page.get_by_text("they were decoded with a quarter-pixel shift.")).to_be_visible()
    expect(page.locator(".st-key-audit_figure .js-plotly-plot")).to_have_count(4)
    opened(page)
    data = download(page, "audit_example")
    page.locator(".st-key-tracks_file input[type=file]").set_input_files(
        {"name": "mine.csv", "mimeType": "text/csv", "buffer": data}
    )
    expect(page.get_by_text("mine.csv: plain columns, 48 frames of one person, 14 joints.")).to_be_visible()
    expect(page.get_by_text("give the photo px per heatmap px to tell")).to_be_visible()
    settle(page)
    page.get_by_role("radio", name="Heatmaps").click()
    expect(page.locator(".st-key-detail_panels .landing svg")).to_be_visible()
    page.get_by_role("radio", name="Coordinates only").click()
    expect(page.get_by_text("mine.csv: plain columns")).to_be_visible()
    assert tab.traffic.outside == []
