"""The 14 joints that every network of this project predicts, in the order of Leeds Sports Pose.

References
----------
Johnson and Everingham, "Clustered pose and nonlinear appearance models for human pose estimation", BMVC 2010.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Skeleton:
    """Joint names, the bones between them, and the joint that each becomes in a mirror.

    Left and right are the person's own.

    Attributes
    ----------
    names
        K joint names.
    bones
        Pairs of joint indices.
    mirror
        K indices: ``mirror[k]`` is the joint that ``k`` becomes when the photo is flipped left to right.
    """

    names: tuple[str, ...]
    bones: tuple[tuple[int, int], ...]
    mirror: tuple[int, ...]

    def __len__(self) -> int:
        """Return the number of joints."""
        return len(self.names)

    def side(self, joint: int) -> str:
        """Return "right", "left" or "middle".

        Parameters
        ----------
        joint
            Index of the joint.

        Returns
        -------
        str
            The person's own side.

        Examples
        --------
        >>> SKELETON.side(0), SKELETON.side(12)
        ('right', 'middle')
        """
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
