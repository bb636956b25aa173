"""Sound files of every kind that a visitor can bring, made here: what the mutations start from."""

from __future__ import annotations

import io
import json
import struct

import numpy as np
from PIL import Image
from safetensors.numpy import save as safetensors

from dark_core.app.your_photo.placed_joints import as_json
from dark_core.codec import encode
from dark_core.files.formats import pictures  # noqa: F401 # Pillow writes HEIC from then on
from dark_core.motion.clip_tracks import load_clip_tracks
from dark_core.motion.tracks import as_json as as_tracks
from dark_core.pose.skeleton import SKELETON
from tests.files.motion.test_track_files import FILES, LONG

SIZE = (96, 64)
"""Width and height of every picture."""

SHA256 = "5e" * 32


def seeds() -> dict[str, list[bytes]]:
    """Kind of input -> its sound specimens."""
    return {
        "photo": _photos(),
        "heatmaps": _heatmaps(),
        "joints": _joints(),
        "tracks": _tracks(),
        "box": [b"10, 20, 60, 50", b"1e1;2.5e1;9e1;6e1", b"-3,-3,99,70", b"0 , 0 , 96 , 64"],
        "address": [b"12.25", b"-0.5", b"1e3", b"nan", b"answer,raw,smoothed", b"left elbow", b"DARK", b"true", b"1"],
        "message": _messages(),
    }


def _photos() -> list[bytes]:
    y, x = np.mgrid[: SIZE[1], : SIZE[0]]
    rgb = Image.fromarray(np.stack([2 * x, 3 * y, x + y], -1).astype(np.uint8))
    deep = Image.fromarray((400 * (x + y)).astype(np.uint16))
    exif = Image.Exif()
    exif[0x0112] = 6
    large = Image.new("RGB", (3000, 2000), "teal")  # few bytes, many pixels
    more = {"save_all": True}
    written = [
        (rgb, "JPEG", {}),
        (rgb, "JPEG", {"progressive": True, "exif": exif}),
        (rgb.convert("CMYK"), "JPEG", {}),
        (rgb.convert("L"), "JPEG", {}),
        (rgb, "MPO", more),
        (rgb, "PNG", {"exif": exif}),
        (rgb.convert("RGBA"), "PNG", {}),
        (rgb.quantize(16), "PNG", {"transparency": 3}),
        (rgb.convert("1"), "PNG", {}),
        (rgb, "PNG", more),
        (deep, "PNG", {}),
        (rgb, "WEBP", {"exif": exif}),
        (rgb.convert("RGBA"), "WEBP", {"lossless": True}),
        (rgb, "WEBP", more),
        (rgb, "AVIF", {"exif": exif.tobytes()}),
        (rgb.convert("RGBA"), "AVIF", {}),
        (rgb, "AVIF", more),
        (rgb, "HEIF", {"exif": exif.tobytes()}),
        (rgb.convert("RGBA"), "HEIF", {}),
        (rgb, "HEIF", more),
        (rgb, "BMP", {}),
        (rgb.quantize(16), "BMP", {}),
        (rgb, "TIFF", {"exif": exif}),
        (rgb, "TIFF", {"compression": "tiff_lzw"}),
        (rgb, "TIFF", {"compression": "tiff_adobe_deflate", **more}),
        (rgb, "TIFF", {"compression": "jpeg"}),
        (rgb.convert("1"), "TIFF", {"compression": "group4"}),
        (rgb, "TIFF", {"big_tiff": True}),
        (deep, "TIFF", {}),
        (large, "JPEG", {"progressive": True}),
        (large.convert("RGBA"), "PNG", {}),
        (rgb, "GIF", {}),
        (rgb, "GIF", more),
    ]
    return [_picture(*specimen) for specimen in written]


def _picture(image: Image.Image, kind: str, options: dict) -> bytes:
    """Saved from copies, because an image remembers how it was saved before."""
    if "save_all" in options:
        options = {**options, "append_images": [image.rotate(180), image.rotate(90)]}
    return _written(lambda out: image.copy().save(out, kind, **options))


def _heatmaps() -> list[bytes]:
    maps = encode(np.array([[[5.3, 6.1], [9.8, 3.2], [2.4, 8.7]]] * 2), (16, 12), 1.5)
    half = maps.astype(np.float16)
    bits = struct.pack("<Q", 60) + b'{"a":{"dtype":"BF16","shape":[2,12,16],"data_offsets":[0,768]}}'.ljust(60)
    many = {"maps": maps.astype(np.float32), "mask": np.ones(2, bool), "word": np.array(["x"])}
    return [
        _written(lambda out: np.save(out, maps)),
        _written(lambda out: np.save(out, np.asfortranarray(half[0]).astype(">f2"))),
        _written(lambda out: np.lib.format.write_array(out, half, version=(2, 0))),
        _written(lambda out: np.save(out, (255 * maps[0, 0]).astype(np.uint8))),
        _written(lambda out: np.savez(out, **many)),
        _written(lambda out: np.savez_compressed(out, **many)),
        _written(lambda out: np.savez_compressed(out, maps=np.zeros((9, 17, 256, 192), np.float16))),
        safetensors({"maps": maps.astype(np.float32), "more": half[0]}),
        safetensors({"maps": np.ascontiguousarray(half.transpose(0, 2, 3, 1))}),
        bits.replace(struct.pack("<Q", 60), struct.pack("<Q", len(bits) - 8), 1) + bytes(768),
    ]


def _joints() -> list[bytes]:
    xy = np.random.default_rng(3).uniform((0, 0), SIZE, (len(SKELETON), 2)).round(2)
    few = np.where(np.arange(len(SKELETON))[:, None] < 3, xy, np.nan)
    return [as_json(joints, SIZE, SHA256).encode() for joints in (xy, few)]


def _tracks() -> list[bytes]:
    """A few frames of two joints, as each tool writes them."""
    tools = [text.encode() for text in (*FILES.values(), LONG)]
    return [*tools, as_tracks(load_clip_tracks("stand")).encode()]


def _messages() -> list[bytes]:
    """What the components report: a live figure's state, joints placed, a choice, a box drawn."""
    placed = {"left knee": [12.5, 40.25], "neck": [0, 63]}
    reports = [
        {"epoch": "here", "joint": "neck", "placed": placed},
        {"epoch": "here", "x": 12.25, "y": 3, "noise": 0.05, "step": 3, "kernel": 2.0, "revealed": True},
        "left elbow",
        "7",
        [10.5, 20.25, 60.0, 63.5],
    ]
    return [json.dumps(report).encode() for report in reports]


def _written(save) -> bytes:
    out = io.BytesIO()
    save(out)
    return out.getvalue()
