"""Arrays of an .npz, a zip of .npy files; only a compressed array is unpacked, after its size has been checked."""

from __future__ import annotations

import struct
import zipfile
import zlib

import numpy as np

from dark_core.files.formats.npy import MAX_START, npy_array
from dark_core.files.formats.stored import MAX_ARRAYS, MAX_DIRECTORY, SAVE, HeatmapsError, Stored, megabytes


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


def npz_arrays(data: memoryview, limit: int) -> dict[str, Stored]:
    """The arrays of an .npz by name; none may unpack to more than ``limit`` bytes. Raises HeatmapsError."""
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
        raise HeatmapsError(f"The file is a zip archive without any .npy in it: {SAVE}.")
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

        return npy_array(name, body, checked)
    try:
        head = zlib.decompressobj(-15).decompress(body[: 4 * MAX_START].tobytes(), MAX_START)
    except zlib.error:
        return Stored(name, (), "unknown", damaged)
    found = npy_array(name, memoryview(head), lambda: _inflated(body, member, damaged), member.file_size)
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
            piece = body[start : start + 2**18].tobytes()
            while piece and not unpacker.eof:  # beyond its end the tail would stay the same for ever
                part = unpacker.decompress(piece, 2**20)
                if at + len(part) > len(out):
                    raise HeatmapsError(damaged)
                out[at : at + len(part)] = np.frombuffer(part, np.uint8)
                at += len(part)
                piece = unpacker.unconsumed_tail
    except zlib.error as error:
        raise HeatmapsError(damaged) from error
    if at != len(out) or not unpacker.eof or zlib.crc32(out.data) != member.CRC:
        raise HeatmapsError(damaged)
    return out
