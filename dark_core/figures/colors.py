"""Values to colors: sequential color maps on a fixed 0 to 1 range, diverging ones about 0, one look-up table each."""

from __future__ import annotations

import numpy as np
from plotly.colors import sample_colorscale

from dark_core.figures.style import LEFT, NEUTRAL, RIGHT
from dark_core.pose.skeleton import SKELETON


def limb(a: int, b: int, *, sides: bool) -> str:
    """The color of the bone between joints ``a`` and ``b``: by its side, or gray."""
    side = {SKELETON.side(a), SKELETON.side(b)} - {"middle"}
    if not sides or len(side) != 1:
        return NEUTRAL
    return RIGHT if side == {"right"} else LEFT


def _table(name: str) -> np.ndarray:
    colors = sample_colorscale(name, np.linspace(0, 1, 256).tolist())
    return np.array([[float(v) for v in c[4:-1].split(",")] for c in colors]).round().astype(np.uint8)


VIRIDIS = _table("Viridis")
TABLES = {"viridis": VIRIDIS, "diverging": _table("PuOr_r")}
"""(256, 3) uint8 each. The diverging one runs from purple through white to orange, for every kind of sight."""


def colored(values: np.ndarray, low: float = 0.0, high: float = 1.0) -> np.ndarray:
    """(H, W) values as (H, W, 3) uint8 viridis; ``low`` and below is darkest, ``high`` and above brightest."""
    share = np.clip((np.nan_to_num(values) - low) / (high - low), 0, 1)
    return VIRIDIS[(share * 255).round().astype(np.uint8)]
