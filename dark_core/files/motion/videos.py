"""Videos as visitors send them: MP4, MOV and WebM, frame by frame within bounds.

OpenCV's FFmpeg decodes them: the project has it already, it turns phone videos upright, gives the moment of each frame,
which a variable frame rate needs, and, from OpenCV 5 on, maps HDR to the range of a screen. PyAV would read from
memory, where OpenCV wants a path: bytes are therefore kept in a file without a name (``memfd``) where the system has
one, and nothing is written to disk.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from dark_core.errors import InputError

MAX_BYTES = 100_000_000
MAX_SECONDS = 20.0
MAX_SIDE = 4096
"""Longest side in px of a frame that is decoded; an 8K frame takes 100 MB."""
LONGEST = 1280
"""Longest side in px of a frame as it is handed on: larger ones are reduced; joints are given in px of the video."""
MAX_FRAMES = 1200


class VideoError(InputError, ValueError):
    """The video cannot be used; the message is one sentence."""


@dataclass(frozen=True, eq=False)
class Frame:
    """One frame: rgb: (H, W, 3) uint8, upright, maybe reduced; seconds: since the start of the video.

    video_px: px of the video per px of rgb, along x and y.
    """

    rgb: np.ndarray
    seconds: float
    video_px: tuple[float, float] = (1.0, 1.0)

    @property
    def size(self) -> tuple[int, int]:
        """(W, H) in px of the video."""
        height, width = self.rgb.shape[:2]
        return round(width * self.video_px[0]), round(height * self.video_px[1])

    def to_rgb(self, xy: np.ndarray) -> np.ndarray:
        """Points (..., 2) in px of the video as px of rgb."""
        return (xy + 0.5) / self.video_px - 0.5


@dataclass(frozen=True)
class VideoFacts:
    """What a video says of itself, width and height upright and in px as stored; seconds is 0 where it does not say."""

    width: int
    height: int
    fps: float
    seconds: float


def video_facts(source: bytes | Path) -> VideoFacts:
    """Size, rate and length of a video, without decoding more than a frame. Raises VideoError."""
    with _opened(source) as capture:
        return _facts(capture)


def read_frames(source: bytes | Path, start: float = 0.0, seconds: float = MAX_SECONDS) -> Iterator[Frame]:
    """The frames of a stretch of a video, one at a time.

    start: seconds from the video's start; seconds: length, at most ``MAX_SECONDS``. Frames are upright and at most
    ``LONGEST`` px; no more than one is held. Raises VideoError for what is not a video that can be used.
    """
    if not start >= 0 or not 0 < seconds <= MAX_SECONDS:
        raise VideoError(f"A stretch of a video starts at 0 s or later and lasts at most {MAX_SECONDS:.0f} s.")
    with _opened(source) as capture:
        facts = _facts(capture)
        count, last = 0, -1.0
        for number in range(int(240 * (start + seconds)) + 1):
            if not capture.grab():
                break
            moment = capture.get(cv2.CAP_PROP_POS_MSEC) / 1000
            if not moment > last:  # some files do not say when a frame is shown
                moment = number / facts.fps
            last = moment
            if moment < start - 1e-6:
                continue
            if moment >= start + seconds or count >= MAX_FRAMES:
                break
            done, picture = capture.retrieve()
            if not done or picture is None:
                break
            count += 1
            yield _frame(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB), moment)
    if not count:
        raise VideoError("The stretch holds no frame that can be decoded: choose another stretch, or export it again.")


def _frame(rgb: np.ndarray, seconds: float) -> Frame:
    height, width = rgb.shape[:2]
    ratio = LONGEST / max(width, height)
    if ratio >= 1:
        return Frame(rgb, seconds)
    size = max(1, round(width * ratio)), max(1, round(height * ratio))
    return Frame(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), seconds, (width / size[0], height / size[1]))


def _facts(capture: cv2.VideoCapture) -> VideoFacts:
    width, height = (round(capture.get(key)) for key in (cv2.CAP_PROP_FRAME_WIDTH, cv2.CAP_PROP_FRAME_HEIGHT))
    if width < 16 or height < 16:
        raise VideoError("The file has no pictures: send a video, not a sound recording.")
    if max(width, height) > MAX_SIDE:
        raise VideoError(
            f"The video has {width} × {height} px and the limit is {MAX_SIDE} px on a side: export it in 4K or less."
        )
    fps = capture.get(cv2.CAP_PROP_FPS)
    fps = fps if 0.1 <= fps <= 1000 else 25.0
    frames = capture.get(cv2.CAP_PROP_FRAME_COUNT)
    return VideoFacts(width, height, fps, frames / fps if frames > 0 else 0.0)


@contextmanager
def _opened(source: bytes | Path) -> Iterator[cv2.VideoCapture]:
    size = len(source) if isinstance(source, bytes) else _size(source)
    if size > MAX_BYTES:
        raise VideoError(
            f"The video has {size / 1e6:.0f} MB and the limit is {MAX_BYTES // 10**6} MB: send a shorter part."
        )
    if not size:
        raise VideoError("The video is empty: send an MP4, MOV or WebM.")
    start = source[:64] if isinstance(source, bytes) else _start(source)
    if not (start[4:8] in (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip") or start[:4] == b"\x1a\x45\xdf\xa3"):
        raise VideoError("The file is not a video that can be read: send an MP4, MOV or WebM.")
    with _path_of(source) as path:
        capture = cv2.VideoCapture(path, cv2.CAP_FFMPEG)
        try:
            if not capture.isOpened():
                raise VideoError("The video is damaged or holds no pictures: export it again as MP4, MOV or WebM.")
            capture.set(cv2.CAP_PROP_ORIENTATION_AUTO, 1)
            yield capture
        finally:
            capture.release()


def _size(path: Path) -> int:
    try:
        return Path(path).stat().st_size
    except OSError as error:
        raise VideoError(f"The video cannot be opened ({error.strerror}): check the path.") from error


def _start(path: Path) -> bytes:
    with open(path, "rb") as file:
        return file.read(64)


@contextmanager
def _path_of(source: bytes | Path) -> Iterator[str]:
    """A path to bytes, in memory where the system has files without a name."""
    if not isinstance(source, bytes):
        yield str(source)
    elif hasattr(os, "memfd_create"):
        number = os.memfd_create("video")
        try:
            with open(number, "wb", closefd=False) as file:
                file.write(source)
            yield f"/proc/self/fd/{number}"
        finally:
            os.close(number)
    else:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "video"
            path.write_bytes(source)
            yield str(path)
