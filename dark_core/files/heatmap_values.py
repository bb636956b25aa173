"""What the values of a file are: heatmaps, logits or log-probabilities, and how the last two become heatmaps.

A decoder needs a background near zero. Networks whose last sigmoid or softmax was left out give values whose background
lies far below it. They can be recognized, but only the network's owner knows, so the conversion is offered, not made.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[Any]

VALUES = {"heatmaps": "as they are", "logits": "sigmoid first", "log": "exp first"}
"""What the values of an array may be, and what is done with them before they are decoded."""

KINDS = {"logits": "logits", "log": "log-probabilities"}
"""What the kinds that have to be converted are called."""

PYTHON = {"logits": "1 / (1 + np.exp(-{}))", "log": "np.exp({})"}
"""The same as code, of an array of floats."""

BELOW = 0.1
"""How far the median lies below zero, or below the highest value, as a share of the range of logits."""


def converted(maps: Numbers, values: str) -> Numbers:
    """Heatmaps of maps whose values are ``values``, a key of VALUES: a new array of floats, or the maps themselves."""
    if values == "heatmaps":
        return maps
    floats = maps if maps.dtype in (np.float32, np.float64) else maps.astype(np.float32)
    with np.errstate(over="ignore", invalid="ignore"):  # of a logit far below zero comes 1 / inf, which is right
        heatmaps: Numbers = 1 / (1 + np.exp(-floats)) if values == "logits" else np.exp(floats)
    return heatmaps


def likely_values(least: float, middle: float, most: float) -> str:
    """The key of VALUES that the least, the median and the largest of the values speak for."""
    if most <= 0 and most - middle > BELOW * (most - least):
        return "log"
    return "logits" if most > 0 and middle < -BELOW * (most - least) else "heatmaps"


def told(least: float, middle: float, most: float) -> str:
    """One sentence where the values are not those of heatmaps, to be followed by what to do; else ""."""
    kind = likely_values(least, middle, most)
    if kind == "heatmaps":
        return ""
    return (
        f"The values reach from {least:.3g} to {most:.3g} and half of them are below {middle:.3g}, as {KINDS[kind]} are"
    )
