"""Which input pixel is a heatmap pixel? Three answers in use, by name, and what mixing them costs.

A network's weights know one of them: the one its targets were drawn in. Its heatmaps must be taken back to
the input by the same, or every joint is off by a fraction that no decoder can see (see ``bias``). Sizes are
(W, H) in px, points (..., 2) in (x, y) order; an integer is a pixel's center in all three. ``pose.CropTransform`` takes
the name of one and goes on to the photo.

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

from dark_core.codec import FLIP_GAPS


@dataclass(frozen=True)
class Convention:
    """x_input = scale(input size, heatmap size) x_heatmap + shift(scale), alike in x and y."""

    name: str
    formula: str
    users: str
    scale: Callable[[np.ndarray, np.ndarray], np.ndarray]
    shift: Callable[[np.ndarray], np.ndarray]

    def to_input(self, xy, heatmap_size: tuple[int, int], input_size: tuple[int, int]) -> np.ndarray:
        """Heatmap px (..., 2) to input px."""
        stride = self.stride(heatmap_size, input_size)
        return np.asarray(xy, dtype=np.float64) * stride + self.shift(stride)

    def to_heatmap(self, xy, heatmap_size: tuple[int, int], input_size: tuple[int, int]) -> np.ndarray:
        """Input px (..., 2) to heatmap px, the inverse of ``to_input``."""
        stride = self.stride(heatmap_size, input_size)
        return (np.asarray(xy, dtype=np.float64) - self.shift(stride)) / stride

    def stride(self, heatmap_size: tuple[int, int], input_size: tuple[int, int]) -> np.ndarray:
        """(2,) input px a heatmap px, along x and along y."""
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
    trained: str, read: str, xy, heatmap_size: tuple[int, int] = (48, 64), input_size: tuple[int, int] = (192, 256)
) -> np.ndarray:
    """Error (..., 2) in heatmap px of the reader at places ``xy`` when maps of one convention are taken for another's.

    Weights of ``size_minus_one`` read by ``size_ratio`` are off by 0 at the left edge and -0.75 px at the right one,
    -0.375 on average over the map: 1.5 px of the input; the other way round by as many px of the input to the right.
    Raises KeyError for an unknown name.

    >>> places = np.stack([np.arange(48.0), np.linspace(0, 63, 48)], -1)
    >>> bias("size_minus_one", "size_ratio", places).mean(0).round(3).tolist()
    [-0.375, -0.375]
    """
    true = CONVENTIONS[trained].to_input(xy, heatmap_size, input_size)
    taken = CONVENTIONS[read].to_input(xy, heatmap_size, input_size)
    return (taken - true) / CONVENTIONS[read].stride(heatmap_size, input_size)


def flip_gap(name: str, heatmap_size: tuple[int, int] = (48, 64), input_size: tuple[int, int] = (192, 256)) -> float:
    """Heatmap px by which the map of a mirrored input, mirrored back, lies off the plain one, in x.

    0 where the convention is symmetric. ``size_ratio`` with a stride of 4 gives -0.75: averaging the two then
    moves the joint by -0.375, and by +0.125 after the usual shift of the mirrored map by one pixel.
    ``codec.flip_average`` moves it by the gap itself.

    >>> [flip_gap(name) for name in CONVENTIONS]
    [0.0, -0.75, 0.0]
    """
    return FLIP_GAPS[name](input_size[0] / heatmap_size[0])
