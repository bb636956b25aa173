"""The one place where coordinates change hands: photo, crop, heatmap.

All three count pixels alike: an integer is a pixel's center, so a picture of W pixels spans
[-1/2, W - 1/2]. Two grids over the same area map by half-pixel centers,
``x_heatmap = (x_crop + 1/2) / stride - 1/2``; a mirrored grid then falls on itself exactly.
Networks trained elsewhere may map crop to heatmap in another way: ``convention`` names it, one of
``CONVENTIONS``. The map from photo to crop is the same for every network.
Boxes are (x0, y0, x1, y1) in pixel edges: the whole photo is (0, 0, W, H).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from dark_core.pose.pixel_conventions import CONVENTIONS

Points = NDArray[np.float64]

GRAY = 114
"""What a crop shows beyond the photo's edge: the mean of natural photographs, about."""


@dataclass(frozen=True)
class CropTransform:
    """An affine map from photo px to crop px and on to heatmap px.

    Parameters
    ----------
    matrix : ndarray (2, 3)
        Photo px to crop px.
    size : (int, int)
        Width and height of the crop in px.
    stride : int
        Crop px per heatmap px.
    convention : str
        The name in ``CONVENTIONS`` of the map from crop to heatmap that the network was trained with.

    Raises
    ------
    ValueError
        For an unknown convention.
    """

    matrix: np.ndarray
    size: tuple[int, int]
    stride: int = 4
    convention: str = "half_pixel"

    def __post_init__(self) -> None:
        if self.convention not in CONVENTIONS:
            raise ValueError(f"unknown convention {self.convention!r}: expected one of {', '.join(CONVENTIONS)}")

    @classmethod
    def from_box(
        cls,
        box: Sequence[float],
        size: tuple[int, int] = (128, 128),
        stride: int = 4,
        rotation: float = 0.0,
        flip: bool = False,
        convention: str = "half_pixel",
    ) -> CropTransform:
        """Return the transform that shows a box of the photo in a crop.

        Parameters
        ----------
        box : sequence of 4 floats
            (x0, y0, x1, y1) in pixel edges of the photo.
        size : (int, int)
            Width and height of the crop in px.
        stride : int
            Crop px per heatmap px.
        rotation : float
            Turns the photo about the box's center first, in radians, clockwise on screen.
        flip : bool
            Then mirrors the crop left to right.
        convention : str
            A name of ``CONVENTIONS``.

        Raises
        ------
        ValueError
            For a box without area or an unknown convention.

        Examples
        --------
        >>> hrnet = CropTransform.from_box((0, 0, 192, 256), (192, 256), convention="size_ratio")
        >>> hrnet.to_photo([47, 63]).round(9).tolist()
        [188.0, 252.0]
        """
        x0, y0, x1, y1 = (float(v) for v in box)
        if not (np.isfinite([x0, y0, x1, y1]).all() and x1 > x0 and y1 > y0):
            raise ValueError(f"box must be finite (x0, y0, x1, y1) with x1 > x0 and y1 > y0, got {tuple(box)}")
        scale = np.array([size[0] / (x1 - x0) * (-1 if flip else 1), size[1] / (y1 - y0)])
        cos, sin = np.cos(rotation), np.sin(rotation)
        linear = scale[:, None] * np.array([[cos, -sin], [sin, cos]])
        photo_center = np.array([x0 + x1 - 1, y0 + y1 - 1]) / 2
        crop_center = (np.array(size) - 1) / 2
        matrix = np.column_stack([linear, crop_center - linear @ photo_center])
        return cls(matrix, (size[0], size[1]), stride, convention)

    @property
    def heatmap_size(self) -> tuple[int, int]:
        """Width and height of the heatmap in px."""
        return self.size[0] // self.stride, self.size[1] // self.stride

    def to_crop(self, xy: ArrayLike) -> Points:
        """Map photo px (..., 2) to crop px."""
        crop_xy: Points = np.asarray(xy, dtype=np.float64) @ self.matrix[:, :2].T + self.matrix[:, 2]
        return crop_xy

    def from_crop(self, xy: ArrayLike) -> Points:
        """Map crop px (..., 2) to photo px, the inverse of ``to_crop``."""
        shifted: Points = np.asarray(xy, dtype=np.float64) - self.matrix[:, 2]
        return shifted @ np.linalg.inv(self.matrix[:, :2]).T

    def to_heatmap(self, xy: ArrayLike) -> Points:
        """Map photo px (..., 2) to heatmap px."""
        return CONVENTIONS[self.convention].to_heatmap(self.to_crop(xy), *self._grids)

    def to_photo(self, xy: ArrayLike) -> Points:
        """Map heatmap px (..., 2) to photo px, the inverse of ``to_heatmap``."""
        return self.from_crop(CONVENTIONS[self.convention].to_input(xy, *self._grids))

    @property
    def _grids(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """Sizes of the heatmap and of the part of the crop it covers: all of it where the stride divides it."""
        width, height = self.heatmap_size
        return (width, height), (width * self.stride, height * self.stride)

    @property
    def jacobian(self) -> Points:
        """Photo px per heatmap px, (2, 2): d(photo) / d(heatmap), the same everywhere."""
        jacobian: Points = np.linalg.inv(self.matrix[:, :2]) * CONVENTIONS[self.convention].stride(*self._grids)
        return jacobian

    @property
    def photo_px(self) -> float:
        """Photo px per heatmap px along a side, the geometric mean of the two axes."""
        return float(np.sqrt(abs(np.linalg.det(self.jacobian))))

    def rescaled(self, ratio: ArrayLike) -> CropTransform:
        """Return the same crop as seen from the photo resized by ``ratio`` (x, y)."""
        ratio = np.asarray(ratio, dtype=np.float64)
        linear = self.matrix[:, :2] / ratio
        shift = self.matrix[:, 2] + self.matrix[:, :2] @ (0.5 / ratio - 0.5)
        return replace(self, matrix=np.column_stack([linear, shift]))

    def corners(self) -> Points:
        """Return the crop's outline in photo px (4, 2), clockwise from its top left."""
        width, height = self._grids[1]
        return self.from_crop(np.array([[0, 0], [width, 0], [width, height], [0, height]]) - 0.5)

    def crop(self, photo: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Cut the crop (H, W, 3) uint8 out of an RGB photo; gray beyond the photo's edge.

        A photo that shrinks is averaged first, so that nothing aliases.
        """
        matrix = self.matrix
        shrink = min(1 / np.linalg.norm(self.matrix[:, :2], axis=0).max(), min(photo.shape[:2]))
        if shrink > 1.5:
            height, width = photo.shape[:2]
            small = max(1, round(width / shrink)), max(1, round(height / shrink))
            photo = np.asarray(cv2.resize(photo, small, interpolation=cv2.INTER_AREA), dtype=np.uint8)
            matrix = self.rescaled((small[0] / width, small[1] / height)).matrix
        crop = cv2.warpAffine(
            photo, matrix, self.size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=(GRAY,) * 3
        )
        return np.asarray(crop, dtype=np.uint8)


def square_box(joints_xy: np.ndarray, margin: float = 1.3) -> tuple[float, float, float, float]:
    """Return the square (x0, y0, x1, y1) round joints (K, 2), NaN left out, ``margin`` times their extent."""
    low, high = np.nanmin(joints_xy, axis=0), np.nanmax(joints_xy, axis=0)
    center, half = (low + high + 1) / 2, max((high - low).max() * margin, 8.0) / 2
    (x0, y0), (x1, y1) = (center - half).tolist(), (center + half).tolist()
    return x0, y0, x1, y1
