"""The best peaks of heatmaps with several, as where two people overlap or left and right are not told apart.

A peak is a pixel that none of its eight neighbors exceeds, that is the highest within 2.5 sigmas along each axis, and
that has a tenth of the largest value. Two Gaussians that are closer have one maximum, or two that noise can make. A
plateau, as of a clipped heatmap, is one peak, at its first pixel. Shapes below: M heatmaps, each (H, W), with k peaks.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from dark_core.codec._fast.backend import (
    AnyArray,
    all_axes,
    arange,
    argmax,
    at_least_float32,
    clip,
    index_update,
    is_tensor,
    namespace,
    pixels,
    to_float64,
)
from dark_core.codec._fast.heatmap_batch import HeatmapBatch
from dark_core.codec.status import Status

RIVAL = 0.8
"""Share of the largest value above which another peak is a rival."""

LEAST = 0.1
"""Share of the largest value that a peak exceeds: below are the bumps of noise."""

APART = 2.5
"""Sigmas along an axis within which a lower peak belongs to a higher one."""


def best_peaks(batch: HeatmapBatch, count: int) -> tuple[AnyArray, AnyArray]:
    """(M, k) flat indices of the ``count`` highest peaks, the largest pixel first, and (M, k) whether there is one."""
    xp, heatmaps = namespace(batch.heatmaps), batch.heatmaps.detach() if is_tensor(batch.heatmaps) else batch.heatmaps
    flat = heatmaps.reshape(-1)
    high = heatmaps > LEAST * clip(at_least_float32(batch.score), 0.0, np.inf)[:, None, None]
    high[:, :, 1:] &= heatmaps[:, :, 1:] > heatmaps[:, :, :-1]  # this one for all pixels: it leaves few of them
    maxima = _local_maxima(flat, xp.where(high.reshape(-1))[0], batch.size)
    left = xp.full_like(flat, -np.inf)
    left[maxima] = flat[maxima]
    left = left.reshape(heatmaps.shape)
    reach, which = max(1, int(APART * batch.sigma)), arange(batch.count, heatmaps)
    index, found = [batch.index], [batch.index >= 0]
    while len(index) < count:
        x, y = batch.patch_indices(reach, pixels(index[-1], batch.width))
        x, y = x.clip(0, batch.width - 1), y.clip(0, batch.height - 1)
        left[which[:, None, None], y[:, :, None], x[:, None, :]] = -np.inf
        index.append(argmax(left))
        found.append(left.reshape(batch.count, -1)[which, index[-1]] > 0)
    return xp.stack(index, -1), xp.stack(found, -1)


def _local_maxima(flat: AnyArray, which: AnyArray, size: tuple[int, int]) -> AnyArray:
    """Those of the pixels ``which`` (N,) of heatmaps of ``size`` (W, H), all in a row, that no neighbor exceeds.

    Of equal neighbors it is the first, row by row. The pixels given exceed their left neighbors.
    """
    width, height = size
    for step_y, step_x in ((0, 1), (-1, 0), (1, 0), (-1, -1), (-1, 1), (1, -1), (1, 1)):
        x, y, step = which % width + step_x, which // width % height + step_y, step_y * width + step_x
        outside = (x < 0) | (x >= width) | (y < 0) | (y >= height)
        value, beside = flat[which], flat[clip(which + step, 0, len(flat) - 1)]
        which = which[outside | (value > beside if step < 0 else value >= beside)]
    return which


def decode_peaks(
    batch: HeatmapBatch,
    function: Callable[[HeatmapBatch], tuple[Any, ...]],
    xy: AnyArray,
    index: AnyArray,
    found: AnyArray,
    values: AnyArray,
) -> tuple[AnyArray, AnyArray]:
    """Positions (M, k, 2) and values (M, k) of the peaks ``index`` (M, k) that are ``found`` (M, k), NaN elsewhere.

    xy: (M, 2) as decoded from the whole heatmap, which is that of the first peak where there is no other.
    """
    xp, columns = namespace(xy), []
    for number in range(index.shape[1]):
        column = xy if number == 0 else xy * np.nan
        which = xp.where(found[:, number] & found[:, 1])[0]
        if len(which):
            part = HeatmapBatch(batch.heatmaps[which], batch.sigma, batch.temperature)
            one = _alone(part, index[which], found[which], number)
            position = to_float64(function(one)[0])
            sound = all_axes(xp.isfinite(position))[:, None]
            column = index_update(column, which, xp.where(sound, position, to_float64(one.peak)))
        columns.append(column)
    return xp.stack(columns, 1), xp.where(found, values, np.nan)


def _alone(batch: HeatmapBatch, index: AnyArray, found: AnyArray, number: int) -> HeatmapBatch:
    """One peak of each heatmap by itself: pixels nearer to another of its peaks are taken as zero where positive.

    index, found: (M, k) as from ``best_peaks``; number: which of the k peaks.
    """
    xp, (x, y) = namespace(batch.heatmaps), (index % batch.width, index // batch.width)  # (M, k)
    columns, rows = arange(batch.width, index), arange(batch.height, index)
    foreign = xp.zeros_like(batch.heatmaps, dtype=bool)
    for other in range(index.shape[1]):
        to_x, to_y = x[:, other] - x[:, number], y[:, other] - y[:, number]
        middle = to_x * (x[:, other] + x[:, number]) + to_y * (y[:, other] + y[:, number])  # twice that of the way
        beyond = 2 * (to_x[:, None] * columns)[:, None, :] > (middle[:, None] - 2 * to_y[:, None] * rows)[:, :, None]
        foreign = foreign | (beyond & found[:, other, None, None])
    one = HeatmapBatch(xp.where(foreign, batch.heatmaps.clip(None, 0), batch.heatmaps), batch.sigma, batch.temperature)
    one.index = index[:, number]  # even where a slope of another peak stands higher
    return one


def contested(values: AnyArray, found: AnyArray) -> AnyArray:
    """(M,) ``FINE``, or the status of a heatmap whose second peak rivals the first.

    values, found: (M, k) the values of the peaks, and whether there is one.
    """
    xp, first, second = namespace(values), values[:, 0], values[:, 1]
    rival = xp.where(second > RIVAL * first, Status.RIVAL_PEAK, Status.FINE)
    return xp.where(found[:, 1], xp.where(second == first, Status.TIED_PEAKS, rival), Status.FINE)
