"""How fast the decoders are, each as a ratio to the plain argmax timed beside it in the same run."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from time import perf_counter

import cv2
import numpy as np

from dark_core.codec import DECODERS, decode, encode

COUNT = 1088
"""Maps: 64 people of 17 joints."""

SHEETS = (((48, 64), 2.0), ((72, 96), 3.0))
"""Size (W, H) and sigma, heatmap px, of the maps read: those of 256 by 192 and 384 by 288 input."""


def sheet(size: tuple[int, int], sigma: float, count: int = COUNT, noise: float = 0.02, seed: int = 0) -> np.ndarray:
    """(count, H, W) float32: targets at random joints, with white noise."""
    generator = np.random.default_rng(seed)
    joints = generator.uniform(0, np.array(size) - 1, (count, 2))
    maps = encode(joints, size, sigma)
    maps += noise * generator.standard_normal(maps.shape, dtype=np.float32)
    return maps


def plain_argmax(maps: np.ndarray) -> np.ndarray:
    """(M, 2): the pass that every decoder begins with."""
    y, x = np.divmod(maps.reshape(len(maps), -1).argmax(1), maps.shape[2])
    return np.stack([x, y], -1)


def joint_by_joint(maps: np.ndarray, kernel: int = 11) -> np.ndarray:
    """(M, 2): the procedure of the DARK release, a joint at a time, in our own words.

    Argmax on the raw map; one OpenCV blur of ``kernel`` px on a zero-padded copy, rescaled to the raw maximum; log;
    central differences, the second derivatives over two pixels; one 2 by 2 solve; none in the outer two rows and
    columns.
    """
    height, width = maps.shape[1:]
    half = kernel // 2
    places = plain_argmax(maps).astype(np.float64)
    for one, place in zip(maps, places, strict=True):
        padded = np.zeros((height + 2 * half, width + 2 * half), np.float32)
        padded[half:-half, half:-half] = one
        blurred = cv2.GaussianBlur(padded, (kernel, kernel), 0)[half:-half, half:-half]
        log = np.log(np.maximum(blurred * (one.max() / blurred.max()), 1e-10))
        x, y = place.astype(int)
        if not (1 < x < width - 2 and 1 < y < height - 2):
            continue
        gradient = 0.5 * np.array([log[y, x + 1] - log[y, x - 1], log[y + 1, x] - log[y - 1, x]])
        mixed = 0.25 * (log[y + 1, x + 1] - log[y - 1, x + 1] - log[y + 1, x - 1] + log[y - 1, x - 1])
        hessian = np.array(
            [
                [0.25 * (log[y, x + 2] - 2 * log[y, x] + log[y, x - 2]), mixed],
                [mixed, 0.25 * (log[y + 2, x] - 2 * log[y, x] + log[y - 2, x])],
            ]
        )
        if np.linalg.det(hessian) != 0:
            place -= np.linalg.solve(hessian, gradient)
    return places


@dataclass(frozen=True)
class Timing:
    """Median milliseconds of reading a sheet, and how many times the plain argmax beside it that is."""

    title: str
    ms: float
    times: float
    extra: float
    """Memory needed at the peak beside the maps, as a share of theirs."""


def timings(size: tuple[int, int], sigma: float, rounds: int = 15, count: int = COUNT) -> list[Timing]:
    """Every reading of one sheet, timed in turn, ``rounds`` times over, so that what disturbs one disturbs all."""
    maps = sheet(size, sigma, count)
    readings: dict[str, Callable[[], object]] = {"plain argmax": lambda: plain_argmax(maps)}
    for name, decoder in DECODERS.items():
        readings[decoder.title] = lambda name=name: decode(maps, name, sigma)
    readings["joint by joint, as released"] = lambda: joint_by_joint(maps)
    extra = {title: _memory(reading) / maps.nbytes for title, reading in readings.items()}
    spent: dict[str, list[float]] = {title: [] for title in readings}
    for turn in range(rounds):
        for title, reading in readings.items():
            if turn > 2 and title.startswith("joint by joint"):
                continue
            start = perf_counter()
            reading()
            spent[title].append(1000 * (perf_counter() - start))
    unit = median(spent["plain argmax"])
    return [Timing(title, median(ms), median(ms) / unit, extra[title]) for title, ms in spent.items()]


def _memory(reading: Callable[[], object]) -> int:
    """Bytes that a reading allocates at its peak, the tables kept from the reading before not counted."""
    reading()
    tracemalloc.start()
    reading()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def report() -> str:
    """The tables as text."""
    lines = []
    for size, sigma in SHEETS:
        lines.append(f"{COUNT} maps of {size[0]} x {size[1]}, sigma {sigma:g}, float32, one thread of Python")
        lines.append(f"{'':36}{'ms':>9}{'x argmax':>10}{'memory':>9}")
        lines += [f"{t.title:36}{t.ms:9.2f}{t.times:10.1f}{100 * t.extra:8.1f}%" for t in timings(size, sigma)]
        lines.append("")
    return "\n".join(lines)
