r"""SimCC: a joint as two rows of bins, one along x and one along y, finer than the pixels.

A network of this kind classifies each coordinate by itself: its target is a Gaussian over the bins of an axis,
:math:`t_i = e^{-(i - kx)^2 / 2\sigma^2}` with k bins per pixel. It is decoded as the largest bin of each axis, rounded
to a whole bin, or below a bin's width by the parabola through the logs of the three bins round it, exact for a
Gaussian.

Known failure: the two axes know nothing of each other. Where there are two peaks, x may come from one and y from the
other, and the position is in neither.
"""

from __future__ import annotations

from typing import Any, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dark_core.codec._decoded import Decoded
from dark_core.codec._encode import quantize
from dark_core.codec._fast.backend import (
    AnyArray,
    Tensor,
    arange,
    clip,
    is_tensor,
    namespace,
    to_float64,
)
from dark_core.codec.status import Status, in_full


@overload
def encode_simcc(
    joints_xy: Tensor, size: tuple[int, int], sigma: float, split: float = ...
) -> tuple[Tensor, Tensor]: ...
@overload
def encode_simcc(
    joints_xy: ArrayLike, size: tuple[int, int], sigma: float, split: float = ...
) -> tuple[NDArray[Any], NDArray[Any]]: ...
def encode_simcc(
    joints_xy: AnyArray, size: tuple[int, int], sigma: float, split: float = 2.0
) -> tuple[AnyArray, AnyArray]:
    """Draw the SimCC targets of joints: a Gaussian of height 1 over the bins of each axis.

    Parameters
    ----------
    joints_xy : array_like or Tensor, shape (..., 2)
        Joints in px of the network's input, (x, y).
    size : (int, int)
        (W, H) of the input in px.
    sigma : float
        Standard deviation of the Gaussians, in bins.
    split : float
        Bins per px, the splitting factor.

    Returns
    -------
    x_bins, y_bins : ndarray or Tensor, shapes (..., round(split W)) and (..., round(split H))
        In double precision; the middle of bin i is at i / split px.

    Raises
    ------
    ValueError
        For a sigma or split that is not a positive number, a size below one bin, or a last axis that is not (x, y).

    References
    ----------
    Li et al., SimCC: a simple coordinate classification perspective for human pose estimation, ECCV 2022.

    Examples
    --------
    >>> x_bins, y_bins = encode_simcc([[1.5, 0.0]], size=(4, 2), sigma=1.0)
    >>> x_bins.shape, y_bins.shape, int(x_bins.argmax())
    ((1, 8), (1, 4), 3)
    """
    _checked(split)
    if not (np.isfinite(sigma) and sigma > 0):
        raise ValueError(f"sigma must be a positive number of bins, got {sigma}")
    counts = [round(split * length) for length in size]
    if min(counts) < 1:
        raise ValueError(f"size must be (W, H) with a bin each at least, got {size} with {split} bins per px")
    xy = split * quantize(joints_xy)
    xp = namespace(xy)
    return tuple(
        xp.exp(-0.5 * ((arange(count, xy) - xy[..., axis, None]) / sigma) ** 2) for axis, count in enumerate(counts)
    )


@overload
def decode_simcc(x_bins: Tensor, y_bins: Tensor, split: float = ..., sub_bin: bool = ...) -> Decoded[Tensor]: ...
@overload
def decode_simcc(
    x_bins: ArrayLike, y_bins: ArrayLike, split: float = ..., sub_bin: bool = ...
) -> Decoded[NDArray[Any]]: ...
def decode_simcc(x_bins: AnyArray, y_bins: AnyArray, split: float = 2.0, sub_bin: bool = False) -> Decoded[Any]:
    """Decode the bins of SimCC to positions.

    Parameters
    ----------
    x_bins, y_bins : array_like or Tensor, shapes (..., X) and (..., Y)
        One row of bins per joint and axis, such as probabilities; apply the network's softmax to logits first.
    split : float
        Bins per px of the network's input, the splitting factor.
    sub_bin : bool
        Whether to take the maximum of the parabola through the logs of the largest bin and its two neighbors, in place
        of the largest bin. It is exact for a Gaussian without noise.

    Returns
    -------
    Decoded
        Positions in px of the network's input. The score is the smaller one of the two largest bins. Where an axis has
        no parabola (the largest bin is the outermost one, or a bin is not positive) its largest bin stands in, and the
        status says why.

    Raises
    ------
    ValueError
        For a split that is not a positive number, rows without bins, or leading shapes that differ.

    References
    ----------
    Li et al., SimCC: a simple coordinate classification perspective for human pose estimation, ECCV 2022.

    Examples
    --------
    >>> x_bins, y_bins = encode_simcc([[20.3, 31.7]], size=(48, 64), sigma=6.0)
    >>> decode_simcc(x_bins, y_bins).xy.tolist(), decode_simcc(x_bins, y_bins, sub_bin=True).xy.round(6).tolist()
    ([[20.5, 31.5]], [[20.3, 31.7]])
    """
    _checked(split)
    rows = [to_float64(bins if is_tensor(bins) else np.asarray(bins)) for bins in (x_bins, y_bins)]
    shapes = [tuple(row.shape) for row in rows]
    if not all(shapes) or shapes[0][:-1] != shapes[1][:-1] or 0 in (shapes[0][-1], shapes[1][-1]):
        raise ValueError(f"bins must be (..., X) and (..., Y) of the same joints, got {shapes[0]} and {shapes[1]}")
    xp = namespace(rows[0])
    with np.errstate(all="ignore"):
        axes = [_decode_axis(row.reshape(int(np.prod(row.shape[:-1])), row.shape[-1]), sub_bin) for row in rows]
    (x, x_score, x_status), (y, y_score, y_status) = axes
    status = xp.where(x_status == Status.FINE, y_status, x_status)
    leading = shapes[0][:-1]
    return Decoded(
        (xp.stack([x, y], -1) / split).reshape(*leading, 2),
        xp.minimum(x_score, y_score).reshape(leading),
        in_full(status).reshape(leading),
        status.reshape(leading),
    )


def _checked(split: float) -> None:
    if not (np.isfinite(split) and split > 0):
        raise ValueError(f"split must be a positive number of bins per px, got {split}")


def _decode_axis(bins: AnyArray, sub_bin: bool) -> tuple[AnyArray, AnyArray, AnyArray]:
    """Positions in bins, largest values, and statuses, all (M,), of rows of bins (M, n)."""
    xp, last = namespace(bins), bins.shape[-1] - 1
    finite = xp.isfinite(bins)
    sound = xp.where(finite, bins, 0.0)
    top, which = sound.argmax(-1), arange(len(bins), bins)
    score = sound[which, top]
    status = xp.where((sound == score[:, None]).all(-1), Status.FLAT, Status.FINE)
    status = xp.where(finite.all(-1), status, Status.NOT_FINITE)
    if not sub_bin:
        return to_float64(top), score, status
    before, middle, after = (xp.log(sound[which, clip(top + step, 0, last)]) for step in (-1, 0, 1))
    curvature = before - 2 * middle + after
    inner = (top > 0) & (top < last)
    step = 0.5 * (before - after) / curvature
    refused = xp.where(score > 0, Status.NOT_CONCAVE, Status.NOT_POSITIVE)
    fine = inner & (curvature < 0) & xp.isfinite(step)
    fault = xp.where(inner, refused, Status.UNSETTLED)
    status = xp.where((status == Status.FINE) & ~fine, fault, status)
    return top + xp.where(fine, step, 0.0), score, status
