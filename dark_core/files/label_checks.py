"""Whether labels count the pixels of the photo that was found: its size and EXIF note beside what the file says."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dark_core.files.labeled_photo import LabeledPhoto, Orientation

CLOSE = 2
"""Px by which two sizes may differ and still be called the same: some tools round differently."""

BEYOND = 0.02
"""How far a joint may lie outside a photo, as a share of its longer side, before it is called outside."""


@dataclass(frozen=True)
class Fit:
    """How the labels of one photo count its pixels.

    counts: "upright" px, the "raw" px of the stored picture, "either" where both are possible, or "neither";
    why: what was found, a clause without a full stop, where the labels do not simply count upright px.
    """

    counts: str
    why: str = ""


def fit_of(photo: LabeledPhoto, said: tuple[float, float] | None, points: np.ndarray) -> Fit:
    """How labeled joints (M, 2) of a photo count its pixels, where the file says that it is ``said`` (W, H) large."""
    upright, raw = photo.size, photo.stored
    turned = photo.orientation != Orientation()
    here = f"{photo.found} is {_times(upright)}"
    if said is None:
        inside_upright, inside_raw = _inside(points, upright).all(), _inside(points, raw).all()
        if turned and inside_raw and raw != upright:
            return Fit("either") if inside_upright else Fit("raw", f"{here} and its labels count raw pixels")
        return Fit("either" if turned and raw == upright else "upright")
    if _same(said, upright):
        return Fit("either" if turned and _same(said, raw) else "upright")
    differs = f"{here} and the file says {_times(said)}"
    if turned and _same(said, raw):
        return Fit("raw", f"{differs}: its labels count raw pixels")
    if _inside(points, upright).all() and not _inside(points, said).all():
        return Fit("upright")  # only the size in the file is wrong
    wide, high = upright[0] / said[0], upright[1] / said[1]
    if abs(wide / high - 1) < BEYOND:
        return Fit("neither", f"{photo.found} is {_as_large(wide)} as the file says, {_times(upright)}")
    if _same(said[::-1], upright):
        return Fit("neither", f"{differs}: the photo, or its labels, were turned")
    return Fit("neither", differs)


def normalized(points: np.ndarray) -> bool:
    """Whether joints (M, 2) are given as shares of the photo's width and height."""
    return bool((np.abs(points - 0.5) <= 1).all())


def mostly_outside(points: np.ndarray, size: tuple[int, int]) -> bool:
    """Whether most of the labeled joints (M, 2) lie outside a photo of that size (W, H)."""
    return bool(_inside(points, size).mean() < 0.5)


def _inside(points: np.ndarray, size: tuple[float, float]) -> np.ndarray:
    slack = BEYOND * max(size)
    return np.asarray(((points >= -0.5 - slack) & (points <= np.array(size) - 0.5 + slack)).all(-1))


def _same(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return abs(one[0] - other[0]) <= CLOSE and abs(one[1] - other[1]) <= CLOSE


def _times(size: tuple[float, float]) -> str:
    return f"{size[0]:g} × {size[1]:g}"


def _as_large(ratio: float) -> str:
    named = {2.0: "twice", 0.5: "half"}
    return f"{named.get(round(ratio, 2), f'{ratio:.3g} times')} as large"
