"""Tensors of a .safetensors: the length of a header, the header in JSON, the values."""

from __future__ import annotations

import json
from math import prod
from typing import TypeGuard

import numpy as np

from dark_core.files.formats.stored import (
    MAX_ARRAYS,
    MAX_DIRECTORY,
    SAVE,
    HeatmapsError,
    Stored,
    length_fault,
    shape_fault,
)

_DTYPES = {
    **{f"{kind}{8 * size}": f"<{code}{size}" for kind, code in (("I", "i"), ("U", "u")) for size in (1, 2, 4, 8)},
    "F16": "<f2",
    "F32": "<f4",
    "F64": "<f8",
    "BF16": "<u2",
    "BOOL": "<u1",
}


def safetensors_arrays(data: memoryview) -> dict[str, Stored]:
    """The tensors of a .safetensors by name, views of its bytes. Raises HeatmapsError."""
    length = int.from_bytes(data[:8], "little")
    if length > len(data) - 8:
        raise HeatmapsError(
            "The .safetensors is cut short, or its header does not match its length: copy or save it again."
        )
    if length > MAX_DIRECTORY:
        raise HeatmapsError("The header of the .safetensors is far too long: save the heatmaps in a file of their own.")
    try:
        header = json.loads(data[8 : 8 + length].tobytes())
    except (ValueError, RecursionError) as error:
        raise HeatmapsError("The header of the .safetensors cannot be read: copy or save it again.") from error
    tensors = {name: entry for name, entry in header.items() if name != "__metadata__"}
    if not tensors:
        raise HeatmapsError(f"The .safetensors holds no array: {SAVE}.")
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
    word = "bfloat16" if kind == "BF16" else np.dtype(_DTYPES.get(kind, "V1")).name
    if kind not in _DTYPES:
        fault = "The array has a number type that is not supported: save it as float16, float32 or float64."
        return Stored(name, shape, "unknown", fault)
    dtype = np.dtype(_DTYPES[kind])
    if fault := shape_fault(shape):
        return Stored(name, shape, word, fault)
    if not 0 <= begin <= end or end - begin != prod(shape) * dtype.itemsize:
        return damaged
    fault = length_fault(end - begin, len(values) - begin)
    return Stored(name, shape, word, fault, lambda: np.frombuffer(values, dtype, prod(shape), begin).reshape(shape))


def _whole(numbers: object) -> TypeGuard[list[int]]:
    """Whether this is a list of whole numbers that lengths and offsets can be."""
    return isinstance(numbers, list) and all(type(number) is int and 0 <= number < 2**60 for number in numbers)
