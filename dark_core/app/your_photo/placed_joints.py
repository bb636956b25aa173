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

from dark_core.app.text.catalog import read_catalog
from dark_core.files.joint_files import CONVENTION
from dark_core.files.joint_names import our_name
from dark_core.pose.skeleton import SKELETON

TEXT = read_catalog("your_photo")["joints_file"]

MAX_BYTES = 200_000
"""A file of 14 joints has about 1,000."""


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
        raise JointsError(TEXT["too_large"].format(most=MAX_BYTES // 1000))
    try:
        found = json.loads(data, object_pairs_hook=_once, parse_constant=_no_number)  # UTF-8 or UTF-16
    except JointsError:
        raise
    except (ValueError, RecursionError) as error:
        raise JointsError(TEXT["no_json"]) from error
    if not (isinstance(found, dict) and isinstance(found.get("picture"), dict) and "joints" in found):
        raise JointsError(TEXT["something_else"])
    if found.get("convention") != CONVENTION:
        raise JointsError(TEXT["convention"])
    same = _same_picture(found["picture"], size, sha256)
    joints = checked(found["joints"], size)
    if not np.isfinite(joints).any():
        raise JointsError(TEXT["empty"])
    return joints, "" if same else TEXT["another_picture"]


def checked(joints: object, size: tuple[int, int]) -> np.ndarray:
    """``{joint name: [x, y]}`` of unknown origin as (14, 2), NaN where not placed. Raises JointsError."""
    if not isinstance(joints, dict):
        raise JointsError(TEXT["no_names"])
    width, height = size
    out = np.full((len(SKELETON), 2), np.nan)
    for spelled, point in joints.items():
        name = our_name(spelled)
        if name is None:
            raise JointsError(TEXT["unknown"])
        if not (isinstance(point, list) and len(point) == 2 and all(_is_number(value) for value in point)):
            raise JointsError(TEXT["no_numbers"].format(joint=name))
        if not (-0.5 <= point[0] <= width - 0.5 and -0.5 <= point[1] <= height - 0.5):
            raise JointsError(TEXT["outside"].format(joint=name, width=width, height=height))
        if np.isfinite(out[SKELETON.names.index(name)]).all():
            raise JointsError(TEXT["twice"].format(joint=name))
        out[SKELETON.names.index(name)] = point
    return out


def _same_picture(picture: dict, size: tuple[int, int], sha256: str) -> bool:
    """True for the very file, False for another of its size. Raises JointsError for any other."""
    sides = [side for side in (picture.get("width"), picture.get("height")) if _is_number(side) and 0 < side < 1e6]
    digest = picture.get("sha256")
    if len(sides) < 2:
        raise JointsError(TEXT["no_size"])
    if not (isinstance(digest, str) and re.fullmatch("[0-9a-f]{64}", digest)):
        raise JointsError(TEXT["no_picture"])
    if tuple(sides) != tuple(size):
        raise JointsError(
            TEXT["another_size"].format(their_width=sides[0], their_height=sides[1], width=size[0], height=size[1])
        )
    return digest == sha256


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _once(pairs: list[tuple[str, object]]) -> dict:
    """A JSON object whose names all differ."""
    if len({name for name, _ in pairs}) < len(pairs):
        raise JointsError(TEXT["same_name"])
    return dict(pairs)


def _no_number(word: str) -> float:
    raise ValueError(f"{word} is no JSON")
