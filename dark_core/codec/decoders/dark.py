"""DARK and its relatives: a Newton step on the log, plain, smoothed, from the raw peak, and as released."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from dark_core.codec._fast import compiled
from dark_core.codec._fast.backend import (
    AnyArray,
    all_axes,
    asarray_like,
    at_least_float32,
    namespace,
    to_float64,
    windows,
)
from dark_core.codec._fast.heatmap_batch import HeatmapBatch
from dark_core.codec._fast.near_peak import is_far, seen_from
from dark_core.codec._fast.newton import Newton, newton, no_step
from dark_core.codec._smooth import gaussian_kernel, kernel_radius
from dark_core.codec.registry import decoder
from dark_core.codec.status import Status


def _inner(batch: HeatmapBatch, pixels: AnyArray) -> AnyArray:
    """(M, 2) the pixels, one inwards where they are on the outermost row or column."""
    last = asarray_like(np.array(batch.size), pixels) - 2
    return namespace(pixels).minimum(pixels.clip(1, None), last)


def raw_step(batch: HeatmapBatch, start: AnyArray | None = None, which: AnyArray | None = None) -> Newton:
    """Step on the log of the raw heatmaps ``which`` (N,), from the pixels ``start`` (N, 2), by default all peaks."""
    start = batch.peak if start is None else start
    if batch.too_small:
        return no_step(start)
    center = _inner(batch, start)
    nine = windows(batch.heatmaps, center[:, 0] - 1, center[:, 1] - 1, 3, 3, which)  # (N, 3, 3)
    return newton(at_least_float32(nine), center, start, batch.precise)


def smoothed_step(batch: HeatmapBatch) -> Newton:
    """Step on the log of the smoothed heatmap, from its own peak; stay on the raw peak where no step can be taken."""
    if batch.too_small:
        return no_step(batch.peak)
    found = batch.smoothed_peaks
    step = newton(found.patch, found.anchor, found.peak, batch.precise)
    xy, status = seen_from(batch.peak, step.xy, step.status)
    return replace(step, xy=xy, status=status)


@decoder(
    "taylor",
    title="Unsmoothed step",
    formula=r"\hat{x} = m - D''(m)^{-1} D'(m),\; D = \ln h",
    source="DARK (Zhang et al. 2020, section 3.1), without modulation",
    known_failure="Only three pixels per axis carry all the noise: its error is about five times the Cramér–Rao bound.",
    core=True,
)
def taylor(batch: HeatmapBatch) -> tuple[AnyArray, AnyArray]:
    """Decode by one Newton step on the log of the raw heatmap."""
    step = raw_step(batch)
    return step.xy, step.status


KERNEL = 11
"""Pixels of the release's blur, whatever the target's sigma; OpenCV takes it for a sigma of 2."""


@decoder(
    "dark_release",
    title="DARK as released",
    formula=r"\hat{x} = m_h - D_2''(m_h)^{-1} D'(m_h),\; D = \ln (K_{11} \ast h)",
    source="the code released with the paper: raw peak, 11 px kernel, second derivatives over two pixels",
    known_failure="Not refined in the two outer rows and columns; unbounded in noise; its kernel fits only sigma 2.",
)
def dark_release(batch: HeatmapBatch) -> tuple[AnyArray, AnyArray]:
    """Decode as ``codec.release`` does, for all heatmaps at once.

    No step is refused or bounded, only left out where it is not finite; the status says which ended far away.
    """
    xp = namespace(batch.heatmaps)
    half = KERNEL // 2
    bell = np.exp(-0.5 * (np.arange(-half, half + 1) / 2.0) ** 2)
    weights = np.zeros((5, 5 + 2 * half))  # a row for each of the five pixels round the peak
    for k in range(5):
        weights[k, k : k + KERNEL] = bell / bell.sum()
    raw = batch.patch(half + 2, outside=0.0)  # (M, 15, 15)
    blurred = to_float64((asarray_like(weights, raw) @ raw) @ asarray_like(weights.T, raw))  # (M, 5, 5)
    height = xp.where(batch.score > 0, to_float64(batch.score), 1.0)
    log = xp.log((blurred / height[:, None, None]).clip(1e-10, None))
    dx, dy = 0.5 * (log[:, 2, 3] - log[:, 2, 1]), 0.5 * (log[:, 3, 2] - log[:, 1, 2])
    dxx = 0.25 * (log[:, 2, 4] - 2 * log[:, 2, 2] + log[:, 2, 0])
    dyy = 0.25 * (log[:, 4, 2] - 2 * log[:, 2, 2] + log[:, 0, 2])
    dxy = 0.25 * (log[:, 3, 3] - log[:, 3, 1] - log[:, 1, 3] + log[:, 1, 1])
    determinant = dxx * dyy - dxy * dxy
    last = asarray_like(np.array(batch.size), batch.peak) - 2
    taken = all_axes((batch.peak > 1) & (batch.peak < last)) & (determinant != 0)
    safe = xp.where(determinant != 0, determinant, 1.0)[:, None]
    step = xp.stack([dxy * dy - dyy * dx, dxy * dx - dxx * dy], -1) / safe  # (M, 2)
    xy = batch.peak + xp.where(taken[:, None], step, 0.0)
    status = xp.where(determinant != 0, Status.FINE, Status.NOT_CONCAVE)
    return xy, xp.where(is_far(xy, batch.peak), Status.UNBOUNDED, status)


@decoder(
    "dark_raw_peak",
    title="DARK from the raw peak",
    formula=r"\hat{x} = m_h - D''(m_h)^{-1} D'(m_h),\; D = \ln (K \ast h)",
    source="the paper's step with a kernel of the target's sigma, from the raw heatmap's largest pixel m_h",
    known_failure="Noise moves its start, and its step is cut to a pixel: twice DARK's error at σ = 3 and noise 0.1.",
)
def dark_raw_peak(batch: HeatmapBatch) -> tuple[AnyArray, AnyArray]:
    """Decode by one Newton step on the log of the smoothed heatmap, from the raw heatmap's peak."""
    if batch.too_small:
        return to_float64(batch.peak), Status.TOO_SMALL
    center, radius = _inner(batch, batch.peak), kernel_radius(batch.sigma) + 1
    patch = batch.patch(radius, center, outside=0.0)  # (M, n, n), n = 2 radius + 1
    weights = gaussian_kernel(np.arange(-radius, radius + 1)[None, :] - np.array([[-1], [0], [1]]), batch.sigma)
    smoothed = (asarray_like(weights, patch) @ patch) @ asarray_like(weights.T, patch)  # (M, 3, 3)
    step = newton(smoothed, center, batch.peak)
    return step.xy, step.status


@decoder(
    "dark",
    title="DARK",
    formula=r"\hat{x} = m - D''(m)^{-1} D'(m),\; D = \ln (K \ast h)",
    source="DARK (Zhang et al. 2020): modulation, then one Newton step on the log, from the smoothed heatmap's peak",
    known_failure="Biased towards the inside within three sigma of an edge: its kernel takes missing pixels for zeros.",
    core=True,
)
def dark(batch: HeatmapBatch) -> tuple[AnyArray, AnyArray]:
    """Decode by one Newton step on the log of the smoothed heatmap, from its own peak."""
    return compiled.dark(batch, plain_dark) if compiled.usable(batch) else plain_dark(batch)


def plain_dark(batch: HeatmapBatch) -> tuple[AnyArray, AnyArray]:
    """Do so with arrays or tensors alone."""
    step = smoothed_step(batch)
    return step.xy, step.status
