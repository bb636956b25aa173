"""Files of heatmaps, parsed with suspicion: .npy, .npz and .safetensors.

A file is bytes in memory, as an upload is, or a path, which is mapped into memory. Its arrays are views of those bytes;
only a compressed array of an .npz is unpacked, after its declared size has been checked. The first bytes decide what a
file is, whatever its name. Nothing is ever unpickled.
"""

from __future__ import annotations

import io
import mmap
import re
from dataclasses import dataclass
from functools import cached_property
from math import prod
from pathlib import Path

from dark_core.files.formats.npy import npy_array
from dark_core.files.formats.npz import npz_arrays
from dark_core.files.formats.safetensors import safetensors_arrays
from dark_core.files.formats.stored import SAVE, HeatmapsError, Stored, listed, megabytes
from dark_core.files.heatmap_layouts import as_heatmaps
from dark_core.files.heatmap_likeness import peak_share

LOOKED = 8
"""Arrays of a file, the largest ones, that are looked at to find the heatmaps among them."""

MAX_BYTES = 200_000_000
"""The largest upload, and the most memory that its compressed arrays may unpack to."""


@dataclass(frozen=True, eq=False)
class HeatmapFile:
    """A file's kind (".npy", ".npz" or ".safetensors") and its arrays by name, in the file's order."""

    kind: str
    arrays: dict[str, Stored]

    def joints_of(self, heatmaps: str) -> list[str]:
        """Names of the arrays that may be the joints of an array of heatmaps, whatever the order of its axes.

        Their last axis counts x, y and perhaps a third number, and the axes before count people and joints.
        """
        shape = self.arrays[heatmaps].shape
        leading = {shape[:-2], (*shape[:-3], *shape[-1:])} if len(shape) > 2 else set()
        return [
            name for name, one in self.arrays.items() if one.shape[-1:] in ((2,), (3,)) and one.shape[:-1] in leading
        ]

    @property
    def possible(self) -> list[str]:
        """Names of the arrays that are not the joints of another."""
        joints = {name for one in self.arrays for name in self.joints_of(one) if name != one}
        return [name for name in self.arrays if name not in joints] or list(self.arrays)

    @property
    def usable(self) -> list[str]:
        """Names of the arrays that may be heatmaps, the largest first."""
        names = [name for name in self.possible if not self.arrays[name].fault]
        return sorted(names, key=lambda name: -prod(self.arrays[name].shape))

    @cached_property
    def likeliest(self) -> str:
        """Name of the array whose peaks look most like those of heatmaps, the largest if none do or all do alike."""
        usable = self.usable[:LOOKED] or list(self.arrays)[:1]
        if len(usable) == 1:
            return usable[0]
        shares = [_peak_share(self.arrays[name]) for name in usable]
        return usable[shares.index(max(shares))]

    def choose(self, name: str | None = None) -> Stored:
        """The array ``name``, or the one that looks most like heatmaps. Raises HeatmapsError if there is none."""
        if name is None:
            return self.arrays[self.likeliest]
        if name not in self.arrays:
            raise HeatmapsError(f"The file has no array of that name, only {listed(self.arrays)}: choose one of these.")
        return self.arrays[name]


def _peak_share(stored: Stored) -> float:
    try:
        return peak_share(as_heatmaps(stored))
    except HeatmapsError:  # which is told when the array is chosen
        return 0.0


def open_heatmaps(source: bytes | Path, limit: int = MAX_BYTES) -> HeatmapFile:
    """The arrays of a file, by their headers: bytes, or a path to be mapped.

    ``limit``: the most bytes of an upload, and that one compressed array may unpack to.
    Raises HeatmapsError, with one sentence, for whatever is not such a file.
    """
    if isinstance(source, bytes) and len(source) > limit:
        raise HeatmapsError(
            f"The file has {megabytes(len(source))} and the limit is {megabytes(limit)}: save fewer people or float16, "
            "or use the command line, which maps files of any size."
        )
    data = memoryview(source if isinstance(source, bytes) else _mapped(source))
    if not len(data):
        raise HeatmapsError(f"The file is empty: {SAVE}.")
    start = data[:1024].tobytes()
    if start.startswith(b"\x93NUMPY"):
        return HeatmapFile(".npy", {"": npy_array("", data)})
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _named(".npz", npz_arrays(data, limit))
    if start[8:9] == b"{":
        return _named(".safetensors", safetensors_arrays(data))
    raise HeatmapsError(_explain(start))


def _named(kind: str, arrays: dict[str, Stored]) -> HeatmapFile:
    """A file whose arrays' names can be shown, and pasted into a terminal, as they are."""
    if not all(name.isprintable() for name in arrays):
        raise HeatmapsError("An array’s name holds characters that do not print: save the arrays under plain names.")
    return HeatmapFile(kind, arrays)


def _mapped(path: Path) -> mmap.mmap | bytes:
    try:
        with open(path, "rb") as file:
            if not file.seek(0, io.SEEK_END):
                return b""
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is no plain file"
        raise HeatmapsError(f"The file cannot be opened ({reason}): check its path.") from error


_OTHER_FILES = {
    rb"\x80[\x02-\x05]": "a pickle, which could run code when it is opened",
    rb"\x89HDF\r\n\x1a\n": "an HDF5 file",
    rb"MATLAB 5\.0": "a MATLAB file",
    rb"\x1f\x8b|BZh|\xfd7zXZ|7z\xbc\xaf": "a compressed archive",
    rb"\xff\xd8\xff|\x89PNG|GIF8|BM|II\*\x00|MM\x00\*": "a picture",
    rb"\s*[\[{]": "a text",
}


def _explain(start: bytes) -> str:
    """One sentence for bytes that none of the three formats begins with."""
    kind = next((name for pattern, name in _OTHER_FILES.items() if re.match(pattern, start, re.DOTALL)), None)
    what = f"is {kind}" if kind else "is neither .npy nor .npz nor .safetensors"
    return f"The file {what}, whatever its name says: {SAVE}."
