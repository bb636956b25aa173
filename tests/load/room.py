"""A full room: visitors who come within a window, do what visitors do, and stay until the last of them is done.

Among them are one whose line is far too slow and one who hammers the server. Theirs are not the times that count;
those of all others, with them in the room, are.
"""

from __future__ import annotations

import asyncio
import itertools
import random
from collections.abc import Awaitable
from contextlib import AsyncExitStack, suppress

import requests
from websockets.exceptions import WebSocketException

from tests.load import browser, photos
from tests.load.report import UPLOAD, Log
from tests.load.visitor import VisitError, Visitor

LINKS = (
    ("Encode", {"scene": "Striking a football", "joint": "left knee"}, "encode", "x"),
    ("Smooth", {"kernel": "1.5"}, "smooth", "noise"),
    ("Decode", {"case": "Near a border"}, "decode", "noise"),
    ("Encode", {"scene": "Seated with hands on the knees", "input": "128"}, "encode", "y"),
)
"""Deep links: page, query, its live figure, what of it is dragged."""

DRAG = 10
"""States that one drag sends."""

HAMMERED, FLOOD, GIVEN = 0.25, 5, 2.0
"""What the hostile visitor does: every so many seconds so many runs, and after so many seconds another photo."""


class Stay:
    """Opens the door when all who are expected are done."""

    def __init__(self, expected: int):
        self._expected, self._done, self._door = expected, set(), asyncio.Event()

    def done(self, number: int) -> None:
        self._done.add(number)
        if len(self._done) == self._expected:
            self._door.set()

    @property
    def over(self) -> bool:
        return self._door.is_set()

    async def until_over(self) -> None:
        await self._door.wait()


async def rush(urls: list[str], visitors: int, browsers: int, seconds: float, first: int, log: Log) -> None:
    """Fill the room once: ``visitors`` in all, ``browsers`` of them real ones, with the photos from ``first`` on.

    Raises RuntimeError if a browser is asked for and none is installed.
    """
    given = {number: photos.photo(number) for number in range(first, first + visitors)}
    real = set(list(given)[:: max(visitors // max(browsers, 1), 1)][:browsers])
    stay = Stay(visitors)
    async with AsyncExitStack() as stack:
        chromium = await stack.enter_async_context(browser.started()) if real else None
        visits = [
            _unwelcome("slow", slow(urls[0], stay, log), log),
            _unwelcome("hostile", hostile(urls[-1], stay, given[first], log), log),
        ]
        for place, (number, data) in enumerate(given.items()):
            url = urls[place % len(urls)]
            visit = (
                browser.tour(chromium, url, number, data, log, stay)
                if number in real
                else tour(url, number, data, log, stay)
            )
            visits.append(_usual(seconds * place / visitors, visit, number, log, stay))
        await asyncio.gather(*visits)


async def _usual(delay: float, visit: Awaitable[None], number: int, log: Log, stay: Stay) -> None:
    await asyncio.sleep(delay)
    try:
        await visit
    except Exception as error:  # one visitor's trouble is noted, and the others go on
        log.errors.append(f"visitor {number}: {type(error).__name__}: {error}")
        stay.done(number)


async def _unwelcome(name: str, visit: Awaitable[None], log: Log) -> None:
    """A visitor whom the server may put out."""
    try:
        await visit
    except (VisitError, OSError, WebSocketException) as error:
        log.seen[f"the {name} visitor was put out: {error}"] += 1


async def tour(url: str, number: int, data: bytes, log: Log, stay: Stay) -> None:
    """The usual visit: a deep link, a drag, a slider, the own photo, Decode step by step."""
    chance = random.Random(number)
    page, query, figure, dragged = LINKS[number % len(LINKS)]

    async def look() -> None:
        await asyncio.sleep(chance.uniform(0.5, 2.0))

    async with Visitor(url) as visitor:
        try:
            await visitor.load()
            await log.timed("open a link", visitor.open(page, **query))
            await visitor.media()
            await look()
            at = visitor.live(figure)["state"][dragged]
            grain = 0.01 if dragged == "noise" else 1.0
            await log.timed("drag", visitor.drag(figure, [{dragged: at + grain * k} for k in range(1, DRAG + 1)]))
            await look()
            await log.timed("choose a page", visitor.go("Your_photo"))
            await look()

            log.uploads += 1
            await log.timed(UPLOAD, visitor.upload("upload", f"{number}.jpg", data, lambda: overlay(visitor)))
            if not photos.shows(visitor.live("stage")["html"], number):
                raise VisitError("the overlay is drawn on another photo")
            log.overlays += 1
            await look()
            await log.timed("choose a joint", visitor.set("joint", string_value="left knee"))
            await look()

            await log.timed("choose a page", visitor.go("Decode"))
            for step in range(1, 10):
                await look()
                await log.timed("step Decode", visitor.drag("decode", [{"step": step}]))
            stay.done(number)
            while not stay.over:
                await asyncio.sleep(chance.uniform(3, 6))
                await log.timed("step Decode", visitor.drag("decode", [{"step": chance.randint(1, 9)}]))
        finally:
            log.errors += [f"visitor {number} was told: {told}" for told in visitor.told]
            log.seen["connections taken up again"] += visitor.reconnects
            log.seen["connections taken up again, the session gone"] += visitor.renewed
            log.seen["uploads repeated"] += visitor.repeated
            log.seen["photos handed to another process"] += visitor.keeper.handed
            log.seen["bytes by websocket"] += visitor.received


def overlay(visitor: Visitor) -> bool:
    """Whether Your photo shows the visitor's own photo with joints on it."""
    with suppress(VisitError):
        return 'aria-label="Your photo with the joints' in visitor.live("stage")["html"]
    return False


async def slow(url: str, stay: Stay, log: Log) -> None:
    """Asks for the page that sends most, again and again, and hardly reads."""
    async with Visitor(url) as visitor:
        await visitor.open("Your_photo", source="Scene")
        visitor.read_slowly()
        while not stay.over:
            await visitor.rerun()
            log.seen["runs the slow visitor asked for"] += 1
            await asyncio.sleep(0.5)


async def hostile(url: str, stay: Stay, data: bytes, log: Log) -> None:
    """Floods the server with runs in one tab, with photos in another; what it is told does not count."""
    async with Visitor(url) as flooding, Visitor(url) as giving:

        async def flood() -> None:
            await flooding.open("Your_photo")
            while True:
                for _ in range(FLOOD):
                    await flooding.rerun()
                log.seen["runs the hostile visitor asked for"] += FLOOD
                await asyncio.sleep(HAMMERED)

        async def give() -> None:
            await giving.open("Your_photo")
            for turn in itertools.count():
                with suppress(VisitError, requests.RequestException):
                    await giving.give("upload", f"{turn}.jpg", data + turn.to_bytes(4, "big"))  # another file each
                    log.seen["photos the hostile visitor sent"] += 1
                await asyncio.sleep(GIVEN)

        work = [asyncio.ensure_future(flood()), asyncio.ensure_future(give())]
        await stay.until_over()
        for task in work:
            task.cancel()
        await asyncio.gather(*work, return_exceptions=True)
