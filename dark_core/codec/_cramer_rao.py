"""The physical limit: how precisely the position of a Gaussian can be known from noisy pixels at all.

White noise of standard deviation n on every pixel of A G(x - x0) carries the Fisher information
sum (dh/da)(dh/db) / n^2 of the parameters a, b; no unbiased estimate scatters less than its inverse
(Cramer 1946, Rao 1945). The Gaussian is separable, so the sums over the heatmap are products of
u_k = sum over columns (x - x0)^k exp(-(x - x0)^2 / sigma^2) and v_k, the same over rows.
"""

from __future__ import annotations

from operator import index
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def cramer_rao(
    xy: ArrayLike,
    size: tuple[int, int],
    sigma: float,
    noise: float,
    amplitude: float = 1.0,
    known_amplitude: bool = False,
) -> Floats:
    """Bound the covariance of any unbiased decoder from below.

    Only the pixels that exist count, so a Gaussian cut by an edge is bounded less tightly. Far from edges each
    variance is 2 noise² / (pi amplitude²), whatever sigma and whatever the position within the pixel.

    Parameters
    ----------
    xy : array_like, shape (..., 2)
        True positions of Gaussians in heatmap px, (x, y).
    size : tuple of int
        (W, H) of the heatmap in px.
    sigma : float
        Standard deviation of the Gaussian in heatmap px.
    noise : float
        Standard deviation of the white noise on every pixel, in the heatmap's own unit.
    amplitude : float
        Height of the Gaussian, in the same unit.
    known_amplitude : bool
        Whether the amplitude is known; by default it is one more unknown.

    Returns
    -------
    ndarray, shape (..., 2, 2)
        The least covariance in heatmap px². Infinite variances where the heatmap tells nothing of the position (one
        pixel wide, amplitude 0, a Gaussian out of sight); NaN where ``xy`` is not finite.

    Raises
    ------
    ValueError
        For a bad size, sigma, noise or amplitude or a last axis that is not (x, y).
    TypeError
        For a size that is not whole.

    References
    ----------
    Cramer 1946, Rao 1945.

    Examples
    --------
    >>> n = 0.02
    >>> (cramer_rao([16.3, 15.8], (32, 32), 2.0, n)[0, 0] / (2 * n**2 / np.pi)).round(4)
    np.float64(1.0)
    """
    width, height = (index(length) for length in size)
    if width < 1 or height < 1:
        raise ValueError(f"size must be (W, H) of at least one pixel each, got {size}")
    if not (np.isfinite(sigma) and sigma > 0):
        raise ValueError(f"sigma must be a positive number of heatmap px, got {sigma}")
    if not (np.isfinite(noise) and noise >= 0 and np.isfinite(amplitude)):
        raise ValueError(f"noise must be finite and not negative, amplitude finite, got {noise} and {amplitude}")
    xy = np.asarray(xy, dtype=np.float64)
    if xy.ndim == 0 or xy.shape[-1] != 2:
        raise ValueError(f"xy must be (..., 2) in (x, y) order, got shape {xy.shape}")
    finite = np.isfinite(xy).all(-1)
    # Where xy is astronomically far its square would overflow; it is out of sight all the same.
    at = np.clip(np.where(finite[..., None], xy, 0.0), -1e100, 1e100)
    u0, u1, u2, u_spread = _sums(at[..., 0], width, sigma)
    v0, v1, v2, v_spread = _sums(at[..., 1], height, sigma)
    unit = amplitude**2 / sigma**4  # information times noise², so that noise 0 divides nothing
    told_x, told_y = unit * u2 * v0, unit * u0 * v2
    if known_amplitude:
        mixed = unit * u1 * v1
        x_pivot, y_pivot = told_x - mixed * _ratio(mixed, told_y), told_y - mixed * _ratio(mixed, told_x)
        slant = -_ratio(mixed, told_y)
    else:
        # With A unknown its share is projected out: I_ab - I_aA I_bA / I_AA. That turns second moments into
        # spreads about the mean, and the mixed term u1 v1 - u1 v0 u0 v1 / (u0 v0) into nothing.
        x_pivot, y_pivot = unit * u_spread * v0, unit * u0 * v_spread
        slant = np.zeros_like(x_pivot)
    # The inverse by its pivots: the determinant of a faint Gaussian would underflow long before they do.
    known_x, known_y = (pivot > 1e-12 * told for pivot, told in ((x_pivot, told_x), (y_pivot, told_y)))
    var_x, var_y = noise**2 * _ratio(known_x, x_pivot), noise**2 * _ratio(known_y, y_pivot)
    cross = np.where(known_x & known_y, slant * var_x, 0.0)
    var_x, var_y = np.where(known_x, var_x, np.inf), np.where(known_y, var_y, np.inf)
    covariance = np.stack([np.stack([var_x, cross], -1), np.stack([cross, var_y], -1)], -2)
    covariance[~finite] = np.nan
    return covariance


def _sums(at: Floats, length: int, sigma: float) -> tuple[Floats, ...]:
    """u_0, u_1, u_2 and the spread u_2 - u_1²/u_0, each (...), of Gaussians at ``at`` over ``length`` pixels."""
    away = np.arange(length) - at[..., None]
    weight = np.exp(-((away / sigma) ** 2))
    u0, u1, u2 = weight.sum(-1), (away * weight).sum(-1), (away**2 * weight).sum(-1)
    mean = _ratio(u1, u0)[..., None]
    return u0, u1, u2, ((away - mean) ** 2 * weight).sum(-1)


def _ratio(above: NDArray[Any], below: Floats) -> Floats:
    """Divide, with 0 where ``below`` is 0: there is no information to share out."""
    ratio: Floats = np.divide(above, below, out=np.zeros(np.shape(below)), where=below != 0)
    return ratio
