"""The maps of a file as people × joints × rows × columns: which axis is which, and what the values tell of themselves.

Whatever the file's layout and number type, ``take`` hands out the maps asked for, and no others are converted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from dark_core.codec import Status, newton_step, smooth
from dark_core.files.axis_recognition import channels_last
from dark_core.files.formats.stored import HeatmapsError, Stored, native, times
from dark_core.files.heatmap_values import VALUES, converted

LAYOUTS = {
    "HW": "one map: rows × columns",
    "KHW": "joints × rows × columns",
    "NHW": "people × rows × columns",
    "HWK": "rows × columns × joints",
    "NKHW": "people × joints × rows × columns",
    "NHWK": "people × rows × columns × joints",
}
"""What the axes of an array may mean: N people, K joints, H rows, W columns. The usual order stands first."""

BLOCK = 2**19
"""Pixels converted and read at a time: 2 MB of float32, some ten times that with what the decoders need."""

MAX_SIDE = 1024
"""Longest side of a map, px: smoothing works with a matrix of this size squared."""

ASSUMED = 2.0
"""Heatmap px of sigma where no map shows it."""


@dataclass(frozen=True, eq=False)
class Heatmaps:
    """N people's K heatmaps.

    values: (N, K, H, W), a view of the file; why: how the layout was found, or ""; kind: what the values are, a key of
    VALUES, by which ``take`` converts them.
    """

    values: np.ndarray
    dtype: str
    layout: str
    why: str = ""
    kind: str = "heatmaps"

    @property
    def people(self) -> int:
        return self.values.shape[0]

    @property
    def joints(self) -> int:
        return self.values.shape[1]

    @property
    def size(self) -> tuple[int, int]:
        """(W, H) in heatmap px."""
        return self.values.shape[3], self.values.shape[2]

    def __len__(self) -> int:
        """How many maps there are; they count person by person, joint by joint."""
        return self.people * self.joints

    def take(self, which) -> np.ndarray:
        """The maps (M, H, W) of these running numbers, in this machine's byte order; a new array."""
        return converted(native(self.values[np.divmod(np.asarray(which), self.joints)], self.dtype), self.kind)

    def one(self, person: int, joint: int) -> np.ndarray:
        """(H, W)."""
        return self.take([person * self.joints + joint])[0]

    @property
    def choices(self) -> str:
        """What was chosen of the array, in a word for each choice: a key of what is measured on these maps."""
        return f"{self.layout} {self.kind} {self.joints}"

    def taken_for(self, kind: str) -> Heatmaps:
        """The same maps, with values of that kind, a key of VALUES. Raises HeatmapsError for another word."""
        if kind not in VALUES:
            raise HeatmapsError(f"There are no values of that name: choose one of {', '.join(VALUES)}.")
        return replace(self, kind=kind)

    def first_joints(self, count: int) -> Heatmaps:
        """The maps of every person's first joints alone. Raises HeatmapsError if there are not so many."""
        if not 1 <= count <= self.joints:
            raise HeatmapsError(f"The array has {self.joints} joints: choose from 1 to {self.joints} of them.")
        return replace(self, values=self.values[:, :count])

    def blocks(self) -> Iterator[range]:
        """The running numbers of all maps in pieces of at most BLOCK pixels."""
        step = int(np.clip(BLOCK // (self.size[0] * self.size[1]), 1, 4096))
        for start in range(0, len(self), step):
            yield range(start, min(start + step, len(self)))


def as_heatmaps(stored: Stored, layout: str | None = None) -> Heatmaps:
    """The maps of one array of a file, its axes as in ``layout`` of LAYOUTS, or recognized if that is None.

    Raises HeatmapsError if the array holds none, or has other axes than the layout.
    """
    array = stored.load()
    why = ""
    if layout is None:
        layout, why = recognize(array, stored.dtype)
    elif layout not in LAYOUTS:
        raise HeatmapsError(f"There is no such layout: choose one of {', '.join(LAYOUTS)}.")
    elif len(layout) != array.ndim:
        fits = ", ".join(fitting(array.ndim))
        raise HeatmapsError(f"{layout} has {len(layout)} axes and the array {array.ndim}: choose {fits}.")
    axes = [layout.index(axis) for axis in "NKHW" if axis in layout]
    values = np.expand_dims(array.transpose(axes), tuple(k for k, axis in enumerate("NKHW") if axis not in layout))
    if max(values.shape[2:]) > MAX_SIDE:
        raise HeatmapsError(
            f"As {LAYOUTS[layout]}, the heatmaps have {times(values.shape[2:])} px, more than {MAX_SIDE} on a side: "
            "choose another layout, or save the maps smaller."
        )
    return Heatmaps(values, stored.dtype, layout, why)


def fitting(axes: int) -> list[str]:
    """The layouts of arrays with that many axes, the usual one first."""
    return [name for name in LAYOUTS if len(name) == axes]


def recognize(array: np.ndarray, dtype: str = "") -> tuple[str, str]:
    """(layout, why): joints before rows and columns, unless the array speaks for channels last."""
    first, *others = fitting(array.ndim)
    if array.ndim == 2:
        return first, "it has two axes"
    last, why = channels_last(array, dtype)
    return next(name for name in others if name.endswith("K")) if last else first, why


@dataclass(frozen=True)
class Survey:
    """What some of the maps, evenly spread over the file, tell.

    sigma: heatmap px, the median over ``clear`` peaks of ``seen`` maps, ASSUMED where none is clear;
    low, high: its quartiles; least, middle, most: of the finite values, with their median; not_finite: maps with NaN or
    infinity.
    """

    sigma: float
    clear: int
    seen: int
    low: float
    high: float
    least: float
    middle: float
    most: float
    not_finite: int


def survey(heatmaps: Heatmaps, most: int = 2000) -> Survey:
    """Measure at most ``most`` maps, fewer where they are large.

    sigma comes from the curvature of the log at clear peaks. A map is smoothed first with a Gaussian s, which
    turns the variance sigma² of a Gaussian peak into sigma² + s² and noise into little: once with s = 1, then
    with the sigma found. Clear is a concave peak farther than 2 s + 1 px from each edge and at least half as
    high as the file's high ones.
    """
    width, height = heatmaps.size
    count = min(len(heatmaps), int(np.clip(2**23 // (width * height), 16, most)))
    which = np.unique(np.linspace(0, len(heatmaps) - 1, count).astype(int))
    least, top, bad = np.inf, -np.inf, 0
    tops, some = [], [np.zeros(0)]
    for maps in _pieces(heatmaps, which):
        finite = np.isfinite(maps)
        bad += int((~finite.all((1, 2))).sum())
        if finite.any():
            seen = maps[finite]
            least, top = min(least, float(seen.min())), max(top, float(seen.max()))
            some.append(seen[:: 1 + len(seen) // 2**14].astype(np.float64))
        tops.append(np.where(finite, maps, -np.inf).max((1, 2)).astype(np.float64))
    values = np.concatenate(some)
    ends = (least, float(np.median(values)), top) if len(values) else (0.0, 0.0, 0.0)
    high = float(np.quantile(np.concatenate(tops), 0.95, method="lower"))
    sigma, found = 1.0, np.zeros(0)
    for _ in range(2):
        found = np.concatenate([_sigmas(maps, sigma, high / 2) for maps in _pieces(heatmaps, which)])
        if not len(found):
            return Survey(ASSUMED, 0, len(which), ASSUMED, ASSUMED, *ends, bad)
        sigma = float(np.clip(np.median(found), 0.5, min(width, height) / 4 + 0.5))
    low, middle, above = (float(value) for value in np.quantile(found, (0.25, 0.5, 0.75)))
    return Survey(max(round(middle, 2), 0.1), len(found), len(which), low, above, *ends, bad)


def _pieces(heatmaps: Heatmaps, which: np.ndarray) -> Iterator[np.ndarray]:
    """These maps as float32 or float64, a block at a time."""
    step = len(next(iter(heatmaps.blocks())))
    for start in range(0, len(which), step):
        maps = heatmaps.take(which[start : start + step])
        yield maps if maps.dtype in (np.float32, np.float64) else maps.astype(np.float32)


def _sigmas(maps: np.ndarray, s: float, enough: float) -> np.ndarray:
    """Sigma of each clear peak, from its log's curvature after smoothing with ``s``."""
    height, width = maps.shape[1:]
    tops = np.where(np.isfinite(maps).all((1, 2)), maps.max((1, 2)), 0)
    maps = maps[(tops >= enough) & (tops > 0)]
    margin = int(np.ceil(2 * s)) + 1
    if not len(maps) or min(height, width) <= 2 * margin:
        return np.zeros(0)
    # Divided by its peak, a map of any scale has numbers of ordinary size.
    top = maps.max((1, 2), keepdims=True)
    step = newton_step(smooth(np.maximum(maps, -top) / top, s))
    inside = ((step.center >= margin) & (step.center < np.array([width, height]) - margin)).all(-1)
    spread = -np.linalg.inv(np.where((step.status == Status.FINE)[:, None, None], step.hessian, -np.eye(2)))
    variance = np.trace(spread, axis1=1, axis2=2) / 2 - s**2
    return np.sqrt(variance[inside & (step.status == Status.FINE) & (variance > 0)])
