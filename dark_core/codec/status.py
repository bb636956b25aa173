"""What became of a joint: decoded in full, or why a plainer decoder stood in."""

from __future__ import annotations

from enum import IntEnum


class Status(IntEnum):
    """Why a decoded position is a fallback, or that it is none.

    The integer is what ``Decoded.status`` holds for each joint, the sentence is what a page shows.

    Attributes
    ----------
    sentence : str
        The reason, to follow a colon or to begin a sentence; "" for ``FINE``.

    Examples
    --------
    >>> Status(2), Status.FLAT.sentence
    (<Status.FLAT: 2>, 'the map is flat: no pixel stands out')
    """

    sentence: str

    FINE = 0, ""
    NOT_FINITE = 1, "the map has values that are not finite"
    FLAT = 2, "the map is flat: no pixel stands out"
    NOT_CONCAVE = 3, "the log is not concave at the peak, so the step would not lead to a maximum"
    BOUNDED = 4, "the step left the neighborhood of the peak and was cut to one pixel"
    TOO_SMALL = 5, "the map is smaller than 3 by 3 pixels: there is nothing to take a derivative of"
    NOT_POSITIVE = 6, "the map is nowhere positive at its peak, so it has no log"
    UNSETTLED = 7, "no Gaussian settled near the peak, so the peak's pixel stands in for it"

    def __new__(cls, code: int, sentence: str = "") -> Status:
        """Make the member of this code, an int that knows its sentence."""
        member = int.__new__(cls, code)
        member._value_ = code
        member.sentence = sentence
        return member
