"""Every decoder over a whole file of heatmaps, a block at a time, and the results as CSV and JSON.

``read`` reads one block; ``Across`` collects all of them for the page, in steps that can be left and taken up
again; the command line writes each block as it comes, so that a file of any size needs little memory.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from dark_core.codec import DECODERS, Status, decode
from dark_core.files.heatmap_layouts import Heatmaps
from dark_core.pose.pixel_conventions import CONVENTIONS

EDGE = 3
"""Heatmap px from an edge within which a peak counts as near the border: there every common decoder is biased."""

PERCENTILES = (5, 25, 50, 75, 95)


@dataclass(frozen=True)
class InputFrame:
    """How positions are told: in heatmap px where ``name`` is "", else in input px by that convention of ``pose``.

    ``stride`` is lambda, input px a heatmap px; the input has stride times as many px as the map of ``size`` (W, H).
    """

    name: str
    stride: float
    size: tuple[int, int]

    def __call__(self, xy: np.ndarray) -> np.ndarray:
        """Positions (..., 2) in heatmap px as they are told."""
        if not self.name:
            return xy
        return CONVENTIONS[self.name].to_input(xy, self.size, self.stride * np.array(self.size))

    def length(self, offset: np.ndarray) -> np.ndarray:
        """Lengths (...) of offsets (..., 2) between positions."""
        return np.linalg.norm(self(offset) - self(np.zeros(2)), axis=-1)

    @property
    def unit(self) -> str:
        return "input px" if self.name else "heatmap px"


@dataclass(frozen=True)
class Block:
    """Maps with these running numbers, read by several decoders.

    xy: decoder name -> (M, 2) heatmap px; reason: decoder name -> (M,) code into ``codec.Status``, 0 for a
    full reading; score: (M,) each map's largest value; border: (M,) True where the peak pixel is near an edge.
    """

    which: range
    xy: dict[str, np.ndarray]
    reason: dict[str, np.ndarray]
    score: np.ndarray
    border: np.ndarray


def read(heatmaps: Heatmaps, which: range, sigma: float, names: Iterable[str]) -> Block:
    """These maps read by each of ``names``, as ``codec.decode`` reads them, with why a reading fell back."""
    maps = heatmaps.take(which)
    read = {name: decode(maps, name, sigma) for name in names}
    top = decode(maps, "argmax")
    inside = np.minimum(top.xy + 0.5, np.array(heatmaps.size) - 0.5 - top.xy).min(-1)
    return Block(
        which,
        {name: found.xy for name, found in read.items()},
        {name: found.status.astype(np.uint8) for name, found in read.items()},
        top.score,
        inside < EDGE,
    )


def blocks(heatmaps: Heatmaps, sigma: float, names: Iterable[str]) -> Iterator[Block]:
    """All maps, block by block."""
    names = tuple(names)
    for which in heatmaps.blocks():
        yield read(heatmaps, which, sigma, names)


class Across:
    """A whole file read by every decoder, in steps. Holds results alone: the maps are handed to each step.

    xy: decoder name -> (M, 2); reason: decoder name -> (M,); score, border: (M,); ``done`` of them are filled in.
    Steps may be taken from any thread.
    """

    def __init__(self, count: int, sigma: float, names: Iterable[str] = DECODERS):
        self.count, self.sigma, self.names, self.done = count, sigma, tuple(names), 0
        self.xy = {name: np.full((count, 2), np.nan) for name in self.names}
        self.reason = {name: np.zeros(count, np.uint8) for name in self.names}
        self.score, self.border = np.zeros(count), np.zeros(count, bool)
        self._turn = threading.Lock()
        self._told: dict[tuple[str, InputFrame], np.ndarray] = {}

    @property
    def finished(self) -> bool:
        return self.done == self.count

    def step(self, heatmaps: Heatmaps) -> None:
        """Read one more block of the maps, if any is left."""
        with self._turn:
            which = next((which for which in heatmaps.blocks() if which.start >= self.done), None)
            if which is None:
                return
            block, at = read(heatmaps, which, self.sigma, self.names), slice(which.start, which.stop)
            for name in self.names:
                self.xy[name][at], self.reason[name][at] = block.xy[name], block.reason[name]
            self.score[at], self.border[at] = block.score, block.border
            self.done = which.stop

    def block(self) -> Block:
        """Everything as one block, to be written."""
        return Block(range(self.count), self.xy, self.reason, self.score, self.border)

    def apart(self, name: str, frame: InputFrame) -> np.ndarray:
        """Distances of a decoder's positions from DARK's, over the maps that DARK reads in full."""
        full = self.reason["dark"] == Status.FINE
        return frame.length(self.xy[name][full] - self.xy["dark"][full])

    def percentiles(self, name: str, frame: InputFrame) -> np.ndarray:
        """Those distances at PERCENTILES, NaN where DARK reads no map in full. Asked for again and again, kept."""
        if not self.finished or (name, frame) not in self._told:
            apart = self.apart(name, frame)
            told = np.percentile(apart, PERCENTILES) if len(apart) else np.full(len(PERCENTILES), np.nan)
            if not self.finished:
                return told
            if len(self._told) > 500:
                self._told.clear()
            self._told[name, frame] = told
        return self._told[name, frame]

    def fallbacks(self, name: str) -> dict[str, int]:
        """Why a decoder fell back and on how many maps, the most frequent first."""
        counts = np.bincount(self.reason[name][: self.done], minlength=len(Status))
        found = {one.sentence: int(counts[one]) for one in Status if one and counts[one]}
        return dict(sorted(found.items(), key=lambda pair: -pair[1]))

    def summary(self, frame: InputFrame) -> dict:
        """What the page tells of the file, for the JSON."""
        return {
            "maps": self.count,
            "mean_score": float(np.mean(self.score)),
            "border_share": float(np.mean(self.border)),
            "distance_from_dark": {
                "unit": frame.unit,
                "maps": int((self.reason["dark"] == Status.FINE).sum()),
                **{
                    name: {f"p{p}": round(float(v), 4) for p, v in zip(PERCENTILES, self.percentiles(name, frame))}
                    for name in self.names
                    if name != "dark" and (self.reason["dark"] == Status.FINE).any()
                },
            },
            "fallbacks": {name: self.fallbacks(name) for name in self.names},
        }


# Results as files. One decoder has its columns x, y, score, ok; of several each has its own x, y, ok.


def as_csv(read: Iterable[Block], joints: int, frame: InputFrame, names: Iterable[str]) -> Iterator[str]:
    """The lines of a CSV, a map each: person and joint count from 0, positions as ``frame`` tells them."""
    names = tuple(names)
    alone = len(names) == 1
    head = ["x", "y", "score", "ok"] if alone else ["score", *(f"{n}_{c}" for n in names for c in ("x", "y", "ok"))]
    yield ",".join(["person", "joint", *head]) + "\n"
    for block in read:
        for number, score, cells in _rows(block, frame, names):
            told = [f"{x:.4f},{y:.4f}" for x, y, _ in cells]
            oks = ["true" if ok else "false" for _, _, ok in cells]
            if alone:
                row = f"{told[0]},{score:.6g},{oks[0]}"
            else:
                row = f"{score:.6g}," + ",".join(f"{place},{ok}" for place, ok in zip(told, oks))
            yield f"{number // joints},{number % joints},{row}\n"


def as_json(
    read: Iterable[Block],
    heatmaps: Heatmaps,
    frame: InputFrame,
    sigma: float,
    names: Iterable[str],
    summary: Callable[[], dict] | None = None,
) -> Iterator[str]:
    """The pieces of a JSON text: what was read and how, then the joints, then ``summary()`` if there is one."""
    names = tuple(names)
    about = {
        "convention": "integer = pixel center, x right, y down; person and joint count from 0",
        "unit": frame.unit,
        "frame": frame.name or None,
        "stride": frame.stride if frame.name else None,
        "layout": heatmaps.layout,
        "people": heatmaps.people,
        "joints_each": heatmaps.joints,
        "size": list(heatmaps.size),
        "sigma": sigma,
        "decoders": {name: DECODERS[name].title for name in names},
    }
    yield json.dumps(about, indent=1)[:-2] + ',\n "joints": ['
    between = "\n"
    for block in read:
        for number, score, cells in _rows(block, frame, names):
            row: dict = {"person": number // heatmaps.joints, "joint": number % heatmaps.joints}
            row["score"] = float(f"{score:.6g}")
            told = [{"x": round(x, 4), "y": round(y, 4), "ok": ok} for x, y, ok in cells]
            row.update(told[0] if len(names) == 1 else dict(zip(names, told)))
            yield f"{between}  {json.dumps(row)}"
            between = ",\n"
    yield "\n ]"
    if summary is not None:
        yield ',\n "summary": ' + json.dumps(summary(), indent=1).replace("\n", "\n ")
    yield "\n}\n"


def _rows(block: Block, frame: InputFrame, names: tuple[str, ...]) -> Iterator[tuple[int, float, list[tuple]]]:
    """(running number, score, (x, y, ok) a decoder) of every map of a block."""
    columns = []
    for name in names:
        xy = frame(block.xy[name])
        columns.append(zip(xy[:, 0].tolist(), xy[:, 1].tolist(), (block.reason[name] == Status.FINE).tolist()))
    for number, score, *cells in zip(block.which, block.score.tolist(), *columns):
        yield number, score, cells
