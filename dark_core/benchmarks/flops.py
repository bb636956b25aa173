"""What a network asks of the machine: multiply-adds counted layer by layer, and the time of one crop."""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass
from statistics import median
from time import perf_counter

import numpy as np
import torch
from torch import Tensor, nn

from dark_core.pose.estimator import Estimator


@dataclass(frozen=True)
class Cost:
    """Reading one crop of ``size`` by ``size`` px: median wall time in ms, and multiply-adds."""

    size: int
    ms: float
    multiply_adds: int


def multiply_adds(network: nn.Module, size: int) -> int:
    """Multiply-adds of all convolutions and linear layers of ``network`` for one crop (1, 3, size, size).

    One for each weight (outputs x inputs of its group x kernel area) and each place it is used at.
    Biases, normalization, activations and resampling are not counted, as is the custom; the number of
    floating point operations is twice this. Nothing is computed: a copy of the network runs on tensors
    that have a shape and no values.
    """
    total = 0

    def count(layer: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
        nonlocal total
        # Every weight is used once a pixel of the result, in a transposed convolution once a pixel of its input.
        across = inputs[0] if isinstance(layer, nn.ConvTranspose2d) else output
        channels = across.shape[-1 if isinstance(layer, nn.Linear) else -3]
        total += across.numel() // channels * layer.weight.numel()

    # A copy, because the network may be reading for somebody else meanwhile, and would be counted too.
    shapes = deepcopy(network).to("meta").eval()
    for layer in shapes.modules():
        if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d | nn.Linear):
            layer.register_forward_hook(count)
    dtype = next((weight.dtype for weight in shapes.parameters()), torch.float32)
    with torch.no_grad():
        shapes(torch.empty(1, 3, size, size, dtype=dtype, device="meta"))
    return total


def measure(estimator: Estimator, sizes: Iterable[int], repeats: int = 5) -> list[Cost]:
    """The cost of reading one crop at each of ``sizes`` (px, multiples of 32) on the estimator's device.

    One reading to warm up, then the median of ``repeats``, from uint8 crop to heatmaps in memory: what
    a page waits for. Raises ValueError for a size that 32 does not divide or no repeats.
    """
    sizes = list(sizes)
    if any(size < 32 or size % 32 for size in sizes) or repeats < 1:
        raise ValueError(f"sizes must be multiples of 32 px and repeats at least 1, got {sizes} and {repeats}")
    costs = []
    for size in sizes:
        crop = np.random.default_rng(0).integers(0, 256, (1, size, size, 3), dtype=np.uint8)
        estimator.forward(crop)
        times = []
        for _ in range(repeats):
            start = perf_counter()
            estimator.forward(crop)
            times.append(1000 * (perf_counter() - start))
        costs.append(Cost(size, median(times), multiply_adds(estimator.model.network, size)))
    return costs
