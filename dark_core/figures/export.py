"""Pictures to take away, drawn at sub-pixel: photo, skeletons and markers as one PNG; several people as one sheet."""

from __future__ import annotations

import io
from collections.abc import Sequence

import cv2
import numpy as np
from PIL import Image, ImageColor, ImageDraw

from dark_core.figures import colors
from dark_core.figures.decoder_style import MarkStyle, style_of
from dark_core.figures.marker_shapes import SHAPES
from dark_core.figures.skeletons import BONE, JOINT, TRUTH
from dark_core.figures.style import STYLE
from dark_core.pose.skeleton import SKELETON

OVERSAMPLING = 3
"""Drawn so many times as large and averaged down: a third of a pixel still shows."""

TILE, COLUMNS = 360, 3
"""A sheet's pictures: their side in px, how many stand in a row."""


def overlay_png(photo: np.ndarray, people: Sequence[dict[str, np.ndarray]], truth: np.ndarray | None = None) -> bytes:
    """PNG bytes of ``overlay``."""
    out = io.BytesIO()
    overlay(photo, people, truth).save(out, "PNG")
    return out.getvalue()


def sheet_jpg(people: Sequence[tuple[np.ndarray, np.ndarray, np.ndarray]], decoder: str) -> bytes:
    """JPEG bytes of ``people``, each (photo (S, S, 3), joints (14, 2), truth (14, 2)), ``COLUMNS`` in a row."""
    rows = -(-len(people) // COLUMNS)
    sheet = Image.new("RGB", (COLUMNS * TILE, rows * TILE), "white")
    for number, (photo, joints, truth) in enumerate(people):
        scale = TILE / len(photo)
        large = cv2.resize(photo, (TILE, TILE), interpolation=cv2.INTER_CUBIC)
        joints, truth = ((points + 0.5) * scale - 0.5 for points in (joints, truth))
        row, column = divmod(number, COLUMNS)
        sheet.paste(overlay(large, [{decoder: joints}], truth), (column * TILE, row * TILE))
    out = io.BytesIO()
    sheet.save(out, "JPEG", quality=82, optimize=True)
    return out.getvalue()


def overlay(
    photo: np.ndarray,
    people: Sequence[dict[str, np.ndarray]],
    truth: np.ndarray | None = None,
    *,
    decoder_colors: bool = False,
) -> Image.Image:
    """``photo`` (H, W, 3) uint8 with one skeleton (14, 2) per person and decoder, in px of the photo.

    A joint that is NaN is drawn nowhere. ``truth`` (14, 2), NaN where unknown, is marked by rings with a cross. One
    skeleton of a person is colored left and right, several are gray; with ``decoder_colors`` each has its decoder's.
    """
    height, width = photo.shape[:2]
    # The oversampled layer holds the drawing only, the photo stays as it is.
    layer = Image.new("RGBA", (width * OVERSAMPLING, height * OVERSAMPLING))
    draw = ImageDraw.Draw(layer)
    unit = max(width, height) / 100 * OVERSAMPLING

    for skeletons in people:
        for name, joints in skeletons.items():
            for a, b in SKELETON.bones:
                if np.isfinite(joints[[a, b]]).all():
                    side = colors.limb(a, b, sides=len(skeletons) == 1)
                    _bone(draw, joints[a], joints[b], unit * BONE, style_of(name).color if decoder_colors else side)
        for name, joints in skeletons.items():
            for joint in joints[np.isfinite(joints).all(-1)]:
                _marker(draw, joint, unit * JOINT, style_of(name))
    for joint in [] if truth is None else truth[np.isfinite(truth).all(1)]:
        _truth(draw, joint, unit * TRUTH)
    picture = Image.fromarray(photo).convert("RGBA")
    picture.alpha_composite(layer.resize((width, height), Image.Resampling.BOX))
    return picture.convert("RGB")


# The shapes of svg.py, with Pillow


def _on_layer(point: np.ndarray) -> tuple[float, float]:
    """Pixel centers are integers; Pillow counts from the corner of the first pixel."""
    return (point[0] + 0.5) * OVERSAMPLING, (point[1] + 0.5) * OVERSAMPLING


def _px(width: float) -> int:
    return max(1, round(width))


def _bone(draw: ImageDraw.ImageDraw, a: np.ndarray, b: np.ndarray, width: float, color: str) -> None:
    ends, casing = [_on_layer(a), _on_layer(b)], STYLE["line"]
    draw.line(ends, fill=(0, 0, 0, round(255 * casing["casing_opacity"])), width=_px(width * casing["casing"]))
    draw.line(ends, fill=ImageColor.getrgb(color), width=_px(width))


def _marker(draw: ImageDraw.ImageDraw, point: np.ndarray, size: float, look: MarkStyle) -> None:
    x, y = _on_layer(point)
    corners = [(x + size * u, y + size * v) for u, v in SHAPES[look.marker]]
    around = [*corners, *corners[:2]]  # the second corner once more: the last joint is round as well
    for ink, width in (("black", STYLE["marker"]["black"]), ("white", STYLE["marker"]["white"])):
        draw.polygon(corners, fill=ink)
        draw.line(around, fill=ink, width=_px(size * width), joint="curve")
    draw.polygon(corners, fill=look.color)


def _truth(draw: ImageDraw.ImageDraw, point: np.ndarray, size: float) -> None:
    x, y = _on_layer(point)
    for ink, share in (("black", STYLE["truth"]["black"]), ("white", STYLE["truth"]["white"])):
        width = _px(size * share)
        reach = size + width / 2  # Pillow draws an outline inward
        draw.ellipse([x - reach, y - reach, x + reach, y + reach], outline=ink, width=width)
        draw.line([(x - size, y), (x + size, y)], fill=ink, width=width)
        draw.line([(x, y - size), (x, y + size)], fill=ink, width=width)
