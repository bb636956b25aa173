"""NumPy or PyTorch: the few things that the two spell differently, so that the codec is written once.

Every function of the codec takes a NumPy array or a tensor on any device and answers in kind. PyTorch is
used where a tensor is given and imported by nobody else.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any, Protocol, TypeVar

import numpy as np


class TensorLike(Protocol):
    """What ``is_tensor`` knows a tensor by, so that a type checker needs no PyTorch either."""

    def detach(self) -> Any: ...


Tensor = TypeVar("Tensor", bound=TensorLike)
Array = TypeVar("Array")
"""``np.ndarray`` or a tensor, as the maps were."""


def is_tensor(array) -> bool:
    return not isinstance(array, np.ndarray) and hasattr(array, "detach")


def namespace(array) -> ModuleType:
    """``numpy``, or ``torch`` for a tensor: where exp, log, where, stack and the like are found."""
    if is_tensor(array):
        import torch

        return torch
    return np


def like(table: np.ndarray, array):
    """A NumPy array as what ``array`` is: itself, or a tensor on the same device; floats take its floating dtype."""
    if is_tensor(array):
        tensor = namespace(array).tensor(table)
        return (tensor.to(array.dtype) if tensor.is_floating_point() else tensor).to(array.device)
    return table.astype(array.dtype, copy=False) if table.dtype.kind == array.dtype.kind == "f" else table


def arange(count: int, array):
    """0, 1, …, count - 1 beside ``array``."""
    if is_tensor(array):
        return namespace(array).arange(count, device=array.device)
    return np.arange(count)


def working(array):
    """At least single precision: half precision becomes float32, float32 and float64 stay."""
    if is_tensor(array):
        return array.float() if array.element_size() < 4 else array
    return array.astype(np.float32) if array.dtype == np.float16 else array


def double(array):
    """In double precision, where the device has it (Apple's has not)."""
    if is_tensor(array):
        return array.float() if array.device.type == "mps" else array.double()
    return array.astype(np.float64, order="C")


def cast(values, array):
    """``values`` in the dtype of ``array``."""
    return values.to(array.dtype) if is_tensor(values) else values.astype(array.dtype, copy=False)


def copy(array):
    return array.clone() if is_tensor(array) else array.copy()


def argmax(maps):
    """(M,) flat index of the largest value of maps (M, H, W), the first if several; NaN counts as the largest."""
    flat = maps.reshape(maps.shape[0], -1)
    if is_tensor(maps) and maps.device.type == "cpu" and maps.dtype != namespace(maps).bfloat16:
        # NumPy looks through a map dozens of times faster than PyTorch does on a CPU.
        return namespace(maps).from_numpy(flat.detach().numpy().argmax(1))
    return flat.argmax(1)


def pixels(index, width: int):
    """(M, 2) whole (x, y) of flat indices (M,) into maps of that width."""
    # Kept a row an axis: what follows goes along them.
    return namespace(index).stack([index % width, index // width]).swapaxes(0, 1)


def clip(array, low, high):
    """As ``array.clip``, whose checks cost an array of a thousand numbers more than the clipping."""
    return array.clamp(min=low).clamp(max=high) if is_tensor(array) else np.minimum(np.maximum(array, low), high)


def both(marks):
    """(M,) where both of the marks (M, 2) are set; dozens of times faster than ``all`` over so short an axis."""
    return marks[:, 0] & marks[:, 1]


def rows(table, which):
    """``table[which]``, a copy; three times faster so for an array."""
    return table[which] if is_tensor(table) else table.take(which, 0)


def put(table, which, values):
    """``table`` with ``values`` at ``which``: an array in place, a tensor anew, as its gradient wants it."""
    table = table.clone() if is_tensor(table) else table
    table[which] = values
    return table


def with_finite_gradient(maps):
    """The same maps; a gradient that is not finite, as of one without a peak, is passed back as zero."""
    if is_tensor(maps) and maps.requires_grad:
        maps = maps.view_as(maps)
        if maps.requires_grad:  # and not switched off by no_grad
            maps.register_hook(lambda gradient: gradient.nan_to_num(0.0, 0.0, 0.0))
    return maps


def windows(maps, first_x, first_y, width: int, height: int, which=None):
    """(M, height, width): the window of each map that starts at pixel (first_x, first_y), both (M,).

    ``which`` (M,) says whose windows they are; by default map after map. Every window must lie on its map.
    """
    which = arange(maps.shape[0], maps) if which is None else which
    if is_tensor(maps):
        # By index: the gradient of a view of all windows would need room for all of them.
        y, x = (first[:, None] + arange(n, maps) for first, n in ((first_y, height), (first_x, width)))
        return maps[which[:, None, None], y[:, :, None], x[:, None, :]]
    across = (maps.shape[2] - width + 1, width)
    down = (maps.shape[1] - height + 1, height)
    views = np.lib.stride_tricks.as_strided(
        maps,
        (maps.shape[0], down[0], across[0], down[1], across[1]),
        (maps.strides[0], *maps.strides[1:], *maps.strides[1:]),
        writeable=False,
    )
    return views[which, first_y, first_x]
