"""Heatmaps to joint coordinates, by any decoder of the registry, through one function."""

from __future__ import annotations

from typing import Any, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dark_core.codec._decoded import Decoded, Peaks
from dark_core.codec._fast.backend import (
    AnyArray,
    Tensor,
    all_axes,
    arange,
    as_numpy,
    asarray_like,
    at_least_float32,
    cast,
    full_precision,
    index_update,
    is_tensor,
    namespace,
    on_cpu_without_gradient,
    refuse_graph,
    to_float64,
    with_finite_gradient,
)
from dark_core.codec._fast.heatmap_batch import TEMPERATURE, HeatmapBatch
from dark_core.codec._fast.rival_peaks import best_peaks, contested, decode_peaks
from dark_core.codec.registry import DECODERS, Decoder
from dark_core.codec.status import Status, in_full, is_elsewhere

BLOCK = 1100
"""Heatmaps of an array decoded at a time: a thousand of them or more need at most a tenth of their memory beside them
to be decoded by DARK or the fit."""


def as_batch(heatmaps: AnyArray) -> tuple[AnyArray, tuple[int, ...]]:
    """Bring heatmaps (..., H, W) to (M, H, W) of real floating-point numbers; also the leading shape.

    Raises ValueError for fewer than two axes, an empty heatmap, or values that are not real numbers.
    """
    array: AnyArray = heatmaps if is_tensor(heatmaps) else np.asarray(heatmaps)
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


def prepared(
    heatmaps: AnyArray, sigma: float, temperature: float = TEMPERATURE
) -> tuple[HeatmapBatch, AnyArray, AnyArray]:
    """Make a ``HeatmapBatch`` that any decoder can take; also the largest values (M,) and the statuses (M,) so far.

    A heatmap (H, W) whose largest value is NaN or infinite is decoded with such values taken as zero, or as its least
    value where none is positive, and flagged, so that one bad heatmap never spoils its batch. NaN counts as the largest
    in every argmax, so that nobody has to look for it. A heatmap of extraordinary height is divided by a power of two,
    which changes no position.
    """
    xp = namespace(heatmaps)
    batch = HeatmapBatch(heatmaps, sigma, temperature)
    score, status = batch.score, batch.index * 0 + Status.FINE
    height = xp.abs(at_least_float32(score))
    ordinary = (height < LARGE) & (height > 1 / LARGE)
    strange = () if ordinary.all() else xp.where(~ordinary & (height != 0))[0]
    if len(strange):
        status = xp.where(xp.isfinite(score), Status.FINE, Status.NOT_FINITE)
        corrected, top = _corrected(at_least_float32(heatmaps[strange]))
        batch = HeatmapBatch(index_update(at_least_float32(heatmaps), strange, corrected), sigma, temperature)
        score = index_update(score, strange, cast(top, score))
    first = batch.index == 0  # the largest pixel of a constant heatmap
    if first.any():
        suspect = batch.heatmaps[first]
        flat = (suspect == suspect[:, :1, :1]).reshape(len(suspect), -1).all(-1)
        which = xp.where(first)[0][flat]
        status = index_update(status, which, xp.where(status[which] == Status.FINE, Status.FLAT, status[which]))
    return batch, score, status


def _corrected(heatmaps: AnyArray) -> tuple[AnyArray, AnyArray]:
    """Replace what is not finite, and scale the peaks to between one and two; also the peaks (M,) before.

    Zero stands in for it, except where zero would be the peak.
    """
    xp = namespace(heatmaps)
    finite = xp.isfinite(heatmaps)
    most = xp.amax(xp.where(finite, heatmaps, -np.inf), (1, 2))
    least = xp.amin(xp.where(finite, heatmaps, np.inf), (1, 2))
    stand_in = xp.where((most > 0) | (least == np.inf), 0.0, least)
    heatmaps = xp.where(finite, heatmaps, stand_in[:, None, None])
    top = HeatmapBatch(heatmaps, 1.0).score
    height = xp.abs(xp.where(top == 0, 1.0, top))
    power = height / (2 * xp.frexp(height)[0])
    return (heatmaps / power[:, None, None]).clip(-LARGE, None), top


def with_faults(batch: HeatmapBatch, xy: AnyArray, status: AnyArray, given: AnyArray) -> tuple[AnyArray, AnyArray]:
    """Positions (M, 2) and statuses (M,) of a decoder, with the statuses ``given`` (M,) by ``prepared``.

    A heatmap that is itself at fault is decoded near its largest pixel: its status cannot tell of another peak too.
    """
    xp, faulty = namespace(xy), given != Status.FINE
    xy = xp.where((faulty & is_elsewhere(status))[:, None], cast(batch.peak, xy), xy)
    return xy, xp.where(faulty, given, status)


def _decode_block(
    heatmaps: AnyArray, decoder: Decoder, sigma: float, temperature: float, peaks: int
) -> tuple[AnyArray, ...]:
    """Decode a block of heatmaps (M, H, W) to xy, score, status, a covariance, a noise, and xy and score of the peaks.

    Each of the last four is None where there is none.
    """
    xp = namespace(heatmaps)
    batch, score, given = prepared(heatmaps, sigma, temperature)
    xy, status, covariance, noise, *_ = *decoder.function(batch), None, None
    sound = all_axes(xp.isfinite(xy))
    if not sound.all():
        xy = xp.where(sound[:, None], xy, to_float64(batch.peak))
        given = xp.where(sound | (given != Status.FINE), given, Status.UNSETTLED)
    xy, status = with_faults(batch, xy, status, given)
    if covariance is not None:
        known = in_full(status) & xp.isfinite(covariance[:, 0, 0])
        anywhere = asarray_like(np.diag([length**2 / 12 for length in batch.size]), xy)
        covariance = xp.where(known[:, None, None], covariance, anywhere)
    if peaks == 1:
        return xy, score, status, covariance, noise, None, None
    index, found = best_peaks(batch, peaks)
    values = heatmaps.reshape(len(heatmaps), -1)[arange(len(heatmaps), heatmaps)[:, None], index]
    status = xp.where(status == Status.FINE, contested(values, found), status)
    return xy, score, status, covariance, noise, *decode_peaks(batch, decoder.function, xy, index, found, values)


def _decode_batch(
    heatmaps: AnyArray, decoder: Decoder, sigma: float, temperature: float, peaks: int
) -> tuple[AnyArray, ...]:
    """Do the same with any number of heatmaps (M, H, W), block by block."""
    if is_tensor(heatmaps) and on_cpu_without_gradient(heatmaps):
        found = _decode_batch(as_numpy(heatmaps), decoder, sigma, temperature, peaks)
        xy, score, *rest = (None if part is None else namespace(heatmaps).from_numpy(part) for part in found)
        return xy, cast(score, heatmaps), *rest
    xp, count = namespace(heatmaps), len(heatmaps)
    if not count:  # one heatmap is decoded in their place, so that shapes and dtypes are those of any batch
        heatmaps = xp.zeros((1, *heatmaps.shape[1:]), dtype=heatmaps.dtype, device=heatmaps.device)
    block = BLOCK if peaks == 1 else BLOCK // 8  # to look for other peaks takes a copy
    step = len(heatmaps) if is_tensor(heatmaps) else block
    blocks = [heatmaps[first : first + step] for first in range(0, len(heatmaps), step)]
    with np.errstate(all="ignore"):  # what overflows or has no log is found in the result, and flagged
        parts = [_decode_block(part, decoder, sigma, temperature, peaks) for part in blocks]
    return tuple(None if column[0] is None else xp.concatenate(column)[:count] for column in zip(*parts))


@overload
def decode(
    heatmaps: Tensor, decoder: str = ..., sigma: float = ..., temperature: float = ..., peaks: int = ...
) -> Decoded[Tensor]: ...
@overload
def decode(
    heatmaps: ArrayLike, decoder: str = ..., sigma: float = ..., temperature: float = ..., peaks: int = ...
) -> Decoded[NDArray[Any]]: ...
def decode(
    heatmaps: AnyArray,
    decoder: str = "dark",
    sigma: float = 2.0,
    temperature: float = TEMPERATURE,
    peaks: int = 1,
) -> Decoded[Any]:
    """Decode heatmaps to joint coordinates.

    Gradients pass from the positions of a tensor to its values, except where these are whole pixels or fractions of
    one. A tensor on the CPU that needs no gradient is decoded by NumPy, which is faster there.

    Parameters
    ----------
    heatmaps : array_like or Tensor, shape (..., H, W)
        One heatmap per joint, of any real dtype; half precision is decoded as it is. Any values are accepted: zero,
        constant or non-finite heatmaps give a finite position with ``ok`` False.
    decoder : str
        A name of ``DECODERS``, which has the formula and the source of each.
    sigma : float
        Standard deviation, in heatmap px, of the Gaussians that the network was trained on; only decoders that smooth
        or fit use it.
    temperature : float
        That of soft-argmax, in units of each heatmap's peak.
    peaks : int
        How many of the best peaks of each heatmap ``Decoded.peaks`` holds. With 2 or more, the status says too where
        two peaks are equally high or the second is more than 80 % as high as the first. Looking for other peaks
        takes some ten times as long as DARK, so that by default, with 1, none is looked for.

    Returns
    -------
    Decoded
        Arrays for arrays, tensors on the same device for a tensor; positions in double precision.

    Raises
    ------
    ValueError
        For an unknown decoder, a sigma or temperature that is not a positive number, a number of peaks below one,
        fewer than two axes, an empty heatmap, or values that are not real numbers.
    RuntimeError
        While ``torch.jit.trace`` or ``torch.export`` records: export a ``dark_core.codec.torch.HeatmapDecoder``.

    References
    ----------
    The default is that of Zhang et al., CVPR 2020, section 3.1.

    Examples
    --------
    >>> from dark_core.codec import encode
    >>> decoded = decode(encode([[20.3, 31.7], [9.0, 5.5]], size=(48, 64), sigma=2.0), decoder="dark", sigma=2.0)
    >>> decoded.xy.round(3).tolist()
    [[20.3, 31.7], [9.0, 5.5]]
    >>> decode(np.zeros((2, 5, 5))).reasons
    ['the heatmap is flat: no pixel stands out', 'the heatmap is flat: no pixel stands out']

    The two ankles of one heatmap:

    >>> left, right = encode([[12.25, 40.5], [36.5, 41.0]], size=(48, 64), sigma=2.0)
    >>> decoded = decode(left + 0.9 * right, peaks=2)
    >>> decoded.status.item() == Status.RIVAL_PEAK, decoded.peaks.xy.round(2).tolist()
    (True, [[12.25, 40.5], [36.5, 41.0]])
    """
    if is_tensor(heatmaps):
        refuse_graph(heatmaps)
    if decoder not in DECODERS:
        raise ValueError(f"unknown decoder {decoder!r}: expected one of {', '.join(DECODERS)}")
    if not (np.isfinite(sigma) and sigma > 0):
        raise ValueError(f"sigma must be a positive number of heatmap px, got {sigma}")
    if not (np.isfinite(temperature) and temperature > 0):
        raise ValueError(f"temperature must be a positive share of the peak, got {temperature}")
    if not (isinstance(peaks, int | np.integer) and peaks >= 1):
        raise ValueError(f"peaks must be a whole number of at least 1, got {peaks!r}")
    batch, leading = as_batch(heatmaps)
    batch = with_finite_gradient(batch)
    options = DECODERS[decoder], float(sigma), float(temperature), int(peaks)
    with full_precision(batch):
        xy, score, status, covariance, noise, peaks_xy, peaks_score = _decode_batch(batch, *options)
    found = None
    if peaks_xy is not None:
        found = Peaks(peaks_xy.reshape(*leading, peaks, 2), cast(peaks_score, score).reshape(*leading, peaks))
    return Decoded(
        xy.reshape(*leading, 2),
        score.reshape(leading),
        in_full(status).reshape(leading),
        status.reshape(leading),
        None if covariance is None else covariance.reshape(*leading, 2, 2),
        None if noise is None else noise.reshape(leading),
        found,
    )
