"""One visitor alone with a server: the clock and the processors, per upload and per page step, and what they do."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

from dark_core.files.photos import read_photo
from dark_core.pose.estimator import Estimator
from tests.load import photos
from tests.load.room import overlay
from tests.load.visitor import Visitor

UPLOADS, STEPS = 5, 18
FIRST = 10_000
"""Number of the first photo: none of a rush, whose answers a cache may hold."""
AIMS = {"upload": 0.35, "page step": 0.05}
"""Processor seconds that one of them should cost the server at most."""


@dataclass
class Lone:
    """Medians of one visitor alone.

    clock, processors: seconds of an "upload" and of a "page step"; parts: processor seconds of the parts of an upload
    that the library does, measured in this program.
    """

    clock: dict[str, float] = field(default_factory=dict)
    processors: dict[str, float] = field(default_factory=dict)
    parts: dict[str, float] = field(default_factory=dict)


def processor_seconds(pids: list[int]) -> float:
    """What the processes have used of the processors so far, by /proc."""
    ticks = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])  # utime and stime
    return ticks / os.sysconf("SC_CLK_TCK")


async def alone(url: str, pids: list[int]) -> Lone:
    """Upload photos and step through Decode, with nobody else on the server."""
    found = Lone()

    async def note(kind: str, works: list[Callable[[], Awaitable[float]]]) -> None:
        clock, processors = [], []
        for work in works:
            before = processor_seconds(pids)
            clock.append(await work())
            processors.append(processor_seconds(pids) - before)
        found.clock[kind], found.processors[kind] = statistics.median(clock), statistics.mean(processors)

    given = [photos.photo(FIRST + k) for k in range(UPLOADS + 1)]
    async with Visitor(url) as visitor:
        await visitor.open("Your_photo")

        def upload(number: int) -> Callable[[], Awaitable[float]]:
            def shown() -> bool:
                return overlay(visitor) and photos.shows(visitor.live("stage")["html"], FIRST + number)

            return lambda: visitor.upload("upload", f"{FIRST + number}.jpg", given[number], shown)

        await upload(UPLOADS)()  # what is loaded once
        await note("upload", [upload(number) for number in range(UPLOADS)])
        await visitor.go("Decode")
        steps = [1 + k % 9 for k in range(STEPS)]
        await note("page step", [lambda step=step: visitor.drag("decode", [{"step": step}]) for step in steps])
    found.parts = parts(given)
    return found


def parts(given: list[bytes]) -> dict[str, float]:
    """Mean processor seconds that the library takes for one photo, part by part."""
    estimator = Estimator.load(device="cpu")
    spent = {"decode the file": 0.0, "find the people": 0.0, "run the pose network": 0.0}

    def timed(part: str, work: Callable):
        start = time.process_time()
        result = work()
        spent[part] += (time.process_time() - start) / len(given)
        return result

    estimator.predict_all(read_photo(given[0]).rgb)  # what is loaded once
    for data in given:
        photo = timed("decode the file", lambda data=data: read_photo(data)).rgb
        boxes = timed("find the people", lambda photo=photo: estimator.locate(photo))
        timed(
            "run the pose network",
            lambda photo=photo, boxes=boxes: estimator.predict_found(photo, boxes),
        )
    return spent


def text(found: Lone, room: dict[str, float]) -> str:
    """The report of one visitor, beside the medians of the ``room`` by the same names."""
    lines = ["one visitor alone".ljust(24) + f"{'seconds':>9}{'in the room':>13}{'processors':>12}{'aim':>7}"]
    for kind, aim in AIMS.items():
        lines.append(f"{kind:24}{found.clock[kind]:9.2f}{room[kind]:13.2f}{found.processors[kind]:12.3f}{aim:7.2f}")
    rest = found.processors["upload"] - sum(found.parts.values())
    said = [f"{part} {seconds:.3f}" for part, seconds in found.parts.items()] + [f"pages and the rest {rest:.3f}"]
    return "\n".join([*lines, f"processor seconds of an upload: {', '.join(said)}"])
