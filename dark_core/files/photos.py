"""A visitor's bytes in, a photo out: decoded, upright, RGB and bounded.

Whatever is uploaded either becomes a `Photo` or raises a `PhotoError` that says in one sentence what was wrong and
what to do. Nobody's file may cost the other visitors more than a bound: sizes are checked in the header before any
pixel is decoded, structures that make decoders loop are counted before a decoder sees them, and one picture is decoded
at a time; the worst that is accepted takes some 3 seconds and 0.8 GB.
"""

import hashlib
import io
import re
import threading
from dataclasses import dataclass

import numpy as np
from PIL import ExifTags, Image, TiffImagePlugin

MAX_BYTES = 20 * 2**20  # the uploader stops larger files in the browser, the server only far larger ones
MAX_PIXELS = 51_000_000  # the full frame of a 50-megapixel phone
MAX_SIDE = 1600
MIN_SIDE = 32

# Pillow's name → ours. Only these decoders ever see a visitor's bytes.
FORMATS = {"JPEG": "JPEG", "MPO": "JPEG", "PNG": "PNG", "WEBP": "WebP", "BMP": "BMP", "TIFF": "TIFF", "GIF": "GIF"}
ACCEPTED = "JPEG, PNG, WebP, BMP, TIFF or GIF"

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

_FIRST = {"GIF": "first frame of an animated GIF", "TIFF": "first page of several"}

_one_at_a_time = threading.Lock()


class PhotoError(ValueError):
    """The bytes are not a photo that can be read; the message is one sentence for the visitor."""


@dataclass(frozen=True, eq=False)
class Photo:
    """A picture as the network reads it.

    rgb: uint8 (H, W, 3), upright, read-only, the longer side at most `max_side` pixels.
    sha256: hex digest of the file's bytes, the key for every cache.
    original: (width, height) in px of the picture in the file, upright.
    format: "JPEG", "PNG", "WebP", "BMP", "TIFF" or "GIF".
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

    data: the file's bytes, at most 20 MB of JPEG, PNG, WebP, BMP, TIFF or GIF; of several frames or pages the first.
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
        _check_structure(data)
        with _one_at_a_time:
            return _decode(data, max_pixels, max_side)
    except PhotoError:
        raise
    except Image.DecompressionBombError as error:
        raise _too_large(max_pixels) from error
    except Exception as error:  # decoders meet hostile bytes with every kind of exception
        raise PhotoError(_explain(data)) from error


def _decode(data: bytes, max_pixels: int, max_side: int) -> Photo:
    notes = []
    with Image.open(_Frugal(data), formats=[name for name in FORMATS if name != "MPO"]) as image:
        format = FORMATS[image.format or ""]
        if image.width * image.height > max_pixels:
            raise _too_large(max_pixels)
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
        raise PhotoError("This picture has 32 bits per channel and no agreed white: save it with 8 or 16 bits.")
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


def _too_large(max_pixels: int) -> PhotoError:
    return PhotoError(
        f"The picture has more than {max_pixels / 1e6:.0f} million pixels: reduce it, for example to 4000 pixels along "
        "its longer side."
    )


# Guards against files that are small to send and slow or large to read; what cameras and editors write is far below.

_MAX_READS = 500_000  # a decoder's loop over the parts of a file reads at least once a turn
_MAX_TAG_BYTES = 400_000  # one tag of a TIFF's structure: the offsets of 100,000 strips
_MAX_TILE_SIDE = 4096
_MAX_REPEATS = 100
_REPEATED = re.compile(
    rb"\xff\xda\x00[\x08\x0a\x0c\x0e][\x01-\x04]"  # a JPEG's scans: each passes over the whole picture
    rb"|Exif\x00\x00"  # Pillow joins these one by one, copying all of them each time
    rb"|iCCP"  # a PNG's color profiles: each unpacks a thousandfold
)
_TOO_INTRICATE = "The file is cut into too many parts to be read safely: save it as a new JPEG in an image editor."


class _Frugal(io.BytesIO):
    """Bytes that allow a decoder only so many reads."""

    left = _MAX_READS

    def read(self, size: int | None = -1) -> bytes:
        self.left -= 1
        if self.left < 0:
            raise PhotoError(_TOO_INTRICATE)
        return super().read(size)


def _check_structure(data: bytes) -> None:
    """Raises PhotoError if a part that is costly to read occurs too often."""
    if sum(1 for _ in _REPEATED.finditer(data)) > _MAX_REPEATS:
        raise PhotoError(_TOO_INTRICATE)
    if data[:4] in TiffImagePlugin.PREFIXES:
        _check_tiff(data)


def _check_tiff(data: bytes) -> None:
    """Raises PhotoError if the first page's directory would unpack to too many numbers or to giant tiles."""
    directory = TiffImagePlugin.ImageFileDirectory_v2(data[: 16 if data[2] == 43 else 8])
    stream = _Frugal(data)
    stream.seek(directory.next)
    directory.load(stream)
    # Tags up to 700 tell how the pixels are stored and are unpacked to Python numbers; those above are opaque metadata.
    if any(len(value) > _MAX_TAG_BYTES for tag, value in directory._tagdata.items() if tag < 700):
        raise PhotoError(_TOO_INTRICATE)
    for tag in (TiffImagePlugin.TILEWIDTH, TiffImagePlugin.TILELENGTH):
        side = directory.get(tag, 0)
        if not isinstance(side, int) or side > _MAX_TILE_SIDE:
            raise PhotoError(f"This TIFF has tiles longer than {_MAX_TILE_SIDE} pixels: save it as JPEG or PNG.")


# What a file is, by its first bytes: only to say so when it cannot be read.
_KINDS = {
    rb"\xff\xd8\xff": "JPEG",
    rb"\x89PNG\r\n\x1a\n": "PNG",
    rb"RIFF....WEBP": "WebP",
    rb"BM": "BMP",
    rb"II[\x2a\x2b]\x00|MM\x00[\x2a\x2b]": "TIFF",
    rb"GIF8[79]a": "GIF",
}
_OTHER_PICTURES = {
    rb"....ftyp(hei|hev|mif|msf)": "A HEIC picture",
    rb"....ftypavi[fs]": "An AVIF picture",
    rb"\xff\x0a|\x00\x00\x00\x0cJXL ": "A JPEG XL picture",
    rb"\xff\x4f\xff\x51|\x00\x00\x00\x0cjP  ": "A JPEG 2000 picture",
    rb"8BPS": "A Photoshop file",
    rb"%PDF": "A PDF document",
    rb"(\xef\xbb\xbf)?\s*<(\?xml.*<svg|!.*<svg|svg)": "An SVG drawing",
}
_OTHER_FILES = {
    rb"MZ": "a Windows program",
    rb"PK\x03\x04": "a ZIP archive",
    rb"....ftyp|\x1aE\xdf\xa3|RIFF....AVI ": "a video",
}


def _explain(data: bytes) -> str:
    """One sentence for bytes that no decoder could read."""
    if kind := _kind(data, _KINDS):
        return f"This {kind} file is damaged, cut short or of a rare kind: save it as a new JPEG in an image editor."
    if kind := _kind(data, _OTHER_PICTURES):
        return f"{kind} cannot be read here: save it as JPEG and choose that file."
    kind = _kind(data, _OTHER_FILES) or "no picture"
    return f"The file is {kind}, whatever its name says: choose a {ACCEPTED} picture."


def _kind(data: bytes, kinds: dict[bytes, str]) -> str | None:
    return next((name for pattern, name in kinds.items() if re.match(pattern, data[:1024], re.DOTALL)), None)
