"""Pictures as the browser takes them inside a page."""

from __future__ import annotations

import base64
from typing import Literal

import cv2
import numpy as np


def data_url(rgb: np.ndarray, kind: Literal["png", "jpeg"] = "jpeg", quality: int = 88) -> str:
    """An (H, W, 3) uint8 picture as a data URL; ``quality`` is that of a JPEG, up to 100."""
    options = [cv2.IMWRITE_JPEG_QUALITY, quality] if kind == "jpeg" else []
    encoded = cv2.imencode(f".{kind}", cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR), options)[1]
    return f"data:image/{kind};base64,{base64.b64encode(encoded.tobytes()).decode()}"
