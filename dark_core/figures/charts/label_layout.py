"""Labels in a column: moved as little as need be, so that none stands on another."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def spread(positions: Sequence[float], least: float) -> list[float]:
    """The positions in their order, moved until each is at least ``least`` from the next; their mean stays."""
    order = np.argsort(positions, kind="stable")
    # Labels that touch form a group, which is centered on the mean of where its labels would like to be.
    groups: list[list[float]] = []
    for position in np.asarray(positions, dtype=float)[order]:
        groups.append([position])
        while len(groups) > 1 and _ends(groups[-1], least)[0] - _ends(groups[-2], least)[1] < least:
            groups[-2:] = [groups[-2] + groups[-1]]
    out = np.empty(len(positions))
    out[order] = np.concatenate([np.linspace(*_ends(group, least), len(group)) for group in groups]) if groups else []
    return out.tolist()


def _ends(group: list[float], least: float) -> tuple[float, float]:
    """Where the first and the last label of a group stand."""
    middle, half = float(np.mean(group)), least * (len(group) - 1) / 2
    return middle - half, middle + half
