"""The tour and a presenter's keys in a browser: ways on, answers, Escape, timer, the menu of a phone."""

import re

from playwright.sync_api import Page, expect

from dark_core.app.class_room.timer import TEXT as TIMER
from dark_core.app.tour.stops import STOPS, TEXT
from tests.support.layout import sideways
from tests.support.wait_for_idle import opened

BAR = ".st-key-tour nav"


def count(at: int) -> str:
    return TEXT["count"].format(at=at, count=len(STOPS))


def test_the_tour_is_begun_followed_answered_and_left(server, page: Page, traffic):
    page.goto(server.url)
    page.get_by_text(TEXT["start"]).click()
    bar = page.locator(BAR)
    expect(bar).to_contain_text(count(1))
    bar.locator("summary").click()
    for option in STOPS[0].options:
        bar.get_by_role("button", name=option["text"]).click()
        said = TEXT["right" if option.get("right") else "wrong"]
        expect(bar.locator("output")).to_have_text(f"{said} {option['feedback']}")
    opened(page)
    page.keyboard.press("n")
    expect(bar).to_contain_text(count(2))
    page.reload()
    expect(bar).to_contain_text(count(2))
    page.go_back()
    expect(bar).to_contain_text(count(1))
    bar.get_by_role("link", name=TEXT["next"]).click()
    expect(bar).to_contain_text(count(2))
    opened(page)
    page.keyboard.press("b")
    expect(bar).to_contain_text(count(1))
    page.set_viewport_size({"width": 390, "height": 844})
    page.reload()  # at the top of the page, below its header
    opened(page)
    assert sideways(page) == 0
    bar.get_by_role("button", name=TEXT["end"]).click()
    expect(page.get_by_text(TEXT["start"])).to_be_visible()
    assert bar.count() == 0 and "tour" not in page.url


def test_a_presenter_turns_stops_times_a_guess_and_leaves_by_escape(server, page: Page, traffic):
    page.goto(f"{server.url}/Encode?tour=3&present=1")
    opened(page)
    page.keyboard.press("PageDown")
    expect(page.locator(BAR)).to_contain_text(count(4))
    opened(page)
    page.get_by_role("button", name=TIMER["start"].replace("{minutes}", "3")).click()
    clock = page.get_by_role("timer")
    expect(clock).to_have_text(re.compile(TIMER["left"].replace("{time}", r"2:\d\d")))
    assert float(clock.evaluate("one => getComputedStyle(one).fontSize").removesuffix("px")) >= 28
    box = clock.bounding_box()
    assert box["y"] + box["height"] <= page.viewport_size["height"], "in sight without scrolling"
    # Escape closes what is open first.
    page.get_by_text("Teach with this page").click()
    page.get_by_role("button", name=TEXT["guide"]["open"].format(minutes=45)).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(STOPS[-1].say)
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    assert "present=1" in page.url
    page.keyboard.press("Escape")
    page.wait_for_url(lambda url: "present" not in url)
    expect(page.locator(BAR)).to_contain_text(count(4))
    page.get_by_text("Teach with this page").click()
    expect(clock).to_contain_text("2:")
    page.get_by_role("button", name=TIMER["stop"]).click()
    expect(clock).to_be_hidden()


def test_the_menu_of_a_phone_closes_after_a_choice(server, page: Page, traffic):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(server.url)
    opened(page)
    page.get_by_test_id("stExpandSidebarButton").click()
    link = page.get_by_test_id("stSidebar").get_by_role("link", name="Smooth")
    link.click()
    expect(link).not_to_be_in_viewport()
    page.wait_for_url("**/Smooth")
