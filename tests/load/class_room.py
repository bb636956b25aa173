"""`python -m tests.load.class_room`: a class of real browsers guesses in one room, and when the projector shows it."""

from __future__ import annotations

import argparse
import asyncio
import random
import re
import statistics
import time
from dataclasses import dataclass

from playwright.async_api import Browser, Page, expect

from dark_core.app.class_room.view import TEXT
from tests.load.browser import started
from tests.support.servers import own_server_unless

CLOUD = "[data-mark=class]"
LIMIT = 180_000
"""Milliseconds for anything in a browser: many of them share the processors of this machine."""
LOOK = 0.1
"""Seconds between two looks at the projector."""


@dataclass
class Phone:
    """A phone's page, the guess it sent (x, y) in heatmap px, and when: "sent", "answered", "shown", in seconds."""

    page: Page
    guess: tuple[float, float]
    sent: float
    answered: float = 0.0
    shown: float = 0.0


async def open_room(browser: Browser, url: str) -> tuple[Page, str]:
    """The projector's page of Encode with the guesses shown, and the link for the class."""
    page = await (await browser.new_context(viewport={"width": 1920, "height": 1080})).new_page()
    page.set_default_timeout(LIMIT)
    await page.goto(f"{url}/Encode?present=1")
    await page.get_by_text("Teach with this page").click()
    await page.get_by_role("button", name=TEXT["open"]).click()
    await page.get_by_role("button", name=re.compile("^Join room ")).click()
    link = await page.locator("[data-testid=stPopoverBody] code").inner_text()
    await page.keyboard.press("Escape")
    await page.get_by_text(TEXT["show"]).click()
    return page, link


async def join(browser: Browser, link: str) -> Page:
    """A phone on the page of the exercise, ready to guess."""
    context = await browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = await context.new_page()
    page.set_default_timeout(LIMIT)
    await page.goto(link)
    await expect(page.locator("body:is([data-laid-out=yes], [data-laid-out=late]) svg.guessing")).to_be_visible()
    return page


async def guess(page: Page, at: float) -> Phone:
    """Tap a point of the grid, which is another one for each share ``at``, and send it."""
    plot = page.locator("svg.guessing")
    await plot.scroll_into_view_if_needed()
    box = await plot.bounding_box()
    assert box is not None
    await page.touchscreen.tap(box["x"] + (0.1 + 0.8 * at) * box["width"], box["y"] + 0.5 * box["height"])
    x, y = await page.locator(".predict").evaluate("box => box.closest('.figure-root').guess")
    phone = Phone(page, (x, y), time.perf_counter())
    await page.locator("[data-do=send]").tap()
    await expect(page.get_by_text("your guess is in")).to_be_visible()
    phone.answered = time.perf_counter()
    return phone


async def watch(projector: Page, phones: list[Phone], expected: int) -> None:
    """Look at the cloud until it has ``expected`` guesses, and note when each of ``phones`` came."""
    end = time.perf_counter() + LIMIT / 1000
    seen: dict[tuple[float, float], float] = {}
    while len(seen) < expected and time.perf_counter() < end:
        at = "dots => dots.map((dot) => [+dot.getAttribute('cx'), +dot.getAttribute('cy')])"
        for x, y in await projector.locator(CLOUD).evaluate_all(at):
            seen.setdefault((x, y), time.perf_counter())
        await asyncio.sleep(LOOK)
    for phone in phones:
        near = [when for (x, y), when in seen.items() if max(abs(x - phone.guess[0]), abs(y - phone.guess[1])) < 0.006]
        phone.shown = min(near, default=0.0)


async def lesson(url: str, count: int, at_once: int, seconds: float) -> tuple[list[Phone], list[float], int]:
    """The phones after the lesson, the seconds that each took to open, and how many guesses the projector counts."""
    opening, took = asyncio.Semaphore(at_once), []

    async def enter() -> Page:
        async with opening:
            start = time.perf_counter()
            page = await join(browser, link)
            took.append(time.perf_counter() - start)
            return page

    async def answer(page: Page, number: int) -> None:
        await asyncio.sleep(random.uniform(0, seconds))
        phones.append(await guess(page, number / count))

    expect.set_options(timeout=LIMIT)
    phones: list[Phone] = []
    async with started() as browser:
        projector, link = await open_room(browser, url)
        pages = await asyncio.gather(*(enter() for _ in range(count)))
        print(f"{len(pages)} phones have opened the exercise", flush=True)
        look = asyncio.create_task(watch(projector, phones, count))
        await asyncio.gather(*(answer(page, number) for number, page in enumerate(pages)))
        await look
        said = await projector.get_by_text(re.compile(r"^\d+ guess(es)?$")).inner_text()
    return phones, took, int(said.split()[0])


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.load.class_room", description=__doc__)
    parser.add_argument("--phones", type=int, default=60)
    parser.add_argument("--opening", type=int, default=3, help="phones that open the link at the same time")
    parser.add_argument("--seconds", type=float, default=20, help="window within which all send their guess")
    parser.add_argument("--url", help="a server that already runs, instead of one of our own")
    options = parser.parse_args()
    with own_server_unless(options.url) as url:
        show(url, options)


def show(url: str, options: argparse.Namespace) -> None:
    phones, took, counted = asyncio.run(lesson(url, options.phones, options.opening, options.seconds))
    shown = [phone.shown - phone.sent for phone in phones if phone.shown]
    spans = {
        "open the link": took,
        "tap to “your guess is in”": [phone.answered - phone.sent for phone in phones],
        "tap to the cloud": shown,
    }
    print(f"{counted} guesses counted, {len(shown)} of {options.phones} in the cloud")
    for name, found in spans.items():
        if found:
            print(f"{name:28} median {statistics.median(found):5.1f} s, worst {max(found):5.1f} s")
    if counted != options.phones or len(shown) != options.phones:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
