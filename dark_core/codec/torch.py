"""A decoder as a layer of a network: for export, compilation, ``vmap`` and half precision.

``decode`` looks at the heatmaps and leaves out what they do not need: it climbs only where a higher neighbor stands,
and refits only where the last step was long. A graph cannot look. ``HeatmapDecoder`` runs the same decoders on every
heatmap with the same fixed number of steps, and ``where`` in place of ``if``. Shapes below: M heatmaps, each (H, W).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from functools import cached_property
from typing import Any

import numpy as np
import torch

from dark_core.codec._decode import LARGE, with_faults
from dark_core.codec._fast.backend import (
    AnyArray,
    all_axes,
    arange,
    asarray_like,
    at_least_float32,
    cast,
    clip,
    pixels,
    windows,
    with_finite_gradient,
)
from dark_core.codec._fast.heatmap_batch import HeatmapBatch, Step
from dark_core.codec._fast.matched_filter import CLIMB, NEIGHBORS, WEAK, SmoothedPeaks, crop_size, highest
from dark_core.codec._fast.near_peak import seen_from
from dark_core.codec._fast.newton import newton
from dark_core.codec._fast.noise import relative_noise
from dark_core.codec._smooth import blur_matrix
from dark_core.codec.decoders.argmax import argmax
from dark_core.codec.decoders.dark import dark, raw_step
from dark_core.codec.decoders.gaussian_fit import gaussian_fit
from dark_core.codec.decoders.noise_matched import KERNELS, balance, kernel_numbers, over_edge
from dark_core.codec.decoders.shift import quarter_shift
from dark_core.codec.status import Status


class HeatmapDecoder(torch.nn.Module):
    """Decode heatmaps to joint coordinates inside a model.

    Passes ``torch.export``, ``torch.onnx.export`` and ``torch.compile(fullgraph=True)`` with a dynamic batch, and
    ``torch.func.vmap``; the heatmaps' height and width are fixed in the graph. It has no parameters. Positions equal
    those of ``decode`` to 1e-4 heatmap px in single precision. Gradients pass from the positions to the heatmaps,
    except where these are whole pixels or fractions of one, as argmax's.

    Parameters
    ----------
    decoder : str
        A name of ``EXPORTABLE``.
    sigma : float
        Standard deviation, in heatmap px, of the Gaussians that the network was trained on.

    Raises
    ------
    ValueError
        For another decoder, or a sigma that is not a positive number.

    Examples
    --------
    >>> from dark_core.codec import encode
    >>> heatmaps = torch.from_numpy(encode([[20.3, 31.7], [9.0, 5.5]], size=(48, 64), sigma=2.0))
    >>> xy, score = HeatmapDecoder("dark", sigma=2.0)(heatmaps)
    >>> [[round(value, 3) for value in one] for one in xy.tolist()]
    [[20.3, 31.7], [9.0, 5.5]]
    """

    def __init__(self, decoder: str = "dark", sigma: float = 2.0) -> None:
        super().__init__()
        if decoder not in EXPORTABLE:
            raise ValueError(f"decoder {decoder!r} cannot be exported: expected one of {', '.join(EXPORTABLE)}")
        if not (np.isfinite(sigma) and sigma > 0):
            raise ValueError(f"sigma must be a positive number of heatmap px, got {sigma}")
        self.decoder, self.sigma = decoder, float(sigma)

    def extra_repr(self) -> str:
        """Give the options, for ``repr``."""
        return f"decoder={self.decoder!r}, sigma={self.sigma:g}"

    def forward(self, heatmaps: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Decode heatmaps (..., H, W) to positions (..., 2) in heatmap px, (x, y), and scores (...).

        Positions are at least in single precision, whatever the heatmaps are in; scores, the largest values, are in
        the dtype of the heatmaps.
        """
        device = heatmaps.device.type
        if torch.is_autocast_enabled(device):  # its half-precision products cost a quarter of a pixel
            with torch.autocast(device, enabled=False):
                return _in_graph(heatmaps, self.decoder, self.sigma)
        return _in_graph(heatmaps, self.decoder, self.sigma)


def _decode(heatmaps: torch.Tensor, decoder: str, sigma: float) -> tuple[torch.Tensor, torch.Tensor]:
    leading, size = heatmaps.shape[:-2], map(int, heatmaps.shape[-2:])
    sigma = float(sigma)  # the tables are those of one size and sigma, whatever else is symbolic in the graph
    batch, score, given = _prepared(at_least_float32(with_finite_gradient(heatmaps)).reshape(-1, *size), sigma)
    xy, status, *_ = _FUNCTIONS[decoder](batch)
    xy = torch.where(all_axes(torch.isfinite(xy))[:, None], xy, batch.precise(batch.peak))
    xy, _ = with_faults(batch, xy, status, given)
    return xy.reshape(*leading, 2), cast(score, heatmaps).reshape(leading)


# The tables, which NumPy computes, are constants of the graph.
_in_graph: Callable[[torch.Tensor, str, float], tuple[torch.Tensor, torch.Tensor]]
_in_graph = torch.compiler.allow_in_graph(_decode)  # type: ignore[no-untyped-call]


def _prepared(heatmaps: torch.Tensor, sigma: float) -> tuple[GraphBatch, torch.Tensor, torch.Tensor]:
    """Make a ``GraphBatch`` of heatmaps in which every value is finite; also scores and statuses, each (M,).

    As ``prepared`` does for ``decode``. Minus infinity is replaced in every heatmap, not only beside a peak that is
    not finite, so that no gradient is NaN.
    """
    finite = torch.isfinite(heatmaps)
    most = torch.where(finite, heatmaps, -np.inf).amax((1, 2))
    least = torch.where(finite, heatmaps, np.inf).amin((1, 2))
    stand_in = torch.where((most > 0) | (least == np.inf), 0.0, least)
    broken = (~finite & (heatmaps != -np.inf)).flatten(1).any(1)
    heatmaps = torch.where(finite, heatmaps, stand_in[:, None, None])
    index = heatmaps.flatten(1).argmax(1)
    score = GraphBatch(heatmaps, sigma, index).score
    height = score.detach().abs()
    ordinary = ((height < LARGE) & (height > 1 / LARGE)) | (height == 0)
    scaled = (heatmaps / torch.where(ordinary, 1.0, height)[:, None, None]).clamp(min=-LARGE)
    flat = heatmaps.amin((1, 2)) == score
    status = torch.where(broken, Status.NOT_FINITE, torch.where(flat, Status.FLAT, Status.FINE))
    return GraphBatch(scaled, sigma, index), score, status


class GraphBatch(HeatmapBatch):
    """A batch of tensors whose methods do the same for every heatmap, in the precision of the heatmaps."""

    def __init__(self, heatmaps: torch.Tensor, sigma: float, index: torch.Tensor) -> None:
        super().__init__(heatmaps, sigma)
        self.height, self.width = int(self.height), int(self.width)
        self.index = index

    def precise(self, values: AnyArray) -> AnyArray:
        """Single precision, or double where the heatmaps are: many runtimes have no other."""
        return cast(values, self.heatmaps)

    def refined(
        self, step: Step, data: tuple[AnyArray, ...], result: tuple[AnyArray, ...], far: AnyArray, times: int
    ) -> tuple[tuple[AnyArray, ...], AnyArray]:
        """Step everywhere, and keep the step where the last one was long."""
        for _ in range(times):
            now, long = step(*data, *result)
            result = tuple(_choose(far, new, old) for new, old in zip(now, result))
            far = far & long
        return result, far

    @cached_property
    def smoothed_peaks(self) -> SmoothedPeaks:
        """The peaks of the heatmaps smoothed with ``sigma``."""
        return self.peaks_smoothed(self.sigma)

    def peaks_smoothed(self, sigma: float) -> SmoothedPeaks:
        """Smooth all of every heatmap; climb from its raw maximum and, as the second choice, from its smoothed one."""
        rows, columns = (asarray_like(blur_matrix(length, sigma), self.heatmaps) for length in self.size[::-1])
        smoothed = rows @ self.heatmaps @ columns
        starts = torch.cat([self.peak, pixels(smoothed.flatten(1).argmax(1), self.width)])
        which = arange(self.count, self.heatmaps).repeat(2)
        both = self._climb(smoothed, sigma, starts, which)
        found, anew = both.rows(slice(None, self.count)), both.rows(slice(self.count, None))
        weak = (found.height < WEAK * self.score) & (self.score > 0)
        better = weak & (anew.height > 0) & (anew.height > found.height)
        names = [field.name for field in fields(found)]
        return SmoothedPeaks(*(_choose(better, getattr(anew, name), getattr(found, name)) for name in names))

    def _climb(self, smoothed: AnyArray, sigma: float, start: AnyArray, which: AnyArray) -> SmoothedPeaks:
        """Take all steps of ``hill_climb`` from pixels (N, 2) of the heatmaps ``which`` (N,); a peak is not left."""
        reach, width, height = crop_size(self.size, sigma)
        neighbors, inner, room = (
            asarray_like(np.array(table), start)
            for table in (NEIGHBORS, np.array(self.size) - 2, np.array(self.size) - [width, height])
        )
        at = clip(start, 1, inner)
        corner = clip(at - reach, 0, room)
        crop = windows(self.heatmaps, corner[..., 0], corner[..., 1], width, height, which)
        for step in range(CLIMB + 1):
            patch = windows(smoothed, at[..., 0] - 1, at[..., 1] - 1, 3, 3, which)
            best, value = highest(patch)
            if step < CLIMB:
                at = clip(at + neighbors[best], 1, inner)
        return SmoothedPeaks(at + neighbors[best], value, at, patch, crop, corner)


def _noise_matched(batch: GraphBatch) -> tuple[AnyArray, AnyArray]:
    """Decode as ``noise_matched`` does: with every kernel, and keep the position of the one that the noise asks for."""
    if batch.too_small:
        return batch.precise(batch.peak), Status.TOO_SMALL
    wider = kernel_numbers(relative_noise(batch.heatmaps, batch.peak, batch.score), batch.sigma)
    step = raw_step(batch)
    xy, status = step.xy, step.status
    for number, share in enumerate(KERNELS[1:], start=1):
        kernel = share * batch.sigma
        found = batch.peaks_smoothed(kernel)
        step = newton(found.patch, found.anchor, found.peak, batch.precise)
        balanced, settled, _ = balance(found, step.xy, kernel, batch.sigma, batch.score, to_the_end=True)
        edge = over_edge(found, batch.size, kernel) & settled
        stepped = seen_from(batch.peak, _choose(edge, balanced, step.xy), torch.where(edge, Status.FINE, step.status))
        xy, status = (_choose(wider == number, new, old) for new, old in zip(stepped, (xy, status)))
    return xy, status


def _choose(marked: AnyArray, new: AnyArray, old: AnyArray) -> AnyArray:
    """Take ``new`` (M, ...) where it is marked (M,), else ``old``."""
    return torch.where(marked.reshape(-1, *[1] * (new.ndim - 1)), new, old)


_FUNCTIONS: dict[str, Callable[[GraphBatch], tuple[Any, ...]]] = {
    "argmax": argmax,
    "quarter_shift": quarter_shift,
    "dark": dark,
    "noise_matched": _noise_matched,
    "gaussian_fit": gaussian_fit,
}
EXPORTABLE = tuple(_FUNCTIONS)
"""The decoders that a graph can hold: the functions of the registry that do the same for every heatmap once their batch
does, and one written for it."""
