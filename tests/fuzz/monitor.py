"""A run of mutated files in a process of its own, whose time and memory are watched from outside.

The file of a number and a seed is always the same, so that what broke out can be made again.
"""

from __future__ import annotations

import json
import os
import random
import re
import selectors
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.fuzz.mutate import mutated
from tests.fuzz.parsers import PARSERS
from tests.fuzz.seeds import seeds

ROOT = Path(__file__).parents[2]

TURNS = ("photo", "heatmaps", "photo", "joints", "photo", "heatmaps", "message", "box", "heatmaps", "address", "tracks")
"""The kinds take turns, those with the most to go wrong more often."""

SECONDS = 20
"""For one file; the slowest that is accepted takes some three."""

MEGABYTES = 1000
"""For one file beyond what the process held before; the largest photo that is accepted takes 0.8 GB."""

START = 120
"""Seconds for the process to import what it needs."""


@dataclass(frozen=True)
class Outcome:
    """What became of a file. end: "read", "refused", or how it broke out; why: of these, in more words."""

    number: int
    kind: str
    end: str
    why: str = ""
    seconds: float = 0.0
    megabytes: float = 0.0

    @property
    def escaped(self) -> bool:
        return self.end not in ("read", "refused")


def kind_of(number: int) -> str:
    return TURNS[number % len(TURNS)]


def file_of(number: int, seed: int) -> bytes:
    """The mutated file of that number."""
    return mutated(random.Random(f"{seed} {number}"), _seeds()[kind_of(number)])


@cache
def _seeds() -> dict[str, list[bytes]]:
    return seeds()


def watch(files: int, seed: int, module: str = "tests.fuzz.monitor") -> Iterator[Outcome]:
    """What becomes of that many files; a process of ``module`` that dies or hangs is replaced by another."""
    first = 0
    while first < files:
        for outcome in _one_process(first, files, seed, module):
            yield outcome
            first = outcome.number + 1


def _one_process(first: int, files: int, seed: int, module: str) -> Iterator[Outcome]:
    """Outcomes until the process has done all its files, hangs or has died."""
    command = [sys.executable, "-m", module, str(first), str(files), str(seed)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        lines, number, wait = _lines(process), first, START
        try:
            while number < files:
                line = next(lines(wait), None)
                if line is None:
                    hangs = process.poll() is None
                    process.kill()
                    if hangs:
                        yield Outcome(number, kind_of(number), "hung", f"no answer within {wait} s", wait)
                    else:
                        said = process.stderr.read().decode(errors="replace").strip().splitlines()[-1:]
                        yield Outcome(number, kind_of(number), "died", f"exit {process.wait()}: {''.join(said)}")
                    return
                wait = SECONDS
                if line == "ready":
                    continue
                outcome = Outcome(**json.loads(line))
                if not outcome.escaped and outcome.megabytes > MEGABYTES:
                    outcome = Outcome(number, outcome.kind, "swelled", f"{outcome.megabytes:.0f} MB")
                yield outcome
                number += 1
        finally:
            process.kill()


def _lines(process: subprocess.Popen) -> Callable[[float], Iterator[str]]:
    """A function of a time limit in s that gives the next line of the process, or nothing once it has passed."""
    buffer = bytearray()

    def read(limit: float) -> Iterator[str]:
        end = time.monotonic() + limit
        with selectors.DefaultSelector() as selector:
            selector.register(process.stdout, selectors.EVENT_READ)
            while b"\n" not in buffer:
                if not selector.select(max(0, end - time.monotonic())):
                    return
                piece = os.read(process.stdout.fileno(), 65536)
                if not piece:
                    process.wait()
                    return
                buffer.extend(piece)
        line, _, rest = bytes(buffer).partition(b"\n")
        buffer[:] = rest
        yield line.decode()

    return read


# Within the process


def serve(first: int, files: int, seed: int) -> None:
    """Read the files in turn and say what came of each, one line of JSON a file."""
    for kind in PARSERS:  # once unchanged, so that imports and tables are not counted
        for specimen in _seeds()[kind]:
            PARSERS[kind](specimen)
    _shut_in()
    print("ready", flush=True)
    for number in range(first, files):
        kind = kind_of(number)
        data = file_of(number, seed)
        held = _memory("VmRSS", reset=True)
        start = time.perf_counter()
        try:
            end, why = PARSERS[kind](data), ""
        except BaseException as error:
            end, why = "raised", f"{type(error).__name__}: {error}"[:300]
        seconds = time.perf_counter() - start
        told = Outcome(number, kind, end, why, round(seconds, 4), round(_memory("VmHWM") - held, 1))
        print(json.dumps(told.__dict__), flush=True)


def _shut_in() -> None:
    """No file can be written and memory ends 2 GB beyond what is bearable: a bomb is seen here, not suffered."""
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    most = int((_memory("VmSize") + 2 * MEGABYTES + 1000) * 1e6)
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _memory(name: str, reset: bool = False) -> float:
    """MB of this process by Linux's name for it; ``reset`` lets the peak, VmHWM, begin anew."""
    if reset:
        Path("/proc/self/clear_refs").write_text("5")
    return int(re.search(rf"{name}:\s+(\d+)", Path("/proc/self/status").read_text())[1]) / 1000


if __name__ == "__main__":
    serve(*map(int, sys.argv[1:]))
