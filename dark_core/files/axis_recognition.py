"""Which axis of an array of heatmaps counts the joints: the one before rows and columns, or the last.

The last axis but one is rows or columns either way. Three observations tell the joints from the third axis. A heatmap
changes smoothly along rows and columns, and jumps from joint to joint. Where neighbors along the joints are alike too,
as frames of a clip or points of a contour, rows and columns still change equally fast. And every joint has about the
same share of the whole, while some rows and columns are empty. Lengths decide only where the values do not.
"""

from __future__ import annotations

from math import prod

import numpy as np
from numpy.typing import NDArray

from dark_core.files.formats.stored import native

Floats = NDArray[np.floating]

LOOKED = 2**21
"""Values of a person, and of all people looked at for a peak, beyond which only the middle and fewer people are."""
SIDE = 128
"""Length of that middle, per axis."""
PEOPLE = 4
"""People whose values are compared."""

LOW = 0.1
"""Quantile of the values that counts as background: logits and log-probabilities have theirs far below zero."""
STANDS_OUT = 0.25
"""Share of the highest peak, above the background, from which a value counts: noise jumps along every axis."""

JUMP = 1.5
"""How many times rougher an axis is than both others if it counts joints that differ."""
ALIKE = 1.3
"""How many times closer in roughness two axes are than the other two if they are rows and columns."""
EVEN = 1.5
"""How many times more evenly the values are shared out along an axis if it counts joints."""

NOT_SURE = "not sure: give --layout"


def channels_last(array: np.ndarray, dtype: str = "") -> tuple[bool, str]:
    """Whether the joints of an array (people × …) of three or four axes are on its last axis, and how that is known.

    The reason follows "because"; it ends with NOT_SURE where the lengths alone decide.
    """
    before, _, after = array.shape[-3:]
    if 1 in (before, after) and before != after:
        return after == 1, f"its {'last axis' if after == 1 else 'axis before the last two'} has length 1"
    shares = _shares(array if array.ndim == 4 else array[None], dtype)
    decided = _by_values(shares) if len(shares) and min(shares.shape[1:]) > 1 else None
    if decided is not None:
        return decided
    last, why = _by_lengths(*array.shape[-3:])
    return last, f"{why} ({NOT_SURE})"


def _by_values(shares: Floats) -> tuple[bool, str] | None:
    """What the values (P, …, …, …) of some people say, as ``channels_last``; None where they do not decide."""
    first, middle, last = (_roughness(shares, axis) for axis in (1, 2, 3))
    if last > JUMP * max(first, middle):
        return True, "values jump along its last axis and change smoothly along the two before"
    if first > JUMP * max(middle, last):
        return False, "values change smoothly along its last two axes and jump along the one before"
    apart_first, apart_last = abs(np.log(first / middle)), abs(np.log(last / middle))
    if apart_first > apart_last + np.log(ALIKE):
        return False, "values change equally fast along its last two axes only"
    if apart_last > apart_first + np.log(ALIKE):
        return True, "values change equally fast along the two axes before its last only"
    uneven_first, uneven_last = (_unevenness(shares, axis) for axis in (1, 3))
    if uneven_last > EVEN * uneven_first:
        return False, "the values are shared out evenly along the axis before its last two"
    if uneven_first > EVEN * uneven_last:
        return True, "the values are shared out evenly along its last axis"
    return None


def _by_lengths(before: int, between: int, after: int) -> tuple[bool, str]:
    if before == between != after:
        return True, "the two axes before its last are equally long"
    if 2 * after <= min(before, between):
        return True, "its last axis is by far the shortest"
    return False, "that is the usual order"


def _shares(people: np.ndarray, dtype: str) -> Floats:
    """(P, …, …, …) values of some people who show a peak, 0 for the background, 1 for each one's highest value."""
    size, middle = prod(people.shape[1:]), [slice(None)] * 3
    if size > LOOKED:
        middle = [slice(max(0, n // 2 - SIDE // 2), n // 2 + SIDE // 2) for n in people.shape[1:]]
        size = min(size, SIDE**3)
    count = min(len(people), max(PEOPLE, min(64, LOOKED // size)))
    found: list[tuple[float, int, Floats]] = []
    for person in np.unique(np.linspace(0, len(people) - 1, count).astype(int)):
        height, shares = _above_background(native(people[person][tuple(middle)], dtype))
        if height > 0:
            found = sorted([*found, (height, int(person), shares)], key=lambda one: -one[0])[:PEOPLE]
    return np.array([shares for height, _, shares in found if height >= found[0][0] / 2])


def _above_background(values: np.ndarray) -> tuple[float, Floats]:
    """The height of the highest value above the background, and what stands out of it, in units of that height."""
    with np.errstate(all="ignore"):  # a NaN of any bits is one, and the largest numbers leave the range
        values = values.astype(np.float64)
        finite = np.isfinite(values)
        if not finite.any():
            return 0.0, values
        seen = values[finite]
        low = float(np.quantile(seen[:: 1 + len(seen) // 2**16], LOW))
        height = float(seen.max() - low)
        if not 0 < height < np.inf:
            return 0.0, values
        shares = (np.where(finite, values, low) - low) / height
    return height, np.where(shares > STANDS_OUT, shares, 0).astype(np.float32)


def _roughness(shares: Floats, axis: int) -> float:
    """Mean step between neighbors along an axis, in units of the mean value."""
    return max(float(np.abs(np.diff(shares, axis=axis)).mean() / shares.mean()), 1e-6)


def _unevenness(shares: Floats, axis: int) -> float:
    """Standard deviation of the sums along an axis, of each person, in units of their mean; 0.05 at least."""
    sums = shares.sum(tuple({1, 2, 3} - {axis}), dtype=np.float64)  # (P, n)
    return float((sums.std(1) / sums.mean(1)).mean()) + 0.05
