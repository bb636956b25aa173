r"""The position whose expected OKS is the highest, for a heatmap that is a map of probabilities.

The score of COCO, the object keypoint similarity, falls with the distance d from the true joint as
:math:`e^{-d^2 / 2f^2}`, with a falloff f of the joint and the person's size. Where the heatmap holds the probability
P(p) of the joint at each pixel p, a position x scores :math:`E(x) = \sum_p P(p)\,e^{-|x - p|^2 / 2f^2}` on average. Its
maximum is the best answer by that score, though not always the most probable pixel.

Known failure: where the falloff is as wide as two people are apart, the position is between them, where nobody is.
It is no decoder of the registry, because it needs the falloff of each joint.
"""

from __future__ import annotations

from typing import Any, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dark_core.codec._decode import as_batch, decode
from dark_core.codec._decoded import Decoded
from dark_core.codec._fast.backend import AnyArray, Tensor, asarray_like, full_precision, namespace, to_float64
from dark_core.codec.status import Status, in_full


@overload
def maximize_expected_oks(heatmaps: Tensor, falloff: float) -> Decoded[Tensor]: ...
@overload
def maximize_expected_oks(heatmaps: ArrayLike, falloff: float) -> Decoded[NDArray[Any]]: ...
def maximize_expected_oks(heatmaps: AnyArray, falloff: float) -> Decoded[Any]:
    """Decode heatmaps of probabilities as the positions whose expected OKS is the highest.

    Parameters
    ----------
    heatmaps : array_like or Tensor, shape (..., H, W)
        Probabilities of the joint at each pixel. They are divided by their sum; what is negative or not finite counts
        as zero.
    falloff : float
        Distance, in heatmap px, at which the OKS is e^-½: the root of the person's area times twice COCO's sigma of the
        joint.

    Returns
    -------
    Decoded
        Positions in heatmap px: the pixel of the highest expected OKS, and from there one Newton step on its log. The
        score is the expected OKS at that pixel, from 0 to 1.

    Raises
    ------
    ValueError
        For a falloff that is not a positive number, or what ``decode`` refuses.

    References
    ----------
    Purkrabek and Matas, ProbPose: a probabilistic approach to 2D human pose estimation, CVPR 2025.

    Examples
    --------
    One pixel has 40 % of the probability, two others have 30 % each and are 4 px apart:

    >>> heatmap = np.zeros((24, 32))
    >>> heatmap[5, 5], heatmap[18, 20], heatmap[18, 24] = 0.4, 0.3, 0.3
    >>> decoded = maximize_expected_oks(heatmap, falloff=4.0)
    >>> decoded.xy.round(3).tolist(), round(float(decoded.score), 3)
    ([22.0, 18.0], 0.529)
    """
    if not (np.isfinite(falloff) and falloff > 0):
        raise ValueError(f"falloff must be a positive number of heatmap px, got {falloff}")
    given = decode(heatmaps, "argmax").status
    batch, leading = as_batch(heatmaps)
    xp, values = namespace(batch), to_float64(batch)
    with full_precision(values), np.errstate(all="ignore"):
        values = xp.where(xp.isfinite(values) & (values > 0), values, 0.0)
        total = values.sum((1, 2))[:, None, None]
        rows, columns = (asarray_like(_similarity(length, falloff), values) for length in values.shape[1:])
        expected = rows @ (values / xp.where(total > 0, total, 1.0)) @ columns
    found = decode(expected, "taylor")
    status = xp.where(given == Status.FINE, found.status.reshape(leading), given)
    return Decoded(found.xy.reshape(*leading, 2), found.score.reshape(leading), in_full(status), status)


def _similarity(length: int, falloff: float) -> NDArray[np.float64]:
    """(n, n) OKS of each pixel of an axis with each other."""
    at = np.arange(length)
    return np.exp(-0.5 * ((at[:, None] - at[None, :]) / falloff) ** 2)
