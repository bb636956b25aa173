"""How far from the largest pixel a position may be without a word.

Noise or a second joint can make the smoothed heatmap peak away from the raw one. That is often the better peak, so the
position is kept, and its status says so. A decoder that falls back answers the largest pixel. Shapes: M heatmaps.
"""

from __future__ import annotations

from dark_core.codec._fast.backend import AnyArray, cast, namespace
from dark_core.codec.status import Status

NEAR = 1.5
"""Heatmap px: one bounded step ends within sqrt(2) of the pixel it starts from."""


def is_far(xy: AnyArray, peak: AnyArray) -> AnyArray:
    """(M,) whether positions (M, 2) are more than NEAR from the largest pixels (M, 2), both in heatmap px."""
    away = xy - peak
    away = away * away
    return away[:, 0] + away[:, 1] > NEAR * NEAR


def seen_from(peak: AnyArray, xy: AnyArray, status: AnyArray) -> tuple[AnyArray, AnyArray]:
    """Positions (M, 2) and statuses (M,) of decoders that start from the smoothed peak, as seen from the raw one.

    peak: (M, 2) the largest pixels of the raw heatmaps. A position that is far keeps its place and gets the status
    that says so. A fallback is moved to the largest pixel; its reason stays.
    """
    xp, away = namespace(xy), is_far(xy, peak)
    fine, cut = status == Status.FINE, status == Status.BOUNDED
    said = xp.where(away & fine, Status.OTHER_PEAK, xp.where(away & cut, Status.OTHER_PEAK_BOUNDED, status))
    return xp.where((fine | cut)[:, None], xy, cast(peak, xy)), said
