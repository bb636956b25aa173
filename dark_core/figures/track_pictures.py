"""Frames with tracks drawn on them, for videos: skeletons side by side, and one joint from near."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import cv2
import numpy as np

from dark_core.codec import DECODERS
from dark_core.figures.decoder_style import style_of

BITS = 4
"""Binary places of a coordinate that is drawn: sixteenths of a px."""


def side_by_side(rgb: np.ndarray, points: Mapping[str, np.ndarray], bones: Sequence[tuple[int, int]]) -> np.ndarray:
    """A frame once for each decoder, with its skeleton and its title.

    Parameters
    ----------
    rgb
        (H, W, 3) uint8.
    points
        Decoder -> (K, 2) joints in px of the frame; a bone with a joint that is NaN is not drawn.
    bones
        Pairs of joints.

    Returns
    -------
    numpy.ndarray
        (H, W times the number of decoders, 3) uint8.
    """
    views = []
    for name, joints in points.items():
        view = rgb.copy()
        for one, other in bones:
            if np.isfinite(joints[[one, other]]).all():
                start, end = _fixed(joints[one]), _fixed(joints[other])
                cv2.line(view, start, end, (0, 0, 0), 4, cv2.LINE_AA, BITS)
                cv2.line(view, start, end, _color(name), 2, cv2.LINE_AA, BITS)
        for color, width in (((0, 0, 0), 4), ((255, 255, 255), 2)):
            cv2.putText(view, DECODERS[name].title, (12, 30), cv2.FONT_HERSHEY_SIMPLEX, 0.8, color, width, cv2.LINE_AA)
        views.append(view)
    return np.hstack(views)


def zoom(
    rgb: np.ndarray, center: np.ndarray, span: float, points: Mapping[str, np.ndarray], side: int = 320
) -> np.ndarray:
    """A square of a frame from near, with a disc where each decoder finds the joint.

    Parameters
    ----------
    rgb
        (H, W, 3) uint8.
    center
        (2,) of the square, in px of the frame.
    span
        Its side in px of the frame.
    points
        Decoder -> (2,) in px of the frame; what is NaN is not drawn.
    side
        Px of the picture that is returned.

    Returns
    -------
    numpy.ndarray
        (side, side, 3) uint8.
    """
    scale = side / span
    shift = -scale * (np.asarray(center, float) - span / 2) - 0.5  # the first pixel's center is half a px from the edge
    matrix = np.array([[scale, 0, shift[0]], [0, scale, shift[1]]])
    view = cv2.warpAffine(rgb, matrix, (side, side), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    for name, xy in points.items():
        if np.isfinite(xy).all():
            at, radius = _fixed(scale * np.asarray(xy) + shift), round(side / 32 * 2**BITS)
            cv2.circle(view, at, radius + 2 * 2**BITS, (0, 0, 0), -1, cv2.LINE_AA, BITS)
            cv2.circle(view, at, radius, _color(name), -1, cv2.LINE_AA, BITS)
    return view


def _fixed(xy: np.ndarray) -> list[int]:
    return np.round(np.asarray(xy) * 2**BITS).astype(int).tolist()


def _color(name: str) -> tuple[int, ...]:
    """Red, green and blue of a decoder's style."""
    return tuple(bytes.fromhex(style_of(name).color.removeprefix("#")))
