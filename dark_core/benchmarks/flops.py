"""The cost of one crop: multiply-adds and memory, counted on the layers, and the time of the network and of DARK."""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass, replace
from statistics import median

import numpy as np
import torch
from scipy.optimize import isotonic_regression
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from dark_core.benchmarks.timing import durations
from dark_core.codec import decode
from dark_core.pose.estimator import Estimator


@dataclass(frozen=True)
class Cost:
    """The cost of one crop of ``size`` by ``size`` px.

    ms: median wall-clock time from crop to heatmaps; multiply_adds: of the network; activation_bytes: of the results
    of its convolutions in float32; decode_ms: median time in which DARK decodes all joints of the crop.
    """

    size: int
    ms: float
    multiply_adds: int
    activation_bytes: int
    decode_ms: float


def multiply_adds(network: nn.Module, size: int) -> int:
    """Multiply-adds of all convolutions and matrix products of ``network`` for one crop (1, 3, size, size).

    As is the custom, biases, normalization, activations and resampling are not counted. The number of floating-point
    operations is twice this.
    """
    network = _without_values(network)
    with FlopCounterMode(display=False) as counter:
        _forward(network, size)
    return counter.get_total_flops() // 2


def activation_bytes(network: nn.Module, size: int) -> int:
    """Bytes of the results of all convolutions for one crop, in float32: about what training has to keep."""
    values = 0

    def count(layer: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
        nonlocal values
        values += output.numel()

    network = _without_values(network)
    for layer in network.modules():
        if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d):
            layer.register_forward_hook(count)
    _forward(network, size)
    return 4 * values


def _without_values(network: nn.Module) -> nn.Module:
    """A copy whose tensors have a shape and no values, so that a forward pass computes nothing.

    A copy, because the network may be busy in another thread, whose crops would be counted too.
    """
    return deepcopy(network).to("meta").eval()


def _forward(network: nn.Module, size: int) -> None:
    """Pass one crop without values through a network without values."""
    dtype = next((weight.dtype for weight in network.parameters()), torch.float32)
    with torch.no_grad():
        network(torch.empty(1, 3, size, size, dtype=dtype, device="meta"))


def measure(estimator: Estimator, sizes: Iterable[int], repeats: int = 7) -> list[Cost]:
    """The cost of one crop at each of ``sizes`` (px, multiples of 32) on the estimator's device.

    The network runs once to warm up, then ``repeats`` times, from uint8 crop to heatmaps in memory, which is what a
    page waits for. Raises ValueError for a size that 32 does not divide, or no repeats.
    """
    sizes = list(sizes)
    if any(size < 32 or size % 32 for size in sizes) or repeats < 1:
        raise ValueError(f"sizes must be multiples of 32 px and repeats at least 1, got {sizes} and {repeats}")
    costs = []
    for size in sizes:
        crop = np.random.default_rng(0).integers(0, 256, (1, size, size, 3), dtype=np.uint8)
        network, heatmaps = estimator.model.network, estimator.forward(crop)
        ms = median(durations(lambda: estimator.forward(crop), repeats))  # noqa: B023, run at once
        decode_ms = median(durations(lambda: decode(heatmaps, "dark", estimator.model.sigma), 9))  # noqa: B023
        costs.append(Cost(size, ms, multiply_adds(network, size), activation_bytes(network, size), decode_ms))
    return costs


def fitted(costs: list[Cost]) -> list[Cost]:
    """The same costs, in order of size, with the closest times (least squares) that never fall as the size grows.

    A larger crop is more work. Where a busy machine makes it seem quicker, both sizes get the mean of the two times.
    """
    ms, decode_ms = (isotonic_regression([getattr(one, name) for one in costs]).x for name in ("ms", "decode_ms"))
    return [
        replace(one, ms=float(network), decode_ms=float(decoder))
        for one, network, decoder in zip(costs, ms, decode_ms, strict=True)
    ]
