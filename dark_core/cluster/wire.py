"""What an app and a cluster say to each other: arrays as .npy files, and no more than a cluster bears.

    POST /read    crops (N, H, W, 3) uint8 -> heatmaps (N, 14, H/4, W/4) float32
    GET /about    -> JSON {"network", "sha256" of its weights, "device"}

What is refused is answered 400 (413 where it is too long) with one sentence of plain text.
"""

from __future__ import annotations

import io

import numpy as np

from dark_core.pose.skeleton import SKELETON

MOST_CROPS = 32
MOST_BYTES = 16 * 2**20
"""Of the crops of one request, and of one batch."""

STEP = 32
"""Px: divides both sides of a crop, as the network needs it."""


def share(crops: np.ndarray) -> int:
    """How much of a batch crops take: one for each, or what is more, their share of its bytes; at most MOST_CROPS."""
    return max(len(crops), -(-MOST_CROPS * crops.nbytes // MOST_BYTES))


def maps_shape(crops: tuple[int, ...]) -> tuple[int, int, int, int]:
    """(N, 14, H/4, W/4), the shape of the heatmaps of crops of shape (N, H, W, 3)."""
    count, height, width, _ = crops
    return count, len(SKELETON), height // 4, width // 4


def pack(array: np.ndarray) -> bytes:
    """The array as a .npy file."""
    out = io.BytesIO()
    np.save(out, array, allow_pickle=False)
    return out.getvalue()


def unpack(data: bytes, dtype: type) -> np.ndarray:
    """The array of a .npy file, read in place: read-only, and nothing is set aside before its size is known.

    Raises ValueError, in one sentence, for anything but a plain array of ``dtype`` of at least one value.
    """
    stream = io.BytesIO(data)
    try:
        if np.lib.format.read_magic(stream) != (1, 0):
            raise ValueError("not version 1.0")
        shape, columns, kind = np.lib.format.read_array_header_1_0(stream)
    except Exception as error:  # the header is text that anybody may have written
        raise ValueError("The body is no .npy file of version 1.0.") from error
    count, size = 1, len(data) - stream.tell()
    for side in shape:
        count *= side
    if kind != np.dtype(dtype) or columns or min(shape, default=0) < 1 or count * kind.itemsize != size:
        raise ValueError(
            f"The body is no full array of {np.dtype(dtype)} in row order: {kind} of shape {shape} in {size} bytes."
        )
    return np.frombuffer(data, dtype, count, stream.tell()).reshape(shape)


def unpack_crops(data: bytes) -> np.ndarray:
    """The crops (N, H, W, 3) uint8 of a request. Raises ValueError, in one sentence, for any other body."""
    crops = unpack(data, np.uint8)
    if crops.ndim != 4 or crops.shape[3] != 3 or crops.shape[1] % STEP or crops.shape[2] % STEP:
        raise ValueError(f"Crops are (N, H, W, 3) with H and W multiples of {STEP}, not {crops.shape}.")
    if len(crops) > MOST_CROPS or crops.nbytes > MOST_BYTES:
        raise ValueError(f"A request holds at most {MOST_CROPS} crops and {MOST_BYTES >> 20} MB of them.")
    return crops
