"""How heatmap pixels relate to input pixels: the three conventions in use, and what mixing them costs.

The targets of a network were drawn with one of them. Its heatmaps must be taken back to the input with the same
convention, or every joint is off by a fraction of a pixel that no decoder can see (see ``convention_bias``). Sizes are
(W, H) in px, points (..., 2) in (x, y) order; an integer is a pixel's center in all three. ``CropTransform`` takes the
name of one and goes on to the photo.

The example averages the heatmaps of an input and of its mirror image, as HRNet draws them, for a joint at input px
(100, 90).

>>> from dark_core.codec import decode, encode, flip_average
>>> name, sizes = "size_ratio", ((48, 64), (192, 256))
>>> plain, flipped = encode(CONVENTIONS[name].to_heatmap([[100, 90], [191 - 100, 90]], *sizes), sizes[0], 2.0)
>>> average = flip_average(plain[None], flipped[None], mirror=[0], convention=name, stride=4)
>>> joint = decode(average, "dark", sigma=2.0)
>>> CONVENTIONS[name].to_input(joint.xy, *sizes).round(2).tolist()
[[100.0, 90.0]]
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from dark_core.codec import FLIP_GAPS


@dataclass(frozen=True)
class Convention:
    """``x_input = scale(input size, heatmap size) x_heatmap + shift(scale)``, the same in x and y.

    Attributes
    ----------
    name
        Key in ``CONVENTIONS``.
    formula
        The equation.
    users
        Networks and code bases that use it.
    scale
        Input px per heatmap px, from the sizes of both.
    shift
        Input px of heatmap px 0, from the scale.
    """

    name: str
    formula: str
    users: str
    scale: Callable[[np.ndarray, np.ndarray], np.ndarray]
    shift: Callable[[np.ndarray], np.ndarray]

    def to_input(self, xy: ArrayLike, heatmap_size: tuple[int, int], input_size: tuple[int, int]) -> np.ndarray:
        """Return points in input px.

        ``to_heatmap`` and ``stride`` take the same sizes, and raise the same error.

        Parameters
        ----------
        xy
            (..., 2) heatmap px.
        heatmap_size, input_size
            (W, H) in px.

        Returns
        -------
        numpy.ndarray
            (..., 2) input px.

        Raises
        ------
        ValueError
            If a size is not (W, H) of at least 1 px.
        """
        stride = self.stride(heatmap_size, input_size)
        points: np.ndarray = np.asarray(xy, dtype=np.float64) * stride + self.shift(stride)
        return points

    def to_heatmap(self, xy: ArrayLike, heatmap_size: tuple[int, int], input_size: tuple[int, int]) -> np.ndarray:
        """Return points (..., 2) in heatmap px of points in input px, the inverse of ``to_input``."""
        stride = self.stride(heatmap_size, input_size)
        points: np.ndarray = (np.asarray(xy, dtype=np.float64) - self.shift(stride)) / stride
        return points

    def stride(self, heatmap_size: tuple[int, int], input_size: tuple[int, int]) -> np.ndarray:
        """Return (2,), the input px per heatmap px along x and along y."""
        small, large = np.array(heatmap_size, dtype=np.float64), np.array(input_size, dtype=np.float64)
        if small.shape != (2,) or large.shape != (2,) or (small < 1).any() or (large <= 0).any():
            raise ValueError(f"sizes must be (W, H) of at least 1 px each, got {heatmap_size} and {input_size}")
        return self.scale(large, small)


CONVENTIONS = {
    convention.name: convention
    for convention in (
        Convention(
            "half_pixel",
            "x_input = (x + ½) s − ½, s = W_input / W_heatmap",
            "this project; the only one in which a mirrored map falls on itself",
            lambda large, small: large / small,
            lambda scale: (scale - 1) / 2,
        ),
        Convention(
            "size_ratio",
            "x_input = s x, s = W_input / W_heatmap",
            "HRNet, SimpleBaseline and MMPose’s MSRAHeatmap codec, plain or DARK",
            lambda large, small: large / small,
            lambda scale: 0 * scale,
        ),
        Convention(
            "size_minus_one",
            "x_input = x (W_input − 1) / (W_heatmap − 1)",
            "DARK’s release and UDP; ViTPose after it",
            lambda large, small: (large - 1) / np.maximum(small - 1, 1),
            lambda scale: 0 * scale,
        ),
    )
}


def convention_bias(
    trained: str,
    assumed: str,
    xy: ArrayLike,
    heatmap_size: tuple[int, int] = (48, 64),
    input_size: tuple[int, int] = (192, 256),
) -> np.ndarray:
    """Return the error that a wrong convention adds to decoded positions.

    A network trained with ``size_minus_one`` and taken for ``size_ratio`` is off by 0 at the left edge and by -0.75
    heatmap px at the right edge: -0.375 on average, or 1.5 input px. With the two exchanged, the error in input px
    is as large and to the right.

    Parameters
    ----------
    trained
        The convention that the targets were drawn with.
    assumed
        The convention that takes the decoded positions back to the input.
    xy
        (..., 2) positions in heatmap px.
    heatmap_size, input_size
        (W, H) in px.

    Returns
    -------
    numpy.ndarray
        (..., 2) heatmap px.

    Raises
    ------
    KeyError
        If a convention is unknown.

    Examples
    --------
    >>> diagonal = np.stack([np.arange(48.0), np.linspace(0, 63, 48)], -1)
    >>> convention_bias("size_minus_one", "size_ratio", diagonal).mean(0).round(3).tolist()
    [-0.375, -0.375]
    """
    true = CONVENTIONS[trained].to_input(xy, heatmap_size, input_size)
    found = CONVENTIONS[assumed].to_input(xy, heatmap_size, input_size)
    error: np.ndarray = (found - true) / CONVENTIONS[assumed].stride(heatmap_size, input_size)
    return error


def flip_gap(name: str, heatmap_size: tuple[int, int] = (48, 64), input_size: tuple[int, int] = (192, 256)) -> float:
    """Return the x offset of the heatmap of a mirrored input, mirrored back, from the plain heatmap.

    It is 0 where the convention is symmetric. ``size_ratio`` with a stride of 4 gives -0.75. The average of both
    heatmaps then moves the joint by -0.375 heatmap px, or by +0.125 after the usual shift of one pixel;
    ``dark_core.codec.flip_average`` moves the mirrored heatmap by the gap itself.

    Parameters
    ----------
    name
        Of the convention.
    heatmap_size, input_size
        (W, H) in px.

    Returns
    -------
    float
        Heatmap px.

    Raises
    ------
    KeyError
        If the convention is unknown.

    References
    ----------
    https://github.com/leoxiaobin/deep-high-resolution-net.pytorch/issues/22: AP .720, .740 and .674 for shifts of 0, 1
    and 2 px.

    Examples
    --------
    >>> [flip_gap(name) for name in CONVENTIONS]
    [0.0, -0.75, 0.0]
    """
    return FLIP_GAPS[name](input_size[0] / heatmap_size[0])
