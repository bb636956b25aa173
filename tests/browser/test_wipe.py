"""Before and after under mouse, finger and keys, in a page of its own."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

from dark_core.app.text.catalog import read_catalog
from dark_core.figures.decoder_style import style_of
from dark_core.pose.skeleton import SKELETON
from tests.support.mounted_figure import drawn, mount

SIDE = 400
DARK = [[100.0 + 10 * k, 50.0 + 20 * k] for k in range(14)]
DATA = {
    "state": {"x": 199.5, "y": 199.5},
    "names": ["argmax", "dark"],
    "joints": {"argmax": [[x + 3, y - 2] for x, y in DARK], "dark": DARK},
    "sure": [True] * 14,
    "bones": SKELETON.bones,
    "size": [SIDE, SIDE],
    "view": [-0.5, -0.5, SIDE, SIDE],
    "photoPx": 8,
    "photo": "key",
    "text": read_catalog("your_photo")["wipe"],
}


@pytest.fixture(scope="module")
def opened(browser: Browser) -> Iterator[Callable[[], Page]]:
    """The figure anew in one page."""
    with browser.new_context(viewport={"width": 390, "height": 800}, has_touch=True) as context:
        page = context.new_page()

        def anew() -> Page:
            mount(page, "wipe", DATA)
            return page

        yield anew


def on_screen(page: Page, x: float, y: float) -> tuple[float, float]:
    box = page.locator(".wipe .plot").bounding_box()
    return box["x"] + (x + 0.5) * box["width"] / SIDE, box["y"] + (y + 0.5) * box["height"] / SIDE


def assert_line_at(page: Page, x: float) -> None:
    seen = drawn(page)
    assert seen["x"] == pytest.approx(x, abs=1.5)
    assert float(page.locator("#before rect").get_attribute("width")) == pytest.approx(x + 0.5, abs=1.5)
    assert float(page.locator("#after rect").get_attribute("x")) == pytest.approx(x, abs=1.5)
    assert page.locator(".handle").get_attribute("aria-valuenow") == str(seen["share"])


def test_the_mouse_drags_the_line_and_looks_through_the_lens(opened):
    page = opened()
    page.mouse.move(*on_screen(page, 199.5, 199.5))
    page.mouse.down()
    page.mouse.move(*on_screen(page, 99.5, 149.5), steps=3)
    page.mouse.up()
    assert_line_at(page, 99.5)
    page.mouse.move(*on_screen(page, 299.5, 249.5))
    assert_line_at(page, 99.5)
    assert drawn(page)["lens"] == pytest.approx([299.5, 249.5], abs=1.5), "the mouse looks, the line stays"
    assert [float(page.locator("#lens circle").get_attribute(c)) for c in ("cx", "cy")] == pytest.approx(
        [299.5, 249.5], abs=1.5
    )


def test_a_finger_drags_the_grip_or_taps(opened):
    page = opened()
    page.touchscreen.tap(*on_screen(page, 149.5, 49.5))
    assert_line_at(page, 149.5)
    client = page.context.new_cdp_session(page)
    for kind, at in [("touchStart", (149.5, 49.5)), ("touchMove", (199.5, 99.5)), ("touchMove", (299.5, 149.5))]:
        x, y = on_screen(page, *at)
        client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    client.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    assert_line_at(page, 299.5)
    assert page.evaluate("scrollY") == 0
    grip = page.locator(".handle circle").first.bounding_box()
    assert min(grip["width"], grip["height"]) >= 43.9, "a finger's target"


def test_the_keys_move_line_and_lens(opened):
    page = opened()
    handle = page.get_by_role("slider", name=DATA["text"]["handle"])
    handle.focus()
    page.keyboard.press("ArrowRight")
    assert_line_at(page, 199.5 + 8)  # a fiftieth of the picture
    page.keyboard.press("Shift+ArrowLeft")
    assert_line_at(page, 199.5 + 8 - 80)
    page.keyboard.press("ArrowDown")
    assert drawn(page)["lens"][1] == pytest.approx(207.5)
    for key, share in (("Home", "0"), ("End", "100")):
        page.keyboard.press(key)
        assert str(drawn(page)["share"]) == share
        assert handle.get_attribute("aria-valuenow") == share
    page.keyboard.press("ArrowRight")
    assert drawn(page)["share"] == 100 and handle.get_attribute("aria-valuenow") == "100", (
        "it ends at the picture's edge"
    )


def test_ten_times_the_differences_are_labeled_and_leave_dark_where_it_is(opened):
    page = opened()
    badge = page.locator(".exaggerated")
    height = page.locator(".wipe").bounding_box()["height"]
    assert not badge.is_visible()
    page.get_by_label("Differences × 10").check()
    seen = drawn(page)
    assert seen["before"][4] == pytest.approx([DARK[4][0] + 30, DARK[4][1] - 20])
    assert badge.is_visible() and badge.inner_text() == "Exaggerated: differences × 10"
    assert "ten times" in page.locator(".wipe svg").get_attribute("aria-label")
    assert page.locator(".wipe").bounding_box()["height"] == height, "nothing moves"


def test_the_limbs_have_their_decoders_colors_and_the_lens_says_its_magnification(opened):
    page = opened()
    drawn(page)
    for side, name in (("before", "argmax"), ("after", "dark")):
        strokes = page.locator(f'g[clip-path="url(#{side})"] line:not([opacity])').evaluate_all(
            "lines => [...new Set(lines.map((one) => one.getAttribute('stroke')))]"
        )
        assert strokes == [style_of(name).color]
    note = page.locator(".wipe .note").inner_text()
    assert "× 5 of the picture" in note and "1 heatmap pixel = 8.0 photo pixels" in note
    assert "scale(5)" in page.locator(".lens g").first.get_attribute("transform")
