"""Every decoder over a whole file of heatmaps, a block at a time, and the results as CSV and JSON.

``decode_block`` decodes one block. ``BatchResult`` collects all of them for the page, in steps that can be left and
taken up again. The command line writes each block as it comes, so that a file of any size needs little memory.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import repeat

import numpy as np

from dark_core.codec import DECODERS, Peaks, Status, decode, in_full, is_contested
from dark_core.files.heatmap_layouts import Heatmaps
from dark_core.pose.pixel_conventions import CONVENTIONS

EDGE = 3
"""Heatmap px from an edge within which a peak counts as near the border, where every common decoder is biased."""

PERCENTILES = (5, 25, 50, 75, 95)

_STATUS = tuple(Status)  # by code: ``Status(code)`` is many times slower


@dataclass(frozen=True)
class InputFrame:
    """The unit of positions: heatmap px where ``name`` is "", else input px by that pixel convention of ``pose``.

    stride: lambda, input px per heatmap px; size: (W, H) of the heatmap. The input has stride times as many px.
    """

    name: str
    stride: float
    size: tuple[int, int]

    def __call__(self, xy: np.ndarray) -> np.ndarray:
        """Positions (..., 2), given in heatmap px, in this unit."""
        if not self.name:
            return xy
        input_size = self.stride * np.array(self.size)  # not whole where the stride is not
        return CONVENTIONS[self.name].to_input(xy, self.size, input_size)  # type: ignore[arg-type]

    def length(self, offset: np.ndarray) -> np.ndarray:
        """Lengths (...), in this unit, of offsets (..., 2) in heatmap px."""
        return np.linalg.norm(self(offset) - self(np.zeros(2)), axis=-1)

    @property
    def stride_length(self) -> float:
        """Length in this unit of one heatmap px along a side: the root mean square over x and y."""
        return float(self.length(np.ones(2)) / np.sqrt(2))

    @property
    def unit(self) -> str:
        return "input px" if self.name else "heatmap px"


@dataclass(frozen=True)
class Block:
    """M heatmaps with the running numbers ``which``, decoded by several decoders.

    xy: decoder name -> (M, 2) heatmap px; reason: decoder name -> (M,) why the decoder fell back, from which other
    peak it decoded, or that another peak rivals the one decoded, codes of ``codec.Status``; score: (M,) largest value
    of each heatmap; border: (M,) True where the peak pixel is near an edge; peaks: decoder name -> the best peaks
    (M, k), empty unless they were asked for.
    """

    which: range
    xy: dict[str, np.ndarray]
    reason: dict[str, np.ndarray]
    score: np.ndarray
    border: np.ndarray
    peaks: dict[str, Peaks[np.ndarray]] = field(default_factory=dict)


def decode_block(heatmaps: Heatmaps, which: range, sigma: float, decoders: Iterable[str], peaks: int = 1) -> Block:
    """The heatmaps with numbers ``which``, decoded by each of ``decoders``; sigma in heatmap px.

    With 2 ``peaks`` or more, so many of the best ones are kept. Raises ValueError for an unknown decoder, a bad sigma
    or a number of peaks below one.
    """
    values = heatmaps.take(which)
    decoded = {name: decode(values, name, sigma, peaks=peaks) for name in decoders}
    top = decode(values, "argmax", sigma, peaks=2)
    inside = np.minimum(top.xy + 0.5, np.array(heatmaps.size) - 0.5 - top.xy).min(-1)
    return Block(
        which,
        {name: joints.xy for name, joints in decoded.items()},
        {name: _with_rivals(joints.status, top.status).astype(np.uint8) for name, joints in decoded.items()},
        top.score,
        inside < EDGE,
        {name: joints.peaks for name, joints in decoded.items() if joints.peaks is not None},
    )


def _with_rivals(status: np.ndarray, rivals: np.ndarray) -> np.ndarray:
    """A decoder's statuses (M,), where it found nothing to say with those of the argmax, which knows of rival peaks."""
    return np.where(status == Status.FINE, rivals, status)


def decode_blocks(heatmaps: Heatmaps, sigma: float, decoders: Iterable[str], peaks: int = 1) -> Iterator[Block]:
    """All heatmaps, block by block, as ``decode_block`` decodes each."""
    decoders = tuple(decoders)
    for which in heatmaps.blocks():
        yield decode_block(heatmaps, which, sigma, decoders, peaks)


class BatchResult:
    """A whole file decoded by every decoder, in steps that any thread may take. It does not keep the heatmaps.

    xy: decoder name -> (M, 2) heatmap px; reason: decoder name -> (M,); score, border: (M,), as in ``Block``. The
    first ``done`` of the M = ``count`` entries are filled in.
    """

    def __init__(self, count: int, sigma: float, decoders: Iterable[str] = DECODERS):
        self.count, self.sigma, self.decoders, self.done = count, sigma, tuple(decoders), 0
        self.xy = {name: np.full((count, 2), np.nan) for name in self.decoders}
        self.reason = {name: np.zeros(count, np.uint8) for name in self.decoders}
        self.score, self.border = np.zeros(count), np.zeros(count, bool)
        self._turn = threading.Lock()
        self._percentiles: dict[tuple[str, InputFrame], np.ndarray] = {}

    @property
    def finished(self) -> bool:
        return self.done == self.count

    def step(self, heatmaps: Heatmaps) -> None:
        """Decode one more block of the heatmaps, if any is left."""
        with self._turn:
            which = next((which for which in heatmaps.blocks() if which.start >= self.done), None)
            if which is None:
                return
            block, at = decode_block(heatmaps, which, self.sigma, self.decoders), slice(which.start, which.stop)
            for name in self.decoders:
                self.xy[name][at], self.reason[name][at] = block.xy[name], block.reason[name]
            self.score[at], self.border[at] = block.score, block.border
            self.done = which.stop

    def block(self) -> Block:
        """Everything as one block, to be written."""
        return Block(range(self.count), self.xy, self.reason, self.score, self.border)

    def distances_from_dark(self, decoder: str, frame: InputFrame) -> np.ndarray:
        """Distances of a decoder's positions from DARK's, over the heatmaps on which DARK did not fall back."""
        full = in_full(self.reason["dark"])
        return frame.length(self.xy[decoder][full] - self.xy["dark"][full])

    def percentiles(self, decoder: str, frame: InputFrame) -> np.ndarray:
        """Those distances at PERCENTILES, NaN where there are none. Kept, because a page asks for them at each run."""
        if not self.finished or (decoder, frame) not in self._percentiles:
            distances = self.distances_from_dark(decoder, frame)
            found = np.percentile(distances, PERCENTILES) if len(distances) else np.full(len(PERCENTILES), np.nan)
            if not self.finished:
                return found
            if len(self._percentiles) > 500:
                self._percentiles.clear()
            self._percentiles[decoder, frame] = found
        return self._percentiles[decoder, frame]

    def fallbacks(self, decoder: str) -> dict[str, int]:
        """Why a decoder fell back and on how many heatmaps, the most frequent reason first."""
        counts = np.bincount(self.reason[decoder][: self.done], minlength=len(Status))
        found = {one.sentence: int(counts[one]) for one in Status if counts[one] and not in_full(one)}
        return dict(sorted(found.items(), key=lambda pair: -pair[1]))

    @property
    def contested(self) -> int:
        """On how many heatmaps another peak rivals the largest pixel; no decoder can tell which one is right."""
        return int(is_contested(self.reason["argmax"][: self.done]).sum())

    def summary(self, frame: InputFrame) -> dict:
        """What the page shows of the file, for the JSON."""
        return {
            "maps": self.count,
            "mean_score": float(np.mean(self.score)),
            "border_share": float(np.mean(self.border)),
            "rival_peaks": self.contested,
            "distance_from_dark": {
                "unit": frame.unit,
                "maps": int(in_full(self.reason["dark"]).sum()),
                **{
                    name: {f"p{p}": round(float(v), 4) for p, v in zip(PERCENTILES, self.percentiles(name, frame))}
                    for name in self.decoders
                    if name != "dark" and in_full(self.reason["dark"]).any()
                },
            },
            "fallbacks": {name: self.fallbacks(name) for name in self.decoders},
        }


# Results as files. One decoder has its columns x, y, score, ok, status; of several each has its own x, y, ok, status.
# Where the best peaks were asked for, columns x, y, share of each follow, empty beyond the last peak of a heatmap.


def as_csv(
    blocks: Iterable[Block], joints: int, frame: InputFrame, decoders: Iterable[str], peaks: int = 1
) -> Iterator[str]:
    """The lines of a CSV, one per heatmap: person and joint count from 0, positions in the unit of ``frame``.

    peaks: how many of them the blocks have.
    """
    names = tuple(decoders)
    single = len(names) == 1
    best = [f"peak_{rank}_{c}" for rank in range(1, peaks + 1) for c in ("x", "y", "share")] if peaks > 1 else []
    each = ("x", "y", "ok", "status", *best)
    head = ["x", "y", "score", *each[2:]] if single else ["score", *(f"{n}_{c}" for n in names for c in each)]
    yield ",".join(["person", "joint", *head]) + "\n"
    for block in blocks:
        for number, score, cells in _rows(block, frame, names):
            positions = [f"{x:.4f},{y:.4f}" for x, y, *_ in cells]
            told = [
                ",".join(["true" if in_full(status) else "false", status.name, *map(_peak_as_csv, found)])
                for _, _, status, found in cells
            ]
            if single:
                row = f"{positions[0]},{score:.6g},{told[0]}"
            else:
                row = f"{score:.6g}," + ",".join(f"{xy},{how}" for xy, how in zip(positions, told))
            yield f"{number // joints},{number % joints},{row}\n"


def as_json(
    blocks: Iterable[Block],
    heatmaps: Heatmaps,
    frame: InputFrame,
    sigma: float,
    decoders: Iterable[str],
    summary: Callable[[], dict] | None = None,
) -> Iterator[str]:
    """The pieces of a JSON text: what was decoded and how, then the joints, then ``summary()`` if it is given."""
    names = tuple(decoders)
    about = {
        "convention": "integer = pixel center, x right, y down; person and joint count from 0",
        "unit": frame.unit,
        "frame": frame.name or None,
        "stride": frame.stride if frame.name else None,
        "layout": heatmaps.layout,
        "values": heatmaps.kind,
        "people": heatmaps.people,
        "joints_each": heatmaps.joints,
        "size": list(heatmaps.size),
        "sigma": sigma,
        "decoders": {name: DECODERS[name].title for name in names},
        "statuses": {status.name: status.sentence for status in Status},
    }
    yield json.dumps(about, indent=1)[:-2] + ',\n "joints": ['
    between = "\n"
    for block in blocks:
        for number, score, cells in _rows(block, frame, names):
            row: dict = {"person": number // heatmaps.joints, "joint": number % heatmaps.joints}
            row["score"] = float(f"{score:.6g}")
            joints = [
                {"x": round(x, 4), "y": round(y, 4), "ok": in_full(status), "status": status.name, **_as_peaks(found)}
                for x, y, status, found in cells
            ]
            row.update(joints[0] if len(names) == 1 else dict(zip(names, joints)))
            yield f"{between}  {json.dumps(row)}"
            between = ",\n"
    yield "\n ]"
    if summary is not None:
        yield ',\n "summary": ' + json.dumps(summary(), indent=1).replace("\n", "\n ")
    yield "\n}\n"


def _rows(block: Block, frame: InputFrame, names: tuple[str, ...]) -> Iterator[tuple[int, float, list[tuple]]]:
    """(running number, score, (x, y, status, (x, y, share) of each peak) per decoder) of every heatmap of a block."""
    columns = []
    for name in names:
        xy, status = frame(block.xy[name]), map(_STATUS.__getitem__, block.reason[name].tolist())
        peaks: Iterable[list] = repeat([])
        if name in block.peaks:
            best = block.peaks[name]
            peaks = np.concatenate([frame(best.xy), best.share[..., None]], -1).tolist()
        columns.append(zip(xy[:, 0].tolist(), xy[:, 1].tolist(), status, peaks))
    for number, score, *cells in zip(block.which, block.score.tolist(), *columns):
        yield number, score, cells


def _peak_as_csv(peak: list[float]) -> str:
    """X, y and share of a peak, each empty where it is not known."""
    return ",".join("" if np.isnan(value) else f"{value:.4f}" for value in peak)


def _as_peaks(peaks: list[list[float]]) -> dict:
    """The peaks that exist, under their name, if any were asked for; null for a share of no positive peak."""
    if not peaks:
        return {}
    return {
        "peaks": [
            {"x": round(x, 4), "y": round(y, 4), "share": None if np.isnan(share) else round(share, 4)}
            for x, y, share in peaks
            if not np.isnan(x)
        ]
    }
