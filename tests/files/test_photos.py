"""Every odd and bad upload, built in memory: each gives an upright RGB photo or one clear sentence."""

import hashlib
import io
import re
import struct
import subprocess
import sys
import zlib
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pillow_heif
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image

from dark_core.files.photos import MAX_BYTES, MAX_SIDE, Photo, PhotoError, _eight_bits, read_photo

# What Pillow thinks of odd files reaches the log, not the visitor.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL", "ignore::PIL.Image.DecompressionBombWarning")

RED, GREEN, BLUE, YELLOW = (200, 30, 40), (30, 160, 60), (20, 40, 190), (230, 220, 30)
WHITE = (255, 255, 255)


def quarters(width: int = 96, height: int = 64) -> Image.Image:
    """A picture that tells its eight orientations apart: red green over blue yellow."""
    image = Image.new("RGB", (width, height), RED)
    image.paste(GREEN, (width // 2, 0, width, height))
    image.paste(BLUE, (0, height // 2, width, height))
    image.paste(YELLOW, (width // 2, height // 2, width, height))
    return image


def encoded(image: Image.Image, format: str, **options) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format, **options)
    return buffer.getvalue()


def corners(photo: Photo) -> np.ndarray:
    """The colors a quarter in from the corners, (4, 3): top left, top right, bottom left, bottom right."""
    height, width = photo.rgb.shape[:2]
    return photo.rgb[[height // 4, height // 4, -height // 4, -height // 4], [width // 4, -width // 4] * 2].astype(int)


def png(width: int, height: int, depth: int, color: int, rows: bytes, extra: bytes = b"") -> bytes:
    """A PNG written by hand: rows are filter byte and samples."""
    header = struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, 0)
    chunks = [chunk(b"IHDR", header), extra, chunk(b"IDAT", zlib.compress(rows, 9)), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def tiff(width: int, height: int, pixels: bytes, extra: dict[int, tuple[int, bytes]] | None = None) -> bytes:
    """An 8-bit gray TIFF written by hand; `extra` maps tags to (type, values)."""
    tags = {256: (4, struct.pack("<I", width)), 257: (4, struct.pack("<I", height)), 258: (3, struct.pack("<H", 8))}
    tags |= {
        259: (3, struct.pack("<H", 1)),
        262: (3, struct.pack("<H", 1)),
        273: (4, struct.pack("<I", 8)),
        **(extra or {}),
    }
    sizes = {1: 1, 3: 2, 4: 4, 5: 8}
    directory, tail = struct.pack("<H", len(tags)), b""
    start = 8 + len(pixels)
    for tag, (kind, values) in sorted(tags.items()):
        if len(values) > 4:
            place = struct.pack("<I", start + 2 + 12 * len(tags) + 4 + len(tail))
            tail += values
        else:
            place = values.ljust(4, b"\0")
        directory += struct.pack("<HHI", tag, kind, len(values) // sizes[kind]) + place
    return b"II*\0" + struct.pack("<I", start) + pixels + directory + b"\0\0\0\0" + tail


# What is read


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WebP", "HEIC", "AVIF", "BMP", "TIFF", "GIF"])
def test_every_accepted_format(format):
    data = encoded(quarters(), "HEIF" if format == "HEIC" else format)
    photo = read_photo(data)
    assert photo.format == format
    assert photo.rgb.shape == (64, 96, 3) and photo.rgb.dtype == np.uint8
    assert photo.original == (96, 64)
    assert photo.sha256 == hashlib.sha256(data).hexdigest()
    assert photo.notes == ()
    assert np.abs(corners(photo) - [RED, GREEN, BLUE, YELLOW]).max() <= 12  # JPEG and WebP lose a little


@pytest.mark.parametrize(
    "mode, tolerance",
    [("L", 0), ("LA", 0), ("P", 0), ("PA", 0), ("RGBA", 0), ("RGBX", 0), ("CMYK", 0), ("YCbCr", 3)],
)
def test_every_mode_becomes_rgb(mode, tolerance):
    picture = quarters().quantize(16).convert(mode) if mode in ("P", "PA") else quarters().convert(mode)
    rgb = read_photo(encoded(picture, "TIFF")).rgb
    expected = quarters().convert("L").convert("RGB") if mode in ("L", "LA") else quarters()
    assert np.abs(rgb.astype(int) - np.asarray(expected)).max() <= tolerance


def test_cmyk_jpeg_keeps_its_colors():
    photo = read_photo(encoded(quarters().convert("CMYK"), "JPEG", quality=95))
    assert np.abs(corners(photo) - [RED, GREEN, BLUE, YELLOW]).max() <= 12


def test_one_bit_is_black_and_white():
    dots = Image.new("1", (64, 64), 1)
    dots.paste(0, (0, 0, 32, 64))
    assert read_photo(encoded(dots, "PNG")).rgb[5, [5, 60]].tolist() == [[0, 0, 0], [255, 255, 255]]


def test_sixteen_bits_are_rounded_not_clipped():
    every = np.arange(65536)
    assert (_eight_bits(every.astype(np.uint16)) == (every + 128) // 257).all()
    assert (_eight_bits(every.astype(">u2")) == (every + 128) // 257).all()


def test_sixteen_bit_gray_png_and_tiff():
    ramp = np.tile(np.linspace(0, 65535, 256).astype(np.uint16), (64, 1))
    for format in ("PNG", "TIFF"):
        rgb = read_photo(encoded(Image.fromarray(ramp), format)).rgb
        assert (rgb == np.arange(256)[None, :, None]).all()


@pytest.mark.parametrize("color, samples", [(2, [0x1234, 0x8000, 0xFFFF]), (6, [0x1234, 0x8000, 0xFFFF, 0xFFFF])])
def test_sixteen_bit_color_png(color, samples):
    row = b"\0" + struct.pack(f">{len(samples)}H", *samples) * 40
    rgb = read_photo(png(40, 40, 16, color, row * 40)).rgb
    assert np.abs(rgb.astype(int) - [0x12, 0x80, 0xFF]).max() <= 1


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF", "HEIF"])
def test_exif_orientation_lands_upright(orientation, format):
    # What a camera stores: the inverse of the turn that the note asks for.
    turns = "FLIP_LEFT_RIGHT ROTATE_180 FLIP_TOP_BOTTOM TRANSPOSE ROTATE_90 TRANSVERSE ROTATE_270".split()
    stored = quarters()
    if orientation > 1:
        stored = stored.transpose(Image.Transpose[turns[orientation - 2]])
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    photo = read_photo(encoded(stored, format, exif=exif.tobytes()))
    assert photo.rgb.shape == (64, 96, 3) and photo.original == (96, 64)
    assert np.abs(corners(photo) - [RED, GREEN, BLUE, YELLOW]).max() <= 12
    # A HEIC is turned while it is decoded, by its own boxes (irot, imir).
    assert photo.notes == (("turned upright by its EXIF note",) if orientation > 1 and format != "HEIF" else ())


def test_a_damaged_exif_block_does_not_cost_the_picture():
    assert read_photo(encoded(quarters(), "JPEG", exif=b"Exif\0\0nonsense")).notes == ()


def test_transparency_is_laid_on_white():
    clear = quarters().convert("RGBA")
    clear.paste((0, 0, 0, 0), (0, 0, 48, 32))
    clear.paste((0, 0, 0, 128), (48, 0, 96, 32))
    for format in ("PNG", "WEBP", "TIFF", "AVIF", "HEIF"):
        photo = read_photo(encoded(clear, format, lossless=True) if format == "WEBP" else encoded(clear, format))
        assert photo.notes == ("transparent parts shown on white",)
        lost = 12 if format in ("AVIF", "HEIF") else 0
        assert np.abs(corners(photo)[[0, 1, 3]] - [WHITE, (127, 127, 127), YELLOW]).max() <= lost


def test_transparent_palette_entry():
    picture = quarters().quantize(4)
    index = picture.getpixel((5, 5))
    for format in ("PNG", "GIF"):
        assert corners(read_photo(encoded(picture, format, transparency=index)))[0].tolist() == list(WHITE)


@pytest.mark.parametrize(
    "format, note",
    [
        ("GIF", "first frame of an animated GIF"),
        ("TIFF", "first page of several"),
        ("WEBP", "first of several frames"),
        ("PNG", "first of several frames"),
        ("MPO", "first of several frames"),
        ("AVIF", "first of several frames"),
        ("HEIF", "main picture of several"),
    ],
)
def test_first_of_several(format, note):
    others = [Image.new("RGB", (96, 64), color) for color in (BLUE, GREEN)]
    photo = read_photo(encoded(quarters(), format, save_all=True, append_images=others))
    assert photo.notes == (note,)
    assert np.abs(corners(photo) - [RED, GREEN, BLUE, YELLOW]).max() <= 12


def test_an_ultra_hdr_jpeg_opens_as_its_base_picture():
    """As phones write it: a JPEG, and behind it in the same file a smaller gray gain map, named in the MPF index."""
    xmp = (
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        b'<rdf:Description xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/" hdrgm:Version="1.0"/>'
        b"</rdf:RDF></x:xmpmeta>"
    )
    gain_map = Image.linear_gradient("L").resize((48, 32))
    data = encoded(quarters(), "MPO", save_all=True, append_images=[gain_map], xmp=xmp)
    assert data.count(b"\xff\xd8\xff") == 2 and b"MPF\0" in data
    photo = read_photo(data)
    assert photo.format == "JPEG" and photo.original == (96, 64)
    assert photo.notes == (), "a gain map is no second picture"
    assert np.abs(corners(photo) - [RED, GREEN, BLUE, YELLOW]).max() <= 12


def test_a_heic_of_tiles_and_ten_bits_as_phones_write_it():
    """Tiles of 512 px, 10 bits per channel, a smaller copy beside the picture, and that copy is never taken for it."""
    ramp = np.tile(np.linspace(0, 65535, 1200).astype(np.uint16)[:, None], (1, 900))
    image = pillow_heif.from_bytes("RGB;16", (900, 1200), np.stack([ramp] * 3, -1).tobytes())
    out = io.BytesIO()
    image.save(out, quality=90, tile_size=512)
    photo = read_photo(out.getvalue())
    assert photo.format == "HEIC" and photo.original == (900, 1200) and photo.notes == ()
    assert np.abs(photo.rgb[:, ::50, 1].astype(int) - np.linspace(0, 255, 1200)[:, None]).max() <= 4


def test_the_smaller_copy_in_a_heic_is_not_taken_for_the_picture():
    picture = Image.fromarray(np.tile((np.arange(400) % 2 * 255).astype(np.uint8), (300, 1)))
    data = encoded(picture.convert("RGB"), "HEIF", quality=95, thumbnails=[128])
    assert data.count(b"ispe") == 2
    reduced = read_photo(data, max_side=100)  # a hundred px wide, for which the copy of 128 px would do
    assert reduced.original == (400, 300) and reduced.rgb.shape == (75, 100, 3)


def test_an_ultra_hdr_jpeg_is_its_jpeg():
    """A phone's JPEG with a gain map: XMP, an index of two pictures (MPF), and a second, gray JPEG behind the first."""
    xmp = (
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        b'<rdf:Description xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/" hdrgm:Version="1.0"/></rdf:RDF>'
        b"</x:xmpmeta>"
    )
    gain_map = encoded(Image.new("L", (24, 16), 128), "JPEG")
    data = encoded(quarters(), "MPO", xmp=xmp, save_all=True, append_images=[Image.open(io.BytesIO(gain_map))])
    assert b"hdrgm:Version" in data and b"MPF\0" in data and data.count(b"\xff\xd8\xff") == 2
    photo = read_photo(data)
    assert photo.format == "JPEG" and photo.original == (96, 64) and photo.notes == ()
    assert np.abs(corners(photo) - [RED, GREEN, BLUE, YELLOW]).max() <= 12


@pytest.mark.parametrize("format", ["JPEG", "PNG"])
def test_large_pictures_are_reduced_by_averaging(format):
    stripes = np.zeros((3000, 4000), np.uint8)
    stripes[:, ::2] = 255  # one pixel wide: picking pixels instead of averaging would show bands
    photo = read_photo(encoded(Image.fromarray(stripes), format))
    assert photo.rgb.shape == (1200, MAX_SIDE, 3) and photo.original == (4000, 3000)
    assert photo.notes == ("reduced from 4000 × 3000 to 1600 × 1200 pixels",)
    assert np.abs(photo.rgb[10:-10, 10:-10].astype(int) - 127).max() <= 2


@pytest.mark.parametrize("format", ["JPEG", "PNG"])
@pytest.mark.parametrize("orientation", [1, 6])
def test_points_go_back_to_the_file(format, orientation):
    """An edge at column 2501 of an odd-sized file is found there again, whatever draft the JPEG decoder took."""
    picture = np.zeros((1999, 5003), np.uint8)
    picture[:, 2501:] = 255
    stored = Image.fromarray(picture if orientation == 1 else np.rot90(picture))
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    photo = read_photo(encoded(stored, format, exif=exif), max_side=600)
    assert photo.original == (5003, 1999)
    brightness = photo.rgb[100, :, 0] / 255
    edge = photo.rgb.shape[1] - brightness.sum() - 0.5  # between the last black and the first white pixel center
    assert photo.to_original(np.array([edge, 0.0]))[0] == pytest.approx(2500.5, abs=0.3)


def test_photo_is_read_only():
    with pytest.raises(ValueError):
        read_photo(encoded(quarters(), "PNG")).rgb[0, 0] = 0


def test_threads_agree():
    files = [encoded(quarters(width, 500), format) for width in (900, 1700) for format in ("JPEG", "PNG", "GIF")]
    alone = [read_photo(data).rgb for data in files]
    with ThreadPoolExecutor(6) as pool:
        for expected, photo in zip(alone * 3, pool.map(read_photo, files * 3), strict=True):
            assert (photo.rgb == expected).all()


# What is refused

JPEG, PNG = encoded(quarters(), "JPEG"), encoded(quarters(), "PNG")


@pytest.mark.parametrize(
    "data, message",
    [
        (b"", "The file is empty: choose a JPEG"),
        (b"hello, world", "The file is a text, not a picture: choose a JPEG, PNG, WebP, HEIC, AVIF"),
        (b"\0\1\2\3", "The file is of no known kind, not a picture"),
        (b"\x93NUMPY\1\0", "The file is an array of numbers, not a picture"),
        (b"BM", "This BMP file is damaged"),
        (b"MZ\x90\0" + bytes(500), "The file is a Windows program, not a picture"),
        (b"PK\x03\x04" + bytes(50), "a ZIP archive"),
        (b"\0\0\0\x18ftypmp42" + bytes(50), "a video"),
        (b"\0\0\0\x18ftypheic" + bytes(50), "This HEIC file is damaged, cut short or not supported"),
        (b"\0\0\0\x1cftypavif" + bytes(50), "This AVIF file is damaged, cut short or not supported"),
        (b"%PDF-1.7\n", "The file is a PDF document, not a picture"),
        (b'<?xml version="1.0"?>\n<svg xmlns="x"/>', "An SVG drawing cannot be read here"),
        (b"<svg/>", "An SVG drawing cannot be read here"),
        (JPEG[: len(JPEG) // 2], "This JPEG file is damaged, cut short or not supported"),
        (PNG[: len(PNG) // 2], "This PNG file is damaged"),
        (encoded(quarters(), "WEBP")[:-20], "This WebP file is damaged"),
        (encoded(quarters(), "HEIF")[:-200], "This HEIC file is damaged"),
        (encoded(quarters(), "AVIF")[:-200], "This AVIF file is damaged"),
        (encoded(quarters(), "TIFF")[:2000], "This TIFF file is damaged"),
        (encoded(quarters(), "GIF")[:-200], "This GIF file is damaged"),
        (encoded(quarters(), "BMP")[:5000], "This BMP file is damaged"),
        (
            encoded(Image.new("RGB", (1, 1)), "PNG"),
            r"too small \(1 × 1 pixels\): choose one with at least 32 pixels on each side",
        ),
        (encoded(Image.new("RGB", (3000, 40)), "PNG"), r"too narrow \(3000 × 40 pixels\)"),
        (encoded(Image.new("F", (64, 64)), "TIFF"), "32 bits per channel"),
        (encoded(Image.new("RGB", (64, 64)), "PPM"), "not a picture"),
        (bytes(MAX_BYTES + 2**20), "The file has 21 MB, the limit is 20 MB"),
    ],
)
def test_one_clear_sentence(data, message):
    with pytest.raises(PhotoError, match=message) as caught:
        read_photo(data)
    assert re.fullmatch(r"[A-Z][^\n]*\.", str(caught.value))


def test_the_cause_is_kept():
    with pytest.raises(PhotoError) as caught:
        read_photo(JPEG[:400])
    assert caught.value.__cause__ is not None


SIDE = 20_000
GRAY_PIXELS = bytes(64 * 64)
GRAY_ROWS = bytes(64 * 65)
ZEROS = zlib.compress(bytes(1 << 20))  # a megabyte in a kilobyte


def declared(data: bytes, side: int = SIDE) -> bytes:
    """A HEIC or AVIF whose picture is said to be a square of ``side`` px."""
    return re.sub(rb"(ispe\0{4}).{8}", rb"\1" + struct.pack(">II", side, side), data, flags=re.DOTALL)


TOO_LARGE = {
    "jpeg": re.sub(rb"(\xff\xc0\x00\x11\x08)....", rb"\1" + struct.pack(">HH", SIDE, SIDE), JPEG, flags=re.DOTALL),
    "png": png(SIDE, SIDE, 8, 2, b""),
    "png with its pixels": png(10_000, 6_000, 8, 0, bytes(6_000 * 10_001)),
    "gif screen": b"GIF89a" + struct.pack("<HHBBB", 65535, 65535, 0, 0, 0) + encoded(quarters(), "GIF")[13:],
    "gif frame": b"GIF89a"
    + struct.pack("<HHBBB", 9, 9, 0, 0, 0)
    + b","
    + struct.pack("<HHHHB", 0, 0, 65535, 65535, 0)
    + b"\x08\0;",
    "webp": b"RIFF"
    + struct.pack("<I", 22)
    + b"WEBPVP8X"
    + struct.pack("<II", 10, 0)
    + (SIDE - 1).to_bytes(3, "little") * 2,
    "bmp": b"BM" + struct.pack("<IIIIiiHHIIiiII", 54, 0, 54, 40, SIDE, SIDE, 1, 24, 0, 0, 0, 0, 0, 0),
    "tiff": tiff(SIDE, SIDE, b""),
    "heic": declared(encoded(quarters(), "HEIF")),
    "avif": declared(encoded(quarters(), "AVIF")),
}
TOO_INTRICATE = {
    "jpeg scans": JPEG[:-2] + JPEG[JPEG.index(b"\xff\xda") : -2] * 200 + JPEG[-2:],
    "jpeg exif": JPEG[:2] + (b"\xff\xe1\0\x0cExif\0\0ABCD" * 100_000) + JPEG[2:],
    "jpeg comments": JPEG[:2] + b"\xff\xfe\0\2" * 1_000_000 + JPEG[2:],
    "gif comments": b"GIF89a" + struct.pack("<HHBBB", 96, 64, 0, 0, 0) + b"!\xfe\1a\0" * 1_000_000,
    "png profiles": png(64, 64, 8, 0, GRAY_ROWS, chunk(b"iCCP", b"a\0\0" + ZEROS) * 500),
    "png blocks": png(64, 64, 8, 0, GRAY_ROWS, chunk(b"tEXt", b"") * 500_000),
    "tiff strips": tiff(
        64, 64, GRAY_PIXELS, {273: (4, struct.pack("<I", 8) * 4_000_000), 278: (3, struct.pack("<H", 1))}
    ),
}
BOMBS = {
    **TOO_LARGE,
    **TOO_INTRICATE,
    "png texts": png(64, 64, 8, 0, GRAY_ROWS, chunk(b"zTXt", b"a\0\0" + ZEROS) * 500),
    "tiff tiles": tiff(
        64, 64, GRAY_PIXELS, {322: (4, struct.pack("<I", 1 << 30)), 323: (4, struct.pack("<I", 1 << 30))}
    ),
}


def test_the_tiff_written_here_is_sound():
    assert read_photo(tiff(64, 64, GRAY_PIXELS)).rgb.max() == 0


@pytest.mark.parametrize("name", TOO_LARGE)
def test_a_large_picture_is_refused_from_its_header(name):
    with pytest.raises(PhotoError, match="more than 51 million pixels: reduce it"):
        read_photo(TOO_LARGE[name])


@pytest.mark.parametrize("name", TOO_INTRICATE)
def test_a_file_of_countless_parts_is_refused(name):
    with pytest.raises(PhotoError, match="cut into too many parts"):
        read_photo(TOO_INTRICATE[name])


@pytest.mark.parametrize(
    "name, message", [("png texts", "PNG file is damaged"), ("tiff tiles", "tiles longer than 4096 pixels")]
)
def test_other_bombs(name, message):
    with pytest.raises(PhotoError, match=message):
        read_photo(BOMBS[name])


@pytest.mark.skipif(sys.platform != "linux", reason="peak memory is read from Linux's /proc")
def test_bombs_take_little_memory(tmp_path):
    """All together they raise the peak by at most 100 MB; decoded, the largest would take gigabytes."""
    for name, data in BOMBS.items():
        (tmp_path / name).write_bytes(data)
    code = """
import pathlib, re, sys
from dark_core.files.photos import PhotoError, read_photo
files = {path.name: path.read_bytes() for path in pathlib.Path(sys.argv[1]).iterdir()}
def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+)", pathlib.Path("/proc/self/status").read_text())[1]) / 1000
before = peak()
for name, data in files.items():
    try:
        read_photo(data)
    except PhotoError:
        print(f"{peak() - before:.0f} MB after {name}")
"""
    run = subprocess.run([sys.executable, "-c", code, tmp_path], check=True, capture_output=True, text=True)
    lines = run.stdout.splitlines()
    assert len(lines) == len(BOMBS)
    assert int(lines[-1].split()[0]) < 100, lines


# Whatever comes


def photo_or_error(data: bytes) -> None:
    try:
        photo = read_photo(data)
    except PhotoError as error:
        assert str(error).endswith(".")
    else:
        assert photo.rgb.ndim == 3 and photo.rgb.shape[2] == 3 and photo.rgb.dtype == np.uint8


VALID = [
    JPEG,
    PNG,
    encoded(quarters(), "JPEG", progressive=True),
    encoded(quarters().quantize(8), "PNG"),
    encoded(quarters(), "WEBP"),
    encoded(quarters().convert("RGBA"), "WEBP", lossless=True),
    encoded(quarters(), "HEIF"),
    encoded(quarters(), "AVIF"),
    encoded(quarters(), "BMP"),
    encoded(quarters(), "TIFF"),
    encoded(quarters(), "TIFF", compression="tiff_lzw"),
    encoded(quarters(), "TIFF", compression="jpeg"),
    encoded(quarters(), "GIF"),
    encoded(quarters(), "GIF", save_all=True, append_images=[Image.new("RGB", (96, 64))]),
]
MAGIC = [b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"BM", b"II*\0", b"MM\0*", b"RIFF\x20\0\0\0WEBPVP8 "]


@given(st.sampled_from(MAGIC), st.binary(max_size=400))
def test_random_bytes(magic, tail):
    photo_or_error(magic + tail)


@given(st.sampled_from(VALID), st.data())
def test_cut_short(data, draw):
    photo_or_error(data[: draw.draw(st.integers(0, len(data)))])


@settings(max_examples=300)
@given(st.sampled_from(VALID), st.data())
def test_mutated(data, draw):
    changed = bytearray(data)
    # Headers are where the sizes and offsets are, so half of the changes go there.
    places = st.integers(0, min(200, len(data) - 1)) | st.integers(0, len(data) - 1)
    for place, value in draw.draw(st.lists(st.tuples(places, st.integers(0, 255)), min_size=1, max_size=8)):
        changed[place] = value
    photo_or_error(bytes(changed))
