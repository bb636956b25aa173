"""Where the compiled loops of ``kernels`` take over from NumPy, and where they do not.

They are used for arrays of float32 or float64 on the CPU if Numba is installed (``pip install 'dark-explorer[fast]'``).
``DARK_COMPILED=0`` in the environment switches them off. Numba is imported, and a loop compiled, when the first
heatmaps are decoded, which takes some seconds. With ``NUMBA_CACHE_DIR`` in the environment the next process finds what
was compiled in that folder. A server decodes a heatmap when it starts. Heatmaps that are no ordinary ones are left to
NumPy.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import lru_cache
from importlib.util import find_spec
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dark_core.codec._fast.backend import AnyArray
from dark_core.codec._fast.heatmap_batch import HeatmapBatch
from dark_core.codec._fast.matched_filter import crop_size, kernel_table

LANES = 8
"""Columns of a crop are a multiple of this where the heatmap is wide enough: a processor handles as many at once."""


def usable(batch: HeatmapBatch) -> bool:
    """Whether the compiled loops take this batch."""
    maps = batch.heatmaps
    ordinary = isinstance(maps, np.ndarray) and maps.dtype in (np.float32, np.float64) and maps.flags.c_contiguous
    return ordinary and not batch.too_small and os.environ.get("DARK_COMPILED", "1") != "0" and installed()


@lru_cache(maxsize=1)
def installed() -> bool:
    """Whether Numba is there."""
    return find_spec("numba") is not None


def dark(batch: HeatmapBatch, plain: Callable[[HeatmapBatch], tuple[AnyArray, AnyArray]]) -> tuple[AnyArray, AnyArray]:
    """Positions (M, 2) and statuses (M,); ``plain`` decodes the heatmaps that are no ordinary ones."""
    xy, status = _kernels().dark(*_arguments(batch))
    found: tuple[AnyArray, AnyArray] = _completed(batch, plain, xy, status)
    return found


def gaussian_fit(
    batch: HeatmapBatch,
    plain: Callable[[HeatmapBatch], tuple[AnyArray, AnyArray, AnyArray]],
    slopes: tuple[NDArray[Any], ...],
    limits: tuple[int, float, float],
) -> tuple[AnyArray, AnyArray, AnyArray]:
    """Also the covariances (M, 2, 2); slopes and limits as in ``kernels.gaussian_fit``."""
    xy, status, variance = _kernels().gaussian_fit(*_arguments(batch), slopes, float(batch.sigma), limits)
    covariance = variance[:, :, None] * np.eye(2)
    found: tuple[AnyArray, AnyArray, AnyArray] = _completed(batch, plain, xy, status, covariance)
    return found


def _completed(batch: HeatmapBatch, plain: Callable[[HeatmapBatch], tuple[AnyArray, ...]], *found: Any) -> Any:
    """Fill in what the loops left to NumPy: the rows whose status is PLAIN."""
    (left,) = np.nonzero(found[1] == _kernels().PLAIN)
    if len(left):
        for old, new in zip(found, plain(HeatmapBatch(batch.heatmaps[left], batch.sigma)), strict=True):
            old[left] = new
    return found


def _arguments(batch: HeatmapBatch) -> tuple[Any, ...]:
    """Gather what every loop takes first: heatmaps, largest pixels, reach, and the kernels along y and along x."""
    reach, width, height = crop_size(batch.size, batch.sigma)
    width = min(-(-width // LANES) * LANES, batch.width)
    heatmaps = batch.heatmaps.view()
    heatmaps.setflags(write=False)  # one type, and so one compilation, whether they could be written or not
    down, across = (kernel_table(length, float(batch.sigma)) for length in (height, width))
    return heatmaps, np.ascontiguousarray(batch.peak), reach, down, across


@lru_cache(maxsize=1)
def _kernels() -> ModuleType:
    from dark_core.codec._fast import kernels

    return kernels
