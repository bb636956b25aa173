"""Which input pixel is a heatmap pixel? Three answers in use, by name, and what mixing them costs.

A network is trained with one of them, and its heatmaps must be mapped back to the input by the same one.
Otherwise every joint is off by a fraction that no decoder can see (``bias``). Sizes are (W, H) in px, points
(..., 2) in (x, y) order; an integer is a pixel's center in all three. ``CropTransform`` takes the name of one.

A joint at input px (100, 90) of a network trained as HRNet, on the input and on its mirror image, averaged.

>>> from dark_core.codec import decode, encode, flip_average
>>> name, sizes = "size_ratio", ((48, 64), (192, 256))
>>> plain, mirrored = encode(CONVENTIONS[name].to_heatmap([[100, 90], [191 - 100, 90]], *sizes), sizes[0], 2.0)
>>> average = flip_average(plain[None], mirrored[None], mirror=[0], convention=name, stride=4)
>>> joint = decode(average, "dark", sigma=2.0)
>>> CONVENTIONS[name].to_input(joint.xy, *sizes).round(2).tolist()
[[100.0, 90.0]]
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dark_core.codec import FLIP_GAPS

Points = NDArray[np.float64]


@dataclass(frozen=True)
class Convention:
    """One map between heatmap and input: x_input = scale(input size, heatmap size) x_heatmap + shift(scale).

    Attributes
    ----------
    name, formula, users : str
        What it is called, its formula, and the projects that use it.
    scale : callable
        (input size (2,), heatmap size (2,)) to input px per heatmap px (2,).
    shift : callable
        That scale (2,) to the input px of heatmap px 0, (2,).
    """

    name: str
    formula: str
    users: str
    scale: Callable[[Points, Points], Points]
    shift: Callable[[Points], Points]

    def to_input(self, xy: ArrayLike, heatmap_size: tuple[int, int], input_size: tuple[int, int]) -> Points:
        """Map heatmap px (..., 2) to input px."""
        stride = self.stride(heatmap_size, input_size)
        return np.asarray(np.asarray(xy, dtype=np.float64) * stride + self.shift(stride))

    def to_heatmap(self, xy: ArrayLike, heatmap_size: tuple[int, int], input_size: tuple[int, int]) -> Points:
        """Map input px (..., 2) to heatmap px, the inverse of ``to_input``."""
        stride = self.stride(heatmap_size, input_size)
        return np.asarray((np.asarray(xy, dtype=np.float64) - self.shift(stride)) / stride)

    def stride(self, heatmap_size: tuple[int, int], input_size: tuple[int, int]) -> Points:
        """Return input px per heatmap px (2,), along x and along y.

        Raises
        ------
        ValueError
            If a size is not (W, H) of at least 1 px each.
        """
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


def bias(
    trained: str,
    read: str,
    xy: ArrayLike,
    heatmap_size: tuple[int, int] = (48, 64),
    input_size: tuple[int, int] = (192, 256),
) -> Points:
    """Return the error made when heatmaps of one convention are mapped back by another.

    Weights of ``size_minus_one`` mapped by ``size_ratio`` are off by 0 at the left edge and by -0.75 heatmap px at the
    right one, -0.375 on average: 1.5 px of the input. The other way round the error is as large, to the right.

    Parameters
    ----------
    trained, read : str
        The names in ``CONVENTIONS`` that the network was trained with, and that its heatmaps are mapped back by.
    xy : array_like (..., 2)
        Positions in heatmap px.
    heatmap_size, input_size : (int, int)
        Widths and heights in px.

    Returns
    -------
    ndarray (..., 2)
        The error in heatmap px of ``read``.

    Raises
    ------
    KeyError
        For an unknown name.

    Examples
    --------
    >>> places = np.stack([np.arange(48.0), np.linspace(0, 63, 48)], -1)
    >>> bias("size_minus_one", "size_ratio", places).mean(0).round(3).tolist()
    [-0.375, -0.375]
    """
    true = CONVENTIONS[trained].to_input(xy, heatmap_size, input_size)
    taken = CONVENTIONS[read].to_input(xy, heatmap_size, input_size)
    return np.asarray((taken - true) / CONVENTIONS[read].stride(heatmap_size, input_size))


def flip_gap(name: str, heatmap_size: tuple[int, int] = (48, 64), input_size: tuple[int, int] = (192, 256)) -> float:
    """Return by how many heatmap px the heatmap of a mirrored input, mirrored back, is off in x.

    It is 0 where the convention is symmetric. ``size_ratio`` with a stride of 4 gives -0.75: averaging the two heatmaps
    then moves the joint by -0.375, and by +0.125 after the usual shift of the mirrored heatmap by one pixel.
    ``dark_core.codec.flip_average`` moves it by the gap itself.

    Parameters
    ----------
    name : str
        A name of ``CONVENTIONS``.
    heatmap_size, input_size : (int, int)
        Widths and heights in px.

    References
    ----------
    HRNet's users measured the effect of this shift before it was explained: issue 22 of
    leoxiaobin/deep-high-resolution-net.pytorch, AP .720 / .740 / .674 for shifts of 0 / 1 / 2 px.

    Examples
    --------
    >>> [flip_gap(name) for name in CONVENTIONS]
    [0.0, -0.75, 0.0]
    """
    return FLIP_GAPS[name](input_size[0] / heatmap_size[0])
