"""A camera that shows a bundled clip: frames as they are sent live, and a file for Chromium's fake camera."""

from pathlib import Path

import cv2
import numpy as np

from dark_core.app.live.route import SIDE
from dark_core.files.motion.clips import load_clip


def small_frames(clip: str) -> list[np.ndarray]:
    """The frames of a clip at the size in which they are sent."""
    frames = load_clip(clip).frames
    height, width = frames.shape[1:3]
    scale = SIDE / max(height, width)
    size = round(width * scale), round(height * scale)
    return [cv2.resize(rgb, size, interpolation=cv2.INTER_AREA) for rgb in frames]


def jpeg(rgb: np.ndarray) -> bytes:
    """A frame as the browser sends it."""
    return cv2.imencode(".jpg", rgb[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 70])[1].tobytes()


def write_y4m(path: Path, clip: str, fps: int = 4) -> Path:
    """The clip as YUV4MPEG2, which Chromium's fake camera plays in a loop."""
    frames = load_clip(clip).frames
    height, width = frames.shape[1:3]
    with path.open("wb") as out:
        out.write(b"YUV4MPEG2 W%d H%d F%d:1 Ip A1:1 C420jpeg\n" % (width, height, fps))
        for rgb in frames:
            out.write(b"FRAME\n" + cv2.cvtColor(rgb, cv2.COLOR_RGB2YUV_I420).tobytes())
    return path
