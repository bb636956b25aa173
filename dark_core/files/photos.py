"""A visitor's bytes in, a photo out: decoded, upright, RGB and bounded.

Whatever is uploaded either becomes a `Photo` or raises a `PhotoError` that says in one sentence what was wrong and
what to do. Nobody's file may cost the other visitors more than a bound: sizes are checked in the header before any
pixel is decoded, structures that make decoders loop are counted before a decoder sees them, and one picture is decoded
at a time; the worst that is accepted takes some 3 seconds and 0.8 GB.
"""

import hashlib
import threading
from dataclasses import dataclass

import numpy as np
from PIL import ExifTags, Image

from dark_core.files.formats.picture_guards import Frugal, check_structure, too_large
from dark_core.files.formats.pictures import ACCEPTED, FORMATS, PhotoError, explain, open_picture

MAX_BYTES = 20 * 2**20  # the uploader stops larger files in the browser, the server only far larger ones
MAX_PIXELS = 51_000_000  # the full frame of a 50-megapixel phone
MAX_SIDE = 1600
MIN_SIDE = 32

# EXIF orientation → what turns the stored picture upright.
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

_FIRST = {
    "GIF": "first frame of an animated GIF",
    "TIFF": "first page of several",
    "HEIC": "main picture of several",
}

_one_at_a_time = threading.Lock()


@dataclass(frozen=True, eq=False)
class Photo:
    """A picture as the network reads it.

    rgb: uint8 (H, W, 3), upright, read-only, the longer side at most `max_side` pixels.
    sha256: hex digest of the file's bytes, the key for every cache.
    original: (width, height) in px of the picture in the file, upright.
    format: "JPEG", "PNG", "WebP", "HEIC", "AVIF", "BMP", "TIFF" or "GIF".
    notes: what was done to the picture on the way in, for the visitor.
    """

    rgb: np.ndarray
    sha256: str
    original: tuple[int, int]
    format: str
    notes: tuple[str, ...]

    def to_original(self, xy: np.ndarray) -> np.ndarray:
        """Points (..., 2) in px of `rgb` → px of the upright picture in the file, x = (x' + ½)·s − ½ on each axis."""
        height, width = self.rgb.shape[:2]
        return (np.asarray(xy) + 0.5) * (np.array(self.original) / (width, height)) - 0.5


def read_photo(data: bytes, *, max_pixels: int = MAX_PIXELS, max_side: int = MAX_SIDE) -> Photo:
    """Decode one uploaded picture.

    data: the file's bytes, at most 20 MB of JPEG, PNG, WebP, HEIC, AVIF, BMP, TIFF or GIF; of several frames or pages
        the first, of several pictures in a HEIC the main one.
    max_pixels: pictures of more px are refused from their header, undecoded.
    max_side: longer pictures are reduced by averaging until their longer side is this many px.

    Transparency is laid on white, 16 bits per channel become 8, CMYK and palettes become RGB. The same bytes always
    give the same photo, from any thread.

    Raises PhotoError for anything else.
    """
    if not data:
        raise PhotoError(f"The file is empty: choose a {ACCEPTED} picture.")
    if len(data) > MAX_BYTES:
        raise PhotoError(f"The file has {len(data) >> 20} MB, the limit is {MAX_BYTES >> 20} MB: reduce it first.")
    try:
        check_structure(data, max_pixels)
        with _one_at_a_time:
            return _decode(data, max_pixels, max_side)
    except PhotoError:
        raise
    except Image.DecompressionBombError as error:
        raise too_large(max_pixels) from error
    except Exception as error:  # decoders meet hostile bytes with every kind of exception
        raise PhotoError(explain(data)) from error


def _decode(data: bytes, max_pixels: int, max_side: int) -> Photo:
    notes = []
    with open_picture(Frugal(data), [name for name in FORMATS if name != "MPO"]) as image:
        format = FORMATS[image.format or ""]
        if image.width * image.height > max_pixels:
            raise too_large(max_pixels)
        _fit(image.size, max_side)  # refuses what is too small before it is decoded
        orientation = _orientation(image)
        if getattr(image, "is_animated", False):
            notes.append(_FIRST.get(format, "first of several frames"))

        # A JPEG can be decoded at 1/2, 1/4 or 1/8 of its size, which averages and saves the memory; the draft is
        # rounded up to whole pixels, and `box` is the part of it that the picture covers.
        full = image.size
        target = _fit(full, max_side)
        draft = image.draft(None, target)
        image.load()
        if draft is None:
            full, target, box = image.size, _fit(image.size, max_side), None
        else:
            box = draft[1]
        small, transparent = _to_rgb(image, target, box)
    if transparent:
        notes.append("transparent parts shown on white")
    if orientation in _UPRIGHT:
        notes.append("turned upright by its EXIF note")
        if format != "TIFF":  # Pillow turns these by itself while loading
            small = small.transpose(_UPRIGHT[orientation])
            full = full[::-1] if orientation >= 5 else full
    if small.size != full:
        notes.append(f"reduced from {full[0]} × {full[1]} to {small.width} × {small.height} pixels")
    rgb = np.array(small)
    rgb.setflags(write=False)  # one photo is shared by every session that uploads it
    return Photo(rgb, hashlib.sha256(data).hexdigest(), full, format, tuple(notes))


def _to_rgb(image: Image.Image, size: tuple[int, int], box: tuple | None) -> tuple[Image.Image, bool]:
    """Any mode → RGB of the given size, and whether anything was transparent."""
    if image.mode.startswith("I;16"):
        image = Image.fromarray(_eight_bits(np.asarray(image)))
    elif image.mode in ("I", "F"):
        raise PhotoError(
            "This picture has 32 bits per channel and does not say which value is white: save it with 8 or 16 bits."
        )
    mode = "RGBA" if image.has_transparency_data else "RGB"
    if image.mode != mode:
        image = image.convert(mode)
    if image.size != size:
        image = image.resize(size, Image.Resampling.LANCZOS, box=box)
    if mode == "RGB":
        return image, False
    transparent = int(np.asarray(image.getchannel("A")).min()) < 255
    return Image.alpha_composite(Image.new("RGBA", size, "white"), image).convert("RGB"), transparent


def _eight_bits(values: np.ndarray) -> np.ndarray:
    """uint16 → uint8, exactly round(v / 257), so that 65535 is white; the minimum keeps the sum within 16 bits."""
    return ((np.minimum(values.astype(np.uint16), 65407) + 128) // 257).astype(np.uint8)


def _fit(size: tuple[int, int], max_side: int) -> tuple[int, int]:
    """The size (width, height) a picture is reduced to; raises PhotoError if a side is left with too few px."""
    ratio = min(1, max_side / max(size))
    target = (round(size[0] * ratio), round(size[1] * ratio))
    if min(target) < MIN_SIDE:
        raise PhotoError(
            f"The picture is too {'small' if ratio == 1 else 'narrow'} ({size[0]} × {size[1]} pixels): choose one with "
            f"at least {MIN_SIDE} pixels on each side and at most {max_side // MIN_SIDE} times longer than wide."
        )
    return target


def _orientation(image: Image.Image) -> int:
    try:
        return image.getexif().get(ExifTags.Base.Orientation, 1)
    except Exception:  # a damaged EXIF block is no reason to refuse the picture it sits in
        return 1
