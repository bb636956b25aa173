"""What decoding gives: positions, scores, and why a position is a fallback."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Generic

import numpy as np

from dark_core.codec._fast.backend import AnyArray, Array, arange, namespace
from dark_core.codec.status import Status

LISTED = 3
"""Largest number of joints that ``repr`` of ``Decoded`` lists one by one."""


@dataclass(frozen=True, eq=False)
class Peaks(Generic[Array]):
    """The k best peaks of heatmaps of leading shape (...), the highest first.

    A peak is a pixel that none of its eight neighbors exceeds, that is the highest within 2.5 sigmas along each axis,
    and that has more than a tenth of the largest value. So neither a shoulder, nor a pixel beside the maximum, nor a
    bump of weak noise is one. Where a heatmap has fewer than k, the rest is NaN.

    Attributes
    ----------
    xy : ndarray or Tensor, shape (..., k, 2)
        Positions in heatmap px, (x, y), each decoded as if the pixels nearer to another of these peaks were zero.
    score : ndarray or Tensor, shape (..., k)
        The value of each peak's pixel in the raw heatmap.
    """

    xy: Array
    score: Array

    @property
    def share(self) -> Array:
        """Each peak's value as a share of the highest one's, (..., k), NaN where either is no positive peak."""
        score: AnyArray = self.score
        top = score[..., :1]
        share: Array = score / namespace(score).where(top > 0, top, np.nan)
        return share


@dataclass(frozen=True, eq=False, repr=False)
class Decoded(Generic[Array]):
    """Joints decoded from heatmaps of leading shape (...), in arrays or tensors as the heatmaps were.

    ``xy, score = decoded`` unpacks positions and scores; ``decoded[person, joint]`` is the ``Decoded`` of those
    joints, for any index into the leading shape; ``len(decoded)`` is the first number of that shape.

    Attributes
    ----------
    xy : ndarray or Tensor, shape (..., 2)
        Positions in heatmap px, (x, y), always finite.
    score : ndarray or Tensor, shape (...)
        The largest value of each raw heatmap.
    ok : ndarray or Tensor of bool, shape (...)
        False where the heatmap holds no finite, distinct peak, where the decoder fell back to the pixel of the largest
        value, or where its step had to be cut.
    status : ndarray or Tensor of int, shape (...)
        Why, as codes of ``Status``. A position more than 1.5 px from the largest pixel has a status that says so,
        except from the weighted averages and soft-argmax.
    covariance : ndarray or Tensor, shape (..., 2, 2), or None
        Of xy in heatmap px^2 in white noise, from the heatmap's own residuals; where nothing is known, that of a
        position anywhere on the heatmap. None from decoders that have none.
    noise : ndarray or Tensor, shape (...), or None
        Standard deviation of the heatmap's noise round its peak, in units of the peak; NaN where it cannot be measured.
        None from decoders that measure none.
    peaks : Peaks or None
        The best peaks of each heatmap where ``decode`` was asked for more than one.

    Examples
    --------
    >>> from dark_core.codec import decode, encode
    >>> decoded = decode(encode([[20.3, 31.7], [9.0, 5.5]], size=(48, 64), sigma=2.0))
    >>> decoded
    Decoded of shape (2,)
      [0] xy (20.30, 31.70), score 0.978
      [1] xy (9.00, 5.50), score 0.969
    >>> xy, score = decoded
    >>> len(decoded), decoded[1].xy.round(3).tolist()
    (2, [9.0, 5.5])
    """

    xy: Array
    score: Array
    ok: Array
    status: Array
    covariance: Array | None = None
    noise: Array | None = None
    peaks: Peaks[Array] | None = None

    @property
    def shape(self) -> tuple[int, ...]:
        """The leading shape (...) of the heatmaps."""
        score: AnyArray = self.score
        return tuple(score.shape)

    @property
    def reasons(self) -> list[str]:
        """The sentence of every joint's status, flat; "" where it is decoded in full, near its largest pixel."""
        status: AnyArray = self.status
        return [Status(int(code)).sentence for code in status.reshape(-1)]

    def __len__(self) -> int:
        """Count along the first leading axis."""
        if not self.shape:
            raise TypeError("this is one joint, decoded from one heatmap (H, W): it has no length")
        return self.shape[0]

    def __iter__(self) -> Iterator[Array]:
        """Give xy and score, for ``xy, score = decoded``."""
        return iter((self.xy, self.score))

    def __getitem__(self, index: Any) -> Decoded[Array]:
        """Pick joints by any index into the leading shape."""
        size = int(np.prod(self.shape))
        which = arange(size, self.score).reshape(self.shape)[index]

        def pick(values: AnyArray, *last: int) -> Any:
            return values.reshape(size, *last)[which]

        covariance = None if self.covariance is None else pick(self.covariance, 2, 2)
        noise = None if self.noise is None else pick(self.noise)
        peaks = None
        if self.peaks is not None:
            score: AnyArray = self.peaks.score
            peaks = Peaks(pick(self.peaks.xy, score.shape[-1], 2), pick(score, score.shape[-1]))
        return Decoded(pick(self.xy, 2), pick(self.score), pick(self.ok), pick(self.status), covariance, noise, peaks)

    def __repr__(self) -> str:
        """List few joints one by one; of many say how many there are, how high they score, and what went wrong."""
        indices = list(np.ndindex(self.shape))
        head = f"Decoded of shape {self.shape}"
        if len(indices) <= LISTED:
            return "\n".join([head, *(f"  {list(index)} {self[index]._line()}" for index in indices)])
        score: AnyArray = self.score
        reasons = self.reasons
        ok: AnyArray = self.ok
        lines = [f"{head}, {int(ok.sum())} of {len(reasons)} joints decoded in full"]
        lines += [f"  {reasons.count(one.sentence)} x {one.name}: {one.sentence}" for one in Status if one]
        shown = [line for line in lines if not line.startswith("  0 x ")]
        return "\n".join([*shown, f"  score {score.min().item():.3g} to {score.max().item():.3g}"])

    def _line(self) -> str:
        """One joint in words."""
        position: AnyArray = self.xy
        score: AnyArray = self.score
        (x, y), why = position.tolist(), self.reasons[0]
        return f"xy ({x:.2f}, {y:.2f}), score {score.item():.3f}" + (f": {why}" if why else "")
