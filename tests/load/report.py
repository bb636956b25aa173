"""What a room did to a server, and whether that is within the targets."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Awaitable
from dataclasses import dataclass, field

import numpy as np

STEP, OVERLAY = 1.0, 3.0
"""Targets, s: 95 % of the page steps, and of the uploads until their overlay, take less."""

GROWTH = 0.10
"""Target: the last of several equal rushes adds less than this share to the memory after the one before."""

UPLOAD, LOADING = "upload → overlay", "page in a browser"
"""The kinds of `Log.times` that are no page steps: a photo's way, and a browser's loading of scripts and styles."""


@dataclass
class Log:
    """What the visitors of all rushes noted.

    times: kind -> seconds, of the usual visitors. errors: one text each. uploads, overlays: photos given, and those
    whose own overlay was seen. seen: how often else, by name.
    """

    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: list[str] = field(default_factory=list)
    uploads: int = 0
    overlays: int = 0
    seen: Counter = field(default_factory=Counter)

    async def timed(self, kind: str, step: Awaitable[float]) -> None:
        """Note the seconds that a step of a visitor answers."""
        self.times[kind].append(await step)

    def steps(self) -> list[float]:
        return [seconds for kind, many in self.times.items() if kind not in (UPLOAD, LOADING) for seconds in many]


@dataclass
class Memory:
    """Resident memory of the server, bytes: before the first rush, the most during each, after each."""

    before: int
    peaks: list[int] = field(default_factory=list)
    after: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Target:
    """One line of the verdict; ``held`` is None where it was not measured."""

    name: str
    held: bool | None
    said: str


def targets(log: Log, memory: Memory | None, connected: int | None, kept: int | None) -> list[Target]:
    """The issue's targets; ``connected`` sessions and ``kept`` bytes of uploads are those after all have left."""
    steps, overlays = log.steps(), log.times[UPLOAD]
    grown = None
    if memory and len(memory.after) > 1:
        grown = memory.after[-1] / memory.after[-2] - 1
    return [
        Target("no error", not log.errors, f"{len(log.errors)}"),
        Target("no lost upload", log.overlays == log.uploads > 0, f"{log.uploads - log.overlays} of {log.uploads}"),
        Target(f"p95 of a page step < {STEP:g} s", _under(steps, STEP), _p95(steps)),
        Target(f"p95 of {UPLOAD} < {OVERLAY:g} s", _under(overlays, OVERLAY), _p95(overlays)),
        Target(
            f"memory flat: the last rush adds < {GROWTH:.0%}",
            None if grown is None else grown < GROWTH,
            "needs two rushes and the server's process" if grown is None else f"{grown:+.1%}",
        ),
        Target(
            "sessions released",
            None if connected is None else not connected and not kept,
            "not measured" if connected is None else f"{connected} connected, {kept / 1e6:.1f} MB of uploads kept",
        ),
    ]


def _under(values: list[float], most: float) -> bool:
    return bool(values) and float(np.percentile(values, 95)) < most


def _p95(values: list[float]) -> str:
    return f"{np.percentile(values, 95):.2f} s" if values else "none measured"


def text(log: Log, memory: Memory | None, verdict: list[Target], title: str) -> str:
    """The whole report."""
    lines = [title, "", f"{'seconds':24}{'number':>8}{'p50':>8}{'p95':>8}{'max':>8}"]
    every = {**dict(sorted(log.times.items())), "every page step": log.steps()}
    for kind, values in every.items():
        if values:
            p50, p95, most = np.percentile(values, [50, 95, 100])
            lines.append(f"{kind:24}{len(values):8}{p50:8.2f}{p95:8.2f}{most:8.2f}")
    lines += ["", *(f"{name}: {count:,}" for name, count in sorted(log.seen.items()))]
    if memory:
        peaks, after = ([f"{value / 1e6:.0f}" for value in many] for many in (memory.peaks, memory.after))
        lines.append(
            f"server memory, MB: {memory.before / 1e6:.0f} before, {', '.join(peaks)} at the peak of each rush, "
            f"{', '.join(after)} after each"
        )
    lines += [f"error: {error}" for error in log.errors[:20]]
    if len(log.errors) > 20:
        lines.append(f"… and {len(log.errors) - 20} errors more")
    word = {True: "PASS", False: "FAIL", None: "–   "}
    return "\n".join([*lines, "", *(f"{word[target.held]}  {target.name}: {target.said}" for target in verdict)])
