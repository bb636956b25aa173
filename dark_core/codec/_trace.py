"""Every intermediate of one joint's DARK reading, for those who want to watch it happen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from dark_core.codec._decode import as_maps, looked_at
from dark_core.codec._fast.newton import FINE, REASONS
from dark_core.codec._smooth import smooth
from dark_core.codec.decoders.dark import matched_step, raw_step


@dataclass(frozen=True)
class Trace:
    """One joint from map to mean, coordinates in heatmap px.

    raw, smoothed: (H, W), what is not finite taken as zero; raw_peak: (2,) integer (x, y) of the largest raw value;
    peak: (2,) that of the smoothed map, climbed to from there; center: (2,) pixel the derivatives are taken at
    (the peak, one pixel inwards on an edge); log_patch: (3, 3) ln of the smoothed map round the center, [y, x];
    gradient: (2,) D'; hessian: (2, 2) D''; offset: (2,) the step -D''^-1 D' from the center; xy: (2,) the result;
    ok: False when the result is a fallback; fallback: why, in a sentence, or "".
    """

    raw: np.ndarray
    smoothed: np.ndarray
    raw_peak: np.ndarray
    peak: np.ndarray
    center: np.ndarray
    log_patch: np.ndarray
    gradient: np.ndarray
    hessian: np.ndarray
    offset: np.ndarray
    xy: np.ndarray
    ok: bool
    fallback: str


def trace(heatmap: ArrayLike, sigma: float = 2.0) -> Trace:
    """The DARK reading of one heatmap (H, W), an array, step by step; ``sigma`` in heatmap px, 0 for no smoothing.

    mu = m - D''(m)^-1 D'(m), D = ln (K * h), from the smoothed map's peak m (Zhang et al., CVPR 2020, section 3.1).
    ``trace(h, sigma).xy`` equals ``decode(h, "dark", sigma).xy``, and with sigma 0
    ``decode(h, "taylor").xy``: the same functions compute both.
    Raises ValueError for anything but one map of real numbers, or for a negative or non-finite sigma.

    >>> from dark_core.codec import encode
    >>> step = trace(encode([20.3, 31.7], size=(48, 64), sigma=2.0), sigma=2.0)
    >>> step.peak.tolist(), step.offset.round(2).tolist(), step.xy.round(2).tolist()
    ([20, 32], [0.3, -0.3], [20.3, 31.7])
    """
    if np.ndim(heatmap) != 2:
        raise ValueError(f"trace follows one heatmap (H, W), got shape {np.shape(heatmap)}")
    if not (np.isfinite(sigma) and sigma >= 0):
        raise ValueError(f"sigma must be zero or a positive number of heatmap px, got {sigma}")
    maps, _ = as_maps(np.asarray(heatmap))
    sigma = float(sigma)
    with np.errstate(all="ignore"):  # as ``decode`` does
        look, _, given = looked_at(maps, sigma or 1.0)
        step = matched_step(look) if sigma else raw_step(look)
        raw = np.where(np.isfinite(maps), maps, 0)
        smoothed = smooth(raw, sigma)
        (x, y), scale = look.peak[0], 1.0
        if look.maps[0, y, x] > 0:  # a map of extraordinary height is read scaled
            scale = np.float64(raw[0, y, x]) / look.maps[0, y, x]
    reason = int(given[0] if given[0] != FINE else step.reason[0])
    return Trace(
        raw=raw[0],
        smoothed=smoothed[0],
        raw_peak=look.peak[0],
        peak=(look.matched.peak if sigma and not look.tiny else look.peak)[0],
        center=step.center[0],
        log_patch=step.log_patch[0] + np.log(scale),
        gradient=step.gradient[0],
        hessian=step.hessian[0],
        offset=step.offset[0],
        xy=step.xy[0],
        ok=reason == FINE,
        fallback=REASONS[reason],
    )
