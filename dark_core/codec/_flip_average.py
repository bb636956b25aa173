"""The flip test: heatmaps averaged with those of the mirrored crop, brought back to the same pixels.

Mirrored back, the second heatmap lies where the first does only if the crop and the heatmap share their pixel
convention's center. In HRNet's (x_input = stride x) it lies (1 - stride) / stride px off: -3/4 px at stride 4. HRNet
moves it by one whole pixel, which leaves the average 1/8 px off. Here it is moved by exactly that gap.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import floor
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from dark_core.codec._fast.backend import AnyArray, Tensor, asarray_like, at_least_float32, cast, is_tensor

FLIP_GAPS: dict[str, Callable[[float], float]] = {
    "half_pixel": lambda stride: 0.0,
    "size_minus_one": lambda stride: 0.0,
    "size_ratio": lambda stride: (1 - stride) / stride,
}
"""By convention: heatmap px in x by which the heatmap of a mirrored crop, mirrored back, lies off the plain one, from
the stride in crop px per heatmap px. ``dark_core.pose`` says which networks use which convention."""


@overload
def flip_average(
    heatmaps: NDArray[Any], flipped: NDArray[Any], mirror: Sequence[int], convention: str, stride: float = ...
) -> NDArray[Any]: ...
@overload
def flip_average(
    heatmaps: Tensor, flipped: Tensor, mirror: Sequence[int], convention: str, stride: float = ...
) -> Tensor: ...
def flip_average(
    heatmaps: AnyArray, flipped: AnyArray, mirror: Sequence[int], convention: str, stride: float = 4.0
) -> AnyArray:
    """Average heatmaps with those of the mirrored crop.

    The heatmaps of the mirrored crop are mirrored back, left and right joints exchanged, and moved by the gap of the
    convention, so that both show a joint at the same position. Decode the average like any heatmap: no shift is left
    to correct. Where the gap is a fraction of a pixel, cubic interpolation (Lagrange's, which moves no symmetric
    peak) costs it 0.3 % of its height at sigma 2 and 3 % at sigma 1. Past the edge, the outermost pixel is repeated.

    Parameters
    ----------
    heatmaps : ndarray or Tensor, shape (..., K, H, W)
        What the network gives for the crop.
    flipped : ndarray or Tensor, shape (..., K, H, W)
        What it gives for the crop mirrored left to right, as it comes out of the network.
    mirror : sequence of int, length K
        The joint that each joint becomes in a mirror: left wrist to right wrist and so on.
    convention : {"half_pixel", "size_minus_one", "size_ratio"}
        How the network's heatmap pixels lie on the crop; ``dark_core.pose.pixel_conventions`` has the table.
    stride : float
        Crop px per heatmap px; only "size_ratio" depends on it.

    Returns
    -------
    ndarray or Tensor, shape (..., K, H, W)
        The same type and dtype as ``heatmaps``.

    Raises
    ------
    ValueError
        For shapes that differ or have fewer than three axes, a mirror that is no permutation of the joints, an
        unknown convention, or a stride that is not positive.

    References
    ----------
    https://github.com/leoxiaobin/deep-high-resolution-net.pytorch/issues/22: AP .720, .740 and .674 for shifts of 0, 1
    and 2 px.

    Examples
    --------
    A joint at (100, 90) of a crop of 192 x 256 px, in HRNet's convention:

    >>> from dark_core.codec import decode, encode
    >>> plain = encode([[100 / 4, 90 / 4]], size=(48, 64), sigma=2.0)
    >>> flipped = encode([[(191 - 100) / 4, 90 / 4]], size=(48, 64), sigma=2.0)
    >>> average = flip_average(plain, flipped, mirror=[0], convention="size_ratio")
    >>> decode(average, "dark", sigma=2.0).xy.round(2).tolist()
    [[25.0, 22.5]]
    """
    shape = tuple(heatmaps.shape)
    if len(shape) < 3 or shape != tuple(flipped.shape):
        raise ValueError(f"both heatmaps must be (..., K, H, W) alike, got {shape} and {tuple(flipped.shape)}")
    if sorted(mirror) != list(range(shape[-3])):
        raise ValueError(f"mirror must be a permutation of the {shape[-3]} joints, got {mirror!r}")
    if convention not in FLIP_GAPS:
        raise ValueError(f"unknown convention {convention!r}: expected one of {', '.join(FLIP_GAPS)}")
    if not (np.isfinite(stride) and stride > 0):
        raise ValueError(f"stride must be a positive number of crop px per heatmap px, got {stride}")
    if not is_tensor(heatmaps) and heatmaps.dtype.kind != "f":
        heatmaps = heatmaps.astype(np.float64)
    back = at_least_float32(flipped)[..., asarray_like(np.array(mirror), flipped), :, :]
    aligned = _mirrored_and_moved(back, FLIP_GAPS[convention](stride))
    return cast((at_least_float32(heatmaps) + aligned) / 2, heatmaps)


def _mirrored_and_moved(heatmaps: AnyArray, gap: float) -> AnyArray:
    """(..., H, W) whose pixel x is the pixel x + gap of the heatmaps mirrored left to right."""
    width = heatmaps.shape[-1]
    whole, part = floor(gap), gap - floor(gap)
    weights = {
        -1: -part * (part - 1) * (part - 2) / 6,
        0: (part + 1) * (part - 1) * (part - 2) / 2,
        1: -(part + 1) * part * (part - 2) / 2,
        2: (part + 1) * part * (part - 1) / 6,
    }

    def column(step: int) -> AnyArray:
        """Take the pixel ``step`` columns further to the right in the mirrored heatmaps."""
        x = np.clip(np.arange(width) + whole + step, 0, width - 1)
        return heatmaps[..., asarray_like(width - 1 - x, heatmaps)]

    return sum(weight * column(step) for step, weight in weights.items() if weight)
