"""NumPy or PyTorch: the few things that the two spell differently, so that the codec is written once.

The functions of the codec take a NumPy array or a tensor on any device and return the same type. PyTorch is imported
only where a tensor is given. No function here changes its input. Shapes: M heatmaps, each (H, W).
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Any, Protocol, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray


class TensorLike(Protocol):
    """What ``is_tensor`` knows a tensor by, so that a type checker needs no PyTorch either."""

    def detach(self) -> Any: ...


Tensor = TypeVar("Tensor", bound=TensorLike)
Array = TypeVar("Array")
"""``np.ndarray`` or a tensor, as the heatmaps were."""

AnyArray: TypeAlias = Any
"""An array or a tensor, where one function serves both."""


def is_tensor(array: AnyArray) -> bool:
    return not isinstance(array, np.ndarray) and hasattr(array, "detach")


def namespace(array: AnyArray) -> Any:
    """``numpy``, or ``torch`` for a tensor: where exp, log, where, stack and the like are found."""
    if is_tensor(array):
        import torch

        return torch
    return np


def asarray_like(table: NDArray[Any], array: AnyArray) -> AnyArray:
    """Turn a NumPy array into what ``array`` is: itself, or a tensor on its device; floats take its floating dtype."""
    if is_tensor(array):
        if table.dtype.kind != "f":
            return namespace(array).tensor(table, device=array.device)
        if array.element_size() < 8:  # an exported program keeps what it is given, whatever it becomes then
            table = table.astype(np.float32)
        return namespace(array).tensor(table, dtype=array.dtype, device=array.device)
    return table.astype(array.dtype, copy=False) if table.dtype.kind == array.dtype.kind == "f" else table


def arange(count: int, array: AnyArray) -> AnyArray:
    """0, 1, …, count - 1 beside ``array``."""
    if is_tensor(array):
        return namespace(array).arange(count, device=array.device)
    return np.arange(count)


def at_least_float32(array: AnyArray) -> AnyArray:
    """Half precision as float32; float32 and float64 as they are."""
    if is_tensor(array):
        return array.float() if array.element_size() < 4 else array
    return array.astype(np.float32) if array.dtype == np.float16 else array


def to_float64(array: AnyArray) -> AnyArray:
    """In double precision, where the device has it (Apple's has not)."""
    if is_tensor(array):
        return array.float() if array.device.type == "mps" else array.double()
    return array.astype(np.float64, order="C")


def cast(values: AnyArray, array: AnyArray) -> AnyArray:
    """``values`` in the dtype of ``array``."""
    return values.to(array.dtype) if is_tensor(values) else values.astype(array.dtype, copy=False)


def copy(array: AnyArray) -> AnyArray:
    return array.clone() if is_tensor(array) else array.copy(order="K")


def index_update(array: AnyArray, index: AnyArray, values: AnyArray) -> AnyArray:
    """Copy ``array``, with ``values`` at ``index``."""
    updated = copy(array)
    updated[index] = values
    return updated


def argmax(heatmaps: AnyArray) -> AnyArray:
    """(M,) flat index of the largest value of heatmaps (M, H, W), the first if several; NaN counts as the largest."""
    flat = heatmaps.reshape(heatmaps.shape[0], -1)  # (M, H W)
    if is_tensor(heatmaps) and heatmaps.device.type == "cpu":
        # NumPy looks through a heatmap dozens of times faster than PyTorch does on a CPU.
        return namespace(heatmaps).from_numpy(as_numpy(flat).argmax(1))
    return flat.argmax(1)


def pixels(index: AnyArray, width: int) -> AnyArray:
    """(M, 2) whole (x, y) of flat indices (M,) into heatmaps of that width."""
    # (2, M) in memory, turned to (M, 2): sums and comparisons run along M.
    return namespace(index).stack([index % width, index // width]).swapaxes(0, 1)


def clip(array: AnyArray, low: AnyArray, high: AnyArray) -> AnyArray:
    """As ``array.clip``, whose checks cost an array of a thousand numbers more than the clipping."""
    return array.clamp(min=low).clamp(max=high) if is_tensor(array) else np.minimum(np.maximum(array, low), high)


def all_axes(marks: AnyArray) -> AnyArray:
    """(M,) where both of the marks (M, 2) are set; dozens of times faster than ``all`` over so short an axis."""
    return marks[..., 0] & marks[..., 1]


def take(table: AnyArray, which: AnyArray) -> AnyArray:
    """``table[which]``, a copy; three times faster so for an array."""
    return table[which] if is_tensor(table) else table.take(which, 0)


def with_finite_gradient(heatmaps: AnyArray) -> AnyArray:
    """Pass a gradient of the heatmaps that is not finite, as of one without a peak, back as zero."""
    if is_tensor(heatmaps) and heatmaps.requires_grad:
        heatmaps = heatmaps.view_as(heatmaps)
        if heatmaps.requires_grad:  # and not switched off by no_grad
            # A gradient that is not defined, because nothing depends on these heatmaps, comes as None.
            heatmaps.register_hook(
                lambda gradient: gradient if gradient is None else gradient.nan_to_num(0.0, 0.0, 0.0)
            )
    return heatmaps


def refuse_graph(tensor: AnyArray) -> None:
    """Raise RuntimeError while PyTorch records a graph."""
    torch = namespace(tensor)
    if torch.jit.is_tracing() or torch.compiler.is_compiling():
        raise RuntimeError(
            "decode chooses its steps by the values of the heatmaps, so a recorded graph would be wrong for other "
            "heatmaps: use dark_core.codec.torch.HeatmapDecoder in its place"
        )


def full_precision(array: AnyArray) -> AbstractContextManager[Any]:
    """Switch off ``torch.autocast`` for a tensor's device: its half-precision products cost a quarter of a pixel."""
    if is_tensor(array) and namespace(array).amp.is_autocast_available(array.device.type):
        context: AbstractContextManager[Any] = namespace(array).autocast(array.device.type, enabled=False)
        return context
    return nullcontext()


def on_cpu_without_gradient(tensor: AnyArray) -> bool:
    """Whether NumPy can take over: it is faster on a CPU, but passes no gradient back."""
    torch = namespace(tensor)
    return tensor.device.type == "cpu" and not (tensor.requires_grad and torch.is_grad_enabled())


def as_numpy(tensor: AnyArray) -> NDArray[Any]:
    """Share the tensor's memory with an array; bfloat16, which NumPy has not, is copied to float32."""
    array: NDArray[Any] = (tensor.float() if tensor.dtype == namespace(tensor).bfloat16 else tensor).numpy(force=True)
    return array


def windows(
    heatmaps: AnyArray, first_x: AnyArray, first_y: AnyArray, width: int, height: int, which: AnyArray | None = None
) -> AnyArray:
    """(N, height, width): windows of heatmaps (M, H, W) that start at pixels (first_x, first_y), both (N,).

    ``which`` (N,) says of which heatmap each is; by default there is one of each, N = M. Every window must lie on its
    heatmap.
    """
    which = arange(heatmaps.shape[0], heatmaps) if which is None else which
    if is_tensor(heatmaps):
        # By index: the gradient of a view of all windows would need room for all of them.
        y = first_y[..., None, None] + arange(height, heatmaps)[..., None]  # (N, height, 1)
        x = first_x[..., None, None] + arange(width, heatmaps)  # (N, 1, width)
        return heatmaps[which[..., None, None], y, x]
    count, rows, columns = heatmaps.shape
    along_y, along_x = heatmaps.strides[1:]
    views = np.lib.stride_tricks.as_strided(
        heatmaps,
        (count, rows - height + 1, columns - width + 1, height, width),  # every window of every heatmap, no copy
        (heatmaps.strides[0], along_y, along_x, along_y, along_x),
        writeable=False,
    )
    return views[which, first_y, first_x]
