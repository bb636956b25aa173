"""The true joints placed by hand: by click, drag, touch and keys, saved, loaded, and read by every decoder."""

import io
import json
import re

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from dark_core.codec import CORE_DECODERS
from dark_core.files.scenes import load_scenes
from tests.support.layout import sideways
from tests.support.wait_for_idle import opened, settle

PHOTO = load_scenes()["standing"].photo
HEIGHT, WIDTH = PHOTO.shape[:2]


def open_placing(page: Page, url: str, query: str = "joint=right+wrist") -> None:
    out = io.BytesIO()
    Image.fromarray(PHOTO).save(out, "JPEG", quality=92)
    page.goto(f"{url}/Your_photo?place=true&{query}")
    expect(page.locator(".overview svg")).to_be_visible()
    opened(page)
    page.locator(".st-key-upload input[type=file]").set_input_files(
        {"name": "me.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}
    )
    expect(magnifier(page).locator("image")).to_have_attribute("href", re.compile("^data:image/jpeg"))
    settle(page)


def photo(page: Page):
    return page.locator('[data-panel="photo"] svg')


def magnifier(page: Page):
    return page.locator('[data-panel="magnifier"] svg')


def handle(page: Page):
    return page.locator(".annotation .handle")


def button(page: Page, name: str):
    return page.get_by_role("button", name=name)


def arrow(page: Page) -> float:
    """Photo px that an arrow key moves a placed joint by, as the figure says."""
    return float(re.search(r"arrow keys: ([\d.]+) px", page.locator(".annotation").inner_text())[1])


def drawn(page: Page) -> dict:
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return page.locator(".annotation").evaluate("(figure) => figure.closest('.figure-root').drawn")


def on_screen(svg, xy) -> tuple[float, float]:
    """The place on the screen of a point in the plot's own px."""
    svg.scroll_into_view_if_needed()
    return tuple(
        svg.evaluate(
            "(svg, [x, y]) => { const p = new DOMPoint(x, y).matrixTransform(svg.getScreenCTM()); return [p.x, p.y]; }",
            list(xy),
        )
    )


def click(page: Page, xy) -> None:
    page.mouse.click(*on_screen(photo(page), xy))


def drag(page: Page, by: tuple[float, float]) -> np.ndarray:
    """Drag the ring by so many screen px; returns the photo px that this should move it by."""
    x, y = on_screen(magnifier(page), drawn(page)["xy"])
    page.mouse.move(x + 3, y - 2)  # not quite in its middle
    page.mouse.down()
    for share in (0.3, 0.6, 1.0):
        page.mouse.move(x + 3 + share * by[0], y - 2 + share * by[1])
    page.mouse.up()
    view = [float(v) for v in magnifier(page).get_attribute("viewBox").split()]
    return np.array(by) * view[2] / magnifier(page).bounding_box()["width"]


def errors(page: Page, joint: str) -> list[str]:
    return page.locator(f'tr[data-pick="{joint}"] td').all_inner_texts()[-len(CORE_DECODERS) :]


def test_a_joint_is_placed_by_click_drag_and_arrows_and_every_decoder_gets_its_error(server, page, traffic):
    open_placing(page, server.url)
    assert drawn(page)["xy"] is None
    expect(page.locator(".overview")).to_have_count(0)
    click(page, (200, 380))
    np.testing.assert_allclose(drawn(page)["xy"], [200, 380], atol=3)  # a px of the screen is 2.2 of the photo
    np.testing.assert_allclose(drawn(page)["center"], drawn(page)["xy"])
    expect(handle(page)).to_be_focused()

    before = np.array(drawn(page)["xy"])
    moved = drag(page, (40, -25))
    np.testing.assert_allclose(drawn(page)["xy"] - before, moved, atol=0.2)

    before = np.array(drawn(page)["xy"])
    for key in ("ArrowRight", "ArrowRight", "ArrowUp", "Shift+ArrowDown"):
        page.keyboard.press(key)
    # Two to the right, one up, ten down.
    np.testing.assert_allclose(drawn(page)["xy"] - before, arrow(page) * np.array([2, 9]), atol=1e-6)
    x, y = drawn(page)["xy"]
    expect(handle(page)).to_have_attribute("aria-valuetext", f"x {x:.1f}, y {y:.1f} px of the photo")
    settle(page)

    button(page, "Done: show the errors").click()
    expect(page.locator(".overview svg")).to_be_visible()
    expect(page.get_by_text("Over the 1 joint of 14 that you placed")).to_be_visible()
    got = errors(page, "right wrist")
    assert len(got) == len(CORE_DECODERS) and all(re.fullmatch(r"\d+\.\d", text) for text in got)
    assert errors(page, "neck") == ["–"] * len(CORE_DECODERS)
    # The error is the distance of what the same row says of DARK's place.
    cells = page.locator('tr[data-pick="right wrist"] :is(th, td)').all_inner_texts()
    dark = np.hypot(float(cells[2]) - x, float(cells[3]) - y)
    assert float(got[list(CORE_DECODERS).index("dark")]) == pytest.approx(dark, abs=0.15)
    # Streamlit itself looks for its own files below a deep link first.
    assert traffic.outside == [] and not [error for error in traffic.errors if "404" not in error]


def test_saved_joints_come_back_from_their_file(server, page):
    open_placing(page, server.url)
    click(page, (200, 380))
    button(page, "Next joint").click()
    settle(page)
    expect(page.get_by_role("combobox", name="Joint")).to_have_value("right elbow")
    click(page, (190, 300))
    settle(page)
    placed = drawn(page)["placed"]
    assert set(placed) == {"right wrist", "right elbow"}
    with page.expect_download() as download:
        button(page, "Save joints (JSON)").click()
    path = download.value.path()
    saved = json.loads(path.read_text())
    assert saved["joints"] == placed
    assert (saved["picture"]["width"], saved["picture"]["height"]) == (WIDTH, HEIGHT)

    open_placing(page, server.url)
    assert drawn(page)["placed"] == {}, "a new session"
    page.locator(".st-key-joints_file input[type=file]").set_input_files(
        {"name": "joints.json", "mimeType": "application/json", "buffer": path.read_bytes()}
    )
    expect(page.get_by_text("2 of 14 joints placed")).to_be_visible()
    assert drawn(page)["placed"] == placed
    expect(page.get_by_role("alert")).to_have_count(0)


def test_the_keyboard_alone_places_moves_and_removes(server, page):
    open_placing(page, server.url)
    handle(page).focus()
    middle = drawn(page)["center"]
    page.keyboard.press("Enter")
    np.testing.assert_allclose(drawn(page)["xy"], middle, atol=0.06)
    page.keyboard.press("ArrowLeft")
    assert drawn(page)["xy"][0] == pytest.approx(middle[0] - arrow(page), abs=0.06)
    page.keyboard.press("Enter")
    settle(page)
    assert drawn(page)["joint"] == "right elbow" and drawn(page)["xy"] is None
    expect(page.get_by_role("combobox", name="Joint")).to_have_value("right elbow")
    expect(handle(page)).to_be_focused()
    page.keyboard.press("ArrowDown")
    assert set(drawn(page)["placed"]) == {"right wrist", "right elbow"}
    page.keyboard.press("Tab")
    expect(button(page, "Next joint")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert set(drawn(page)["placed"]) == {"right wrist"}
    settle(page)
    expect(page.get_by_text("1 of 14 joints placed")).to_be_visible()


def test_arrows_that_leave_the_magnifier_take_it_along(server, page):
    open_placing(page, server.url)
    click(page, (200, 380))
    start = drawn(page)["center"]
    for _ in range(14):
        page.keyboard.press("Shift+ArrowRight")
    now = drawn(page)
    assert now["xy"][0] == pytest.approx(start[0] + 140 * arrow(page), abs=0.2)
    assert now["center"][0] > start[0]


def test_a_joint_may_lie_on_the_edge_and_not_beyond(server, page):
    open_placing(page, server.url, "joint=head+top")
    click(page, (WIDTH - 2, 2))
    drag(page, (150, -150))
    assert drawn(page)["xy"] == [WIDTH - 0.5, -0.5]
    settle(page)
    expect(page.get_by_role("alert")).to_have_count(0)
    button(page, "Done: show the errors").click()
    expect(page.get_by_text("Over the 1 joint of 14 that you placed")).to_be_visible()


def test_the_list_on_the_page_chooses_the_joint(server, page):
    open_placing(page, server.url)
    click(page, (200, 380))
    settle(page)
    page.get_by_role("combobox", name="Joint").click()
    page.get_by_role("option", name="left knee").click()
    expect(handle(page)).to_have_attribute("aria-label", "True left knee")
    assert drawn(page)["xy"] is None and set(drawn(page)["placed"]) == {"right wrist"}


def test_placed_joints_are_still_there_after_a_look_at_another_page(server, page):
    open_placing(page, server.url)
    click(page, (200, 380))
    settle(page)
    placed = drawn(page)["placed"]
    button(page, "Done: show the errors").click()
    expect(page.locator(".overview svg")).to_be_visible()
    page.get_by_role("link", name="Home").click()
    expect(page.locator(".story")).to_be_visible()
    page.get_by_role("link", name="Your photo", exact=True).click()
    expect(page.get_by_text("Over the 1 joint of 14 that you placed")).to_be_visible()
    page.locator(".st-key-place").get_by_text("Place the true joints").click()
    expect(magnifier(page)).to_be_visible()
    assert drawn(page)["placed"] == placed


def test_the_photo_is_sent_once(server, page):
    received = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: received.append(frame)))
    open_placing(page, server.url)
    part = magnifier(page).locator("image").get_attribute("href")[2000:2200].encode()
    received.clear()
    click(page, (200, 380))
    settle(page)
    drag(page, (30, 30))
    settle(page)
    assert received and not any(part in frame for frame in received if isinstance(frame, bytes)), (
        "however many reports of the hand, none with the photo"
    )


def test_a_finger_places_on_a_phone(server, browser):
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    phone = context.new_page()
    open_placing(phone, server.url)
    assert sideways(phone) == 0
    phone.touchscreen.tap(*on_screen(photo(phone), (200, 380)))
    np.testing.assert_allclose(drawn(phone)["xy"], [200, 380], atol=3)
    x, y = on_screen(magnifier(phone), drawn(phone)["xy"])
    before, scrolled = np.array(drawn(phone)["xy"]), magnifier(phone).bounding_box()["y"]
    fingers = context.new_cdp_session(phone)
    touch = lambda kind, *at: fingers.send(  # noqa: E731
        "Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": u, "y": v} for u, v in at]}
    )
    touch("touchStart", (x, y))
    for step in range(1, 6):
        touch("touchMove", (x + 4 * step, y + 6 * step))
    touch("touchEnd")
    moved = drawn(phone)["xy"] - before
    scale = drawn(phone)["span"] / magnifier(phone).bounding_box()["width"]
    np.testing.assert_allclose(moved, [20 * scale, 30 * scale], atol=0.3)
    assert magnifier(phone).bounding_box()["y"] == pytest.approx(scrolled, abs=1), "the page did not scroll along"
    settle(phone)
    button(phone, "Done: show the errors").click()
    expect(phone.get_by_text("Over the 1 joint of 14 that you placed")).to_be_visible()
    assert sideways(phone) == 0
    shown = phone.locator('tr[data-pick="right wrist"] :is(th, td):visible')
    expect(shown).to_have_count(4)  # joint, confidence, and the errors of argmax and DARK
    context.close()
