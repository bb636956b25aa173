"""Every intermediate of one joint's DARK decoding, for those who want to watch it happen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dark_core.codec._decode import as_batch, prepared, with_faults
from dark_core.codec._smooth import smooth
from dark_core.codec.decoders.dark import raw_step, smoothed_step
from dark_core.codec.status import Status, in_full


@dataclass(frozen=True)
class Trace:
    """One joint from heatmap to position, coordinates in heatmap px.

    Attributes
    ----------
    raw, smoothed : ndarray, shape (H, W)
        The heatmap before and after smoothing, what is not finite taken as zero.
    raw_peak : ndarray of int, shape (2,)
        The pixel (x, y) of the largest raw value.
    peak : ndarray of int, shape (2,)
        That of the smoothed heatmap, climbed to from there.
    center : ndarray of int, shape (2,)
        The pixel that the derivatives are taken at: the peak, one pixel inwards on an edge.
    log_patch : ndarray, shape (3, 3)
        ln of the smoothed heatmap round the center, [y, x].
    gradient : ndarray, shape (2,)
        D'.
    hessian : ndarray, shape (2, 2)
        D''.
    offset : ndarray, shape (2,)
        The step -D''^-1 D' from the center.
    xy : ndarray, shape (2,)
        The decoded position.
    status : Status
        ``Status.FINE`` or ``Status.OTHER_PEAK``, or why the position is a fallback.
    """

    raw: NDArray[Any]
    smoothed: NDArray[Any]
    raw_peak: NDArray[np.int64]
    peak: NDArray[np.int64]
    center: NDArray[np.int64]
    log_patch: NDArray[np.float64]
    gradient: NDArray[np.float64]
    hessian: NDArray[np.float64]
    offset: NDArray[np.float64]
    xy: NDArray[np.float64]
    status: Status

    @property
    def ok(self) -> bool:
        """False when the position is a fallback."""
        return bool(in_full(self.status))

    @property
    def fallback(self) -> str:
        """Why the position is a fallback, a sentence, or ""."""
        return "" if self.ok else self.status.sentence


def trace(heatmap: ArrayLike, sigma: float = 2.0) -> Trace:
    """Decode one heatmap by DARK, step by step.

    mu = m - D''(m)^-1 D'(m), D = ln (K * h), from the smoothed heatmap's peak m. ``trace(h, sigma).xy`` equals
    ``decode(h, "dark", sigma).xy``, and with sigma 0 ``decode(h, "taylor").xy``: the same functions compute both.

    Parameters
    ----------
    heatmap : array_like, shape (H, W)
        One heatmap of real numbers.
    sigma : float
        Standard deviation of the smoothing kernel in heatmap px, 0 for no smoothing.

    Returns
    -------
    Trace
        Every intermediate result.

    Raises
    ------
    ValueError
        For anything but one heatmap of real numbers, or for a negative or non-finite sigma.

    References
    ----------
    Zhang et al., CVPR 2020, section 3.1, equations 5 to 10.

    Examples
    --------
    >>> from dark_core.codec import encode
    >>> step = trace(encode([20.3, 31.7], size=(48, 64), sigma=2.0), sigma=2.0)
    >>> step.peak.tolist(), step.offset.round(2).tolist(), step.xy.round(2).tolist()
    ([20, 32], [0.3, -0.3], [20.3, 31.7])
    """
    if np.ndim(heatmap) != 2:
        raise ValueError(f"trace follows one heatmap (H, W), got shape {np.shape(heatmap)}")
    if not (np.isfinite(sigma) and sigma >= 0):
        raise ValueError(f"sigma must be zero or a positive number of heatmap px, got {sigma}")
    heatmaps, _ = as_batch(np.asarray(heatmap))  # (1, H, W)
    sigma = float(sigma)
    with np.errstate(all="ignore"):  # as ``decode`` does
        batch, _, given = prepared(heatmaps, sigma or 1.0)
        step = smoothed_step(batch) if sigma else raw_step(batch)
        xy, status = with_faults(batch, step.xy, step.status, given)
        raw = np.where(np.isfinite(heatmaps), heatmaps, 0)
        smoothed = smooth(raw, sigma)
        (x, y), scale = batch.peak[0], np.float64(1.0)
        if batch.heatmaps[0, y, x] > 0:  # a heatmap of extraordinary height is decoded scaled
            scale = np.float64(raw[0, y, x]) / batch.heatmaps[0, y, x]
    return Trace(
        raw=raw[0],
        smoothed=smoothed[0],
        raw_peak=batch.peak[0],
        peak=(batch.smoothed_peaks.peak if sigma and not batch.too_small else batch.peak)[0],
        center=step.center[0],
        log_patch=step.log_patch[0] + np.log(scale),
        gradient=step.gradient[0],
        hessian=step.hessian[0],
        offset=step.offset[0],
        xy=xy[0],
        status=Status(int(status[0])),
    )
