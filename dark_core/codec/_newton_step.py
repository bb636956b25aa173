"""The Newton step of DARK on its own, for those who want its derivatives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dark_core.codec._decode import as_batch
from dark_core.codec._fast.backend import AnyArray, Array, Tensor, asarray_like, full_precision
from dark_core.codec._fast.heatmap_batch import HeatmapBatch
from dark_core.codec.decoders.dark import raw_step


@dataclass(frozen=True, eq=False)
class NewtonStep(Generic[Array]):
    """Newton steps on the log of heatmaps of leading shape (...), coordinates in heatmap px.

    Attributes
    ----------
    center : ndarray or Tensor, shape (..., 2)
        The pixel that the derivatives are taken at: the start, one pixel inwards on the outermost row or column.
    log_patch : ndarray or Tensor, shape (..., 3, 3)
        ln h round the center, [y, x].
    gradient : ndarray or Tensor, shape (..., 2)
        D'.
    hessian : ndarray or Tensor, shape (..., 2, 2)
        D''.
    offset : ndarray or Tensor, shape (..., 2)
        The whole step -D''^-1 D' from the center; 0 where the log is not concave.
    xy : ndarray or Tensor, shape (..., 2)
        Where the step ends, at most one pixel per axis from the start.
    status : ndarray or Tensor, shape (...)
        Codes of ``Status``.
    """

    center: Array
    log_patch: Array
    gradient: Array
    hessian: Array
    offset: Array
    xy: Array
    status: Array


@overload
def newton_step(heatmaps: Tensor, start: ArrayLike | None = ...) -> NewtonStep[Tensor]: ...
@overload
def newton_step(heatmaps: ArrayLike, start: ArrayLike | None = ...) -> NewtonStep[NDArray[Any]]: ...
def newton_step(heatmaps: AnyArray, start: ArrayLike | None = None) -> NewtonStep[Any]:
    """Take one Newton step on the log of each heatmap, as it is.

    mu = m - D''(m)^-1 D'(m), D = ln h. On a Gaussian the step ends on its mean from any pixel m.

    Parameters
    ----------
    heatmaps : array_like or Tensor, shape (..., H, W)
        The heatmaps; smooth them first for DARK.
    start : array_like of int, shape (..., 2), optional
        The pixels m, (x, y); by default those of the largest values.

    Returns
    -------
    NewtonStep
        Arrays for arrays, tensors for a tensor.

    Raises
    ------
    ValueError
        For heatmaps that ``decode`` refuses, or a start that is not one pixel of each.

    References
    ----------
    Zhang et al., CVPR 2020, section 3.1, equations 5 to 9.

    Examples
    --------
    >>> from dark_core.codec import encode
    >>> step = newton_step(encode([20.3, 31.7], size=(48, 64), sigma=2.0), start=[24, 30])
    >>> (step.center + step.offset).round(3).tolist(), step.gradient.round(3).tolist()
    ([20.3, 31.7], [-0.925, 0.425])
    """
    batch, leading = as_batch(heatmaps)
    look = HeatmapBatch(batch, sigma=1.0)  # which this step does not use
    if start is None:
        pixels = look.peak
    else:
        table = np.asarray(start)
        if table.shape != (*leading, 2) or table.dtype.kind not in "iu":
            raise ValueError(f"start must be whole pixels (x, y) of shape {(*leading, 2)}, got {start!r}")
        if not ((table >= 0) & (table < look.size)).all():
            raise ValueError(f"start must lie on heatmaps of {look.width} x {look.height} px, got {start!r}")
        pixels = asarray_like(table.reshape(-1, 2), batch)
    with np.errstate(all="ignore"), full_precision(batch):
        step = raw_step(look, pixels)
    parts = (step.center, step.log_patch, step.gradient, step.hessian, step.offset, step.xy, step.status)
    return NewtonStep(*(part.reshape((*leading, *part.shape[1:])) for part in parts))
