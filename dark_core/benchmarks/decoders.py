"""The speed of the decoders, each as a ratio to the plain argmax timed beside it in the same run."""

from __future__ import annotations

import os
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from statistics import median

import cv2
import numpy as np

from dark_core.benchmarks.timing import durations
from dark_core.codec import DECODERS, decode, encode
from dark_core.codec.release import joint_by_joint

COUNT = 1088
"""Heatmaps: 64 people of 17 joints."""

SHEETS = (((48, 64), 2.0), ((72, 96), 3.0))
"""Size (W, H) and sigma, heatmap px, of the heatmaps: those of 256 by 192 and 384 by 288 input."""


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


def opencv_blur(heatmap: np.ndarray, kernel: int) -> np.ndarray:
    """The blur of the DARK release: OpenCV's, on a zero-padded copy.

    The copy is made as in the release: with ``np.pad`` the whole procedure would take 1.5 times as long.
    """
    half, (height, width) = kernel // 2, heatmap.shape
    padded = np.zeros((height + 2 * half, width + 2 * half), heatmap.dtype)
    padded[half:-half, half:-half] = heatmap
    return cv2.GaussianBlur(padded, (kernel, kernel), 0)[half:-half, half:-half]


@dataclass(frozen=True)
class Timing:
    """How long one decoder takes for a sheet of heatmaps.

    ms: median; times: ms over that of the plain argmax beside it; extra: memory at the peak besides the heatmaps, as a
    share of theirs.
    """

    title: str
    ms: float
    times: float
    extra: float


def timings(size: tuple[int, int], sigma: float, rounds: int = 15, count: int = COUNT) -> list[Timing]:
    """Every decoder on one sheet, timed in turn, ``rounds`` times over, so that a disturbance meets all of them.

    By NumPy alone, and where Numba is installed by the compiled loops too.
    """
    maps = sheet(size, sigma, count)
    runs: dict[str, Callable[[], object]] = {"plain argmax": lambda: plain_argmax(maps)}
    for name, decoder in DECODERS.items():
        runs[decoder.title] = partial(_switched, "0", maps, name, sigma)
    for name in COMPILED if find_spec("numba") else ():
        runs[f"{DECODERS[name].title}, compiled"] = partial(_switched, "1", maps, name, sigma)
    runs["joint by joint, as released"] = lambda: joint_by_joint(maps, blur=opencv_blur)
    extra = {title: _memory(run) / maps.nbytes for title, run in runs.items()}
    spent: dict[str, list[float]] = {title: [] for title in runs}
    for turn in range(rounds):
        for title, run in runs.items():
            if turn > 2 and title.startswith("joint by joint"):
                continue
            spent[title] += durations(run)
    unit = median(spent["plain argmax"])
    return [Timing(title, median(ms), median(ms) / unit, extra[title]) for title, ms in spent.items()]


COMPILED = ("dark", "gaussian_fit")
"""Decoders that have a compiled loop."""


def _switched(switch: str, maps: np.ndarray, name: str, sigma: float) -> None:
    """Decode with the compiled loops switched on, "1", or off, "0"."""
    before = os.environ.get("DARK_COMPILED")
    os.environ["DARK_COMPILED"] = switch
    try:
        decode(maps, name, sigma)
    finally:
        del os.environ["DARK_COMPILED"]
        os.environ |= {} if before is None else {"DARK_COMPILED": before}


def _memory(run: Callable[[], object]) -> int:
    """Bytes that a run allocates at its peak; tables that an earlier run has cached are not counted."""
    run()
    tracemalloc.start()
    run()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


CUDA_COUNT = 16384 * 17
"""Heatmaps of 64 by 48 decoded at once on a GPU."""


def cuda_timings(count: int = CUDA_COUNT, rounds: int = 10) -> list[Timing]:
    """Decoders on half-precision heatmaps on the GPU, beside one read of their memory: half the time of a copy there.

    Raises RuntimeError without a CUDA device.
    """
    import torch

    maps = torch.rand((count, 64, 48), dtype=torch.float16, device="cuda")
    copy = torch.empty_like(maps)
    runs: dict[str, Callable[[], object]] = {"reading them once": lambda: copy.copy_(maps)}
    for name in ("argmax", "dark", "noise_matched", "gaussian_fit"):
        runs[DECODERS[name].title] = partial(decode, maps, name)
    found: dict[str, tuple[float, float]] = {}
    for title, run in runs.items():
        spent = []
        torch.cuda.reset_peak_memory_stats()
        before = torch.cuda.memory_allocated()
        for turn in range(rounds + 2):
            start, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
            start.record()
            run()
            end.record()
            torch.cuda.synchronize()
            if turn >= 2:  # the first ones fill caches
                spent.append(start.elapsed_time(end))
        extra = (torch.cuda.max_memory_allocated() - before) / (maps.numel() * 2)
        found[title] = (median(spent), extra)
    once = found["reading them once"][0] / 2
    found["reading them once"] = (once, 0.0)
    return [Timing(title, ms, ms / once, extra) for title, (ms, extra) in found.items()]


def cuda_report() -> Iterator[str]:
    """The table of the GPU, if there is one."""
    try:
        rows = cuda_timings()
    except (ImportError, AssertionError, RuntimeError) as reason:  # a build without CUDA asserts
        yield f"No table for a GPU: {reason}"
        return
    yield f"{CUDA_COUNT} maps of 48 x 64, sigma 2, float16 on CUDA; memory beside theirs"
    yield f"{'':36}{'ms':>9}{'x reading':>10}{'memory':>19}"
    for one in rows:
        yield f"{one.title:36}{one.ms:9.2f}{one.times:10.1f}{100 * one.extra:18.1f}%"


def report() -> Iterator[str]:
    """The tables as text, line by line."""
    for size, sigma in SHEETS:
        yield f"{COUNT} maps of {size[0]} x {size[1]}, sigma {sigma:g}, float32; memory beside theirs"
        rows = timings(size, sigma)
        slow = rows[-1].ms  # the procedure that the others are to replace
        yield f"{'':36}{'ms':>9}{'x argmax':>10}{'x faster':>10}{'memory':>9}"
        for one in rows:
            yield f"{one.title:36}{one.ms:9.2f}{one.times:10.1f}{slow / one.ms:10.1f}{100 * one.extra:8.1f}%"
        yield ""
    yield from cuda_report()
