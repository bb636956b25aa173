"""Pictures to take away, drawn at sub-pixel: photo, skeletons and markers as one PNG; several people as one sheet."""

from __future__ import annotations

import io
from collections.abc import Sequence

import cv2
import numpy as np
from PIL import Image, ImageColor, ImageDraw

from dark_core.figures import colors
from dark_core.figures.decoder_style import style_of
from dark_core.figures.marker_shapes import SHAPES
from dark_core.pose.skeleton import SKELETON

OVERSAMPLING = 3


TILE, COLUMNS = 360, 3


def overlay_png(photo: np.ndarray, skeletons: dict[str, np.ndarray], truth: np.ndarray | None = None) -> bytes:
    """PNG bytes of ``overlay``."""
    out = io.BytesIO()
    overlay(photo, skeletons, truth).save(out, "PNG")
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
        sheet.paste(overlay(large, {decoder: joints}, truth), (column * TILE, row * TILE))
    out = io.BytesIO()
    sheet.save(out, "JPEG", quality=82, optimize=True)
    return out.getvalue()


def overlay(photo: np.ndarray, skeletons: dict[str, np.ndarray], truth: np.ndarray | None = None) -> Image.Image:
    """``photo`` (H, W, 3) uint8 with a skeleton (14, 2), in its px, per decoder.

    ``truth`` (14, 2), NaN where unknown, is marked by rings with a cross. One skeleton is colored
    left and right, several are gray; drawn three times as large and averaged down, so that a third
    of a pixel still shows.
    """
    height, width = photo.shape[:2]
    times = OVERSAMPLING
    # Pillow's bounded canvas: the oversampled layer holds the drawing alone, the photo stays as it is.
    layer = Image.new("RGBA", (width * times, height * times))
    draw = ImageDraw.Draw(layer)
    unit = max(width, height) / 100 * times

    def place(point) -> tuple[float, float]:
        # Pixel centers are integers; Pillow counts from the corner of the first pixel.
        return (point[0] + 0.5) * times, (point[1] + 0.5) * times

    for joints in skeletons.values():
        for a, b in SKELETON.bones:
            ink = colors.limb(a, b, sides=len(skeletons) == 1)
            ends = [place(joints[a]), place(joints[b])]
            draw.line(ends, fill=(0, 0, 0, 140), width=max(1, round(unit * 0.95)))
            draw.line(ends, fill=ImageColor.getrgb(ink), width=max(1, round(unit * 0.5)))
    for name, joints in skeletons.items():
        look = style_of(name)
        for joint in joints:
            x, y = place(joint)
            for size, ink in ((1.45, "black"), (1.15, "white"), (0.85, look.color)):
                draw.polygon(
                    [(x + unit * size * 0.7 * u, y + unit * size * 0.7 * v) for u, v in SHAPES[look.marker]],
                    fill=ink,
                )
    for joint in [] if truth is None else truth[np.isfinite(truth).all(1)]:
        (x, y), r = place(joint), unit * 0.8
        for ink, wide in (("black", 0.42), ("white", 0.2)):
            width_px = max(1, round(r * wide))
            reach = r + width_px / 2  # Pillow draws an outline inward
            draw.ellipse([x - reach, y - reach, x + reach, y + reach], outline=ink, width=width_px)
            draw.line([(x - r, y), (x + r, y)], fill=ink, width=width_px)
            draw.line([(x, y - r), (x, y + r)], fill=ink, width=width_px)
    picture = Image.fromarray(photo).convert("RGBA")
    picture.alpha_composite(layer.resize((width, height), Image.Resampling.BOX))
    return picture.convert("RGB")
