"""The figure of Motion in a page of its own plays, steps, scrubs and wipes without the server; an own video on one."""

from collections.abc import Iterator

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from dark_core.app.motion import view
from dark_core.app.motion.footage import Footage, picture
from dark_core.figures.decoder_style import style_of
from dark_core.motion.tracks import Tracks
from dark_core.pose.skeleton import SKELETON
from tests.pages.test_motion import small_video
from tests.support.mounted_figure import drawn, mount
from tests.support.wait_for_idle import opened

COUNT, SIDE, PX = 24, 320, 10.0
KEYS = "document.querySelector('.figure-root').drawn"


def made() -> Footage:
    """A person whose joints drift by a tenth of a heatmap pixel a frame; argmax rounds, DARK is exact."""
    start = np.random.default_rng(0).uniform(8, 20, (len(SKELETON), 2))
    xy = start + 0.1 * np.arange(COUNT)[:, None, None]
    heatmap = {"argmax": np.round(xy), "dark": xy}
    photo = {name: (one + 0.5) * PX - 0.5 for name, one in heatmap.items()}
    ones = np.ones((COUNT, len(SKELETON)))
    tracks = Tracks(heatmap, photo, ones, np.full(COUNT, PX), np.arange(COUNT) / 12, SKELETON.names)
    frames = tuple(picture(np.full((SIDE, SIDE, 3), 10 * k, np.uint8)) for k in range(COUNT))
    return Footage("made", "A drift", "", (SIDE, SIDE), frames, tracks, photo["dark"])


FOOTAGE = made()
DATA = {"state": {"frame": 3, "line": 0.5}, **view.data(FOOTAGE, 11, "argmax", "dark", ["argmax", "dark"])}
HAND_OVER = """async ([key, frames]) => {
  const images = frames.map((href) => Object.assign(new Image(), { src: href }));
  await Promise.all(images.map((image) => image.decode()));
  window.darkExplorerFrames = { key, images };
}"""


@pytest.fixture(scope="module")
def tab(browser: Browser) -> Iterator[Page]:
    with browser.new_context(viewport={"width": 1100, "height": 800}, reduced_motion="reduce") as context:
        yield context.new_page()


@pytest.fixture
def page(tab: Page) -> Page:
    """The figure anew."""
    tab.goto("about:blank")
    tab.evaluate(HAND_OVER, [FOOTAGE.key, FOOTAGE.frames])
    mount(tab, "motion", DATA)
    return tab


def button(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_nothing_plays_by_itself_and_what_plays_comes_round(page):
    assert drawn(page)["frame"] == 3 and not drawn(page)["playing"]
    button(page, "Play")
    page.wait_for_function(f"() => {KEYS}.playing && {KEYS}.frame > 10")
    page.wait_for_function(f"() => {KEYS}.frame < 10")
    assert page.evaluate("() => window.sent") is None, "Python hears nothing while it plays"
    button(page, "Pause")
    rest = drawn(page)
    assert not rest["playing"]
    page.wait_for_function("(frame) => window.sent?.frame === frame", arg=rest["frame"])
    assert drawn(page)["frame"] == rest["frame"], "paused is paused"


def test_the_keys_step_and_the_cursor_and_the_zoom_follow(page):
    page.locator("[data-control=frame]").focus()
    first = drawn(page)
    for key, frame in (("ArrowRight", 4), ("ArrowLeft", 3), ("End", COUNT - 1), ("ArrowRight", COUNT - 1), ("Home", 0)):
        page.keyboard.press(key)
        seen = drawn(page)
        assert seen["frame"] == frame and not seen["playing"]
        assert seen["zoom"] == pytest.approx(FOOTAGE.truth[frame, 11], abs=0.01)
        assert seen["at"]["argmax"] == pytest.approx(FOOTAGE.tracks.photo_xy["argmax"][frame, 11], abs=0.01)
        assert np.sign(seen["cursor"] - first["cursor"]) == np.sign(frame - 3)
        assert page.locator("[data-control=frame]").input_value() == str(frame)
    page.keyboard.press(" ")
    page.wait_for_function(f"() => {KEYS}.playing && {KEYS}.frame > 1")
    page.keyboard.press(" ")
    assert not drawn(page)["playing"]


def test_a_click_on_a_curve_goes_to_that_moment(page):
    box = page.locator("[data-panel=y] svg").bounding_box()
    cursors = {}
    for key, share in (("Home", 0.2), ("End", 0.8)):
        page.locator("[data-control=frame]").focus()
        page.keyboard.press(key)
        cursors[key] = drawn(page)["cursor"]
        page.mouse.click(box["x"] + share * box["width"], box["y"] + box["height"] / 2)
        left, right = cursors["Home"], cursors.get("End")
        if right is not None:
            wanted = (share * box["width"] - left) / (right - left) * (COUNT - 1)
            assert drawn(page)["frame"] == pytest.approx(wanted, abs=0.51)


def test_differences_are_drawn_from_the_reference(page):
    """DARK is exact in this drift, so it lies on the dashed level; argmax crosses it with its teeth."""
    mount(page, "motion", {**DATA, **view.data(FOOTAGE, 11, "argmax", "dark", ["argmax", "dark"], difference=True)})
    heights = "paths => paths.map((one) => new Set(one.getAttribute('d').match(/[\\d.]+(?=L|$)/g)).size)"
    paths = page.locator("[data-panel=x] path[stroke-linejoin=round]")
    assert paths.evaluate_all(heights)[1::2][1] == 1 and paths.evaluate_all(heights)[1] > 3
    assert "minus the true x" in page.locator("[data-panel=x] .title").inner_text()


def test_the_line_is_dragged_and_moved_by_keys_and_each_side_has_its_decoder(page):
    handle = page.get_by_role("slider", name="Line between Argmax and DARK")
    box = page.locator("[data-panel=stage] svg").bounding_box()
    grip = handle.bounding_box()
    page.mouse.move(grip["x"] + grip["width"] / 2, grip["y"] + grip["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.25 * box["width"], box["y"] + 0.5 * box["height"], steps=3)
    page.mouse.up()
    assert drawn(page)["line"] == pytest.approx(0.25, abs=0.01)
    assert float(page.locator("#before rect").get_attribute("width")) == pytest.approx(0.25 * SIDE, abs=3)
    handle.focus()
    page.keyboard.press("ArrowRight")
    assert drawn(page)["line"] == pytest.approx(0.27, abs=0.01) and drawn(page)["frame"] == 3, "the line, not the frame"
    page.wait_for_function("(line) => window.sent?.line === line", arg=drawn(page)["line"])
    for side, name in (("before", "argmax"), ("after", "dark")):
        strokes = page.locator(f'g[clip-path="url(#{side})"] line:not([opacity])').evaluate_all(
            "lines => [...new Set(lines.map((one) => one.getAttribute('stroke')))]"
        )
        assert strokes == [style_of(name).color]


def test_the_picture_of_the_frame_is_drawn_and_the_grid_lies_on_the_heatmap_pixels(page):
    assert drawn(page)["picture"]
    shade = "([name]) => { const c = document.querySelector(`[data-panel=${name}] canvas`);"
    shade += " return [...c.getContext('2d').getImageData(c.width / 2, c.height / 2, 1, 1).data.slice(0, 3)]; }"
    for name in ("stage", "zoom"):
        assert page.evaluate(shade, [name]) == pytest.approx([30] * 3, abs=3), "of frame 3"
    group = page.locator("[data-panel=zoom] g[transform*=scale]").first.get_attribute("transform")
    assert group == f"translate({(PX - 1) / 2} {(PX - 1) / 2}) scale({PX:.0f})"


def test_an_own_video_is_tracked_and_played(server, new_tab, tmp_path):
    """The address keeps the frame on which it rests; nothing is asked for beyond this machine."""
    own = new_tab()
    own.page.goto(f"{server.url}/Motion?clip=Your+video", timeout=120_000)
    opened(own.page)
    video = {"name": "me.mp4", "mimeType": "video/mp4", "buffer": small_video(tmp_path / "a.mp4", 9)}
    own.page.locator(".st-key-video input[type=file]").set_input_files(video)
    expect(own.page.get_by_text("Your video: 9 frames of 400 × 520 px")).to_be_visible(timeout=120_000)
    opened(own.page)
    expect(own.page.locator(".motion [data-panel=x] .title")).to_contain_text("minus DARK after Savitzky–Golay")
    scrub = own.page.locator(".motion [data-control=frame]")
    expect(scrub).to_have_attribute("max", "8")
    scrub.focus()
    own.page.keyboard.press("End")
    own.page.wait_for_url("**frame=8**")
    own.page.locator(".motion").get_by_role("button", name="Play").click()
    expect(own.page.locator(".motion").get_by_role("button", name="Pause")).to_be_visible()
    assert own.traffic.outside == []
    # Streamlit asks for its settings below a page's own address first.
    assert [error for error in own.traffic.errors if "404 (Not Found)" not in error] == []
