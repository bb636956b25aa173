"""`python -m tests.load`: a full room on one server, and whether it held; exits with 1 where a target is missed."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from tests.load.report import Log, targets, text
from tests.load.room import rush
from tests.load.watch import Watch
from tests.servers import serve

KEPT = 10
"""Seconds for which our own server keeps the session of one who has left; Streamlit's default would be waited for."""


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.load", description=__doc__)
    parser.add_argument("--visitors", type=int, default=50, help="visitors of a rush, a slow and a hostile one aside")
    parser.add_argument("--browsers", type=int, default=2, help="how many of them are real browsers")
    parser.add_argument("--seconds", type=float, default=60, help="window within which they arrive")
    parser.add_argument("--rounds", type=int, default=2, help="rushes, one after the other, each with new photos")
    parser.add_argument("--url", action="append", help="a server that already runs, instead of one of our own")
    parser.add_argument("--pid", type=int, action="append", default=[], help="process of such a server, for its memory")
    parser.add_argument("--kept", type=float, default=120, help="its server.disconnectedSessionTTL, for its memory")
    return parser.parse_args()


async def load(options: argparse.Namespace, urls: list[str], watch: Watch | None) -> tuple[Log, tuple | None]:
    """All rushes, and (sessions connected, bytes of uploads kept) after the last."""
    log, left = Log(), None
    for turn in range(options.rounds):
        first = turn * options.visitors
        if watch is None:
            await rush(urls, options.visitors, options.browsers, options.seconds, first, log)
        else:
            async with watch.during():
                await rush(urls, options.visitors, options.browsers, options.seconds, first, log)
            left = await watch.released(urls)
    return log, left


def main() -> int:
    options = arguments()
    start = time.perf_counter()
    with ExitStack() as stack:
        urls, pids, kept = options.url, options.pid, options.kept
        if not urls:
            folder = stack.enter_context(tempfile.TemporaryDirectory())
            server = stack.enter_context(serve(Path(folder) / "log", server_disconnectedSessionTTL=KEPT))
            urls, pids, kept = [server.url], [server.pid], KEPT
        watch = Watch(pids, kept) if pids else None
        log, left = asyncio.run(load(options, urls, watch))
        if not options.url and (said := server.complaint()):
            log.errors.append(f"the server's log: {said}")
    memory = watch and watch.memory
    verdict = targets(log, memory, *(left or (None, None)))
    title = (
        f"{options.visitors} visitors ({options.browsers} in a real browser), a slow and a hostile one, within "
        f"{options.seconds:g} s, {options.rounds} times; {time.perf_counter() - start:.0f} s, of which this program "
        f"took {time.process_time():.0f} s of the same processors"
    )
    print(text(log, memory, verdict, title))
    return int(any(target.held is False for target in verdict))


if __name__ == "__main__":
    sys.exit(main())
