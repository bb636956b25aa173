"""Kernels and Gaussians round sub-pixel positions, along rows and columns, over the pixels that exist.

A two-dimensional Gaussian is a product of two lines, and so are its moments: a crop times a bell along x and another
along y gives every sum that a fit needs. Shapes: M crops (M, h, w).
"""

from __future__ import annotations

import numpy as np

from dark_core.codec._fast.backend import AnyArray, asarray_like, namespace


def bells(
    crop: AnyArray, xy: AnyArray, wide: AnyArray | float, powers: int, kernel: AnyArray | float | None = None
) -> tuple[AnyArray, list[AnyArray], AnyArray, list[AnyArray]]:
    """Multiply kernels with u^0, u^1, … and with v^0, v^1, …, and sum the products of kernel and Gaussian.

    u, v are a pixel's columns and rows less ``xy`` (M, 2) in crop px; ``wide``, (M, 1) or one for all, is the sigma of
    the Gaussians and ``kernel`` that of the kernels, by default the same. Along x (M, w, powers) and the sums of kernel
    times Gaussian times u^k, k from 0 to 2 powers - 2, a list of (M,); along y (M, powers, h) and the sums with v.
    """
    height, width = crop.shape[1:]
    rates = -0.5 / wide**2, None if kernel is None else -0.5 / kernel**2
    return *_bell(width, xy[..., :1], *rates, powers, 2), *_bell(height, xy[..., 1:], *rates, powers, 1)


def _bell(
    length: int, center: AnyArray, rate: AnyArray | float, kernel_rate: AnyArray | float | None, powers: int, axis: int
) -> tuple[AnyArray, list[AnyArray]]:
    xp = namespace(center)
    u = asarray_like(np.arange(float(length)), center) - center  # (M, length)
    bell = xp.exp(u * u * rate)
    products = [bell if kernel_rate is None else xp.exp(u * u * kernel_rate)]
    sums = _sums(products[0] * bell, u, 2 * powers - 1)
    for _ in range(1, powers):
        products.append(products[-1] * u)
    return xp.stack(products, axis), sums


def _sums(values: AnyArray, u: AnyArray, count: int) -> list[AnyArray]:
    """Sum values (M, n) times u^0, u^1, …, each (M,)."""
    one, sums = namespace(u).ones(u.shape[1], dtype=u.dtype, device=u.device), []
    for power in range(count):
        values = values * u if power else values
        sums.append(values @ one)  # a product: adding up so short an axis is slower
    return sums
