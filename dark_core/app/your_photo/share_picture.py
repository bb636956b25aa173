"""The picture to share: before, after, the number, and where it comes from, as one PNG."""

from __future__ import annotations

import io
import textwrap

from PIL import Image, ImageDraw, ImageFont

from dark_core.app.widgets.photo_source import Picture
from dark_core.app.your_photo.text import TEXT
from dark_core.app.your_photo.wipe import AFTER, BEFORE, count_positions
from dark_core.evaluation.decoder_comparison import Comparison
from dark_core.figures.decoder_style import style_of, title_of
from dark_core.figures.export import overlay
from dark_core.figures.style import COLORS
from dark_core.pose.crop_transform import CropTransform
from dark_core.pose.pose import Pose

SIDE, HEAD, FOOT = 640, 56, 120
"""Px of each of the two photos, of the line above them and of the lines below."""

SIZE = 2 * SIDE, HEAD + SIDE + FOOT
"""(W, H) of the picture."""


def png(picture: Picture, comparison: Comparison, pose: Pose) -> bytes:
    """PNG bytes of ``SIZE``: the person decoded by argmax and by DARK, each skeleton in its decoder's color."""
    sheet = Image.new("RGB", SIZE, "white")
    draw = ImageDraw.Draw(sheet)
    frame = pose.transform.rescaled(picture.scale)
    box = (frame.corners()[[0, 2]] + 0.5).ravel().tolist()
    tile = CropTransform.from_box(box, (SIDE, SIDE))
    shown = (pose.transform.corners()[[0, 2]] + 0.5).ravel().tolist()
    photo = CropTransform.from_box(shown, (SIDE, SIDE)).crop(picture.rgb)
    for column, name in enumerate((BEFORE, AFTER)):
        left = column * SIDE
        draw.rectangle((left, HEAD - 8, left + SIDE, HEAD), fill=style_of(name).color)
        draw.text((left + 16, 8), title_of(name), fill=COLORS["ink"], font=_font(30))
        people = [{name: tile.to_crop(comparison.photo[name])}]
        sheet.paste(overlay(photo, people, decoder_colors=True), (left, HEAD))
    claim = TEXT["count"]["claim" if picture.own else "claim_scene"]
    draw.text(
        (16, HEAD + SIDE + 14), claim.format(count=count_positions(frame, picture.size)), COLORS["ink"], _font(34)
    )
    draw.text((16, HEAD + SIDE + 66), textwrap.fill(TEXT["share"]["source"], 130), COLORS["ink"], _font(20))
    return _as_png(sheet)


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """The letters that come with Pillow, so that no font has to be installed."""
    return ImageFont.load_default(size)


def _as_png(sheet: Image.Image) -> bytes:
    out = io.BytesIO()
    sheet.save(out, "PNG")
    return out.getvalue()
