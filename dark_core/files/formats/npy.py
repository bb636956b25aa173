"""The array of an .npy file, its header parsed by NumPy within bounds and its values viewed in place."""

from __future__ import annotations

import io
from collections.abc import Callable
from math import prod

import numpy as np
from numpy.lib import format as npy_format

from dark_core.files.formats.stored import SAVE, HeatmapsError, Stored, length_fault, shape_fault

MAX_HEADER = 10_000
"""Bytes, as in NumPy itself."""
MAX_START = MAX_HEADER + 12
"""Bytes up to the values: magic, version and length before the header."""
MAX_LENGTH = 10**18


class _Start(io.BytesIO):
    """The beginning of a file, which notes whether more was asked for than is there."""

    ended = False

    def read(self, size: int | None = -1) -> bytes:
        piece = super().read(size)
        self.ended = self.ended or (size is not None and len(piece) < size)
        return piece


def npy_array(
    name: str,
    data: memoryview,
    unpack: Callable[[], memoryview | np.ndarray] | None = None,
    whole: int | None = None,
) -> Stored:
    """The array of an .npy, whatever its header says.

    data: the file, or at least its first MAX_START bytes; unpack: gives all of it where ``data`` does not, or after a
    check; whole: its declared length in bytes where that is not the length of ``data``.
    """
    whole = len(data) if whole is None else whole
    try:
        declared, fortran, shape, offset = _header(data[:MAX_START].tobytes(), whole)
    except HeatmapsError as error:
        return Stored(name, (), "unknown", str(error))
    try:
        dtype = _number_type(declared)
    except HeatmapsError as error:
        return Stored(name, shape, "unknown", str(error))
    fault = shape_fault(shape) or length_fault(prod(shape) * dtype.itemsize, whole - offset)

    def view() -> np.ndarray:
        buffer = data if unpack is None else unpack()
        values = np.frombuffer(buffer, dtype, prod(shape), offset)
        return values.reshape(shape, order="F" if fortran else "C")

    return Stored(name, shape, dtype.name, fault, view)


def _header(start: bytes, whole: int) -> tuple[np.dtype, bool, tuple[int, ...], int]:
    """(dtype, Fortran order, shape, where the values begin) of an .npy of ``whole`` bytes. Raises HeatmapsError."""
    if not start.startswith(npy_format.MAGIC_PREFIX):
        raise HeatmapsError(f"The array does not begin as an .npy does: {SAVE} again.")
    stream = _Start(start)
    try:
        version = npy_format.read_magic(stream)
        # Version 3 is version 2 with field names in UTF-8; arrays with fields are refused.
        parse = {
            (1, 0): npy_format.read_array_header_1_0,
            (2, 0): npy_format.read_array_header_2_0,
            (3, 0): npy_format.read_array_header_2_0,
        }[version]
    except (ValueError, KeyError) as error:
        raise HeatmapsError(f"The .npy is of an unknown version or cut short: {SAVE} again.") from error
    try:
        shape, fortran, dtype = parse(stream, max_header_size=MAX_HEADER)
    except Exception as error:  # a header is text that anybody may have written
        if stream.ended and whole > len(start):
            said = f"The header of the .npy is longer than {MAX_HEADER} bytes: {SAVE} as plain numbers."
        elif stream.ended:
            said = "The file is cut short within its header: copy or save it again."
        else:
            said = f"The header of the .npy cannot be read: {SAVE} again."
        raise HeatmapsError(said) from error
    if not all(type(length) is int and 0 <= length < MAX_LENGTH for length in shape):
        raise HeatmapsError(f"The shape in the header of the .npy cannot be read: {SAVE} again.")
    return dtype, fortran, shape, stream.tell()


def _number_type(dtype: np.dtype) -> np.dtype:
    """The dtype to view the values as, bool as uint8. Raises HeatmapsError where they are no real numbers."""
    if dtype.names is not None:
        raise HeatmapsError("The array has named fields: save the field with the heatmaps as an array of its own.")
    if dtype.kind == "O":
        raise HeatmapsError(
            "The array holds Python objects, which are pickled and never opened here: save one array of numbers, with "
            "all maps of one size."
        )
    if dtype.kind == "c":
        raise HeatmapsError("The array holds complex numbers: save their magnitude or real part as float32.")
    if dtype.kind not in "biuf":
        what = {"V": "raw records", "M": "dates", "m": "durations"}.get(dtype.kind, "text")
        raise HeatmapsError(f"The array holds {what} where heatmaps hold numbers: choose or save another array.")
    if dtype.itemsize > 8:
        raise HeatmapsError(
            "The array has a number type that is not supported: save it as float16, float32 or float64."
        )
    return np.dtype(np.uint8) if dtype.kind == "b" else dtype
