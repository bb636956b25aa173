"""What became of a joint: decoded in full, and from which peak, or why the raw peak stands in."""

from __future__ import annotations

from enum import IntEnum
from typing import Any


class Status(IntEnum):
    """Why a decoded position is a fallback, or from which peak it was decoded.

    The integer is what ``Decoded.status`` holds for each joint, the sentence is what a page shows. ``FINE``,
    ``OTHER_PEAK``, ``RIVAL_PEAK`` and ``TIED_PEAKS`` are decoded in full; the last two take the place of ``FINE`` where
    ``decode`` is asked for more than one peak. A fallback is the pixel of the largest value, except where a step was
    cut or, in the released procedure, not cut, and where the heatmap itself is at fault.

    Attributes
    ----------
    sentence : str
        The reason, to follow a colon or to begin a sentence; "" for ``FINE``.

    Examples
    --------
    >>> Status(2), Status.FLAT.sentence
    (<Status.FLAT: 2>, 'the heatmap is flat: no pixel stands out')
    """

    sentence: str

    FINE = 0, ""
    NOT_FINITE = 1, "the heatmap has values that are not finite"
    FLAT = 2, "the heatmap is flat: no pixel stands out"
    NOT_CONCAVE = 3, "the log does not bend downwards at the peak (it is not concave), so the step would lead to no top"
    BOUNDED = 4, "the step left the neighborhood of the peak and was cut to one pixel"
    TOO_SMALL = 5, "the heatmap is smaller than 3 by 3 pixels: there is nothing to take a derivative of"
    NOT_POSITIVE = 6, "raw or smoothed, the heatmap is not positive at its peak, so it has no log"
    UNSETTLED = 7, "the decoder settled on no position near the peak, so the peak's pixel stands in for it"
    OTHER_PEAK = 8, "decoded from the peak of the smoothed heatmap, more than 1.5 px from the largest pixel"
    OTHER_PEAK_BOUNDED = (
        9,
        "the step from the smoothed heatmap's peak, far from the largest pixel, was cut to one pixel",
    )
    UNBOUNDED = 10, "the step ended more than 1.5 px from the largest pixel, and the released procedure cuts no step"
    RIVAL_PEAK = 11, "another peak of the heatmap is more than 80 % as high as the highest one"
    TIED_PEAKS = 12, "two peaks of the heatmap are equally high, and nothing tells which one is right"

    def __new__(cls, code: int, sentence: str = "") -> Status:
        """Make the member of this code, an int that knows its sentence."""
        member = int.__new__(cls, code)
        member._value_ = code
        member.sentence = sentence
        return member


def in_full(codes: Any) -> Any:
    """Mark the joints that are decoded in full, whichever peak they are decoded from.

    Parameters
    ----------
    codes : ndarray or Tensor of int, or Status
        Codes of ``Status``.

    Returns
    -------
    ndarray or Tensor of bool, or bool
        True for ``FINE``, ``OTHER_PEAK``, ``RIVAL_PEAK`` and ``TIED_PEAKS``, as in ``Decoded.ok``.

    Examples
    --------
    >>> in_full(Status.OTHER_PEAK), in_full(Status.BOUNDED)
    (True, False)
    """
    return (codes == Status.FINE) | (codes == Status.OTHER_PEAK) | is_contested(codes)


def is_elsewhere(codes: Any) -> Any:
    """Mark the codes of positions more than 1.5 px from the largest pixel."""
    return (codes >= Status.OTHER_PEAK) & (codes <= Status.UNBOUNDED)


def is_contested(codes: Any) -> Any:
    """Mark the heatmaps with another peak that rivals the first.

    Parameters
    ----------
    codes : ndarray or Tensor of int, or Status
        Codes of ``Status``, from ``decode`` with two peaks or more.

    Returns
    -------
    ndarray or Tensor of bool, or bool
        True for ``RIVAL_PEAK`` and ``TIED_PEAKS``.

    Examples
    --------
    >>> is_contested(Status.TIED_PEAKS), is_contested(Status.OTHER_PEAK)
    (True, False)
    """
    return codes >= Status.RIVAL_PEAK
