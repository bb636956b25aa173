r"""Offset maps: a heatmap that finds the pixel, and two maps that say how far from there the joint is.

At pixel p the two maps hold :math:`o(p) = (\mu - p) / u` for a joint at :math:`\mu`, in units of u heatmap px. The
joint is decoded as :math:`\hat\mu = m + u\,o(m)` with m the heatmap's largest pixel. CenterNet trains them at one pixel
a joint, G-RMI and the combined form of UDP in a disc round it.

Known failure: one pixel speaks for all. Its noise reaches the position undiminished, while a decoder of the heatmap
averages over dozens of pixels; and where the largest pixel is outside the disc that was trained, nothing corrects it.
"""

from __future__ import annotations

from typing import Any, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dark_core.codec._decode import decode
from dark_core.codec._decoded import Decoded
from dark_core.codec._encode import quantize
from dark_core.codec._fast.backend import AnyArray, Tensor, arange, is_tensor, namespace, to_float64
from dark_core.codec.status import Status, in_full


@overload
def encode_offset_maps(joints_xy: Tensor, size: tuple[int, int], radius: float, unit: float = ...) -> Tensor: ...
@overload
def encode_offset_maps(
    joints_xy: ArrayLike, size: tuple[int, int], radius: float, unit: float = ...
) -> NDArray[Any]: ...
def encode_offset_maps(joints_xy: AnyArray, size: tuple[int, int], radius: float, unit: float = 1.0) -> AnyArray:
    """Draw the offset maps of joints: at each pixel of a disc, how far the joint is from there.

    Parameters
    ----------
    joints_xy : array_like or Tensor, shape (..., 2)
        Joints in heatmap px, (x, y).
    size : (int, int)
        (W, H) of the maps in px.
    radius : float
        Of the disc, in heatmap px. Outside it the maps are zero, and training should give those pixels no weight.
    unit : float
        Heatmap px that an offset of 1 stands for. UDP takes the radius, so that offsets lie between -1 and 1.

    Returns
    -------
    ndarray or Tensor, shape (..., 2, H, W)
        The offsets in x and in y, in double precision.

    Raises
    ------
    ValueError
        For a radius or unit that is not a positive number, a size below 1, or a last axis that is not (x, y).

    References
    ----------
    Papandreou et al., Towards accurate multi-person pose estimation in the wild, CVPR 2017. Zhou et al., Objects as
    points, 2019. Huang et al., The devil is in the details (UDP), CVPR 2020.

    Examples
    --------
    >>> maps = encode_offset_maps([[2.25, 1.5]], size=(5, 4), radius=2.0)
    >>> maps.shape, maps[0, :, 1, 2].tolist(), maps[0, :, 3, 0].tolist()
    ((1, 2, 4, 5), [0.25, 0.5], [0.0, 0.0])
    """
    for name, value in {"radius": radius, "unit": unit}.items():
        if not (np.isfinite(value) and value > 0):
            raise ValueError(f"{name} must be a positive number of heatmap px, got {value}")
    width, height = size
    if min(size) < 1:
        raise ValueError(f"size must be (W, H) of at least 1 px each, got {size}")
    xy = quantize(joints_xy)
    xp = namespace(xy)
    to_x = xy[..., 0, None, None] - arange(width, xy) + to_float64(arange(height, xy))[:, None] * 0
    to_y = xy[..., 1, None, None] - arange(height, xy)[:, None] + to_float64(arange(width, xy)) * 0
    inside = (to_x**2 + to_y**2 <= radius**2)[..., None, :, :]
    return xp.where(inside, xp.stack([to_x, to_y], -3) / unit, 0.0)


@overload
def decode_offset_maps(heatmaps: Tensor, offsets: Tensor, unit: float = ...) -> Decoded[Tensor]: ...
@overload
def decode_offset_maps(heatmaps: ArrayLike, offsets: ArrayLike, unit: float = ...) -> Decoded[NDArray[Any]]: ...
def decode_offset_maps(heatmaps: AnyArray, offsets: AnyArray, unit: float = 1.0) -> Decoded[Any]:
    """Decode heatmaps and their offset maps: the largest pixel, moved by the offset at it.

    Parameters
    ----------
    heatmaps : array_like or Tensor, shape (..., H, W)
        One heatmap per joint.
    offsets : array_like or Tensor, shape (..., 2, H, W)
        Its two offset maps, in x and in y.
    unit : float
        Heatmap px that an offset of 1 stands for.

    Returns
    -------
    Decoded
        Positions in heatmap px, with the heatmaps' scores. Where the offset is not a finite number, the largest pixel
        stands in and the status says so.

    Raises
    ------
    ValueError
        For a unit that is not a positive number, shapes that do not belong together, or what ``decode`` refuses.

    References
    ----------
    Papandreou et al., Towards accurate multi-person pose estimation in the wild, CVPR 2017. Zhou et al., Objects as
    points, 2019. Huang et al., The devil is in the details (UDP), CVPR 2020.

    Examples
    --------
    >>> from dark_core.codec import encode
    >>> joints = [[20.3, 31.7]]
    >>> heatmaps, offsets = encode(joints, (48, 64), 2.0), encode_offset_maps(joints, (48, 64), radius=4.0)
    >>> decode_offset_maps(heatmaps, offsets).xy.round(6).tolist()
    [[20.3, 31.7]]
    """
    if not (np.isfinite(unit) and unit > 0):
        raise ValueError(f"unit must be a positive number of heatmap px, got {unit}")
    offsets = offsets if is_tensor(offsets) else np.asarray(offsets)
    top = decode(heatmaps, "argmax")
    height, width = np.shape(heatmaps)[-2:]
    if tuple(offsets.shape) != (*top.shape, 2, height, width):
        raise ValueError(f"offsets must be {(*top.shape, 2, height, width)} beside such heatmaps, got {offsets.shape}")
    xp, peak = namespace(offsets), top.xy.reshape(-1, 2)
    x, y = (peak[:, axis].long() if is_tensor(peak) else peak[:, axis].astype(np.int64) for axis in (0, 1))
    moved = unit * to_float64(offsets.reshape(-1, 2, height, width)[arange(len(peak), peak), :, y, x])
    sound = xp.isfinite(moved).all(-1)
    xy = peak + xp.where(sound[:, None], moved, 0.0)
    given = top.status.reshape(-1)
    status = xp.where(sound | (given != Status.FINE), given, Status.UNSETTLED)
    return Decoded(xy.reshape(top.xy.shape), top.score, in_full(status).reshape(top.shape), status.reshape(top.shape))
