"""The picture that Home opens with, under mouse, finger and keys; in a page of its own."""

import base64
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from playwright.sync_api import Browser, Page

from dark_core.app.home.text import TEXT
from tests.support.mounted_figure import drawn, mount

SIDE = 48
MAP = (np.arange(SIDE * SIDE, dtype="<f4") / SIDE**2).reshape(SIDE, SIDE)
DATA = {
    "state": {"x": 30, "y": 20},
    "size": [SIDE, SIDE],
    "map": base64.b64encode(MAP.tobytes()).decode(),
    "ground": "data:image/gif;base64,R0lGODlhAQABAAAAACw=",
    "joint": "left knee",
    "photoPx": 8.25,
    "text": TEXT["probe"],
}


@pytest.fixture(scope="module")
def opened_at(browser: Browser) -> Iterator[Callable[[int], Page]]:
    contexts = []

    def at(width: int) -> Page:
        contexts.append(browser.new_context(viewport={"width": width, "height": 700}, has_touch=True))
        page = contexts[-1].new_page()
        mount(page, "pixel_probe", DATA)
        return page

    yield at
    for context in contexts:
        context.close()


def center_of(page: Page, x: int, y: int) -> tuple[float, float]:
    """Where a pixel of the heatmap is on the screen."""
    box = page.locator("[data-panel=all] .plot").bounding_box()
    return box["x"] + (x + 0.5) * box["width"] / SIDE, box["y"] + (y + 0.5) * box["height"] / SIDE


def assert_asked(page: Page, x: int, y: int) -> None:
    value = float(MAP[y, x])
    seen = drawn(page)
    assert (seen["x"], seen["y"]) == (x, y) and seen["value"] == pytest.approx(value)
    assert page.locator(".probe output").inner_text() == f"{value:.2f}"
    assert page.locator(".probe .answer span").inner_text() == "How likely is the left knee here?"
    patch = page.locator("[data-panel=patch] svg")
    assert patch.get_attribute("viewBox") == f"{x - 2.5} {y - 2.5} 5 5", "the pixel is in the middle of its patch"
    assert f"x {x}, y {y}" in patch.get_attribute("aria-label") and f"{value:.2f}" in patch.get_attribute("aria-label")
    handle = page.locator(".probe .handle")
    assert handle.get_attribute("aria-valuetext") == f"x {x}, y {y}: {value:.2f}"


def test_the_mouse_asks_the_pixel_below_it(opened_at):
    page = opened_at(900)
    assert_asked(page, 30, 20)
    assert "covers 8.3 × 8.3 px" in page.locator("[data-panel=patch] .note").inner_text()
    for x, y in ((7, 41), (0, 0), (47, 47)):
        page.mouse.move(*center_of(page, x, y))
        assert_asked(page, x, y)
    assert page.evaluate("() => window.sent") is None, "no pixel that is pointed at makes the server work"


def test_arrow_keys_go_from_pixel_to_pixel_and_stop_at_the_border(opened_at):
    page = opened_at(900)
    page.keyboard.press("Tab")
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp", "ArrowUp"):
        page.keyboard.press(key)
    assert_asked(page, 31, 19)
    for _ in range(20):
        page.keyboard.press("ArrowUp")
    assert_asked(page, 31, 0)


def test_a_finger_asks_by_a_tap_and_scrolls_by_a_stroke(opened_at):
    page = opened_at(390)
    page.touchscreen.tap(*center_of(page, 12, 33))
    assert_asked(page, 12, 33)
    x, y = center_of(page, 30, 40)
    finger = page.context.new_cdp_session(page)
    for kind, v in (("Start", 0), ("Move", -30), ("Move", -90), ("End", None)):
        points = [] if v is None else [{"x": x, "y": y + v}]
        finger.send("Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": points})
    page.wait_for_function("() => scrollY > 0")
    assert_asked(page, 12, 33)
