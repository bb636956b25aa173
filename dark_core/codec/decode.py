"""Heatmaps to joint coordinates: the registry of decoders, read through one function.

A decoder is a function of maps (M, H, W) and sigma that returns positions (M, 2) in heatmap
px and a reason code (M,) of ``taylor.REASONS``. One added to ``DECODERS`` appears on every
page and in every table by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from dark_core.codec.smooth import smooth
from dark_core.codec.taylor import FINE, FLAT, NOT_FINITE, NOT_POSITIVE, newton_step, peak

Reading = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Decoded:
    """Joints read from heatmaps of leading shape (...).

    xy: (..., 2) in heatmap px; score: (...) the raw map's largest value; ok: (...) False where
    the map holds no finite, distinct peak, or where the decoder had to fall back to a plainer
    reading (``trace`` says which and why).
    """

    xy: np.ndarray
    score: np.ndarray
    ok: np.ndarray


@dataclass(frozen=True)
class Decoder:
    """One way to read a heatmap, with what the pages need to name and draw it.

    colour is a hex string and marker the name of a shape (square, diamond, triangle, plus, star).
    """

    name: str
    title: str
    formula: str
    colour: str
    marker: str
    source: str
    function: Callable[[np.ndarray, float], Reading]


def _all_fine(maps: np.ndarray) -> np.ndarray:
    return np.full(len(maps), FINE)


def _argmax(maps: np.ndarray, sigma: float) -> Reading:
    return peak(maps).astype(np.float64), _all_fine(maps)


def _quarter_shift(maps: np.ndarray, sigma: float) -> Reading:
    peaks = peak(maps)
    _, height, width = maps.shape
    index = np.arange(len(maps))
    shifts = []
    for axis, length in ((0, width), (1, height)):
        step = np.eye(2, dtype=int)[axis]
        before, after = (np.clip(peaks + s * step, 0, [width - 1, height - 1]) for s in (-1, 1))
        low, high = (maps[index, at[:, 1], at[:, 0]] for at in (before, after))
        inside = (peaks[:, axis] > 0) & (peaks[:, axis] < length - 1)
        shifts.append(np.where(inside, 0.25 * (high > low) - 0.25 * (high < low), 0.0))
    return peaks + np.stack(shifts, -1), _all_fine(maps)


def _weighted_average(maps: np.ndarray, sigma: float) -> Reading:
    weight = np.maximum(maps, 0)
    top = weight.max((1, 2))
    empty = top <= 0
    weight = weight / np.where(empty, 1, top)[:, None, None]  # the sum of huge values would overflow
    columns, rows = weight.sum(1, dtype=np.float64), weight.sum(2, dtype=np.float64)
    total = np.where(empty, 1, columns.sum(1))
    x = (columns @ np.arange(maps.shape[2])) / total
    y = (rows @ np.arange(maps.shape[1])) / total
    xy = np.where(empty[:, None], peak(maps), np.stack([x, y], -1))
    return xy, np.where(empty, NOT_POSITIVE, FINE)


def _taylor(maps: np.ndarray, sigma: float) -> Reading:
    step = newton_step(maps, peak(maps))
    return step.xy, step.reason


def _dark(maps: np.ndarray, sigma: float) -> Reading:
    return _taylor(smooth(maps, sigma), sigma)


_ALL = (
    Decoder(
        "argmax",
        "Argmax",
        r"\hat{x} = m = \arg\max_x h(x)",
        "#D55E00",
        "square",
        "the pixel of the largest value",
        _argmax,
    ),
    Decoder(
        "quarter_shift",
        "¼ shift",
        r"\hat{x} = m + \tfrac14\,\mathrm{sign}\,h'(m)",
        "#0072B2",
        "diamond",
        "Newell et al. 2016, as written in HRNet's code: a quarter pixel per axis by the sign of the slope",
        _quarter_shift,
    ),
    Decoder(
        "weighted_average",
        "Weighted average",
        r"\hat{x} = \sum_x h(x)\,x \,/\, \sum_x h(x)",
        "#56B4E9",
        "triangle",
        "the centroid of the whole map, negative values left out",
        _weighted_average,
    ),
    Decoder(
        "taylor",
        "Taylor alone",
        r"\hat{x} = m - D''(m)^{-1} D'(m),\; D = \ln h",
        "#CC79A7",
        "plus",
        "DARK (Zhang et al. 2020), equations 3 to 5, without modulation",
        _taylor,
    ),
    Decoder(
        "dark",
        "DARK",
        r"\hat{x} = m - D''(m)^{-1} D'(m),\; D = \ln (K \ast h)",
        "#F0E442",
        "star",
        "DARK (Zhang et al. 2020): modulation, then one Newton step on the log",
        _dark,
    ),
)

DECODERS: dict[str, Decoder] = {decoder.name: decoder for decoder in _ALL}


def as_maps(heatmaps) -> tuple[np.ndarray, tuple[int, ...], np.ndarray]:
    """Maps (M, H, W) with every value finite, the leading shape, and the reason codes (M,) so far.

    Values that are not finite are read as zero and their map is flagged, so that one bad map
    never spoils its batch. Raises ValueError for fewer than two axes, an empty map, or values
    that are not real numbers.
    """
    array = np.asarray(heatmaps)
    if array.ndim < 2 or 0 in array.shape[-2:]:
        raise ValueError(f"heatmaps must be (..., H, W) with H and W at least 1, got shape {array.shape}")
    if array.dtype.kind not in "fiub":
        raise ValueError(f"heatmaps must hold real numbers, got dtype {array.dtype}")
    if array.dtype not in (np.float32, np.float64):
        array = array.astype(np.float32 if array.dtype == np.float16 else np.float64)
    maps = array.reshape(-1, *array.shape[-2:])
    finite = np.isfinite(maps)
    bad = ~finite.all((1, 2))
    if bad.any():
        maps = np.where(finite, maps, 0)
    flat = maps.max((1, 2)) == maps.min((1, 2)) if len(maps) else bad
    return maps, array.shape[:-2], np.where(bad, NOT_FINITE, np.where(flat, FLAT, FINE))


def decode(heatmaps, method: str = "dark", sigma: float = 2.0) -> Decoded:
    """Joints of heatmaps (..., H, W), read by ``method`` of ``DECODERS``, in heatmap px.

    ``sigma`` is the standard deviation, in heatmap px, of the Gaussians the network was trained
    on; only decoders that smooth use it. Any values are accepted: zero, constant or non-finite
    maps give a finite position with ``ok`` False.
    Raises ValueError for an unknown method, a bad sigma, or an array that is not heatmaps.

    >>> decode(np.zeros((2, 5, 5))).ok.tolist()
    [False, False]
    """
    if method not in DECODERS:
        raise ValueError(f"unknown decoder {method!r}: expected one of {', '.join(DECODERS)}")
    if not (np.isfinite(sigma) and sigma > 0):
        raise ValueError(f"sigma must be a positive number of heatmap px, got {sigma}")
    maps, leading, given = as_maps(heatmaps)
    xy, reason = DECODERS[method].function(maps, float(sigma))
    ok = (given == FINE) & (reason == FINE)
    return Decoded(xy.reshape(*leading, 2), maps.max((1, 2)).reshape(leading), ok.reshape(leading))
