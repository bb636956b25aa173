"""A small room: nobody is told of an error, everybody sees their own photo, and nothing of them stays."""

import asyncio

import numpy as np
import pytest

from tests.load import photos
from tests.load.monitor import Watch
from tests.load.report import GROWTH, OVERLAY, STEP, UPLOAD, Log, Memory, targets
from tests.load.room import rush
from tests.support.servers import run_async, serve

VISITORS = 8


def test_a_small_room_holds(tmp_path):
    with serve(tmp_path / "log", server_disconnectedSessionTTL=1) as server:

        async def visit() -> tuple[Log, tuple[int, int]]:
            log, watch = Log(), Watch([server.pid], kept=1)
            await asyncio.wait_for(rush([server.url], VISITORS, browsers=0, seconds=2, first=0, log=log), 600)
            return log, await watch.released([server.url])

        log, left = run_async(visit())
        assert server.complaint() == ""
    assert log.errors == []
    assert (log.uploads, log.overlays) == (
        VISITORS,
        VISITORS,
    )  # counted where it shows the visitor's own photo
    assert len(log.times[UPLOAD]) == VISITORS and len(log.steps()) >= 13 * VISITORS
    assert log.seen["photos the hostile visitor sent"] >= 1 and log.seen["runs the slow visitor asked for"] >= 1
    assert left == (0, 0), "no session is connected and no upload kept"


def test_every_photo_is_another_and_known_again():
    seen = np.array([photos.thumbnail(number) for number in range(100)])
    apart = [float(np.abs(seen[k] - seen[:k]).mean((1, 2, 3)).min()) for k in range(1, len(seen))]
    assert min(apart) > 1.5 * photos.ALIKE
    assert photos.photo(1) != photos.photo(2) and photos.photo(1) == photos.photo(1)


def test_a_figure_shows_its_own_photo_only():
    href = 'href="data:image/jpeg;base64,' + photos.base64.b64encode(photos.photo(3)).decode() + '"'
    assert photos.shows(href, 3)
    assert not photos.shows(href, 4)
    assert not photos.shows("<svg></svg>", 3)


def held(log: Log, memory: Memory | None = None, connected: int | None = None, kept: int | None = None) -> list:
    return [target.held for target in targets(log, memory, connected, kept)]


@pytest.fixture
def fine() -> Log:
    return Log({"drag": [0.1, STEP - 0.1], UPLOAD: [1.0, OVERLAY - 0.1]}, uploads=2, overlays=2)


def test_what_was_not_measured_is_no_pass(fine):
    assert held(fine) == [True, True, True, True, None, None]
    assert held(Log())[1:4] == [False, False, False]


def test_every_target_can_be_missed(fine):
    flat, grown = Memory(100, [300, 300], [200, 200]), Memory(100, [300, 300], [200, round(200 * (1 + GROWTH)) + 1])
    assert held(fine, flat, 0, 0) == [True] * 6
    assert held(fine, grown, 1, 0)[4:] == [False, False]
    assert held(fine, flat, 0, 4_000_000)[5] is False
    fine.errors.append("told")
    fine.overlays -= 1
    fine.times["drag"] = [STEP + 0.1] * 2
    fine.times[UPLOAD] = [OVERLAY + 0.1] * 2
    assert held(fine)[:4] == [False] * 4
