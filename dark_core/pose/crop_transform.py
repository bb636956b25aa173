"""Coordinates of photo, crop and heatmap: the only module that converts between them.

An integer is a pixel's center in all three, so an image of W pixels spans [-1/2, W - 1/2]. Two grids over the same area
are related by half-pixel centers, ``x_heatmap = (x_crop + 1/2) / stride - 1/2``; a mirrored grid then coincides with
itself. Networks trained elsewhere relate crop and heatmap differently: ``convention`` names how, one of
``CONVENTIONS``. Boxes are (x0, y0, x1, y1) in pixel edges: the whole photo is (0, 0, W, H).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import ArrayLike

from dark_core.pose.pixel_conventions import CONVENTIONS

GRAY = 114
"""Value of a crop beyond the photo's edge: about the mean of natural photographs."""


@dataclass(frozen=True)
class CropTransform:
    """An affine transform from photo px to crop px, and on to heatmap px.

    Parameters
    ----------
    matrix
        (2, 3) photo px to crop px.
    size
        (W, H) of the crop in px.
    stride
        Crop px per heatmap px.
    convention
        The pixel convention that the network's targets were drawn with, a name in ``CONVENTIONS``.

    Raises
    ------
    ValueError
        If the convention is unknown.
    """

    matrix: np.ndarray
    size: tuple[int, int]
    stride: int = 4
    convention: str = "half_pixel"

    def __post_init__(self) -> None:
        """Refuse an unknown convention."""
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
        """Return the transform that fills the crop with a box of the photo.

        Parameters
        ----------
        box
            (x0, y0, x1, y1) in pixel edges of the photo.
        size
            (W, H) of the crop in px.
        stride
            Crop px per heatmap px.
        rotation
            Radians by which the photo is first turned about the box's center, clockwise on screen.
        flip
            Whether the crop is then mirrored left to right.
        convention
            A name in ``CONVENTIONS``.

        Returns
        -------
        CropTransform
            Its crop shows the whole box and nothing else.

        Raises
        ------
        ValueError
            If the box is not finite or has no area, or the convention is unknown.

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
        return cls(
            np.column_stack([linear, crop_center - linear @ photo_center]), (size[0], size[1]), stride, convention
        )

    @property
    def heatmap_size(self) -> tuple[int, int]:
        """(W, H) of the heatmap in px."""
        return self.size[0] // self.stride, self.size[1] // self.stride

    def to_crop(self, xy: ArrayLike) -> np.ndarray:
        """Return points (..., 2) in photo px as crop px."""
        points: np.ndarray = np.asarray(xy, dtype=np.float64) @ self.matrix[:, :2].T + self.matrix[:, 2]
        return points

    def from_crop(self, xy: ArrayLike) -> np.ndarray:
        """Return points (..., 2) in crop px as photo px, the inverse of ``to_crop``."""
        points: np.ndarray = (np.asarray(xy, dtype=np.float64) - self.matrix[:, 2]) @ self._crop_to_photo.T
        return points

    def to_heatmap(self, xy: ArrayLike) -> np.ndarray:
        """Return points (..., 2) in photo px as heatmap px."""
        return CONVENTIONS[self.convention].to_heatmap(self.to_crop(xy), *self._grids)

    def to_photo(self, xy: ArrayLike) -> np.ndarray:
        """Return points (..., 2) in heatmap px as photo px, the inverse of ``to_heatmap``."""
        return self.from_crop(CONVENTIONS[self.convention].to_input(xy, *self._grids))

    @property
    def _grids(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """(W, H) of the heatmap, and of the part of the crop that it covers: all, where the stride divides it."""
        width, height = self.heatmap_size
        return (width, height), (width * self.stride, height * self.stride)

    @property
    def _crop_to_photo(self) -> np.ndarray:
        """(2, 2) photo px per crop px."""
        inverse: np.ndarray = np.linalg.inv(self.matrix[:, :2])
        return inverse

    @property
    def jacobian(self) -> np.ndarray:
        """(2, 2) photo px per heatmap px, d(photo) / d(heatmap), the same everywhere."""
        jacobian: np.ndarray = self._crop_to_photo * CONVENTIONS[self.convention].stride(*self._grids)
        return jacobian

    @property
    def photo_px(self) -> float:
        """Photo px per heatmap px, the geometric mean of x and y."""
        return float(np.sqrt(abs(np.linalg.det(self.jacobian))))

    def rescaled(self, ratio: ArrayLike) -> CropTransform:
        """Return the transform of the same crop from a resized photo.

        Parameters
        ----------
        ratio
            Resized px per photo px: (x, y), or one number for both.

        Returns
        -------
        CropTransform
            Its photo px are those of the resized photo.
        """
        ratio = np.asarray(ratio, dtype=np.float64)
        linear = self.matrix[:, :2] / ratio
        shift = self.matrix[:, 2] + self.matrix[:, :2] @ (0.5 / ratio - 0.5)
        return replace(self, matrix=np.column_stack([linear, shift]))

    def corners(self) -> np.ndarray:
        """Return the crop's outline (4, 2) in photo px, clockwise from its top left."""
        width, height = self._grids[1]
        return self.from_crop(np.array([[0, 0], [width, 0], [width, height], [0, height]]) - 0.5)

    def crop(self, photo: np.ndarray) -> np.ndarray:
        """Return the crop of a photo, bilinear; gray beyond the photo's edge.

        A photo that is reduced is averaged first, so that nothing aliases.

        Parameters
        ----------
        photo
            (H, W, 3) uint8 RGB.

        Returns
        -------
        numpy.ndarray
            (H, W, 3) uint8 of ``size``.
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
    """Return the square around joints.

    Parameters
    ----------
    joints_xy
        (K, 2) px; joints that are NaN are left out.
    margin
        Side of the square as a multiple of the joints' extent.

    Returns
    -------
    tuple of float
        (x0, y0, x1, y1) in pixel edges, at least 8 px on a side.

    Examples
    --------
    >>> square_box(np.array([[10, 60], [30, 20]]), margin=1.5)
    (-9.5, 10.5, 50.5, 70.5)
    """
    low, high = np.nanmin(joints_xy, axis=0), np.nanmax(joints_xy, axis=0)
    center, half = (low + high + 1) / 2, max((high - low).max() * margin, 8.0) / 2
    (x0, y0), (x1, y1) = (center - half).tolist(), (center + half).tolist()
    return x0, y0, x1, y1
