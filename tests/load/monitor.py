"""What a server holds: its resident memory, its sessions and the files they uploaded."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.load.report import Memory
from tests.load.visitor import Visitor

EVERY = 0.25
"""Seconds between two looks at the memory."""

SETTLED = 2.0
"""Seconds that a server gets to give back what it no longer needs."""


class Watch:
    """The memory of the processes ``pids``, whose servers keep for ``kept`` s the session of one who has left.

    Works where there is a /proc: on Linux.
    """

    def __init__(self, pids: list[int], kept: float):
        self._pids, self._kept = pids, kept
        self.memory = Memory(self.resident())

    def resident(self) -> int:
        """Bytes in memory, all processes together."""
        pages = re.compile(r"^VmRSS:\s+(\d+) kB$", re.MULTILINE)
        return sum(1024 * int(pages.search(Path(f"/proc/{pid}/status").read_text())[1]) for pid in self._pids)

    @asynccontextmanager
    async def during(self) -> AsyncIterator[None]:
        """Notes the most memory that a rush takes."""
        self.memory.peaks.append(self.resident())

        async def look() -> None:
            while True:
                self.memory.peaks[-1] = max(self.memory.peaks[-1], self.resident())
                await asyncio.sleep(EVERY)

        looking = asyncio.ensure_future(look())
        try:
            yield
        finally:
            looking.cancel()

    async def released(self, urls: list[str]) -> tuple[int, int]:
        """Notes the memory once nobody is left; (sessions connected, bytes of uploads kept).

        Streamlit forgets those whose time is up when the next visitor leaves, so somebody comes and goes.
        """
        await asyncio.sleep(self._kept + 1)
        for url in urls:
            async with Visitor(url) as last:
                await last.open()
        await asyncio.sleep(SETTLED)
        self.memory.after.append(self.resident())
        held = [await holdings(url) for url in urls]
        return sum(sessions for sessions, _ in held), sum(size for _, size in held)


async def holdings(url: str) -> tuple[int, int]:
    """(sessions connected, bytes of uploads kept) by the server's own metrics."""
    async with Visitor(url) as asking:
        said = await asking.text("/_stcore/metrics?families=active_sessions&families=cache_memory_bytes")
    sessions = int(re.search(r"^active_sessions (\d+)$", said, re.MULTILINE)[1])
    uploads = re.search(r'^cache_memory_bytes\{cache_type="UploadedFileManager",cache=""\} (\d+)$', said, re.MULTILINE)
    return sessions - 1, int(uploads[1]) if uploads else 0  # the one who asks is connected too
