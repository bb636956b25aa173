"""Files of heatmaps, read with suspicion: .npy, .npz and .safetensors.

A file is bytes in memory, as an upload is, or a path, which is mapped and not read. Its arrays are views of
those bytes; only a compressed array of an .npz is unpacked, after its declared size has been checked. What a
file is, its first bytes say, whatever its name. Nothing is ever unpickled.
"""

from __future__ import annotations

import io
import json
import mmap
import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from math import prod
from pathlib import Path

import numpy as np

MAX_BYTES = 200_000_000
"""The largest upload, and the most memory that its compressed arrays may unpack to."""

MAX_ARRAYS = 1000
MAX_HEADER = 10_000  # of one array, as in NumPy itself
MAX_DIRECTORY = 2**20  # of an .npz or .safetensors: some thousand arrays

_SAVE = "save the heatmaps with numpy.save, numpy.savez or safetensors"


class HeatmapsError(ValueError):
    """The file cannot be taken for heatmaps; the message is one sentence for whoever brought it."""


@dataclass(frozen=True, eq=False)
class Stored:
    """One array of a file as its header declares it; nothing of it has been unpacked yet.

    name: "" in an .npy; shape; dtype: a word such as "float16", or "bfloat16", whose bits come as uint16;
    fault: why these cannot be heatmaps, one sentence, or "".
    """

    name: str
    shape: tuple[int, ...]
    dtype: str
    fault: str = ""
    unpack: Callable[[], np.ndarray] | None = field(default=None, repr=False)

    def load(self) -> np.ndarray:
        """The values, read-only: a view of the file's bytes wherever they lie there as they are.

        Raises HeatmapsError if they are not heatmaps or the file is damaged.
        """
        if self.fault:
            raise HeatmapsError(self.fault)
        values = self.unpack()
        values.setflags(write=False)
        return values


@dataclass(frozen=True, eq=False)
class HeatmapFile:
    """A file's kind (".npy", ".npz" or ".safetensors") and its arrays by name, in the file's order."""

    kind: str
    arrays: dict[str, Stored]

    @property
    def usable(self) -> list[str]:
        """Names of the arrays that may be heatmaps, the largest first."""
        names = [name for name, stored in self.arrays.items() if not stored.fault]
        return sorted(names, key=lambda name: -prod(self.arrays[name].shape))

    def choose(self, name: str | None = None) -> Stored:
        """The array ``name``, or the largest that may be heatmaps. Raises HeatmapsError if there is none."""
        if name is None:
            first = next(iter(self.arrays))
            return self.arrays[self.usable[0] if self.usable else first]
        if name not in self.arrays:
            raise HeatmapsError(f"The file has no array of that name, only {listed(self.arrays)}: choose one of these.")
        return self.arrays[name]


def open_file(source: bytes | Path, limit: int = MAX_BYTES) -> HeatmapFile:
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
        raise HeatmapsError(f"The file is empty: {_SAVE}.")
    start = data[:1024].tobytes()
    if start.startswith(b"\x93NUMPY"):
        return HeatmapFile(".npy", {"": _npy("", data)})
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _named(".npz", _npz(data, limit))
    if start[8:9] == b"{":
        return _named(".safetensors", _safetensors(data))
    raise HeatmapsError(_explain(start))


def _named(kind: str, arrays: dict[str, Stored]) -> HeatmapFile:
    """A file whose arrays' names can be shown, and pasted into a terminal, as they are."""
    if not all(name.isprintable() for name in arrays):
        raise HeatmapsError("An array’s name holds characters that do not print: save the arrays under plain names.")
    return HeatmapFile(kind, arrays)


def megabytes(count: int) -> str:
    """Bytes in words: "3 MB", or kB and bytes where there are fewer."""
    for size, unit in ((10**6, "MB"), (10**3, "kB")):
        if count >= size:
            return f"{count // size} {unit}"
    return f"{count} bytes"


def times(shape: tuple[int, ...]) -> str:
    """(10, 14, 40, 40) as "10 × 14 × 40 × 40"."""
    return " × ".join(str(length) for length in shape)


def listed(arrays: dict[str, Stored]) -> str:
    """The arrays' names and shapes, the first few, without anything in a name that could be taken for ours."""
    shown = [f"‘{plain(stored.name)}’ ({times(stored.shape[:6])})" for stored in list(arrays.values())[:8]]
    return ", ".join(shown) + (f" and {len(arrays) - 8} more" if len(arrays) > 8 else "")


def plain(name: str) -> str:
    """A name from a file, with what is neither letter, digit nor one of . _ - replaced, and cut short."""
    return re.sub(r"[^\w.-]", "_", name)[:60]


def _mapped(path: Path) -> mmap.mmap | bytes:
    try:
        with open(path, "rb") as file:
            if not file.seek(0, io.SEEK_END):
                return b""
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is no plain file"
        raise HeatmapsError(f"The file cannot be opened ({reason}): check its path.") from error


# .npy: a magic, a version, the length of a header, the header (a Python dict, read here by its three parts), values


def _npy(name: str, data: memoryview, unpack: Callable[[], np.ndarray] | None = None, whole: int | None = None):
    """The array whose .npy begins ``data``; ``whole`` is its declared length where only its beginning is there."""
    whole = len(data) if whole is None else whole
    try:
        descr, fortran, shape, offset = _npy_header(data[: MAX_HEADER + 16].tobytes())
    except HeatmapsError as error:
        return Stored(name, (), "unknown", str(error))
    dtype, fault = _npy_dtype(descr)
    fault = fault or _shape_fault(shape)
    if not fault:
        fault = _length_fault(prod(shape) * dtype.itemsize, whole - offset)

    def view() -> np.ndarray:
        buffer = data if unpack is None else unpack()
        values = np.frombuffer(buffer, dtype, prod(shape), offset)
        return values.reshape(shape, order="F" if fortran else "C")

    return Stored(name, shape, "unknown" if dtype is None else dtype.name, fault, view)


def _npy_header(start: bytes) -> tuple[str, bool, tuple[int, ...], int]:
    """(descr, Fortran order, shape, where the values begin) of an .npy."""
    if not start.startswith(b"\x93NUMPY"):
        raise HeatmapsError(f"The array does not begin as an .npy does: {_SAVE} again.")
    version, width = start[6:7], 2 if start[6:7] == b"\x01" else 4
    if version not in (b"\x01", b"\x02", b"\x03") or len(start) < 8 + width:
        raise HeatmapsError(f"The .npy is of an unknown version or cut short: {_SAVE} again.")
    length = int.from_bytes(start[8 : 8 + width], "little")
    if length > MAX_HEADER:
        raise HeatmapsError(f"The header of the .npy is longer than {MAX_HEADER} bytes: {_SAVE} as plain numbers.")
    header = start[8 + width : 8 + width + length].decode("latin-1")
    if len(header) < length:
        raise HeatmapsError("The file is cut short within its header: copy or save it again.")
    if re.search(r"['\"]descr['\"]\s*:\s*\[", header):
        raise HeatmapsError("The array has named fields: save the field with the heatmaps as an array of its own.")
    found = [
        re.findall(pattern, header)
        for pattern in (
            r"['\"]descr['\"]\s*:\s*['\"]([^'\"]{1,32})['\"]",
            r"['\"]fortran_order['\"]\s*:\s*(True|False)\b",
            r"['\"]shape['\"]\s*:\s*\(([\d\s,L]{0,600})\)",
        )
    ]
    if any(len(hits) != 1 for hits in found):
        raise HeatmapsError(f"The header of the .npy cannot be read: {_SAVE} again.")
    (descr,), (fortran,), (shape,) = found
    lengths = [part.strip().rstrip("L") for part in shape.split(",")]
    if not all(re.fullmatch(r"\d{0,18}", part) for part in lengths):
        raise HeatmapsError(f"The shape in the header of the .npy cannot be read: {_SAVE} again.")
    return descr, fortran == "True", tuple(int(part) for part in lengths if part), 8 + width + length


def _npy_dtype(descr: str) -> tuple[np.dtype | None, str]:
    """(dtype, fault) of a descr such as "<f4"; bool is read as uint8."""
    kind = descr.lstrip("<>|=")[:1]
    if kind == "O":
        return None, (
            "The array holds Python objects, which are pickled and never opened here: save one array of numbers, with "
            "all maps of one size."
        )
    if kind == "c":
        return None, "The array holds complex numbers: save their magnitude or real part as float32."
    if kind and kind in "SUaVMm":
        what = {"V": "raw records", "M": "dates", "m": "durations"}.get(kind, "text")
        return None, f"The array holds {what} where heatmaps hold numbers: choose or save another array."
    if re.fullmatch(r"[<>|=]?(f[248]|[iu][1248])", descr):
        return np.dtype(descr), ""
    if re.fullmatch(r"[<>|=]?(b1|\?)", descr):
        return np.dtype(np.uint8), ""
    return None, "The array is of a number type that is not read here: save it as float16, float32 or float64."


# .npz: a zip of .npy files


class _Directory:
    """What zipfile may read of a file: its directory, a bounded piece at a time."""

    def __init__(self, data: memoryview):
        self.data, self.at = data, 0

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self.at

    def seek(self, offset: int, whence: int = 0) -> int:
        at = offset + (0, self.at, len(self.data))[whence]
        if at < 0:
            raise OSError("before the start")
        self.at = at
        return at

    def read(self, size: int = -1) -> bytes:
        end = len(self.data) if size < 0 else min(len(self.data), self.at + size)
        if end - self.at > MAX_DIRECTORY:
            raise HeatmapsError("The directory of the .npz is far too long: save it again with fewer arrays.")
        piece = self.data[self.at : end].tobytes()
        self.at += len(piece)
        return piece


def _npz(data: memoryview, limit: int) -> dict[str, Stored]:
    try:
        with zipfile.ZipFile(_Directory(data)) as archive:
            members = archive.infolist()
    except HeatmapsError:
        raise
    except Exception as error:  # zipfile meets hostile bytes with several kinds of exception
        raise HeatmapsError("The .npz is damaged or cut short: copy or save it again.") from error
    if any(member.filename.endswith("data.pkl") for member in members):
        raise HeatmapsError(
            "The file is one of torch.save, a pickle that could run code when it is opened: save the tensor with "
            "safetensors, or its numpy() with numpy.save."
        )
    members = [member for member in members if member.filename.endswith(".npy")]
    if not members:
        raise HeatmapsError(f"The file is a zip archive without any .npy in it: {_SAVE}.")
    if len(members) > MAX_ARRAYS:
        raise HeatmapsError(f"The .npz holds more than {MAX_ARRAYS} arrays: save the heatmaps in a file of their own.")
    return {member.filename[:-4]: _member(data, member, limit) for member in members}


def _member(data: memoryview, member: zipfile.ZipInfo, limit: int) -> Stored:
    name, damaged = member.filename[:-4], "The .npz is damaged at this array: copy or save it again."
    local = data[member.header_offset : member.header_offset + 30].tobytes() if member.header_offset >= 0 else b""
    if len(local) < 30 or not local.startswith(b"PK\x03\x04"):
        return Stored(name, (), "unknown", damaged)
    start = member.header_offset + 30 + sum(struct.unpack("<HH", local[26:]))
    body = data[start : start + member.compress_size]
    stored, packed = member.compress_type == zipfile.ZIP_STORED, member.compress_type == zipfile.ZIP_DEFLATED
    if len(body) < member.compress_size or (stored and member.file_size != member.compress_size):
        return Stored(name, (), "unknown", damaged)
    if member.flag_bits & 1 or not (stored or packed):
        return Stored(name, (), "unknown", "The .npz is encrypted or packed in a rare way: save it with numpy.savez.")
    if stored:

        def checked() -> memoryview:
            if zlib.crc32(body) != member.CRC:
                raise HeatmapsError(damaged)
            return body

        return _npy(name, body, checked)
    try:
        head = zlib.decompressobj(-15).decompress(body[: 4 * MAX_HEADER].tobytes(), MAX_HEADER + 16)
    except zlib.error:
        return Stored(name, (), "unknown", damaged)
    found = _npy(name, memoryview(head), lambda: _inflated(body, member, damaged), member.file_size)
    if found.fault:
        return found
    # Deflate packs at most 1032 to 1: a directory that declares more is lying.
    if member.file_size > limit:
        fault = (
            f"The array unpacks to {megabytes(member.file_size)} and the limit is {megabytes(limit)}: save fewer "
            "people or float16."
        )
    elif member.file_size > 1032 * member.compress_size + 64:
        fault = damaged
    else:
        return found
    return Stored(name, found.shape, found.dtype, fault)


def _inflated(body: memoryview, member: zipfile.ZipInfo, damaged: str) -> np.ndarray:
    """The bytes of a compressed member, exactly as many as its directory entry declares."""
    out, at, unpacker = np.empty(member.file_size, np.uint8), 0, zlib.decompressobj(-15)
    try:
        for start in range(0, len(body), 2**18):
            piece = body[start : start + 2**18]
            while piece and not unpacker.eof:  # beyond its end the tail would stay the same for ever
                part = unpacker.decompress(piece, 2**20)
                if at + len(part) > len(out):
                    raise HeatmapsError(damaged)
                out[at : at + len(part)] = np.frombuffer(part, np.uint8)
                at += len(part)
                piece = unpacker.unconsumed_tail
    except zlib.error as error:
        raise HeatmapsError(damaged) from error
    if at != len(out) or not unpacker.eof or zlib.crc32(out) != member.CRC:
        raise HeatmapsError(damaged)
    return out


# .safetensors: the length of a header, the header (JSON), values

_SAFE = {
    **{f"{kind}{8 * size}": f"<{code}{size}" for kind, code in (("I", "i"), ("U", "u")) for size in (1, 2, 4, 8)},
    "F16": "<f2",
    "F32": "<f4",
    "F64": "<f8",
    "BF16": "<u2",
    "BOOL": "<u1",
}


def _safetensors(data: memoryview) -> dict[str, Stored]:
    length = int.from_bytes(data[:8], "little")
    if length > len(data) - 8:
        raise HeatmapsError("The .safetensors is cut short or lies about its header: copy or save it again.")
    if length > MAX_DIRECTORY:
        raise HeatmapsError("The header of the .safetensors is far too long: save the heatmaps in a file of their own.")
    try:
        header = json.loads(data[8 : 8 + length].tobytes())
    except (ValueError, RecursionError) as error:
        raise HeatmapsError("The header of the .safetensors cannot be read: copy or save it again.") from error
    tensors = {name: entry for name, entry in header.items() if name != "__metadata__"}
    if not tensors:
        raise HeatmapsError(f"The .safetensors holds no array: {_SAVE}.")
    if len(tensors) > MAX_ARRAYS:
        raise HeatmapsError(
            f"The .safetensors holds more than {MAX_ARRAYS} arrays: save the heatmaps in a file of their own."
        )
    values = data[8 + length :]
    return {name: _tensor(name, entry, values) for name, entry in tensors.items()}


def _tensor(name: str, entry: object, values: memoryview) -> Stored:
    damaged = Stored(name, (), "unknown", "The .safetensors is damaged at this array: copy or save it again.")
    if not isinstance(entry, dict):
        return damaged
    kind, shape, offsets = (entry.get(key) for key in ("dtype", "shape", "data_offsets"))
    if not (isinstance(kind, str) and _whole(shape) and _whole(offsets) and len(offsets) == 2):
        return damaged
    shape, (begin, end) = tuple(shape), offsets
    word = "bfloat16" if kind == "BF16" else np.dtype(_SAFE.get(kind, "V1")).name
    if kind not in _SAFE:
        fault = "The array is of a number type that is not read here: save it as float16, float32 or float64."
        return Stored(name, shape, "unknown", fault)
    dtype = np.dtype(_SAFE[kind])
    if fault := _shape_fault(shape):
        return Stored(name, shape, word, fault)
    if not 0 <= begin <= end or end - begin != prod(shape) * dtype.itemsize:
        return damaged
    fault = _length_fault(end - begin, len(values) - begin)
    return Stored(name, shape, word, fault, lambda: np.frombuffer(values, dtype, prod(shape), begin).reshape(shape))


def _whole(numbers: object) -> bool:
    """Whether this is a list of whole numbers that lengths and places can be."""
    return isinstance(numbers, list) and all(type(number) is int and 0 <= number < 2**60 for number in numbers)


# What is said of all three


def _shape_fault(shape: tuple[int, ...]) -> str:
    if not 2 <= len(shape) <= 4:
        of = f" ({times(shape)})" if 0 < len(shape) <= 8 else ""
        axes = "1 axis" if len(shape) == 1 else f"{len(shape)} axes"
        return (
            f"The array has {axes}{of} where heatmaps have rows and columns, and at most people and joints besides: "
            "reshape it to (N, K, H, W)."
        )
    return f"The array holds no values ({times(shape)}): save at least one map." if 0 in shape else ""


def _length_fault(declared: int, there: int) -> str:
    if declared <= there:
        return ""
    sizes = [megabytes(declared), megabytes(max(there, 0))]
    if sizes[0] == sizes[1]:
        sizes = [f"{declared} bytes", f"{there} bytes"]
    return f"The file is cut short: it declares {sizes[0]} of values and holds {sizes[1]}, so copy or save it again."


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
    return f"The file {what}, whatever its name says: {_SAVE}."
