"""Heatmaps to joint coordinates, by any decoder of the registry, through one function.

Arrays and tensors are answered in kind.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, overload

import numpy as np

from dark_core.codec._fast.backend import (
    Array,
    Tensor,
    both,
    cast,
    copy,
    double,
    is_tensor,
    like,
    namespace,
    put,
    with_finite_gradient,
    working,
)
from dark_core.codec._fast.heatmap_batch import TEMPERATURE, HeatmapBatch
from dark_core.codec._fast.newton import FINE, FLAT, NOT_FINITE, REASONS
from dark_core.codec.registry import DECODERS, Decoder

BLOCK = 1100
"""Maps of an array read at a time: a thousand of them or more need at most a tenth of their room beside them to be
read by DARK or the fit."""


@dataclass(frozen=True, eq=False)
class Decoded(Generic[Array]):
    """Joints read from heatmaps of leading shape (...), in arrays or tensors as the maps were.

    xy: (..., 2) in heatmap px; score: (...) the raw map's largest value; ok: (...) False where the map holds no
    finite, distinct peak, or where the decoder had to fall back to a plainer reading; reason: (...) why, a code
    into ``REASONS``; covariance: (..., 2, 2) of xy in heatmap px^2 in white noise, from the map's own
    residuals, or that of a place anywhere on the map where nothing is known; None from decoders that have none.
    """

    xy: Array
    score: Array
    ok: Array
    reason: Array
    covariance: Array | None = None

    @property
    def reasons(self) -> list[str]:
        """The reason of every joint in words, flat; "" where the reading is a full one."""
        return [REASONS[int(code)] for code in self.reason.reshape(-1)]


def as_maps(heatmaps):
    """Heatmaps (..., H, W) as maps (M, H, W) of real floating-point numbers, and the leading shape.

    Raises ValueError for fewer than two axes, an empty map, or values that are not real numbers.
    """
    array = heatmaps if is_tensor(heatmaps) else np.asarray(heatmaps)
    shape = tuple(array.shape)
    if len(shape) < 2 or 0 in shape[-2:]:
        raise ValueError(f"heatmaps must be (..., H, W) with H and W at least 1, got shape {shape}")
    if is_tensor(array):
        if array.is_complex():
            raise ValueError(f"heatmaps must hold real numbers, got dtype {array.dtype}")
        array = array if array.is_floating_point() else array.float()
    elif array.dtype.kind not in "fiub":
        raise ValueError(f"heatmaps must hold real numbers, got dtype {array.dtype}")
    elif array.dtype not in (np.float16, np.float32, np.float64):
        array = array.astype(np.float64)
    return array.reshape(-1, *shape[-2:]), shape[:-2]


LARGE = 1e10
"""Peaks above this, or below its inverse, are scaled: their squares would leave the range of single precision."""


def looked_at(maps, sigma: float, temperature: float = TEMPERATURE):
    """A ``HeatmapBatch`` that any decoder can take, the largest values (M,), and the reason codes so far.

    A map whose largest value is NaN or infinite is read with such values taken as zero and flagged,
    so that one bad map never spoils its batch. NaN counts as the largest in every argmax, so that
    nobody has to look for it. A map of extraordinary height is divided by a power of two, which changes no reading.
    """
    xp = namespace(maps)
    look = HeatmapBatch(maps, sigma, temperature)
    score, given = look.score, look.index * 0 + FINE
    height = xp.abs(working(score))
    ordinary = (height < LARGE) & (height > 1 / LARGE)
    strange = () if ordinary.all() else xp.where(~ordinary & (height != 0))[0]
    if len(strange):
        given = xp.where(xp.isfinite(score), FINE, NOT_FINITE)
        mended, top = _mended(working(maps[strange]))
        look = HeatmapBatch(put(working(copy(maps)), strange, mended), sigma, temperature)
        score = put(copy(score), strange, cast(top, score))
    first = look.index == 0  # the largest pixel of a constant map
    if first.any():
        suspect = look.maps[first]
        even = (suspect == suspect[:, :1, :1]).reshape(len(suspect), -1).all(-1)
        which = xp.where(first)[0][even]
        given = put(given, which, xp.where(given[which] == FINE, FLAT, given[which]))
    return look, score, given


def _mended(maps):
    """Maps (M, H, W) with zeros for what is not finite, scaled to a peak between one and two, and that peak before."""
    xp = namespace(maps)
    maps = xp.where(xp.isfinite(maps), maps, 0.0)
    top = HeatmapBatch(maps, 1.0).score
    height = xp.abs(xp.where(top == 0, 1.0, top))
    power = height / (2 * xp.frexp(height)[0])
    return (maps / power[:, None, None]).clip(-LARGE, None), top


def _read(maps, decoder: Decoder, sigma: float, temperature: float) -> tuple:
    """(xy, score, reason, covariance or None) of a block of maps."""
    xp = namespace(maps)
    look, score, given = looked_at(maps, sigma, temperature)
    xy, reason, *covariance = decoder.function(look)
    sound = both(xp.isfinite(xy))
    if not sound.all():
        xy = xp.where(sound[:, None], xy, double(look.peak))
        given = xp.where(sound | (given != FINE), given, NOT_FINITE)
    reason = xp.where(given == FINE, reason, given)
    if not covariance:
        return xy, score, reason, None
    known = (reason == FINE) & xp.isfinite(covariance[0][:, 0, 0])
    anywhere = like(np.diag([length**2 / 12 for length in look.size]), xy)
    return xy, score, reason, xp.where(known[:, None, None], covariance[0], anywhere)


@overload
def decode(
    heatmaps: np.ndarray, decoder: str = ..., sigma: float = ..., temperature: float = ...
) -> Decoded[np.ndarray]: ...
@overload
def decode(heatmaps: Tensor, decoder: str = ..., sigma: float = ..., temperature: float = ...) -> Decoded[Tensor]: ...
def decode(
    heatmaps: np.ndarray | Tensor, decoder: str = "dark", sigma: float = 2.0, temperature: float = TEMPERATURE
) -> Decoded:
    """Joints of heatmaps (..., H, W), read by ``decoder`` of ``DECODERS``, in heatmap px.

    ``sigma`` is the standard deviation, in heatmap px, of the Gaussians the network was trained
    on; only decoders that smooth or fit use it. ``temperature`` is soft-argmax's, in units of each map's
    peak. Arrays and tensors of any device are answered in kind; half precision is read as it is. Any values are
    accepted: zero, constant or non-finite maps give a finite place with ``ok`` False. Gradients pass from the
    places of a tensor to its values, but for readings that are whole pixels or fractions of one.
    The default is that of Zhang et al., CVPR 2020, section 3.1; ``DECODERS[decoder]`` has the formula and
    the source of each.
    Raises ValueError for an unknown decoder, a sigma or temperature that is not a positive number, fewer than two
    axes, an empty map, or values that are not real numbers.

    >>> from dark_core.codec import encode
    >>> read = decode(encode([[20.3, 31.7], [9.0, 5.5]], size=(48, 64), sigma=2.0), decoder="dark", sigma=2.0)
    >>> read.xy.round(3).tolist()
    [[20.3, 31.7], [9.0, 5.5]]
    >>> decode(np.zeros((2, 5, 5))).reasons
    ['the map is flat: no pixel stands out', 'the map is flat: no pixel stands out']
    """
    if decoder not in DECODERS:
        raise ValueError(f"unknown decoder {decoder!r}: expected one of {', '.join(DECODERS)}")
    if not (np.isfinite(sigma) and sigma > 0):
        raise ValueError(f"sigma must be a positive number of heatmap px, got {sigma}")
    if not (np.isfinite(temperature) and temperature > 0):
        raise ValueError(f"temperature must be a positive share of the peak, got {temperature}")
    maps, leading = as_maps(heatmaps)
    maps = with_finite_gradient(maps)
    xp, count = namespace(maps), len(maps)
    if not count:  # one map is read in their place, so that shapes and dtypes are those of any batch
        maps = xp.zeros((1, *maps.shape[1:]), dtype=maps.dtype, device=maps.device)
    step = len(maps) if is_tensor(maps) else BLOCK
    blocks = [maps[first : first + step] for first in range(0, len(maps), step)]
    with np.errstate(all="ignore"):  # what overflows or has no log is found in the result, and flagged
        parts = [_read(block, DECODERS[decoder], float(sigma), float(temperature)) for block in blocks]
    xy, score, reason, covariance = (
        None if column[0] is None else xp.concatenate(column)[:count] for column in zip(*parts)
    )
    return Decoded(
        xy.reshape(*leading, 2),
        score.reshape(leading),
        (reason == FINE).reshape(leading),
        reason.reshape(leading),
        None if covariance is None else covariance.reshape(*leading, 2, 2),
    )
