"""One array of a heatmap file as its header declares it, and what is said of arrays of any format."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from dark_core.errors import InputError

SAVE = "save the heatmaps with numpy.save, numpy.savez or safetensors"

MAX_ARRAYS = 1000
MAX_DIRECTORY = 2**20
"""Bytes of the directory of an .npz or .safetensors: some thousand arrays."""


class HeatmapsError(InputError, ValueError):
    """The file holds no usable heatmaps; the message is one sentence for the visitor."""


@dataclass(frozen=True, eq=False)
class Stored:
    """One array of a file as its header declares it; nothing of it has been unpacked yet.

    name: "" in an .npy; shape; dtype: a word such as "float16", or "bfloat16", whose bits are loaded as uint16;
    fault: why this array cannot be heatmaps, one sentence, or ""; unpack: gives the values where there is no fault.
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
        if self.unpack is None or self.fault:
            raise HeatmapsError(self.fault)
        values = self.unpack()
        values.setflags(write=False)
        return values


def native(values: np.ndarray, dtype: str) -> np.ndarray:
    """Values in this machine's byte order; the bits of bfloat16, in uint16, as float32."""
    values = values.astype(values.dtype.newbyteorder("="), copy=False)
    return (values.astype(np.uint32) << 16).view(np.float32) if dtype == "bfloat16" else values


def megabytes(count: int) -> str:
    """Bytes in words: "3 MB", or kB and bytes where there are fewer."""
    for size, unit in ((10**6, "MB"), (10**3, "kB")):
        if count >= size:
            return f"{count // size} {unit}"
    return f"{count} bytes"


def times(shape: tuple[int, ...]) -> str:
    """(10, 14, 40, 40) as "10 × 14 × 40 × 40"."""
    return " × ".join(str(length) for length in shape)


def listed(arrays: Mapping[str, Stored]) -> str:
    """The arrays' names and shapes, the first few, without anything in a name that could be taken for ours."""
    shown = [f"‘{plain(stored.name)}’ ({times(stored.shape[:6])})" for stored in list(arrays.values())[:8]]
    return ", ".join(shown) + (f" and {len(arrays) - 8} more" if len(arrays) > 8 else "")


def plain(name: str) -> str:
    """A name from a file, with what is neither letter, digit nor one of . _ - replaced, and cut short."""
    return re.sub(r"[^\w.-]", "_", name)[:60]


def shape_fault(shape: tuple[int, ...]) -> str:
    """Why an array of this shape cannot be heatmaps, one sentence, or ""."""
    if not 2 <= len(shape) <= 4:
        of = f" ({times(shape)})" if 0 < len(shape) <= 8 else ""
        axes = "1 axis" if len(shape) == 1 else f"{len(shape)} axes"
        return (
            f"The array has {axes}{of} where heatmaps have rows and columns, and at most people and joints besides: "
            "reshape it to (N, K, H, W)."
        )
    return f"The array holds no values ({times(shape)}): save at least one heatmap." if 0 in shape else ""


def length_fault(declared: int, held: int) -> str:
    """Why values that take ``declared`` bytes cannot lie in the ``held`` bytes of the file, one sentence, or ""."""
    if declared <= held:
        return ""
    sizes = [megabytes(declared), megabytes(max(held, 0))]
    if sizes[0] == sizes[1]:
        sizes = [f"{declared} bytes", f"{held} bytes"]
    return f"The file is cut short: it declares {sizes[0]} of values and holds {sizes[1]}, so copy or save it again."
