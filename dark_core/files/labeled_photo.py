"""The photo of a labeled person, decoded when it is needed and not kept longer than there is room for it."""

from __future__ import annotations

import io
from collections import OrderedDict
from dataclasses import dataclass, replace
from threading import Lock

import cv2
import numpy as np
from PIL import ExifTags, Image

from dark_core.files.formats.pictures import open_picture
from dark_core.files.image_source import ImageError, ImageSource

KEPT = 4 * 2**30
"""Bytes of decoded photos that a process keeps: those used last."""

SMALL = 2**20
"""Pixels up to which a photo is always taken as it is."""

DETAIL = 512
"""Px to which the square around the smallest person of a larger photo is reduced: four crops of 128 px, so that a
crop of the upper body, which zooms in, loses nothing."""

SURROUNDINGS = 2.5
"""What is kept of a larger photo around each person, as a multiple of their square: as far as augmented crops reach."""


@dataclass(frozen=True)
class Orientation:
    """How a stored picture is turned upright: transposed first, then mirrored along x and y."""

    transposed: bool = False
    flip_x: bool = False
    flip_y: bool = False

    def size(self, stored: tuple[int, int]) -> tuple[int, int]:
        """(W, H) of the upright picture."""
        return (stored[1], stored[0]) if self.transposed else stored

    def picture(self, stored: np.ndarray) -> np.ndarray:
        """The upright picture (H, W, 3)."""
        turned = stored.transpose(1, 0, 2) if self.transposed else stored
        return np.ascontiguousarray(turned[:: -1 if self.flip_y else 1, :: -1 if self.flip_x else 1])

    def points(self, stored_xy: np.ndarray, stored: tuple[int, int]) -> np.ndarray:
        """Points (..., 2), given in px of the stored picture of that size (W, H), in px of the upright one."""
        xy = stored_xy[..., ::-1] if self.transposed else stored_xy
        far = np.array(self.size(stored)) - 1
        return np.where([self.flip_x, self.flip_y], far - xy, xy)


EXIF = {
    2: Orientation(flip_x=True),
    3: Orientation(flip_x=True, flip_y=True),
    4: Orientation(flip_y=True),
    5: Orientation(transposed=True),
    6: Orientation(transposed=True, flip_x=True),
    7: Orientation(transposed=True, flip_x=True, flip_y=True),
    8: Orientation(transposed=True, flip_y=True),
}
"""The orientation that each number of the EXIF standard stands for; 1 is upright."""


@dataclass(frozen=True, eq=False)
class LabeledPhoto:
    """A photo of ``source``, of which nothing but the size is known until ``pixels`` are asked for.

    found: as ``ImageSource.find`` gives it; stored: (W, H) in the file; orientation: from there to the upright photo;
    window: the part (x0, y0, x1, y1) of the upright photo that is kept, whole px; size: (W, H) to which it is reduced.
    """

    source: ImageSource
    found: str
    stored: tuple[int, int]
    orientation: Orientation
    window: tuple[int, int, int, int]
    size: tuple[int, int]

    @classmethod
    def open(cls, source: ImageSource, name: str) -> LabeledPhoto:
        """The photo that annotations call ``name``, whole; only its header is read.

        Raises ImageError where there is none, or it is no picture.
        """
        found = source.find(name)
        stored, orientation = _header(source, found)
        size = orientation.size(stored)
        return cls(source, found, stored, orientation, (0, 0, *size), size)

    def to_size_needed(self, squares: list[tuple[float, float, float, float]]) -> LabeledPhoto:
        """The surroundings of people in ``squares``, reduced as far as they need; a photo of few px as it is.

        squares: (x0, y0, x1, y1) in pixel edges of the upright photo.
        """
        width, height = self.size
        if width * height <= SMALL:
            return self
        edges = np.array(squares)
        sides = edges[:, 2] - edges[:, 0]
        reach = (SURROUNDINGS - 1) / 2 * sides
        low = np.floor((edges[:, :2] - reach[:, None]).min(0)).astype(int).clip(0, [width - 1, height - 1])
        high = np.ceil((edges[:, 2:] + reach[:, None]).max(0)).astype(int).clip(low + 1, [width, height])
        ratio = min(1.0, DETAIL / sides.min())
        wide, tall = (max(1, round(float(side) * ratio)) for side in high - low)
        return replace(self, window=(int(low[0]), int(low[1]), int(high[0]), int(high[1])), size=(wide, tall))

    def points(self, upright_xy: np.ndarray) -> np.ndarray:
        """Points (..., 2), given in px of the whole upright photo, in px of ``pixels``."""
        x0, y0, x1, y1 = self.window
        ratio = np.array(self.size) / (x1 - x0, y1 - y0)
        return (upright_xy - [x0, y0] + 0.5) * ratio - 0.5

    def pixels(self) -> np.ndarray:
        """(H, W, 3) uint8 RGB, decoded, or kept from the last time. Raises ImageError where it cannot be decoded."""
        return _kept(self)

    def decode(self) -> np.ndarray:
        """The same, never kept."""
        data = self.source.read(self.found)
        upright = self.orientation.picture(_decoded(data, self.source, self.found))
        if upright.shape[1::-1] != self.orientation.size(self.stored):
            raise ImageError(f"{self.found} decodes to another size than its header says: save it again as JPEG.")
        x0, y0, x1, y1 = self.window
        part = upright[y0:y1, x0:x1]
        if self.size != (x1 - x0, y1 - y0):
            return cv2.resize(part, self.size, interpolation=cv2.INTER_AREA)
        return np.ascontiguousarray(part)

    def __reduce__(self) -> tuple:
        """Another process, which may not have the file, gets the pixels."""
        return np.asarray, (self.pixels(),)


class _Kept:
    """The photos decoded last, as many as there is room for."""

    def __init__(self) -> None:
        self._photos: OrderedDict[LabeledPhoto, np.ndarray] = OrderedDict()
        self._bytes, self._lock = 0, Lock()

    def __call__(self, photo: LabeledPhoto) -> np.ndarray:
        with self._lock:
            if photo in self._photos:
                self._photos.move_to_end(photo)
                return self._photos[photo]
        pixels = photo.decode()
        with self._lock:
            if photo not in self._photos:
                self._photos[photo] = pixels
                self._bytes += pixels.nbytes
            while self._bytes > KEPT and len(self._photos) > 1:
                self._bytes -= self._photos.popitem(last=False)[1].nbytes
        return pixels


_kept = _Kept()


def _header(source: ImageSource, found: str) -> tuple[tuple[int, int], Orientation]:
    """(W, H) as stored, and the orientation that EXIF gives; the picture is decoded only if its header says nothing."""
    with source.open(found) as file:
        try:
            with open_picture(file) as image:
                exif = Image.Exif()
                exif.load(image.info.get("exif", b""))
                return image.size, EXIF.get(exif.get(ExifTags.Base.Orientation, 1), Orientation())
        except Exception:  # decoders meet damaged bytes with every kind of exception
            height, width = _decoded(source.read(found), source, found).shape[:2]
            return (width, height), Orientation()


def _decoded(data: bytes, source: ImageSource, found: str) -> np.ndarray:
    """(H, W, 3) uint8 RGB, not turned. OpenCV decodes nearly all; Pillow what OpenCV does not know, such as HEIC."""
    try:
        image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION)
    except cv2.error:  # no bytes at all
        image = None
    if image is not None:
        return cv2.cvtColor(image, cv2.COLOR_BGR2RGB)
    try:
        with open_picture(io.BytesIO(data)) as other:
            return np.array(other.convert("RGB"))
    except Exception as error:
        raise ImageError(
            f"There is no readable image at {source.path / found}: the file is no picture, or damaged. Replace it."
        ) from error
