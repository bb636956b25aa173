"""True joints in heatmap px: in which unit a file counts them, and where each pixel convention puts them.

The unit shows in the size of a person: as large as on the heatmaps, or as many times larger as the stride, or another
size for every person where the joints are those of the photo and the boxes say how it was cropped.
"""

from __future__ import annotations

from dataclasses import dataclass
from warnings import catch_warnings

import numpy as np

from dark_core.files.joint_files import Joints, JointsError
from dark_core.pose.pixel_conventions import CONVENTIONS

STRIDES = (2.0, 4.0, 8.0, 16.0)
"""Input px per heatmap px that are recognized."""

PADDINGS = (1.0, 1.1, 1.2, 1.25)
"""Factors by which boxes are commonly grown into crops; the one that fits the heatmaps best is taken."""

NEAR = 1.3
"""Factor within which sizes of people count as equal."""


@dataclass(frozen=True)
class TruthFrames:
    """The truth in heatmap px.

    by_convention: pixel convention -> (N, K, 2); only "" where the file counts heatmap px, so that no convention
    matters. stride: input px per heatmap px; areas: (N,) of each person in heatmap px squared, NaN where unknown;
    how: the unit and how it was found, a clause.
    """

    by_convention: dict[str, np.ndarray]
    stride: float
    areas: np.ndarray
    how: str


def truth_in_heatmap_px(
    joints: Joints,
    size: tuple[int, int],
    rough: np.ndarray,
    stride: float | None = None,
    padding: float | None = None,
) -> TruthFrames:
    """The joints of a file in heatmap px of heatmaps of ``size`` (W, H).

    rough: (N, K, 2) positions decoded from the heatmaps, such as argmax's; stride: that the truth is in input px, and
    how many a heatmap px has; padding: the factor by which the boxes were grown into crops. What is None is recognized.
    Raises JointsError where the numbers of people or joints differ or the unit cannot be recognized.
    """
    if joints.xy.shape != rough.shape:
        there, here = (" × ".join(map(str, shape[:2])) for shape in (joints.xy.shape, rough.shape))
        raise JointsError(
            f"The truth has {there} people and joints and the heatmaps have {here}: give the joints of the same "
            "people, in the same order."
        )
    by_size = _by_size(joints, size, rough, stride)
    if stride is None and np.isfinite(joints.boxes).all():
        boxed = _of_photo(joints, size, rough, padding)
        return min((one for one in (by_size, boxed) if one), key=lambda one: _distance(one, rough))
    if by_size is None:
        raise JointsError(
            "The truth is neither in heatmap px nor in input px of a common stride: give --stride, or joints of the "
            "photo with the box (x0, y0, x1, y1) of each person as an array boxes or COCO's bbox."
        )
    return by_size


def _by_size(joints: Joints, size: tuple[int, int], rough: np.ndarray, stride: float | None) -> TruthFrames | None:
    """Joints in heatmap px or input px, None where people are of another size."""
    ratio = _person_size(joints.xy) / _person_size(rough)
    if stride is None and 1 / NEAR < ratio < NEAR and _inside(joints.xy, size):
        return TruthFrames({"": joints.xy}, 4.0, joints.areas, "heatmap px, as the size of the people shows")
    near = stride or min(STRIDES, key=lambda one: abs(np.log(ratio / one)))
    if stride is None and not (1 / NEAR < ratio / near < NEAR and _inside(joints.xy / near, size)):
        return None
    large = (size[0] * near, size[1] * near)
    found = {name: one.to_heatmap(joints.xy, size, large) for name, one in CONVENTIONS.items()}  # type: ignore[arg-type]
    how = "as you say" if stride is not None else "as the size of the people shows"
    return TruthFrames(found, near, joints.areas / near**2, f"input px, {near:g} per heatmap px, {how}")


def _distance(frames: TruthFrames, rough: np.ndarray) -> float:
    """Median distance of the truth from the positions decoded."""
    return min(float(np.nanmedian(np.linalg.norm(xy - rough, axis=-1))) for xy in frames.by_convention.values())


def _of_photo(joints: Joints, size: tuple[int, int], rough: np.ndarray, padding: float | None) -> TruthFrames:
    """Joints in photo px, by the boxes."""
    tried = {one: _in_boxes(joints, size, one, "half_pixel")[0] for one in ([padding] if padding else PADDINGS)}
    off = {one: np.linalg.norm(xy - rough, axis=-1) for one, xy in tried.items()}
    best = min(off, key=lambda one: np.nanmedian(off[one]))
    found = {name: _in_boxes(joints, size, best, name)[0] for name in CONVENTIONS}
    scale = _in_boxes(joints, size, best, "half_pixel")[1]
    how = "as you say" if padding else "which fits the heatmaps best"
    return TruthFrames(found, 4.0, joints.areas / scale**2, f"photo px, in boxes grown by {best:g}, {how}")


def _in_boxes(joints: Joints, size: tuple[int, int], padding: float, convention: str) -> tuple[np.ndarray, np.ndarray]:
    """((N, K, 2) heatmap px, (N,) photo px per heatmap px) of crops: boxes grown to the shape of the heatmap."""
    from dark_core.pose.crop_transform import CropTransform  # which needs OpenCV

    found, scales = [], []
    for xy, (x0, y0, x1, y1) in zip(joints.xy, joints.boxes, strict=True):
        height = max(y1 - y0, (x1 - x0) * size[1] / size[0]) * padding
        half = np.array([height * size[0] / size[1], height]) / 2
        center = np.array([x0 + x1, y0 + y1]) / 2
        try:
            crop = CropTransform.from_box(
                (*(center - half), *(center + half)), (4 * size[0], 4 * size[1]), convention=convention
            )
        except ValueError as error:
            raise JointsError("A box of the truth has no area: give x0, y0, x1, y1 with x1 > x0, y1 > y0.") from error
        found.append(crop.to_heatmap(xy))
        scales.append(crop.photo_px)
    return np.stack(found), np.array(scales)


def _person_size(xy: np.ndarray) -> float:
    """Median over people of the root mean square distance of the joints from their middle; of all joints where few."""
    one = xy if xy.shape[1] > 2 else xy.reshape(1, -1, 2)
    with catch_warnings(action="ignore", category=RuntimeWarning):  # a person without labels is NaN
        middle = np.nanmean(one, 1, keepdims=True)
        size = float(np.nanmedian(np.sqrt(np.nanmean(((one - middle) ** 2).sum(-1), 1))))
    return size if size > 0 else 1.0


def _inside(xy: np.ndarray, size: tuple[int, int]) -> bool:
    """Whether nearly all joints lie on the heatmap or little beyond it, whichever axis is which."""
    most = 1.2 * max(size)
    known = xy[np.isfinite(xy).all(-1)]
    return bool(((known > -0.2 * most) & (known < most)).all(-1).mean() > 0.9)
