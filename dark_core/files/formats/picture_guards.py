"""Guards against picture files that are small to send and slow or large to read.

What cameras and editors write is far below every bound.
"""

import io
import re
import struct

from PIL import TiffImagePlugin

from dark_core.files.formats.pictures import PhotoError

_MAX_READS = 500_000  # a decoder's loop over the parts of a file reads at least once a turn
_MAX_TAG_BYTES = 400_000  # one tag of a TIFF's structure: the offsets of 100,000 strips
_MAX_TILE_SIDE = 4096
_MAX_REPEATS = 100
_REPEATED = re.compile(
    rb"\xff\xda\x00[\x08\x0a\x0c\x0e][\x01-\x04]"  # a JPEG's scans: each passes over the whole picture
    rb"|Exif\x00\x00"  # Pillow joins these one by one, copying all of them each time
    rb"|iCCP"  # a PNG's color profiles: each unpacks a thousandfold
)
_EXTENT = re.compile(rb"ispe\0\0\0\0(.{8})", re.DOTALL)  # width and height of a part of a HEIC or AVIF
_TOO_INTRICATE = "The file is cut into too many parts to be read safely: save it as a new JPEG in an image editor."


def too_large(max_pixels: int) -> PhotoError:
    """What is said of a picture of more pixels than these."""
    return PhotoError(
        f"The picture has more than {max_pixels / 1e6:.0f} million pixels: reduce it, for example to 4000 pixels along "
        "its longer side."
    )


class Frugal(io.BytesIO):
    """Bytes that allow a decoder only so many reads."""

    left = _MAX_READS

    def read(self, size: int | None = -1) -> bytes:
        self.left -= 1
        if self.left < 0:
            raise PhotoError(_TOO_INTRICATE)
        return super().read(size)


def check_structure(data: bytes, max_pixels: int) -> None:
    """Raises PhotoError if a part that is costly to read occurs too often, or would unpack to too much."""
    if sum(1 for _ in _REPEATED.finditer(data)) > _MAX_REPEATS:
        raise PhotoError(_TOO_INTRICATE)
    if data[:4] in TiffImagePlugin.PREFIXES:
        _check_tiff(data)
    if data[4:8] == b"ftyp":
        _check_boxes(data, max_pixels)


def _check_boxes(data: bytes, max_pixels: int) -> None:
    """Raises PhotoError if a part of a HEIC or AVIF is declared larger than a picture may be, cropped or not."""
    for width, height in (struct.unpack(">II", found[1]) for found in _EXTENT.finditer(data)):
        if width * height > max_pixels:
            raise too_large(max_pixels)


def _check_tiff(data: bytes) -> None:
    """Raises PhotoError if the first page's directory would unpack to too many numbers or to giant tiles."""
    directory = TiffImagePlugin.ImageFileDirectory_v2(data[: 16 if data[2] == 43 else 8])
    stream = Frugal(data)
    stream.seek(directory.next)
    directory.load(stream)
    # Tags up to 700 tell how the pixels are stored and are unpacked to Python numbers; those above are opaque metadata.
    if any(len(value) > _MAX_TAG_BYTES for tag, value in directory._tagdata.items() if tag < 700):
        raise PhotoError(_TOO_INTRICATE)
    for tag in (TiffImagePlugin.TILEWIDTH, TiffImagePlugin.TILELENGTH):
        side = directory.get(tag, 0)
        if not isinstance(side, int) or side > _MAX_TILE_SIDE:
            raise PhotoError(f"This TIFF has tiles longer than {_MAX_TILE_SIDE} pixels: save it as JPEG or PNG.")
