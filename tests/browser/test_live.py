"""The webcam, live: Chromium's fake camera shows a bundled clip, and the skeletons follow it."""

import pytest
from playwright.sync_api import Browser, expect

from dark_core.app.live.route import ADDRESS, SIDE
from dark_core.app.text.catalog import read_catalog
from dark_core.files.motion.clips import load_clip
from dark_core.pose.skeleton import SKELETON
from tests.support.camera import write_y4m
from tests.support.chromium import ARGUMENTS, installed_browser
from tests.support.wait_for_idle import opened

TEXT = read_catalog("motion")["live"]
NEXT = """(live, count) => new Promise((done, failed) => {
  const since = performance.now();
  const look = () => {
    const { drawn } = live.parentElement;
    if ((drawn?.count ?? 0) > count) done(drawn);
    else if (performance.now() - since > 60000) failed(new Error(live.innerText));
    else setTimeout(look, 20);
  };
  look();
})"""
"""What is drawn after ``count`` frames, once there is more."""


def view(page):
    page.locator(".live").scroll_into_view_if_needed()
    return page.locator(".live")


def test_two_skeletons_follow_the_person_before_the_camera(server, browser: Browser, tmp_path):
    clip = write_y4m(tmp_path / "clip.y4m", "wave")
    fake = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")
    path = installed_browser()
    chromium = browser.browser_type.launch(
        executable_path=path, args=[*ARGUMENTS, *fake, f"--use-file-for-fake-video-capture={clip}"]
    )
    page = chromium.new_page(viewport={"width": 390, "height": 844}, permissions=["camera"])
    page.goto(f"{server.url}/Motion", timeout=120_000)
    opened(page)
    live = view(page)
    button = live.get_by_role("button")
    expect(button).to_have_text(TEXT["start"])
    assert min(button.bounding_box()[side] for side in ("width", "height")) >= 44
    page.route(f"**/{ADDRESS}", lambda route: route.fulfill(status=502), times=1)  # a process that has died
    button.focus()
    page.keyboard.press("Enter")
    seen = []
    for _ in range(8):
        seen.append(live.evaluate(NEXT, seen[-1]["count"] if seen else 0))
    truth = load_clip("wave").joints * SIDE / 520
    neck, wrist = (SKELETON.names.index(name) for name in ("neck", "left wrist"))
    for one in seen:
        for xy in one["found"]["joints"].values():
            assert xy[neck] == pytest.approx(truth[0, neck], abs=one["found"]["px"])
            low, high = truth[:, wrist, 0].min(), truth[:, wrist, 0].max()
            assert xy[wrist] is None or low - 12 < xy[wrist][0] < high + 12
    assert len({tuple(one["found"]["joints"]["dark"][wrist] or ()) for one in seen}) > 1, "the wrist moves"
    assert seen[-1]["argmax"] is not None and seen[-1]["dark"] is not None
    expect(live.locator("svg line").first).to_be_attached()
    clear = "one => getComputedStyle(one).backgroundColor"
    assert live.locator(".mirror svg").evaluate(clear) == "rgba(0, 0, 0, 0)", "the picture is seen below the skeletons"
    print(f"live: {seen[-1]['rate']:.1f} frames a second")
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    button.press(" ")
    expect(button).to_have_text(TEXT["start"])
    expect(live.locator(".stage")).to_be_hidden()
    chromium.close()


@pytest.mark.parametrize(
    "error, said",
    [("NotAllowedError", "denied"), ("NotFoundError", "none"), ("NotReadableError", "busy"), ("", "insecure")],
)
def test_without_a_picture_one_sentence_says_why(server, page, error, said):
    no = f"() => Promise.reject(new DOMException('no', '{error}'))" if error else "undefined"
    page.add_init_script(f"Object.defineProperty(navigator, 'mediaDevices', {{ value: {{ getUserMedia: {no} }} }})")
    page.goto(f"{server.url}/Motion", timeout=120_000)
    opened(page)
    live = view(page)
    live.get_by_role("button").click()
    expect(live.get_by_role("status")).to_have_text(TEXT[said])
    expect(live.get_by_role("button")).to_have_text(TEXT["start"])
