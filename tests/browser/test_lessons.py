"""The three lessons under a visitor's hand: dragged, stepped, predicted, linked, presented, on a phone."""

import re
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from dark_core.app.runtime.page import SCENE
from dark_core.codec import CORE_DECODERS, DECODERS, Status, quantize
from dark_core.files.scenes import load_scenes
from dark_core.pose.crop_transform import CropTransform
from dark_core.pose.detector import expand_to_square
from dark_core.simulation.heatmaps import SCENARIOS
from tests.support.layout import sideways
from tests.support.wait_for_idle import opened, settle

LESSONS = {"Encode": ".encode", "Smooth": ".smooth", "Decode": ".decode"}


def go(page: Page, address: str, figure: str | None = None) -> None:
    page.goto(address)
    expect(page.locator(figure or ".figure-root").first).to_be_visible()
    opened(page)


def eventually(page: Page, check: Callable[[], None]) -> None:
    """``check`` holds once Python has heard what was done, and answered; until then it may fail."""
    deadline = time.monotonic() + 15
    while True:
        try:
            return check()
        except (AssertionError, LookupError, ValueError):
            if time.monotonic() > deadline:
                raise
        page.wait_for_timeout(50)


def assert_query(page: Page, **expected: str) -> None:
    def check() -> None:
        assert query(page) == expected

    eventually(page, check)


def drawn(page: Page, figure: str) -> dict:
    """What the live figure drew last, once it has drawn what it was told."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return page.locator(figure).evaluate("(figure) => figure.closest('.figure-root').drawn")


def plot(page: Page, name: str):
    return page.locator(f'[data-panel="{name}"] svg')


def on_screen(svg, xy) -> tuple[float, float]:
    """The place on the screen of a point in the plot's own px."""
    svg.scroll_into_view_if_needed()
    place = "(svg, [x, y]) => { const p = new DOMPoint(x, y).matrixTransform(svg.getScreenCTM()); return [p.x, p.y]; }"
    return tuple(svg.evaluate(place, [float(v) for v in xy]))


def per_px(svg) -> float:
    """Screen px that a px of the plot covers."""
    return svg.evaluate("(svg) => svg.getScreenCTM().a")


def drag(page: Page, svg, start, by: tuple[float, float]) -> np.ndarray:
    """Drag from ``start``, in the plot's px, by screen px; returns the plot's px that this amounts to."""
    x, y = on_screen(svg, start)
    page.mouse.move(x + 3, y - 2)  # not quite in its middle
    page.mouse.down()
    for share in (0.4, 1.0):
        page.mouse.move(x + 3 + share * by[0], y - 2 + share * by[1])
    page.mouse.up()
    return np.array(by) / per_px(svg)


def query(page: Page) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


def cells(page: Page) -> list[list[str]]:
    """The table beside the figure, row by row."""
    expect(page.locator(".st-key-table tbody tr").first).to_be_visible()
    rows = page.locator(".st-key-table tbody tr").all()
    return [row.locator("th, td").all_inner_texts() for row in rows]


def choose(page: Page, key: str, option: str) -> None:
    page.locator(f".st-key-{key}").get_by_role("radio", name=option, exact=True).click()
    settle(page)


def assert_quiet(traffic) -> None:
    # Streamlit itself looks for its own files below a deep link first.
    assert traffic.outside == [] and not [error for error in traffic.errors if "404" not in error]


# Encode


def assert_python_tells_of(page: Page, frame: CropTransform) -> None:
    """The address holds the joint that is drawn, and Python's table its centers and errors."""
    joint = np.array([float(query(page)["x"]), float(query(page)["y"])])
    true = frame.to_heatmap(joint)
    np.testing.assert_allclose(drawn(page, ".encode")["xy"], true, atol=1e-6)
    for row, way in zip(cells(page), ("floor", "round", "unbiased"), strict=True):
        center = quantize(true, way)
        place = [float(v) for v in row[1].split(",")]
        np.testing.assert_allclose(place, center, atol=0.0051)
        assert float(row[2]) == pytest.approx(np.linalg.norm(center - true), abs=0.0051)
        assert float(row[4]) == pytest.approx(np.linalg.norm(frame.to_photo(center) - joint), abs=0.051)


def test_the_joint_of_encode_follows_the_hand_and_the_keys_and_a_link_brings_it_back(server, page, traffic):
    go(page, server.url + "/Encode?hide=cost", ".encode")
    box = page.locator(".encode").bounding_box()
    assert box["y"] + box["height"] <= 900, "the figure stands on the first screen"
    frame = CropTransform.from_box(expand_to_square(load_scenes()[SCENE].box), (64, 64))
    assert "x" not in query(page), "defaults stay out of the address"

    before = np.array(drawn(page, ".encode")["xy"])
    moved = drag(page, plot(page, "grid"), before, (61, 38))
    after = np.array(drawn(page, ".encode")["xy"])
    np.testing.assert_allclose(after - before, moved, atol=0.01)
    eventually(page, lambda: assert_python_tells_of(page, frame))

    handle = page.locator(".encode .handle")
    expect(handle).to_be_focused()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "Shift+ArrowUp"):
        page.keyboard.press(key)
    np.testing.assert_allclose(np.array(drawn(page, ".encode")["xy"]) - after, [0.2, -0.9], atol=0.002)
    ring = "(handle) => { const s = getComputedStyle(handle.firstChild); return [s.stroke, s.strokeWidth]; }"
    assert handle.evaluate(ring) == ["rgb(15, 107, 107)", "3px"], "the focus is seen"
    eventually(page, lambda: assert_python_tells_of(page, frame))

    seen = drawn(page, ".encode"), cells(page), handle.get_attribute("aria-valuetext")
    go(page, page.url, ".encode")
    assert (drawn(page, ".encode"), cells(page), handle.get_attribute("aria-valuetext")) == seen
    assert_quiet(traffic)


def test_encode_asks_first_and_shows_the_miss_afterwards(server, page):
    go(page, server.url + "/Encode?hide=cost&scene=Waving", ".encode")
    page.get_by_role("button", name="Predict first").click()
    assert_encode_keeps_its_answer(page)
    floor = drawn(page, ".encode")["centers"]["floor"]
    guess = np.array(floor) + [1.5, 2]
    page.mouse.click(*on_screen(plot(page, "grid"), guess))
    assert_encode_keeps_its_answer(page, guessed=True)
    page.get_by_role("button", name="Reveal", exact=True).click()
    said = page.locator(".predict output")
    expect(said).to_have_text(re.compile("^Your guess was .* away from it"))
    miss = float(re.search(r"was (\S+) heatmap px", said.inner_text())[1])
    assert miss == pytest.approx(2.5, abs=0.03)
    expect(page.locator('[data-panel="grid"] .overlay [data-mark="floor"]')).to_be_visible()
    expect(page.locator(".answers")).to_be_visible()
    assert len(cells(page)) == 3


def assert_encode_keeps_its_answer(page: Page, guessed: bool = False) -> None:
    expect(page.locator(".answers")).to_be_hidden()
    expect(page.locator(".encode .legend")).to_be_hidden()
    expect(page.locator(".st-key-table")).to_have_count(0)
    expect(page.get_by_text("photo px** off")).to_have_count(0)
    expect(page.locator('[data-panel="grid"] .overlay [data-mark]')).to_have_count(0)
    expect(plot(page, "grid")).to_have_attribute("aria-label", re.compile("hidden$"))
    expect(page.locator(".predict output")).to_have_text("")
    expect(page.get_by_role("button", name="Reveal", exact=True)).to_be_enabled(enabled=guessed)
    text = page.locator("[data-testid=stMain]").inner_text()
    assert "off by" not in text and "Floor draws the target of this" not in text and "Floor goes to" not in text


# Decode


def assert_step(page: Page, step: int) -> None:
    """The stepper is at ``step``, the neighborhood too, and there is a formula."""
    expect(page.locator('.decode [aria-current="step"]')).to_have_attribute("data-step", str(step))
    expect(page.locator('[data-panel="near"] .title')).to_have_text(re.compile(f"^{step} "))
    expect(page.locator(".formula math").first).to_be_attached()


def test_the_stepper_steps_by_buttons_arrows_and_by_itself(server, new_tab):
    tab = new_tab()  # in a window of its own, whose clock the test stops
    page, traffic = tab.page, tab.traffic
    go(page, server.url + "/Decode", ".decode")
    box = page.locator(".log-step").bounding_box()
    assert box["y"] + box["height"] <= 900, "the figure stands on the first screen"
    assert_step(page, 8)
    for _ in range(2):  # the last step is the last
        page.get_by_role("button", name="Next step").click()
        assert_step(page, 9)
    for step in range(1, 10):
        page.locator(f'.decode [data-step="{step}"]').click()
        assert_step(page, step)
    page.get_by_role("button", name="Previous step").click()
    assert_step(page, 8)
    page.keyboard.press("ArrowLeft")  # the button has the focus
    assert_step(page, 7)
    page.keyboard.press("ArrowRight")
    assert_step(page, 8)
    page.evaluate("() => document.activeElement.blur()")
    page.keyboard.press("ArrowRight")
    drawn(page, ".decode")
    assert_step(page, 8)  # elsewhere on the page the arrows scroll

    page.clock.install()
    page.clock.pause_at(datetime.now() + timedelta(minutes=1))  # or a slow machine plays on while we look
    play = page.locator(".decode [data-do=play]")
    play.click()
    expect(play).to_contain_text("Pause")
    page.clock.run_for(2000)
    assert_step(page, 9)
    expect(play).to_contain_text("Pause")
    page.clock.run_for(2000)
    expect(play).to_contain_text("Play")
    play.click()
    page.clock.run_for(100)
    assert_step(page, 1)  # from the end it begins again
    play.click()
    page.clock.run_for(4000)
    assert_step(page, 1)  # paused
    assert_quiet(traffic)


def test_a_link_opens_a_case_and_others_are_chosen(server, page, traffic):
    go(page, server.url + "/Decode?case=Noisy&step=7", ".decode")
    case = SCENARIOS["noisy"].case
    assert np.isclose(drawn(page, ".decode")["truth"], case.joint).all()
    assert_step(page, 7)
    why = page.locator(".st-key-why")
    said = [why.inner_text()]
    choose(page, "case", "Flat")
    expect(why).not_to_have_text(said[0])
    assert_query(page, case="Flat")
    said.append(why.inner_text())
    assert len(cells(page)) == len(CORE_DECODERS)
    page.locator('.decode [data-step="7"]').click()
    expect(page.locator(".formula .refused")).to_have_text(f"No step: {Status.FLAT.sentence}.")
    expect(page.locator(".decode .handle")).to_be_hidden()
    assert_query(page, case="Flat", step="7")

    choose(page, "case", "Real joint")
    expect(page.locator(".st-key-scene")).to_be_visible()
    expect(page.locator(".decode .made").first).to_be_hidden()
    expect(page.locator('[data-panel="inset"] image')).to_have_attribute("href", re.compile("^data:image/jpeg;base64,"))
    assert len(drawn(page, ".decode")["map"]) == 48 * 48
    expect(why).not_to_have_text(said[1])
    assert all(len(text.strip()) > 40 for text in (*said, why.inner_text()))
    before = drawn(page, ".decode")["truth"]
    drag(page, plot(page, "map"), before, (30, 30))
    assert drawn(page, ".decode")["truth"] == before, "the truth of a photo is not moved"
    assert_quiet(traffic)


def test_the_joint_and_the_noise_of_decode_move_the_landing_points(server, page):
    go(page, server.url + "/Decode", ".decode")
    before = drawn(page, ".decode")
    moved = drag(page, plot(page, "map"), before["truth"], (52, -33))
    after = drawn(page, ".decode")
    np.testing.assert_allclose(np.subtract(after["truth"], before["truth"]), moved, atol=0.006)
    np.testing.assert_allclose(after["landings"]["dark"], after["truth"], atol=1e-4)
    noise = page.get_by_label("Noise", exact=True)
    noise.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    noisy = drawn(page, ".decode")
    assert noisy["landings"]["dark"] != after["landings"]["dark"] and noisy["truth"] == after["truth"]
    assert_step(page, 8)  # the slider's arrows do not step
    assert_query(page, x=f"{after['truth'][0]:.2f}", y=f"{after['truth'][1]:.2f}", noise="0.03")

    def same_in_the_table() -> None:
        errors = {row[0]: float(row[2]) for row in cells(page)}
        assert errors == {DECODERS[n].title: pytest.approx(miss, abs=0.00051) for n, miss in noisy["misses"].items()}

    eventually(page, same_in_the_table)

    page.get_by_role("button", name="Predict first").click()
    for part in (".steps", ".near", ".inset"):
        expect(page.locator(f".decode {part}")).to_be_hidden()
    expect(page.locator(".decode .handle")).to_be_hidden()
    expect(page.locator(".st-key-table, .st-key-why")).to_have_count(0)
    expect(page.locator('[data-panel="map"] .overlay [data-mark]')).to_have_count(0)
    page.keyboard.press("Shift+ArrowUp")  # the guess has the focus and starts in the middle
    page.get_by_role("button", name="Reveal", exact=True).click()
    said = page.locator(".predict output")
    expect(said).to_have_text(re.compile("^DARK is .* from your guess"))
    miss = float(re.search(r"is (\S+) heatmap px", said.inner_text())[1])
    dark = drawn(page, ".decode")["landings"]["dark"]
    assert miss == pytest.approx(np.linalg.norm(np.subtract(dark, [15.5, 14.5])), abs=0.0051)
    assert len(cells(page)) == len(CORE_DECODERS)


# Smooth


def test_smooth_answers_to_kernel_surface_seed_and_a_real_joint(server, page, traffic):
    go(page, server.url + "/Smooth", ".smooth")
    box = page.locator(".smooth").bounding_box()
    assert box["y"] + box["height"] <= 900, "the figure stands on the first screen"
    before = drawn(page, ".smooth")
    kernel = page.get_by_label("Kernel σ, px")
    kernel.focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    after = drawn(page, ".smooth")
    assert after["smoothed"] != before["smoothed"] and after["map"] == before["map"]
    expect(kernel.locator("xpath=../output")).to_have_text("2.5")
    assert_query(page, kernel="2.5")
    expect(page.get_by_text("After smoothing with σ = 2.5")).to_be_visible()
    expect(page.locator(".st-key-repeats .many")).to_be_visible()

    surface = plot(page, "raw-surface")
    surface.focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowUp")
    assert_query(page, kernel="2.5", yaw="40", pitch="40")
    x, y = on_screen(surface, (0.5, 0.5))
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 50, y)
    page.mouse.up()
    assert_query(page, kernel="2.5", yaw="70", pitch="40")

    seed = page.get_by_label("Noise pattern")
    seed.fill("7")
    seed.press("Enter")
    assert_query(page, kernel="2.5", yaw="70", pitch="40", seed="7")

    def another_map() -> None:
        now = drawn(page, ".smooth")
        assert now["map"] != after["map"] and now["smoothed"] != after["smoothed"]

    eventually(page, another_map)

    choose(page, "what", "Real joint")
    expect(page.locator(".st-key-scene")).to_be_visible()
    expect(page.get_by_label("Noise", exact=True)).to_be_hidden()
    assert len(drawn(page, ".smooth")["map"]) == 48 * 48
    expect(page.locator(".st-key-repeats")).to_have_count(0)
    expect(page.locator(".smooth .handle")).to_have_attribute("tabindex", "-1")
    assert_quiet(traffic)


# What a teacher asks for


def visible(page: Page) -> set[str]:
    """The keys of all elements and the names of all parts that can be seen."""
    return set(
        page.evaluate(
            """() => {
              const found = [], walk = (root) => {
                for (const element of root.querySelectorAll("*")) {
                  if (element.shadowRoot) walk(element.shadowRoot);
                  if (!element.getClientRects().length) continue;
                  for (const name of element.classList ?? []) if (name.startsWith("st-key-")) found.push(name.slice(7));
                  if (element.dataset?.part) found.push(`part ${element.dataset.part}`);
                }
              };
              walk(document.querySelector("[data-testid=stMain]"));
              return found;
            }"""
        )
    )


def test_hide_leaves_out_what_it_names_and_nothing_else(server, page):
    address = server.url + "/Decode?case=Real+joint"
    go(page, address, ".decode")
    whole = visible(page)
    go(page, address + "&hide=table,question,scene,formula", ".decode")
    rest = visible(page)
    assert whole - rest == {"table", "question", "asked", "scene", "part formula"} and rest <= whole


@pytest.mark.parametrize("name", ["Home", "Encode", "Smooth", "Decode", "Your photo"])
def test_an_exercise_link_keeps_the_answer_back_until_it_is_revealed(server, page, name):
    path = "/" if name == "Home" else "/" + name.replace(" ", "_")
    go(page, server.url + path + "?joint=right+wrist&hide=cost")
    open_answer = visible(page)
    page.get_by_role("button", name="Copy exercise link").click()
    field = page.get_by_label("The copied link")
    expect(field).to_be_visible()
    link = field.input_value()
    assert set(parse_qs(urlsplit(link).query)["hide"][0].split(",")) == {"cost", "answer"}
    assert "joint=right+wrist" in link and link.startswith(server.url)
    expect(page.locator(".share [role=status]")).to_have_text(re.compile("Copied|Ctrl"))

    go(page, link)
    kept = visible(page)
    answers = {name for name in open_answer if name.startswith("part ") and "answer" in name.split()}
    assert answers and not answers & kept, "parts that are answers"
    gone = {"Encode": {"table"}, "Smooth": {"repeats"}, "Decode": {"table", "why"}, "Your photo": {"joints"}}
    assert gone.get(name, set()) <= open_answer and not gone.get(name, set()) & kept

    button = page.get_by_role("button", name=re.compile("^Reveal"))
    if name in ("Encode", "Decode"):  # there the visitor guesses first
        expect(button).to_be_disabled()
        svg = page.locator(".hands svg")
        svg.click(position={"x": 100, "y": 120})
    button.click()

    def everything_is_shown() -> None:
        assert answers | gone.get(name, set()) <= visible(page)

    eventually(page, everything_is_shown)
    assert "answer" in query(page)["hide"], "whoever gets the link next is asked again"


def crowded(page: Page) -> list[str]:
    """The titles of visible panels of which three or more stand side by side."""
    panels = page.locator(".panel:visible").evaluate_all(
        "(panels) => panels.map((p) => [p.innerText.split('\\n')[0], p.getBoundingClientRect()])"
        ".map(([title, r]) => [title, r.top, r.bottom])"
    )
    assert panels
    out = []
    for title, top, bottom in panels:
        middle = (top + bottom) / 2
        if sum(a < middle < b for _, a, b in panels) > 2:
            out.append(title)
    return out


@pytest.mark.parametrize(("path", "views"), [("/", 4), ("/Encode", 3), ("/Smooth", 5)])
def test_a_presented_page_steps_by_arrows_with_at_most_two_panels_a_row(server, page, path, views):
    go(page, f"{server.url}{path}?present=1&hide=cost,question")
    for part in ("stSidebar", "stExpandSidebarButton"):
        expect(page.locator(f"[data-testid={part}]")).to_be_hidden()
    chosen = page.locator('.st-key-view [aria-checked="true"]')
    names = page.locator(".st-key-view [role=radio]").all_inner_texts()
    assert len(names) >= views
    for name in names[: views - 1]:
        assert crowded(page) == []
        expect(chosen).to_have_text(name)
        page.keyboard.press("ArrowRight")
        expect(chosen).not_to_have_text(name)
        settle(page)
    assert crowded(page) == []
    if path == "/Encode":
        before = drawn(page, ".encode")["xy"]
        page.locator(".encode .handle").focus()
        page.keyboard.press("ArrowRight")
        settle(page)
        assert drawn(page, ".encode")["xy"][0] == pytest.approx(before[0] + 0.1, abs=0.002)
        expect(chosen).to_have_text(names[views - 1])  # the joint's arrows do not step
        page.evaluate("() => document.activeElement.blur()")
    page.keyboard.press("ArrowLeft")
    expect(chosen).to_have_text(names[views - 2])


def test_a_presented_decode_steps_by_arrows_wherever_the_focus_is(server, page):
    go(page, server.url + "/Decode?present=1&view=Nine+steps", ".decode")
    for part in ("stSidebar", "stExpandSidebarButton"):
        expect(page.locator(f"[data-testid={part}]")).to_be_hidden()
    page.evaluate("() => document.activeElement.blur()")
    for step in range(2, 10):
        page.keyboard.press("ArrowRight")
        assert_step(page, step)
        assert crowded(page) == [] and page.locator(".decode .panel:visible").count() == 2
    page.keyboard.press("ArrowLeft")
    assert_step(page, 8)
    assert_query(page, present="1", view="Nine steps", step="8")
    choose(page, "view", "Ten lines")
    page.evaluate("() => document.activeElement.blur()")
    page.keyboard.press("ArrowLeft")
    settle(page)
    assert_query(page, present="1", view="Ten lines", step="8")  # the stepper is not in sight


def test_the_address_follows_a_hand_that_is_faster_than_the_line(server, page):
    """Python's answers are held back until the browser, which has not yet read the last, has sent the next change."""
    held, sent, addresses, lines, slow = [], [], [], [], []

    def connect(line: WebSocketRoute) -> None:
        lines.append(line)
        far = line.connect_to_server()
        line.on_message(lambda message: (sent.append(message), far.send(message)))
        far.on_message(lambda message: held.append(message) if slow else line.send(message))

    def wait_for(happened: Callable[[], bool]) -> None:
        def check() -> None:
            assert happened()

        eventually(page, check)

    page.route_web_socket("**/_stcore/stream", connect)
    page.on("framenavigated", lambda frame: addresses.append(frame.url))
    go(page, server.url + "/Decode?present=1&view=Nine+steps", ".decode")
    page.evaluate("() => document.activeElement.blur()")
    slow.append(True)
    page.keyboard.press("ArrowRight")
    wait_for(lambda: any(b"step=2" in message for message in held))
    before = len(sent)
    page.keyboard.press("ArrowLeft")
    wait_for(lambda: len(sent) > before)
    slow.clear()
    for message in held:
        lines[-1].send(message)
    wait_for(lambda: any("step=2" in address for address in addresses))
    assert_query(page, present="1", view="Nine steps")  # 1 is where presenters start
    assert_step(page, 1)


# A phone


@pytest.mark.parametrize("name", LESSONS)
def test_a_phone_shows_the_lesson_without_scrolling_sideways_and_a_finger_drags_the_joint(server, browser, name):
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, color_scheme="light")
    phone = context.new_page()
    phone.set_default_timeout(30_000)
    go(phone, f"{server.url}/{name}?hide=cost", LESSONS[name])
    colors = set()
    for scheme in ("light", "dark"):
        phone.emulate_media(color_scheme=scheme)
        settle(phone)
        colors.add(phone.evaluate("() => getComputedStyle(document.querySelector('.stApp')).backgroundColor"))
        assert sideways(phone) == 0, scheme
    assert len(colors) == 2

    svg = plot(phone, {"Encode": "grid", "Smooth": "raw-map", "Decode": "map"}[name])
    handle = phone.locator(f"{LESSONS[name]} .handle")
    place = "(handle) => handle.getAttribute('transform').slice(10, -1).split(' ').map(Number)"
    before = handle.evaluate(place)
    x, y = on_screen(svg, before)
    scrolled = "() => document.querySelector('[data-testid=stMain]').scrollTop"
    top = phone.evaluate(scrolled)
    finger = context.new_cdp_session(phone)
    for kind, u, v in (("touchStart", 0, 0), ("touchMove", 15, 20), ("touchMove", 40, 30), ("touchEnd", None, None)):
        points = [] if u is None else [{"x": x + u, "y": y + v}]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    phone.wait_for_timeout(50)
    moved = np.array([40, 30]) / per_px(svg)
    np.testing.assert_allclose(np.subtract(handle.evaluate(place), before), moved, atol=0.02)
    assert phone.evaluate(scrolled) == top, "the page stays where it is"

    for button in phone.locator(f"{LESSONS[name]} button:visible").all():
        assert min(button.bounding_box()["width"], button.bounding_box()["height"]) >= 44, "a target for a finger"

    # Beside the joint a finger scrolls the page and moves nothing, until it taps.
    before, box = handle.evaluate(place), svg.bounding_box()
    corner = {"x": box["x"] + 12, "y": box["y"] + box["height"] - 12}
    assert np.hypot(*np.subtract(on_screen(svg, before), list(corner.values()))) > 60
    for kind, up in (("touchStart", 0), *(("touchMove", 15 * n) for n in range(1, 13)), ("touchEnd", None)):
        points = [] if up is None else [{"x": corner["x"], "y": corner["y"] - up}]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    phone.wait_for_timeout(300)
    assert phone.evaluate(scrolled) > top + 60 and handle.evaluate(place) == before
    phone.touchscreen.tap(corner["x"], svg.bounding_box()["y"] + box["height"] - 12)
    phone.wait_for_timeout(50)
    assert handle.evaluate(place) != before

    def linked() -> None:
        assert {"x", "y"} <= query(phone).keys()

    eventually(phone, linked)
    context.close()
