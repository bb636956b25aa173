"""Videos and animations as files: WebM or MP4 by OpenCV's FFmpeg, GIF by Pillow."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

CODECS = {".mp4": "vp09", ".webm": "VP80"}
"""VP9 in MP4 and VP8 in WebM, which browsers play; OpenCV's FFmpeg has no free encoder of H.264."""

MEMORY = Path("/dev/shm")
"""A folder that lies in memory, on Linux."""


SLICE = 16
"""Frames that are made and encoded in one turn: half a second's work at most."""

Turns = Callable[[Callable[[], bool]], bool]
"""Runs a slice of the work when others have had their turn, and returns what it returns: whether there is more."""


def at_once(work: Callable[[], bool]) -> bool:
    """Run ``work`` without waiting for anybody."""
    return work()


def write_video(path: Path, frames: Iterable[np.ndarray], fps: float, in_turn: Turns = at_once) -> None:
    """Write frames (H, W, 3) uint8 RGB, all of one size, as ``path``, whose name ends in ``.mp4`` or ``.webm``.

    in_turn: runs each slice of the frames, which are made and encoded within it.
    Raises OSError where it cannot be written.
    """
    writer = None

    def write(rgb: np.ndarray) -> None:
        nonlocal writer
        even = rgb[: rgb.shape[0] // 2 * 2, : rgb.shape[1] // 2 * 2]  # the codecs store color at half the size
        if writer is None:
            code = cv2.VideoWriter.fourcc(*CODECS[path.suffix.lower()])
            writer = cv2.VideoWriter(str(path), cv2.CAP_FFMPEG, code, fps, even.shape[1::-1])
            if not writer.isOpened():
                raise OSError(f"{path} cannot be written: check the path and its rights.")
        writer.write(cv2.cvtColor(even, cv2.COLOR_RGB2BGR))

    _in_slices(frames, write, in_turn)
    if writer is not None:
        writer.release()


def _in_slices(frames: Iterable[np.ndarray], use: Callable[[np.ndarray], object], in_turn: Turns) -> None:
    """Make each frame and use it, a slice of them in each turn."""
    source = iter(frames)

    def some() -> bool:
        return len([use(rgb) for rgb in islice(source, SLICE)]) == SLICE

    while in_turn(some):
        pass


def as_webm(frames: Iterable[np.ndarray], fps: float, in_turn: Turns = at_once) -> bytes:
    """Return frames (H, W, 3) uint8 RGB as a WebM, as ``write_video`` does; the file lies in memory where it can."""
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        path = Path(folder) / "video.webm"
        write_video(path, frames, fps, in_turn)
        return path.read_bytes()


def as_gif(frames: Iterable[np.ndarray], fps: float, in_turn: Turns = at_once) -> bytes:
    """Return frames (H, W, 3) uint8 RGB as a GIF that begins anew at its end.

    A GIF counts hundredths of a second, and browsers show no frame for less than two of them.
    """
    pictures: list[Image.Image] = []
    _in_slices(frames, lambda rgb: pictures.append(_with_palette(rgb)), in_turn)
    first, *rest = pictures
    out = io.BytesIO()
    first.save(out, "GIF", save_all=True, append_images=rest, duration=max(20, round(1000 / fps, -1)), loop=0)
    return out.getvalue()


def _with_palette(rgb: np.ndarray) -> Image.Image:
    """A frame in 128 colors; the octree keeps those of the decoders, and takes a fortieth of the median cut's time."""
    return Image.fromarray(rgb).quantize(128, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
