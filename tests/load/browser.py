"""The usual visit in a real browser, with real clicks; what its console complains about is an error."""

from __future__ import annotations

import asyncio
import random
import re
import time
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

from playwright.async_api import Browser, ConsoleMessage, Locator, Page, async_playwright, expect

from tests.load import photos
from tests.load.report import LOADING, UPLOAD, Log
from tests.load.visitor import LIMIT, VisitError
from tests.support.chromium import ARGUMENTS, installed_browser

if TYPE_CHECKING:
    from tests.load.room import Stay

SEEKING = re.compile(r"/\w+/_stcore/(health|host-config)$")
"""Where Streamlit's page looks for its server first after a deep link, below the page's own address, in vain."""


@asynccontextmanager
async def started() -> AsyncIterator[Browser]:
    """This machine's browser. Raises RuntimeError where none is installed."""
    path = installed_browser()
    if path is None:
        raise RuntimeError("no Chromium or Chrome is installed: use --browsers 0")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        await browser.close()


async def tour(browser: Browser, url: str, number: int, data: bytes, log: Log, stay: Stay) -> None:
    """A deep link, the joint moved by the arrow keys, a slider, the own photo, Decode step by step."""
    chance = random.Random(number)
    expect.set_options(timeout=1000 * LIMIT)
    context = await browser.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(1000 * LIMIT)

    def complain(text: str, where: str = "") -> None:
        if not SEEKING.search(where):
            log.errors.append(f"visitor {number}, console: {text} {where}")

    def heard(message: ConsoleMessage) -> None:
        if message.type == "error":
            complain(message.text, message.location["url"])

    context.on("console", heard)
    page = await context.new_page()
    page.on("pageerror", lambda error: complain(str(error)))
    connections = []
    page.on("websocket", lambda socket: connections.append(socket))

    async def choose(name: str, shown: Locator) -> float:
        """Choose a page of the menu; once more where the process died that should have answered."""
        start, link = time.perf_counter(), page.get_by_role("link", name=name, exact=True)
        while True:
            before = len(connections)
            await link.click()
            while len(connections) == before and time.perf_counter() < start + LIMIT:
                with suppress(AssertionError):
                    await expect(shown).to_be_visible(timeout=2000)
                    return time.perf_counter() - start
            if len(connections) == before:
                raise VisitError(f"the page {name} did not come within {LIMIT} s")
            log.seen["clicks that died with a process, done again"] += 1

    async def look() -> None:
        await asyncio.sleep(chance.uniform(0.5, 2.0))

    try:
        await page.goto(f"{url}/Encode?scene=Tennis&joint=left+knee")
        handle = page.locator(".encode .handle")
        await log.timed(LOADING, _until(expect(handle).to_be_visible()))
        await look()
        for _ in range(5):
            await log.timed("drag", _addressed(page, handle.press("ArrowRight")))
        await look()

        stage = page.locator(".overview svg")
        await log.timed("choose a page", choose("Your photo", stage))
        await look()
        log.uploads += 1
        start = time.perf_counter()
        chosen = {"name": f"{number}.jpg", "mimeType": "image/jpeg", "buffer": data}
        await page.locator("input[type=file]").set_input_files(chosen)
        await expect(stage).to_have_attribute("aria-label", re.compile("^Your photo with the joints"))
        log.times[UPLOAD].append(time.perf_counter() - start)
        if not photos.shows(await stage.locator("image").first.evaluate("image => image.outerHTML"), number):
            raise VisitError("the overlay is drawn on another photo")
        log.overlays += 1
        await look()

        await log.timed("choose a page", choose("Decode", page.locator(".decode [data-do=next]")))
        for step in range(1, 8):
            await look()
            await log.timed("step Decode", _addressed(page, page.locator(f'.decode [data-step="{step}"]').click()))
        stay.done(number)
        while not stay.over:
            await asyncio.sleep(chance.uniform(3, 6))
            step = "next" if "step=1" in page.url else "back"
            await log.timed("step Decode", _addressed(page, page.locator(f".decode [data-do={step}]").click()))
    finally:
        await context.close()


async def _until(seen: Awaitable[None]) -> float:
    start = time.perf_counter()
    await seen
    return time.perf_counter() - start


async def _addressed(page: Page, act: Awaitable[None]) -> float:
    """Seconds until the server has answered ``act`` by another address of the page."""
    before, start = page.url, time.perf_counter()
    await act
    await page.wait_for_function("before => location.href !== before", arg=before)
    return time.perf_counter() - start
