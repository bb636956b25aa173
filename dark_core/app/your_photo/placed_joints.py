"""The file of joints that a visitor placed by hand: written, and read back with suspicion.

    {"convention": …, "picture": {"width": 800, "height": 600, "sha256": "…"},
     "joints": {"right ankle": [312.4, 540.1], …}}

Joints count px of the picture's own file, a pixel's center being an integer; a joint not placed is left out.
"""

from __future__ import annotations

import json
import re
from typing import TypeGuard

import numpy as np

from dark_core.files.joint_names import our_name
from dark_core.pose.skeleton import SKELETON

CONVENTION = "integer = pixel center, x right, y down; photo px of the original file"

MAX_BYTES = 200_000
"""A file of 14 joints has about 1,000."""

_ANOTHER = "choose a file saved here by “Save joints”."


class JointsError(ValueError):
    """The joints cannot be taken; the message is one sentence for the visitor, with no word of the file in it."""


def as_json(joints: np.ndarray, size: tuple[int, int], sha256: str) -> str:
    """Joints (14, 2) in photo px, NaN where not placed, of the picture of ``size`` (W, H) with that hash."""
    return json.dumps(
        {
            "convention": CONVENTION,
            "picture": {"width": size[0], "height": size[1], "sha256": sha256},
            "joints": named(joints),
        },
        indent=1,
    )


def named(joints: np.ndarray) -> dict[str, list[float]]:
    """The joints placed among (14, 2), by name: the inverse of ``checked``."""
    pairs = zip(SKELETON.names, joints.tolist(), strict=True)
    return {name: point for name, point in pairs if np.isfinite(point).all()}


def read_joints(data: bytes, size: tuple[int, int], sha256: str) -> tuple[np.ndarray, str]:
    """(joints (14, 2) in photo px, NaN where not placed; a note or "") from the bytes of a file.

    ``size`` and ``sha256`` are those of the picture on the table: joints of a picture of another size are refused,
    those of another file of the same size get a note. Raises JointsError.
    """
    if len(data) > MAX_BYTES:
        raise JointsError(f"The file has more than {MAX_BYTES // 1000} kB, far too many for 14 joints: {_ANOTHER}")
    try:
        found = json.loads(data, object_pairs_hook=_once, parse_constant=_no_number)  # UTF-8 or UTF-16
    except JointsError:
        raise
    except (ValueError, RecursionError) as error:
        raise JointsError(f"The file cannot be read as JSON: {_ANOTHER}") from error
    if not (isinstance(found, dict) and isinstance(found.get("picture"), dict) and "joints" in found):
        raise JointsError(f"The file holds something other than placed joints: {_ANOTHER}")
    if found.get("convention") != CONVENTION:
        raise JointsError(f"The file does not say that it counts pixels as here: {_ANOTHER}")
    same = _same_picture(found["picture"], size, sha256)
    joints = checked(found["joints"], size)
    if not np.isfinite(joints).any():
        raise JointsError("The file places no joint: place one and save again.")
    return joints, "" if same else "The joints were placed on another file of the same size: see whether they fit."


def checked(joints: object, size: tuple[int, int]) -> np.ndarray:
    """``{joint name: [x, y]}`` of unknown origin as (14, 2), NaN where not placed. Raises JointsError."""
    if not isinstance(joints, dict):
        raise JointsError(f"The joints are not given by their names: {_ANOTHER}")
    width, height = size
    out = np.full((len(SKELETON), 2), np.nan)
    for spelled, point in joints.items():
        name = our_name(spelled)
        if name is None:
            raise JointsError("The file names a joint that is none of the 14: write the names as they stand here.")
        if not (isinstance(point, list) and len(point) == 2 and all(_is_number(value) for value in point)):
            raise JointsError(f"The {name} is not given by two numbers: write [x, y] in px of the picture.")
        if not (-0.5 <= point[0] <= width - 0.5 and -0.5 <= point[1] <= height - 0.5):
            raise JointsError(
                f"The {name} lies outside the picture of {width} × {height} px: place it within or leave it out."
            )
        if np.isfinite(out[SKELETON.names.index(name)]).all():
            raise JointsError(f"The file gives the {name} twice: keep one of the two.")
        out[SKELETON.names.index(name)] = point
    return out


def _same_picture(picture: dict, size: tuple[int, int], sha256: str) -> bool:
    """True for the very file, False for another of its size. Raises JointsError for any other."""
    sides = [side for side in (picture.get("width"), picture.get("height")) if _is_number(side) and 0 < side < 1e6]
    digest = picture.get("sha256")
    if len(sides) < 2:
        raise JointsError(f"The file does not say how large its picture is: {_ANOTHER}")
    if not (isinstance(digest, str) and re.fullmatch("[0-9a-f]{64}", digest)):
        raise JointsError(f"The file does not say which picture it belongs to: {_ANOTHER}")
    if tuple(sides) != tuple(size):
        raise JointsError(
            f"The joints were placed on a picture of {sides[0]:g} × {sides[1]:g} px and this one has "
            f"{size[0]} × {size[1]} px: load them with the picture they belong to."
        )
    return digest == sha256


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _once(pairs: list[tuple[str, object]]) -> dict:
    """A JSON object whose names all differ."""
    if len({name for name, _ in pairs}) < len(pairs):
        raise JointsError("The file gives the same name twice: keep one of the two.")
    return dict(pairs)


def _no_number(word: str) -> float:
    raise ValueError(f"{word} is no JSON")
