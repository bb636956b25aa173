"""The picture to take away: photo, skeletons and markers as one PNG, drawn at sub-pixel."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image, ImageColor, ImageDraw

from dark_core.codec import DECODERS
from dark_core.figures import colour, svg
from dark_core.pose.skeleton import SKELETON

OVERSAMPLING = 3


def overlay_png(photo: np.ndarray, skeletons: dict[str, np.ndarray]) -> bytes:
    """PNG bytes of ``photo`` (H, W, 3) uint8 with a skeleton (14, 2), in its px, per decoder.

    One skeleton is coloured left and right, several are grey; drawn three times as large and
    averaged down, so that a third of a pixel still shows.
    """
    height, width = photo.shape[:2]
    times = OVERSAMPLING
    # Pillow's bounded canvas: the oversampled layer holds the drawing alone, the photo stays as it is.
    layer = Image.new("RGBA", (width * times, height * times))
    draw = ImageDraw.Draw(layer)
    unit = max(width, height) / 100 * times

    def place(point) -> tuple[float, float]:
        # Pixel centres are integers; Pillow counts from the corner of the first pixel.
        return (point[0] + 0.5) * times, (point[1] + 0.5) * times

    for joints in skeletons.values():
        for a, b in SKELETON.bones:
            ink = colour.limb(a, b, sides=len(skeletons) == 1)
            ends = [place(joints[a]), place(joints[b])]
            draw.line(ends, fill=(0, 0, 0, 140), width=max(1, round(unit * 0.95)))
            draw.line(ends, fill=ImageColor.getrgb(ink), width=max(1, round(unit * 0.5)))
    for name, joints in skeletons.items():
        decoder = DECODERS[name]
        for joint in joints:
            x, y = place(joint)
            for size, ink in ((1.45, "black"), (1.15, "white"), (0.85, decoder.colour)):
                draw.polygon(
                    [(x + unit * size * 0.7 * u, y + unit * size * 0.7 * v) for u, v in svg.SHAPES[decoder.marker]],
                    fill=ink,
                )
    picture = Image.fromarray(photo).convert("RGBA")
    picture.alpha_composite(layer.resize((width, height), Image.Resampling.BOX))
    out = io.BytesIO()
    picture.convert("RGB").save(out, "PNG")
    return out.getvalue()
