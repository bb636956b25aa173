"""`python -m tests.load`: a full room on one server or several, and whether it held; exits with 1 where it did not."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from tests.deploy.room import App, room
from tests.load import lone
from tests.load.lone import Lone
from tests.load.monitor import Watch
from tests.load.report import UPLOAD, Log, targets, text
from tests.load.room import rush
from tests.support.servers import complaint, serve

KEPT = 10
"""Seconds for which our own server keeps the session of one who has left; Streamlit's default would be waited for."""


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.load", description=__doc__)
    parser.add_argument("--visitors", type=int, default=50, help="visitors of a rush, a slow and a hostile one aside")
    parser.add_argument("--browsers", type=int, default=2, help="how many of them are real browsers")
    parser.add_argument("--seconds", type=float, default=60, help="window within which they arrive")
    parser.add_argument("--rounds", type=int, default=2, help="rushes, one after the other, each with new photos")
    parser.add_argument(
        "--room", type=int, default=0, help="processes behind nginx instead of one server; one is killed in mid-rush"
    )
    parser.add_argument("--url", action="append", help="a server that already runs, instead of one of our own")
    parser.add_argument("--pid", type=int, action="append", default=[], help="process of such a server, for its memory")
    parser.add_argument("--kept", type=float, default=120, help="its server.disconnectedSessionTTL, for its memory")
    return parser.parse_args()


@dataclass
class Place:
    """Where the visitors go.

    urls: for them; direct: of the processes themselves; pids: those whose memory is watched, kept: their
    disconnectedSessionTTL; logs: of our own processes; doomed: the process that is killed in mid-rush.
    """

    urls: list[str]
    direct: list[str]
    pids: list[int]
    kept: float
    logs: list[Path] = field(default_factory=list)
    doomed: App | None = None


def place(options: argparse.Namespace, stack: ExitStack) -> Place:
    if options.url:
        return Place(options.url, options.url, options.pid, options.kept)
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    if not options.room:
        server = stack.enter_context(serve(folder / "log", server_disconnectedSessionTTL=KEPT))
        return Place([server.url], [server.url], [server.pid], KEPT, [server.log])
    ttl = {"STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL": str(KEPT)}
    full = stack.enter_context(room(folder, count=options.room, **ttl))
    doomed, *others = full.apps
    direct, logs = [app.url for app in full.apps], [app.log for app in full.apps]
    return Place([full.url], direct, [app.process.pid for app in others], KEPT, logs, doomed)


async def load(options: argparse.Namespace, at: Place, watch: Watch | None) -> tuple[Log, tuple | None, Lone | None]:
    """All rushes, (sessions connected, bytes of uploads kept) after the last, one visitor alone before the first."""
    log, left = Log(), None
    alone = await lone.alone(at.urls[0], at.pids) if at.pids and not options.room else None
    for turn in range(options.rounds):
        first = turn * options.visitors
        async with AsyncExitStack() as during:
            if at.doomed:
                await during.enter_async_context(killed(at.doomed, log, first + options.visitors // 2))
            if watch:
                await during.enter_async_context(watch.during())
            await rush(at.urls, options.visitors, options.browsers, options.seconds, first, log)
        if watch:
            left = await watch.released(at.direct)
    return log, left, alone


@asynccontextmanager
async def killed(app: App, log: Log, overlays: int) -> AsyncIterator[None]:
    """Once so many photos are on screen, and others on their way: end the process, and start it again as the
    container's engine does.
    """

    async def kill() -> None:
        while log.overlays < overlays:
            await asyncio.sleep(0.05)
        app.kill()
        log.seen["processes killed in mid-rush"] += 1
        app.start()
        await asyncio.to_thread(app.ready)

    killing = asyncio.ensure_future(kill())
    try:
        yield
        await killing
    finally:
        killing.cancel()


def main() -> int:
    options = arguments()
    start = time.perf_counter()
    with ExitStack() as stack:
        at = place(options, stack)
        watch = Watch(at.pids, at.kept) if at.pids else None
        log, left, alone = asyncio.run(load(options, at, watch))
        log.errors += [f"a server's log: {said}" for said in map(complaint, at.logs) if said]
    memory = watch and watch.memory
    verdict = targets(log, memory, *(left or (None, None)))
    where = f"in a room of {options.room} processes, " if options.room else ""
    title = (
        f"{where}{options.visitors} visitors ({options.browsers} in a real browser), a slow and a hostile one, within "
        f"{options.seconds:g} s, {options.rounds} times; {time.perf_counter() - start:.0f} s, of which this program "
        f"took {time.process_time():.0f} s of the same processors"
    )
    print(text(log, memory, verdict, title))
    if alone:
        room = {"upload": float(np.median(log.times[UPLOAD])), "page step": float(np.median(log.steps()))}
        print(f"\n{lone.text(alone, room)}")
    return int(any(target.held is False for target in verdict))


if __name__ == "__main__":
    sys.exit(main())
