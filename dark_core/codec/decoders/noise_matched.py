"""DARK with as much smoothing as the heatmap's noise asks for.

DARK smooths with a kernel as wide as the target's Gaussian. In white noise that is best: it is the matched filter. The
heatmaps of real networks, however, carry little noise, and their peaks are often lopsided; a wide kernel moves the
maximum of a lopsided peak. So the noise of each heatmap is measured, and of a few kernels the narrowest is taken whose
step this noise moves by no more than ``TOLERATED``. Where it moves the step of all narrower ones by more, DARK's kernel
is taken.

Where the kernel reaches over an edge, the position is the one round which kernel and Gaussian balance over the pixels
that exist. Inside the heatmap that is the maximum of the smoothed one; beside an edge it is exact too. Shapes below: M
heatmaps, N of them with one kernel.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from dark_core.codec._fast.backend import (
    AnyArray,
    all_axes,
    asarray_like,
    cast,
    clip,
    index_update,
    namespace,
    take,
    to_float64,
)
from dark_core.codec._fast.bells import bells
from dark_core.codec._fast.heatmap_batch import HeatmapBatch
from dark_core.codec._fast.matched_filter import SmoothedPeaks, find_smoothed_peaks
from dark_core.codec._fast.near_peak import seen_from
from dark_core.codec._fast.newton import STENCILS, Newton, newton
from dark_core.codec._fast.noise import relative_noise
from dark_core.codec._smooth import gaussian_kernel, kernel_radius
from dark_core.codec.decoders.dark import raw_step
from dark_core.codec.registry import decoder
from dark_core.codec.status import Status

KERNELS = (0.0, 0.25, 0.4, 1.0)
"""Widths of the kernels that are tried, in sigmas of the target: from no smoothing to DARK's."""
TOLERATED = 0.02
"""Largest standard deviation of the step along an axis, in heatmap px, that a kernel may leave."""

STEPS = 8
CLOSE = 1e-3
"""Heatmap px: after a shorter step a balance is found, to about the square of it."""
LEASH = 1.2
"""Sigmas (and two px at least) from the smoothed peak, per axis, beyond which a balance is not believed."""


@decoder(
    "noise_matched",
    title="Noise-matched",
    formula=r"\hat{x} = m - D''(m)^{-1} D'(m),\; D = \ln (K_k \ast h),\; k = \min \{k : \hat{n} f_k \le 0.02\}",
    source="this project: DARK's step, smoothed no more than the heatmap's own noise asks for",
    known_failure="If there are two real peaks, it keeps the higher one, where a wide kernel would join them.",
)
def noise_matched(batch: HeatmapBatch) -> tuple[AnyArray, AnyArray, AnyArray, AnyArray]:
    """Decode by one Newton step on the log of the heatmap, smoothed as much as its noise asks for."""
    xp, noise = namespace(batch.heatmaps), relative_noise(batch.heatmaps, batch.peak, batch.score)
    xy = to_float64(batch.peak)
    covariance, status = (xy * np.nan)[:, :, None] + xy[:, None, :], batch.index * 0 + Status.TOO_SMALL
    if batch.too_small:
        return xy, status, covariance, noise
    wider = kernel_numbers(noise, batch.sigma)
    for number, share in enumerate(KERNELS):
        which = xp.where(wider == number)[0]
        if len(which):
            found = _decode(batch, which, share * batch.sigma)
            xy, status, covariance = (
                index_update(old, which, new) for old, new in zip((xy, status, covariance), found, strict=True)
            )
    return xy, status, covariance * to_float64(noise * noise)[:, None, None], noise


def kernel_numbers(noise: AnyArray, sigma: float) -> AnyArray:
    """(M,) which of KERNELS each heatmap's noise (M,) asks for, the last where it is not known."""
    return sum(~(noise * error_per_noise(share * sigma, sigma) <= TOLERATED) + 0 for share in KERNELS[:-1])


def over_edge(found: SmoothedPeaks, size: tuple[int, int], kernel: float) -> AnyArray:
    """(N,) whether the kernel reaches over an edge of heatmaps of ``size`` (W, H)."""
    reach = kernel_radius(kernel) + 1
    last = asarray_like(np.array(size) - 1, found.anchor)
    return ~all_axes((found.anchor >= reach) & (found.anchor <= last - reach))


def _decode(batch: HeatmapBatch, which: AnyArray, kernel: float) -> tuple[AnyArray, AnyArray, AnyArray]:
    """(xy (N, 2), status (N,), covariance (N, 2, 2) per squared noise) of the heatmaps ``which`` (N,)."""
    raw, score = take(batch.peak, which), to_float64(take(batch.score, which))
    if not kernel:
        step = raw_step(batch, raw, which)
        return step.xy, step.status, _covariance(step, score, kernel)
    found = find_smoothed_peaks(batch.heatmaps, raw, kernel, which)
    step = newton(found.patch, found.anchor, found.peak)
    xy, status, covariance = step.xy, step.status, _covariance(step, score, kernel)
    over = namespace(xy).where(over_edge(found, batch.size, kernel))[0]
    if len(over):
        balanced, settled, spread = balance(found.rows(over), xy[over], kernel, batch.sigma, score[over])
        over, balanced, spread = over[settled], balanced[settled], spread[settled]
        xy, covariance = index_update(xy, over, balanced), index_update(covariance, over, spread)
        status = index_update(status, over, status[over] * 0 + Status.FINE)
    return *seen_from(raw, xy, status), covariance


def _covariance(step: Newton, score: AnyArray, kernel: float) -> AnyArray:
    """(N, 2, 2) covariance of Newton steps in heatmap px^2, for white noise of 1 of the raw peaks ``score`` (N,).

    A noise e on the log patch moves the step o = -D''^-1 D' by -D''^-1 (D'(e) + D''(e) o).
    """
    xp = namespace(step.logs)
    x, y = step.offset[:, 0], step.offset[:, 1]
    sx, sy, sxx, syy, sxy = asarray_like(STENCILS[:, :, None], step.logs)  # (9, 1) each
    value = xp.exp(step.logs) * (step.height / score)  # (9, N)
    on_x, on_y = (sx + sxx * x + sxy * y) / value, (sy + sxy * x + syy * y) / value
    shared = asarray_like(_correlation(kernel), step.logs)
    with_x, with_y = shared @ on_x, shared @ on_y
    gxx, gxy, gyy = (on_x * with_x).sum(0), (on_x * with_y).sum(0), (on_y * with_y).sum(0)
    _, _, dxx, dyy, dxy = step.derivatives
    a, b, c = dyy, -dxy, dxx  # D''^-1 times the determinant
    unit = (dxx * dyy - dxy * dxy) ** 2
    xx, yy = a * a * gxx + 2 * a * b * gxy + b * b * gyy, b * b * gxx + 2 * b * c * gxy + c * c * gyy
    across = a * b * gxx + (a * c + b * b) * gxy + b * c * gyy
    return (xp.stack([xx, across, across, yy], -1) / unit[:, None]).reshape(-1, 2, 2)


@lru_cache(maxsize=64)
def _correlation(kernel: float) -> NDArray[np.float64]:
    """(9, 9) covariance of the nine pixels of a patch of white noise, smoothed with ``kernel`` heatmap px."""
    weights = _line(kernel)
    full = np.correlate(weights, weights, "full")
    distance = np.abs(np.subtract.outer(np.arange(3), np.arange(3)))
    along = full[len(full) // 2 + distance]  # (3, 3)
    return np.kron(along, along)


def _line(kernel: float) -> NDArray[np.float64]:
    """Weights of the kernel along an axis, with two zeros at either end. ``kernel`` 0 has one weight, which is 1."""
    reach = kernel_radius(kernel) + 2
    offset = np.arange(-reach, reach + 1)
    return gaussian_kernel(offset, kernel) if kernel else (offset == 0).astype(np.float64)


def kernel_for_noise(noise: float, sigma: float) -> float:
    """Width of the kernel with which ``noise_matched`` smooths a heatmap.

    Parameters
    ----------
    noise : float
        Standard deviation of the heatmap's noise, in units of its peak; NaN where it is not known.
    sigma : float
        That of the Gaussians that the network was trained on, in heatmap px.

    Returns
    -------
    float
        Sigma of the kernel in heatmap px: 0 for no smoothing, at most ``sigma``.

    Examples
    --------
    >>> [kernel_for_noise(noise, sigma=2.0) for noise in (0.002, 0.006, 0.012, 0.05)]
    [0.0, 0.5, 0.8, 2.0]
    """
    enough = (share for share in KERNELS if noise * error_per_noise(share * sigma, sigma) <= TOLERATED)
    return next(enough, KERNELS[-1]) * sigma


@lru_cache(maxsize=64)
def error_per_noise(kernel: float, sigma: float) -> float:
    """f(k, sigma): standard deviation along an axis, in heatmap px, of the step on a Gaussian in white noise of 1.

    kernel: sigma of the smoothing, in heatmap px, 0 for none; sigma: that of the Gaussian, whose height is 1. The mean
    over all positions within a pixel, to first order in the noise.
    """
    at = (np.arange(9) - 4) / 9
    weights = _line(kernel)
    reach = len(weights) // 2
    pixels = np.arange(-reach - 1, reach + 2)
    bell = np.exp(-0.5 * ((pixels - at[:, None]) / sigma) ** 2)  # (9, n)
    three = np.stack([np.convolve(one, weights, "valid") for one in bell])  # (9, 3)
    patches = np.einsum("iy,jx->ijyx", three, three).reshape(-1, 3, 3)
    nowhere = np.zeros((len(patches), 2), int)
    covariance = _covariance(newton(patches, nowhere, nowhere), np.ones(len(patches)), kernel)
    return float(np.sqrt(covariance[:, 0, 0].mean()))


def balance(
    found: SmoothedPeaks, start: AnyArray, kernel: float, sigma: float, score: AnyArray, to_the_end: bool = False
) -> tuple[AnyArray, AnyArray, AnyArray]:
    """Positions (N, 2) where kernel and Gaussian balance, whether they settled (N,), covariances (N, 2, 2).

    With the kernel K and the Gaussian g round mu, and u, v a pixel's columns and rows less mu, the sums over the pixels
    of the crop of K u (h - A g), K v (h - A g) and K (h - A g) are zero. Gauss-Newton steps from ``start`` (N, 2). The
    covariances are per squared noise, in units of the raw peaks ``score`` (N,). ``to_the_end`` takes every step,
    whether one is needed or not.
    """
    xp, crop = namespace(start), cast(found.crop, start)
    xy = start - found.corner

    def look(xy: AnyArray) -> tuple[AnyArray, ...]:
        """(N, 2) the move from ``xy``, the means of u and v under K g, what the move is per raw value; (N,) A."""
        across, (p0, p1, p2), down, (q0, q1, q2) = bells(crop, xy, sigma, 2, kernel)
        z = (down @ crop) @ across  # (N, 2, 2): sums of K u^i v^j h, [j, i]
        b, mean = z[..., 0, 0], xp.stack([p1 / p0, q1 / q0], -1)
        tall = b / (p0 * q0)
        inside = xp.stack([q0 * (p2 - p1 * mean[..., 0]), p0 * (q2 - q1 * mean[..., 1])], -1)
        scale = sigma**2 / (tall[..., None] * inside)
        return scale * (xp.stack([z[..., 0, 1], z[..., 1, 0]], -1) - b[..., None] * mean), mean, scale, tall

    settled = xy[..., 0] < -np.inf
    for _ in range(STEPS):
        move = look(xy)[0]
        xy = xp.where(settled[..., None], xy, xy + clip(move, -1.0, 1.0))
        settled = settled | all_axes(xp.abs(move) <= CLOSE)
        if not to_the_end and settled.all():
            break
    _, mean, scale, tall = look(xy)
    _, (s0, s1, s2), _, (t0, t1, t2) = bells(crop, xy, kernel, 2)
    mean_x, mean_y = mean[..., 0], mean[..., 1]
    heard = xp.stack([(s2 - 2 * mean_x * s1 + mean_x**2 * s0) * t0, (t2 - 2 * mean_y * t1 + mean_y**2 * t0) * s0], -1)
    variance = (scale * score[..., None]) ** 2 * heard  # (N, 2)
    nothing = variance[..., 0] * 0
    covariance = xp.stack([variance[..., 0], nothing, nothing, variance[..., 1]], -1).reshape(-1, 2, 2)
    xy = xy + found.corner
    near = all_axes(xp.abs(xy - found.peak) <= max(2.0, LEASH * sigma))
    return xy, settled & near & (tall > 0), covariance
