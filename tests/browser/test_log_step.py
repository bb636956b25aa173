"""The drawing of the step on the log under mouse, finger and keys, against the closed form; in a page of its own."""

from collections.abc import Callable, Iterator

import numpy as np
import pytest
from playwright.sync_api import Browser, Page

from dark_core.app.decode.log_step import DATA, FIELDS, JOINT, PIXELS, SIGMA
from tests.support.mounted_figure import drawn
from tests.support.mounted_figure import mount as mount_figure

STATE = {name: field.default for name, field in FIELDS.items()}


def mount(page: Page, **state: float) -> None:
    mount_figure(page, "log_step", {"state": {**STATE, **state}, **DATA})


def said(page: Page, figure: str) -> str:
    return page.locator(f"[data-cut={figure}] .said").inner_text()


def knob(page: Page) -> tuple[float, float]:
    box = page.locator(".start .knob").bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def per_px(page: Page) -> float:
    return page.locator("[data-cut=log] svg").bounding_box()["width"] / PIXELS


@pytest.fixture(scope="module")
def opened_page(browser: Browser) -> Iterator[Callable[[int], Page]]:
    contexts = []

    def at(width: int) -> Page:
        contexts.append(browser.new_context(viewport={"width": width, "height": 700}, has_touch=True))
        return contexts[-1].new_page()

    yield at
    for context in contexts:
        context.close()


def test_every_start_has_the_numbers_of_the_closed_form(opened_page):
    page = opened_page(1200)
    mount(page, start=1)
    page.locator(".start").focus()
    for start in range(1, PIXELS - 1):
        seen, away = drawn(page), start - JOINT
        height = np.exp(-(away**2) / (2 * SIGMA**2))
        log = {"slope": -away / SIGMA**2, "curvature": -1 / SIGMA**2, "start": start, "end": JOINT}
        bell = {
            "slope": -away / SIGMA**2 * height,
            "curvature": (away**2 - SIGMA**2) / SIGMA**4 * height,
            "start": start,
            "end": JOINT + away**3 / (away**2 - SIGMA**2),
        }
        assert seen["log"] == pytest.approx(log) and seen["bell"] == pytest.approx(bell)
        assert said(page, "log") == "The step ends at 6.40, exactly at the joint."
        error = f"{abs(bell['end'] - JOINT):.2f} px"
        assert error in said(page, "bell") and ("past the joint" in said(page, "bell")) == (abs(away) < SIGMA)
        page.keyboard.press("ArrowRight")
    assert drawn(page)["log"]["start"] == PIXELS - 2, "the last start has two neighbors"


def test_the_slider_turns_the_bell_into_its_log(opened_page):
    page = opened_page(1200)
    mount(page)
    x = np.arange(PIXELS)
    bell, parabola = np.exp(-((x - JOINT) ** 2) / 8), 1 - (x - JOINT) ** 2 / (-0.5 - JOINT) ** 2
    np.testing.assert_allclose(drawn(page)["heights"], parabola)
    assert page.locator("[data-cut=log] path").count() == 2, "the arrow is there before the first click"
    control = page.get_by_label("Take the log")
    for value, heights in ((0, bell), (0.5, (bell + parabola) / 2), (1, parabola)):
        control.fill(str(value))
        np.testing.assert_allclose(drawn(page)["heights"], heights)
        assert (page.locator("[data-cut=log] path").count() == 2) == (value == 1), "only the log has the arrow"
        assert page.locator("[data-cut=bell] path").count() == 2


def test_the_start_follows_the_mouse(opened_page):
    page = opened_page(1200)
    mount(page)
    x, y = knob(page)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 3.2 * per_px(page), y + 40)
    page.mouse.up()
    page.mouse.move(x, y)
    assert drawn(page)["log"]["start"] == 8
    assert page.evaluate("() => window.sent.start") == 8


@pytest.mark.parametrize(("by_handle", "start"), [(True, 7), (False, 5)])
def test_a_finger_moves_the_handle_and_elsewhere_scrolls_the_page(opened_page, by_handle, start):
    page = opened_page(390)
    mount(page)
    x, y = knob(page)
    if not by_handle:
        x += 4 * per_px(page)
    finger = page.context.new_cdp_session(page)
    for kind, u, v in (("Start", 0, 0), ("Move", 10, -30), ("Move", 2 * per_px(page), -90), ("End", None, None)):
        points = [] if u is None else [{"x": x + u, "y": y + v}]
        finger.send("Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": points})
    assert drawn(page)["log"]["start"] == start
    page.wait_for_function(f"() => (scrollY > 0) === {str(not by_handle).lower()}")
    target = page.locator(".start").bounding_box()
    assert min(target["width"], target["height"]) >= 44
