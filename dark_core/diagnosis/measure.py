"""Measurements of one heatmap around its peak: edges, second peaks, mass far away, noise, curvature."""

from __future__ import annotations

from dataclasses import dataclass
from math import erf, pi, sqrt

import numpy as np

from dark_core.codec import Trace, trace

FAR = 3.0
"""Distance from the peak, in sigma, beyond which a Gaussian has 1 % of its mass: anything more is not its own."""

SECOND_SHARE, SECOND_APART = 0.3, 2.5
"""A second peak counts from this share of the first one's height on, and this many sigma away."""


@dataclass(frozen=True)
class Facts:
    """A heatmap around its peak and away from it. Positions and lengths in heatmap px, heights in the heatmap's unit.

    peak: (x, y) as DARK decodes it; edge, edge_distance: the nearest edge (left, right, top or bottom, half a pixel
    outside the outermost centers) and how far inside it the peak is; outside: share of a Gaussian at the peak that the
    heatmap cuts off; second_height: of the next peak of the smoothed heatmap as a share of the first, both above the
    floor, 0 without one; second_at: its pixel; far_share: share of the positive mass that lies more than 3 sigma from
    the peak; floor: median of the values there; noise: standard deviation of the white noise there; raw_curvature,
    smoothed_curvature: of the log at the peak, mean of both axes, per heatmap px²: -1 / sigma² and -1 / (2 sigma²) for
    a Gaussian.
    """

    peak: tuple[float, float]
    edge: str
    edge_distance: float
    outside: float
    second_height: float
    second_at: tuple[int, int] | None
    far_share: float
    floor: float
    noise: float
    raw_curvature: float
    smoothed_curvature: float


def measure_heatmap(heatmap, sigma: float, steps: Trace | None = None) -> Facts:
    """Measure one heatmap (H, W); ``sigma`` in heatmap px, ``steps`` its trace if already known.

    Every result is finite, whatever the heatmap holds; values that are not finite count as zero.
    Raises ValueError for anything but one heatmap, or a bad sigma.
    """
    if not (np.isfinite(sigma) and sigma > 0):
        raise ValueError(f"sigma must be a positive number of heatmap px, got {sigma}")
    steps = trace(heatmap, sigma) if steps is None else steps
    scale = float(np.abs(steps.raw).max()) or 1.0  # the sum of huge values would overflow
    raw, smoothed = steps.raw.astype(np.float64) / scale, steps.smoothed.astype(np.float64) / scale
    far = beyond(steps.xy, FAR * sigma, raw.shape)
    floor = float(np.median(raw[far])) if far.any() else 0.0
    # Slopes leave no mixed difference; of white noise it has twice the deviation, being made of four pixels.
    mixed = np.diff(np.diff(raw, axis=0), axis=1)[far[1:, 1:]]
    noise = float(np.median(np.abs(mixed))) / 0.6745 / 2 if mixed.size else 0.0
    second_height, second_at = _second(smoothed, steps.peak, floor, noise, sigma)
    edge, distance = nearest_edge(steps.xy, raw.shape)
    positive = np.maximum(raw, 0)
    return Facts(
        peak=(float(steps.xy[0]), float(steps.xy[1])),
        edge=edge,
        edge_distance=distance,
        outside=outside(steps.xy, raw.shape, sigma),
        second_height=second_height,
        second_at=second_at,
        far_share=float(positive[far].sum() / (positive.sum() or 1.0)),
        floor=floor * scale,
        noise=noise * scale,
        raw_curvature=float(np.trace(trace(heatmap, 0).hessian)) / 2,
        smoothed_curvature=float(np.trace(steps.hessian)) / 2,
    )


def beyond(at, radius: float, shape: tuple[int, int]) -> np.ndarray:
    """(H, W) True where a pixel's center lies more than ``radius`` heatmap px from ``at``."""
    y, x = np.indices(shape)
    return np.hypot(x - at[0], y - at[1]) > radius


def nearest_edge(at, shape: tuple[int, int]) -> tuple[str, float]:
    """The nearest edge of a heatmap (H, W) and how far inside it ``at`` lies, heatmap px; negative outside."""
    x, y = (float(value) for value in at)
    inside = {"left": x + 0.5, "right": shape[1] - 0.5 - x, "top": y + 0.5, "bottom": shape[0] - 0.5 - y}
    edge = min(inside, key=inside.__getitem__)
    return edge, inside[edge]


def outside(at, shape: tuple[int, int], sigma: float) -> float:
    """Share of a Gaussian at ``at`` that lies beyond the edges of a heatmap (H, W)."""
    inside = 1.0
    for center, length in zip(at, shape[::-1]):
        low, high = ((float(edge - center)) / (sigma * sqrt(2)) for edge in (-0.5, length - 0.5))
        inside *= (erf(high) - erf(low)) / 2
    return 1.0 - inside


def _second(smoothed: np.ndarray, peak, floor: float, noise: float, sigma: float):
    """Height share and pixel of the second peak of ``smoothed``, (0, None) if none is high and far enough."""
    padded = np.pad(smoothed, 1, constant_values=-np.inf)
    around = np.lib.stride_tricks.sliding_window_view(padded, (3, 3)).max((2, 3))
    apart = beyond(peak, SECOND_APART * sigma, smoothed.shape)
    heights = np.where(apart & (smoothed == around), smoothed - floor, -np.inf)
    y, x = np.unravel_index(heights.argmax(), heights.shape)
    top = smoothed[peak[1], peak[0]] - floor
    # Smoothing leaves white noise n / (2 sqrt(pi) sigma); five of those hardly ever rise by chance.
    if top <= 0 or heights[y, x] < max(SECOND_SHARE * top, 5 * noise / (2 * sqrt(pi) * sigma)):
        return 0.0, None
    return float(heights[y, x] / top), (int(x), int(y))
