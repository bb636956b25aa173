"""Results published by the authors of the paper, shown beside what is measured here and never mixed with it."""

from __future__ import annotations

from dataclasses import dataclass

SOURCE = "README of the DARK release (Zhang et al. 2020): COCO val2017, detector of 56.4 AP, flip test"

HEADLINE = (
    "In the paper, DARK raises the network HRNet-W48 from 75.5 to 76.2 AP on COCO’s photos, and to 77.4 with more "
    "training data."
)
"""Zhang et al. 2020, on COCO test-dev at 384 × 288 px. The additional data are AI Challenger’s, with which the baseline
reaches 77.0."""


@dataclass(frozen=True)
class Published:
    """AP of one network at one input size (W, H), without DARK and with it."""

    network: str
    size: tuple[int, int]
    base: float
    dark: float

    @property
    def gain(self) -> float:
        return round(self.dark - self.base, 1)


PUBLISHED = (
    Published("Hourglass-4", (96, 128), 66.2, 69.6),
    Published("Hourglass-8", (96, 128), 67.6, 70.8),
    Published("SimpleBaseline-R50", (96, 128), 59.3, 62.6),
    Published("SimpleBaseline-R101", (96, 128), 58.8, 63.2),
    Published("SimpleBaseline-R152", (96, 128), 60.7, 63.1),
    Published("HRNet-W32", (96, 128), 66.9, 70.7),
    Published("HRNet-W48", (96, 128), 68.0, 71.9),
    Published("HRNet-W32", (192, 256), 74.4, 75.6),
    Published("HRNet-W32", (288, 384), 75.8, 76.6),
    Published("HRNet-W48", (288, 384), 76.3, 76.8),
)
"""In the order of the source; input sizes are written there as height × width."""
