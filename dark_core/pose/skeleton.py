"""The 14 joints every network here predicts, in the order of Leeds Sports Pose."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Skeleton:
    """Joint names, the bones that join them, and which joint is which in a mirror.

    Left and right are the person's own.

    Attributes
    ----------
    names : tuple of K str
    bones : tuple of (int, int)
        Pairs of joint indices.
    mirror : tuple of K int
        ``mirror[k]`` is the joint that k becomes when the photo is flipped.
    """

    names: tuple[str, ...]
    bones: tuple[tuple[int, int], ...]
    mirror: tuple[int, ...]

    def __len__(self) -> int:
        """Return the number of joints."""
        return len(self.names)

    def side(self, joint: int) -> str:
        """Return "right", "left" or "middle"."""
        word = self.names[joint].split()[0]
        return word if word in ("right", "left") else "middle"


SKELETON = Skeleton(
    names=(
        "right ankle",
        "right knee",
        "right hip",
        "left hip",
        "left knee",
        "left ankle",
        "right wrist",
        "right elbow",
        "right shoulder",
        "left shoulder",
        "left elbow",
        "left wrist",
        "neck",
        "head top",
    ),
    bones=(
        (0, 1),
        (1, 2),
        (2, 3),
        (3, 4),
        (4, 5),
        (6, 7),
        (7, 8),
        (8, 12),
        (12, 9),
        (9, 10),
        (10, 11),
        (8, 2),
        (9, 3),
        (12, 13),
    ),
    mirror=(5, 4, 3, 2, 1, 0, 11, 10, 9, 8, 7, 6, 12, 13),
)
