"""The Gaussian of any width, length and angle that fits the heatmap, over the pixels that exist.

The log of a Gaussian of any shape is a quadratic, so that one linear least-squares fit of ln h finds its coefficients.
DARK takes nine pixels for that; this fit takes all of a window, so that their noise averages out. Noise n of a pixel
is n / h on its log: the pixels are weighted with h^2. The fit is then repeated with the fitted values m in place of h
and ln m + (h - m) / m in place of ln h, which a pixel below zero has too. Where that settles, m fits h itself in least
squares: in white noise the maximum likelihood.

The maximum of the quadratic is the position, and its inverse Hessian is the shape. Shapes below: M heatmaps, N of them
in one step, windows of n pixels. Within this module coordinates are in half widths of the window, from its middle.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dark_core.codec._fast.backend import AnyArray, all_axes, asarray_like, clip, namespace, to_float64
from dark_core.codec._fast.heatmap_batch import HeatmapBatch
from dark_core.codec._fast.near_peak import seen_from
from dark_core.codec.decoders.gaussian_fit import LEASH
from dark_core.codec.registry import decoder
from dark_core.codec.status import Status

STEPS = 12
CLOSE = 0.003
"""Share of the peak: once no fitted value changes by more, the next step changes nothing that noise would leave
visible."""
HIGHEST = 3.0
"""Largest logarithm of a fitted value, of a peak of one: a fit that is not yet concave may rise without end."""

POWERS = np.array([(i - j, j) for i in range(5) for j in range(i + 1)])
"""(15, 2): the powers of x and of y in all terms up to the fourth order. The first six are those of a quadratic."""
PRODUCTS = np.array([[POWERS.tolist().index((one + other).tolist()) for one in POWERS[:6]] for other in POWERS[:6]])
"""(6, 6): which of the terms is the product of two terms of the quadratic."""


@dataclass(frozen=True, eq=False)
class RotatedFit:
    """M fitted Gaussians, exp(-d^T S^-1 d / 2) times a height, where d is the distance from xy.

    xy: (M, 2) in heatmap px; shape: (M, 2, 2) S in heatmap px^2; covariance: (M, 2, 2) of xy in heatmap px^2. Both are
    NaN where no fit settled. status: (M,) codes of ``Status``.
    """

    xy: AnyArray
    shape: AnyArray
    covariance: AnyArray
    status: AnyArray


@decoder(
    "gaussian_fit_rotated",
    title="Gaussian fit, rotated",
    formula=r"\hat{x} = \arg\max_x q(x),\; q = \arg\min_{q\,\mathrm{quadratic}} \sum_x (h(x) - e^{q(x)})^2",
    source="a quadratic fitted to the log by weighted least squares, repeatedly (Anthony and Granick 2009, Guo 2011), "
    "over 2.5 sigma to either side",
    known_failure="Takes a second joint within the window for a long Gaussian; its six unknowns cost accuracy near "
    "an edge.",
)
def gaussian_fit_rotated(batch: HeatmapBatch) -> tuple[AnyArray, AnyArray, AnyArray]:
    """Decode as the mean of the Gaussian of any shape that fits the raw pixels in least squares."""
    if batch.too_small:
        xy = to_float64(batch.peak)
        return xy, Status.TOO_SMALL, (xy * np.nan)[:, :, None]
    found = fit_rotated(batch)
    status = namespace(batch.heatmaps).where(batch.score > 0, found.status, Status.NOT_POSITIVE)
    return *seen_from(batch.peak, found.xy, status), found.covariance


def fit_rotated(batch: HeatmapBatch) -> RotatedFit:
    """Fit one Gaussian of any shape to the window round each of the peaks of a batch."""
    peaks = batch.smoothed_peaks
    xp, (height, width) = namespace(peaks.crop), peaks.crop.shape[1:]
    values = to_float64(peaks.crop).reshape(batch.count, -1)  # (M, n)
    values = values / xp.amax(xp.abs(values), 1)[:, None]
    terms = asarray_like(_terms(width, height), values)
    unit, middle = max(width, height) / 2, asarray_like(np.array([width - 1, height - 1]) / 2, values)

    def step(values: AnyArray, q: AnyArray, *_: AnyArray) -> tuple[tuple[AnyArray, ...], AnyArray]:
        """Coefficients, maxima and their covariances after one step, and whether it was a long one."""
        fitted = xp.exp(clip(q @ terms[:6], -np.inf, HIGHEST))  # (N, n)
        rest = values - fitted
        change, inverse = _least_squares(fitted * fitted, fitted * rest, terms)
        noise = (rest * rest).sum(1) / max(width * height - 6, 1)
        q, moved = q + change, xp.abs(fitted * (change @ terms[:6]))
        at = _maximum(q)
        return (q, at, noise[:, None, None] * _spread(q, at, inverse)), ~(xp.amax(moved, 1) <= CLOSE)

    weight = xp.where(values > 0, values * values, 0.0)
    q, _ = _least_squares(weight, weight * xp.log(xp.where(values > 0, values, 1.0)), terms)
    result, long = step(values, q)
    (q, at, covariance), unsettled = batch.refined(step, (values,), result, long, STEPS - 1)
    xy, shape = at * unit + middle + peaks.corner, -_inverse_hessian(q)
    concave = (shape[:, 0, 0] > 0) & (shape[:, 0, 0] * shape[:, 1, 1] > shape[:, 0, 1] ** 2)
    near = all_axes(xp.abs(xy - peaks.peak) <= max(2.0, LEASH * batch.sigma))  # NaN is not near
    fine = concave & near & ~unsettled & xp.isfinite(covariance.sum((1, 2)))
    status = xp.where(fine, Status.FINE, xp.where(concave, Status.UNSETTLED, Status.NOT_CONCAVE))
    shape, covariance = (xp.where(fine[:, None, None], part * unit**2, np.nan) for part in (shape, covariance))
    return RotatedFit(xp.where(fine[:, None], xy, to_float64(peaks.peak)), shape, covariance, status)


@lru_cache(maxsize=16)
def _terms(width: int, height: int) -> NDArray[Any]:
    """(15, n): every term of ``POWERS`` at the pixels of a window, row by row."""
    y, x = (np.indices((height, width)) - np.array([height - 1, width - 1])[:, None, None] / 2) * 2 / max(width, height)
    return np.stack([x.ravel() ** i * y.ravel() ** j for i, j in POWERS])


def _least_squares(weight: AnyArray, weighted: AnyArray, terms: AnyArray) -> tuple[AnyArray, AnyArray]:
    """Coefficients (N, 6) of the quadratics that fit values with these weights (N, n), and their covariances (N, 6, 6).

    weighted: (N, n) the products of weights and values. The covariances are for a weight of one per squared noise.
    """
    gram = (weight @ terms.T)[:, asarray_like(PRODUCTS, weight)]  # (N, 6, 6)
    # A little more on the diagonal, so that the sums of a Gaussian that fell between all pixels can be inverted too.
    more = asarray_like(np.eye(6), gram) * (1e-13 * gram[:, :1, :1] + 1e-30)
    inverse = namespace(gram).linalg.inv(gram + more)
    return (inverse @ (weighted @ terms[:6].T)[:, :, None])[:, :, 0], inverse


def _inverse_hessian(q: AnyArray) -> AnyArray:
    """(N, 2, 2) of quadratics with coefficients (N, 6)."""
    xx, xy, yy = 2 * q[:, 3], q[:, 4], 2 * q[:, 5]
    return (namespace(q).stack([yy, -xy, -xy, xx], -1) / (xx * yy - xy * xy)[:, None]).reshape(-1, 2, 2)


def _maximum(q: AnyArray) -> AnyArray:
    """(N, 2) where the gradient of quadratics with coefficients (N, 6) is zero."""
    return -(_inverse_hessian(q) @ q[:, 1:3, None])[:, :, 0]


def _spread(q: AnyArray, at: AnyArray, covariance: AnyArray) -> AnyArray:
    """(N, 2, 2) covariance of the maxima ``at`` (N, 2) of quadratics, from that of the coefficients (N, 6, 6)."""
    x, y = at[:, 0], at[:, 1]
    none, one = x * 0, x * 0 + 1
    gradient = [none, one, none, 2 * x, y, none, none, none, one, none, x, 2 * y]  # what each coefficient adds to it
    moves = _inverse_hessian(q) @ namespace(q).stack(gradient, -1).reshape(-1, 2, 6)
    return moves @ covariance @ moves.swapaxes(1, 2)
