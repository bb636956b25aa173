"""Joint names of other projects matched with ours, by side and part, however they are spelled."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dark_core.pose.skeleton import SKELETON

FILLERS = {"person", "human", "body", "keypoint", "kp", "kpt", "joint", "point", "of"}
"""Words beside side and part that say nothing."""

SIDES = {"l": "left", "left": "left", "r": "right", "right": "right"}
PARTS = ("ankle", "knee", "hip", "wrist", "elbow", "shoulder")
WHOLE = {"neck": "neck", "headtop": "head top", "tophead": "head top"}

_SIDED = re.compile(rf"(?P<before>{'|'.join(SIDES)})?(?P<part>{'|'.join(PARTS)})(?P<after>{'|'.join(SIDES)})?")


def our_name(name: str) -> str | None:
    """The name in ``SKELETON`` of a joint called ``name`` elsewhere, or None where it is none of the 14.

    What stands before the last one or two of words separated by ".", ":" or "/" is taken for the name of a group.

    >>> [our_name(name) for name in ("LHip", "hipLeft", "person.left_hip", "RAnkle", "left_eye")]
    ['left hip', 'left hip', 'left hip', 'right ankle', None]
    """
    words = re.split(r"[.:/]", name.strip(" .:/"))
    return _matched(words[-1]) or _matched(" ".join(words[-2:]))


def _matched(name: str) -> str | None:
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    joined = "".join(word for word in re.findall(r"[^\W\d_]+", apart.lower()) if word not in FILLERS)
    if joined in WHOLE:
        return WHOLE[joined]
    found = _SIDED.fullmatch(joined)
    if not found or bool(found["before"]) == bool(found["after"]):  # no side, or two
        return None
    return f"{SIDES[found['before'] or found['after']]} {found['part']}"


def joint_order(names: Sequence[object]) -> list[int]:
    """Where each of our joints stands among ``names``; -1 where it is absent or stands twice."""
    ours = [our_name(name) if isinstance(name, str) else None for name in names]
    return [ours.index(name) if ours.count(name) == 1 else -1 for name in SKELETON.names]
