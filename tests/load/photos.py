"""Photos of 12 megapixels, as a phone sends them, a different one for every number: no cache answers for another's."""

from __future__ import annotations

import base64
import colorsys
import io
import re
from functools import cache

import cv2
import numpy as np
from PIL import Image

from dark_core.files.scenes import load_scenes

SIZE = (4000, 3000)
"""Width and height, px."""

SMALL = (40, 30)
"""Size at which pictures are compared."""

GRAIN = 24
"""Peak to peak, of 255."""

ALIKE = 4.0
"""Mean difference of two thumbnails, of 255, below which they show the same photo: JPEG and scaling change less."""


def photo(number: int) -> bytes:
    """The JPEG of photo `number`, some 4 MB: one of our people before a wall of this number's color, with grain."""
    grain = np.roll(_grain(), 7919 * number)  # another grain for each, of the same strength
    picture = cv2.subtract(cv2.add(_composed(number, SIZE), grain), (GRAIN // 2,) * 4)
    return cv2.imencode(".jpg", picture[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 92])[1].tobytes()


def thumbnail(number: int) -> np.ndarray:
    """What photo `number` looks like at the size of SMALL, float (H, W, 3)."""
    return _reduced(_composed(number, (SIZE[0] // 10, SIZE[1] // 10)))


def shows(html: str, number: int) -> bool:
    """Whether the first picture in a figure is photo `number`."""
    found = re.search(r'href="data:image/jpeg;base64,([^"]+)"', html)
    if not found:
        return False
    with Image.open(io.BytesIO(base64.b64decode(found[1]))) as picture:
        picture.draft("RGB", (4 * SMALL[0], 4 * SMALL[1]))
        shown = _reduced(np.asarray(picture))
    return float(np.abs(shown - thumbnail(number)).mean()) < ALIKE


def _composed(number: int, size: tuple[int, int]) -> np.ndarray:
    """The photo without grain at any size, uint8 (H, W, 3)."""
    width, height = size
    people = _people()
    person = people[number % len(people)]
    person = person[:, ::-1] if number // len(people) % 2 else person
    wall = np.array(colorsys.hsv_to_rgb(0.618034 * number % 1, 0.7, 0.9)) * 255
    light = np.linspace(1.0, 0.5, height)[:, None, None]
    picture = np.broadcast_to(light * wall, (height, width, 3)).astype(np.uint8)
    wide = round(person.shape[1] * height / person.shape[0])
    left = (width - wide) * (number * 5 % 11) // 10
    picture[:, left : left + wide] = cv2.resize(np.ascontiguousarray(person), (wide, height))
    return picture


def _reduced(picture: np.ndarray) -> np.ndarray:
    return cv2.resize(np.ascontiguousarray(picture), SMALL, interpolation=cv2.INTER_AREA).astype(float)


@cache
def _people() -> list[np.ndarray]:
    return [scene.photo for scene in load_scenes().values()]


@cache
def _grain() -> np.ndarray:
    """What a sensor adds: without it 12 megapixels would be far smaller than a phone's."""
    return np.random.default_rng(0).integers(0, GRAIN + 1, (SIZE[1], SIZE[0], 3), dtype=np.uint8)
