"""The one place where coordinates change hands: photo, crop, heatmap.

All three count pixels alike: an integer is a pixel's center, so a picture of W pixels spans
[-1/2, W - 1/2]. Two grids over the same area map by half-pixel centers,
``x_heatmap = (x_crop + 1/2) / stride - 1/2``; a mirrored grid then falls on itself exactly.
Networks trained elsewhere know another map from crop to heatmap: ``convention`` names it, one of
``CONVENTIONS``. From photo to crop is ours whatever the network, for the matrix says where each crop px lies.
Boxes are (x0, y0, x1, y1) in pixel edges: the whole photo is (0, 0, W, H).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from dark_core.pose.pixel_conventions import CONVENTIONS

GRAY = 114
"""What a crop shows beyond the photo's edge: the mean of natural photographs, about."""


@dataclass(frozen=True)
class CropTransform:
    """An affine map from photo px to crop px and on to heatmap px.

    matrix: (2, 3) photo px -> crop px; size: (W, H) of the crop in px; stride: crop px a
    heatmap px; convention: the name in ``CONVENTIONS`` of the map from crop to heatmap that the
    network's targets were drawn by. Raises ValueError for an unknown name.
    """

    matrix: np.ndarray
    size: tuple[int, int]
    stride: int = 4
    convention: str = "half_pixel"

    def __post_init__(self):
        if self.convention not in CONVENTIONS:
            raise ValueError(f"unknown convention {self.convention!r}: expected one of {', '.join(CONVENTIONS)}")

    @classmethod
    def from_box(
        cls,
        box,
        size: tuple[int, int] = (128, 128),
        stride: int = 4,
        rotation: float = 0.0,
        flip: bool = False,
        convention: str = "half_pixel",
    ) -> CropTransform:
        """The frame that shows ``box`` (x0, y0, x1, y1, in pixel edges of the photo) in a crop of ``size`` px.

        ``rotation`` first turns the photo about the box's center, in radians, clockwise on screen;
        ``flip`` then mirrors the crop left to right. Raises ValueError for a box without area.

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
        return cls(np.column_stack([linear, crop_center - linear @ photo_center]), tuple(size), stride, convention)

    @property
    def heatmap_size(self) -> tuple[int, int]:
        """(W, H) of the heatmap in px."""
        return self.size[0] // self.stride, self.size[1] // self.stride

    def to_crop(self, xy) -> np.ndarray:
        """Photo px (..., 2) to crop px."""
        return np.asarray(xy, dtype=np.float64) @ self.matrix[:, :2].T + self.matrix[:, 2]

    def from_crop(self, xy) -> np.ndarray:
        """Crop px (..., 2) to photo px, the inverse of ``to_crop``."""
        return (np.asarray(xy, dtype=np.float64) - self.matrix[:, 2]) @ np.linalg.inv(self.matrix[:, :2]).T

    def to_heatmap(self, xy) -> np.ndarray:
        """Photo px (..., 2) to heatmap px."""
        return CONVENTIONS[self.convention].to_heatmap(self.to_crop(xy), *self._grids)

    def to_photo(self, xy) -> np.ndarray:
        """Heatmap px (..., 2) to photo px, the inverse of ``to_heatmap``."""
        return self.from_crop(CONVENTIONS[self.convention].to_input(xy, *self._grids))

    @property
    def _grids(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """(W, H) of the heatmap, and of the part of the crop that it covers: all, where the stride divides it."""
        width, height = self.heatmap_size
        return (width, height), (width * self.stride, height * self.stride)

    @property
    def jacobian(self) -> np.ndarray:
        """(2, 2) photo px a heatmap px: d(photo) / d(heatmap), the same everywhere."""
        return np.linalg.inv(self.matrix[:, :2]) * CONVENTIONS[self.convention].stride(*self._grids)

    @property
    def photo_px(self) -> float:
        """Photo px that one heatmap px covers, along a side (geometric mean of the two)."""
        return float(np.sqrt(abs(np.linalg.det(self.jacobian))))

    def rescaled(self, ratio) -> CropTransform:
        """The same frame for the photo resized by ``ratio`` (x, y): its photo px are the resized photo's."""
        ratio = np.asarray(ratio, dtype=np.float64)
        linear = self.matrix[:, :2] / ratio
        shift = self.matrix[:, 2] + self.matrix[:, :2] @ (0.5 / ratio - 0.5)
        return replace(self, matrix=np.column_stack([linear, shift]))

    def corners(self) -> np.ndarray:
        """(4, 2) photo px of the crop's outline, clockwise from its top left."""
        width, height = self._grids[1]
        return self.from_crop(np.array([[0, 0], [width, 0], [width, height], [0, height]]) - 0.5)

    def crop(self, photo: np.ndarray) -> np.ndarray:
        """The crop (H, W, 3) uint8 of an RGB photo; gray beyond the photo's edge.

        A photo shown smaller than it is gets averaged first, so that nothing aliases.
        """
        matrix = self.matrix
        shrink = min(1 / np.linalg.norm(self.matrix[:, :2], axis=0).max(), min(photo.shape[:2]))
        if shrink > 1.5:
            height, width = photo.shape[:2]
            small = max(1, round(width / shrink)), max(1, round(height / shrink))
            photo = cv2.resize(photo, small, interpolation=cv2.INTER_AREA)
            matrix = self.rescaled((small[0] / width, small[1] / height)).matrix
        return cv2.warpAffine(
            photo, matrix, self.size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=(GRAY,) * 3
        )


def square_box(joints_xy: np.ndarray, margin: float = 1.3) -> tuple[float, float, float, float]:
    """The square (x0, y0, x1, y1) round joints (K, 2), NaN left out, ``margin`` times their extent."""
    low, high = np.nanmin(joints_xy, axis=0), np.nanmax(joints_xy, axis=0)
    center, half = (low + high + 1) / 2, max((high - low).max() * margin, 8.0) / 2
    return (*(center - half).tolist(), *(center + half).tolist())
