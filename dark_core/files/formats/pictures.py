"""The picture formats that are read, and what a file is that cannot be read as one of them."""

import re
from typing import IO

import pillow_heif
from PIL import Image

# The picture itself is always decoded, never a smaller copy of it that lies in the same file.
pillow_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)

FORMATS = {
    "JPEG": "JPEG",
    "MPO": "JPEG",
    "PNG": "PNG",
    "WEBP": "WebP",
    "AVIF": "AVIF",
    "HEIF": "HEIC",
    "BMP": "BMP",
    "TIFF": "TIFF",
    "GIF": "GIF",
}
"""Pillow's name -> ours. Only these decoders ever see a visitor's bytes."""

ACCEPTED = "JPEG, PNG, WebP, HEIC, AVIF, BMP, TIFF or GIF"


class PhotoError(ValueError):
    """The bytes are not a photo that can be read; the message is one sentence for the visitor."""


def open_picture(file: IO[bytes], formats: list[str] | None = None) -> Image.Image:
    """The picture in ``file``, not decoded yet; ``formats``: Pillow's names of those that are tried, None for all."""
    return Image.open(file, formats=formats)


# What a file is, by its first bytes: only to say so when it cannot be read.
_KINDS = {
    rb"\xff\xd8\xff": "JPEG",
    rb"\x89PNG\r\n\x1a\n": "PNG",
    rb"RIFF....WEBP": "WebP",
    rb"....ftypavi[fs]": "AVIF",
    rb"....ftyp(hei|hev|mif|msf)": "HEIC",
    rb"BM": "BMP",
    rb"II[\x2a\x2b]\x00|MM\x00[\x2a\x2b]": "TIFF",
    rb"GIF8[79]a": "GIF",
}
_OTHER_PICTURES = {
    rb"\xff\x0a|\x00\x00\x00\x0cJXL ": "A JPEG XL picture",
    rb"\xff\x4f\xff\x51|\x00\x00\x00\x0cjP  ": "A JPEG 2000 picture",
    rb"8BPS": "A Photoshop file",
    rb"(\xef\xbb\xbf)?\s*<(\?xml.*<svg|!.*<svg|svg)": "An SVG drawing",
}
_OTHER_FILES = {
    rb"MZ": "a Windows program",
    rb"%PDF": "a PDF document",
    rb"PK\x03\x04": "a ZIP archive or an Office document",
    rb"....ftyp|\x1aE\xdf\xa3|RIFF....AVI ": "a video",
    rb"\x93NUMPY": "an array of numbers",
    rb"[\t\n\r\x20-\x7e]{1,1024}\Z": "a text",
}


def explain(data: bytes) -> str:
    """One sentence for bytes that no decoder could read."""
    if kind := _kind(data, _KINDS):
        return f"This {kind} file is damaged, cut short or not supported: save it as a new JPEG in an image editor."
    if kind := _kind(data, _OTHER_PICTURES):
        return f"{kind} cannot be read here: save it as JPEG and choose that file."
    kind = _kind(data, _OTHER_FILES) or "of no known kind"
    return f"The file is {kind}, not a picture: choose a {ACCEPTED} file."


def _kind(data: bytes, kinds: dict[bytes, str]) -> str | None:
    return next((name for pattern, name in kinds.items() if re.match(pattern, data[:1024], re.DOTALL)), None)
