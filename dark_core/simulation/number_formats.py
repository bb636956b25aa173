"""The number formats in which a heatmap may reach the decoder, and what each of them makes of its values.

A network computes in 16 bits, an accelerator in 8, a file holds 256 grays; and its last layer may hand over logits or
probabilities. Each format is a function of float32 heatmaps (N, H, W) whose peaks have a height of about 1. It returns
what the decoder receives, in the dtype that it would have.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

SURE = 0.8
"""Probability at the peak of a network that gives logits."""
LEAST = 1e-3
"""Its probabilities are no closer to 0 and 1: a logit has no end there."""


@dataclass(frozen=True)
class NumberFormat:
    """A format: its title, a clause that says what reaches the decoder, and the function that converts to it."""

    title: str
    meaning: str
    convert: Callable[[np.ndarray], np.ndarray]


def to_bfloat16(heatmaps: np.ndarray) -> np.ndarray:
    """Round finite float32 values to the 8 significant bits of bfloat16, ties to even; still float32."""
    bits = np.ascontiguousarray(heatmaps, dtype=np.float32).view(np.uint32)
    even = (bits >> np.uint32(16)) & np.uint32(1)
    return ((bits + np.uint32(0x7FFF) + even) & np.uint32(0xFFFF0000)).view(np.float32)


def to_integers(heatmaps: np.ndarray, highest: int, lowest: int = 0) -> np.ndarray:
    """Round heatmaps (N, H, W) to integers from ``lowest`` to ``highest``, the largest value of each to ``highest``.

    A heatmap without a positive value becomes zero, as do values below zero where ``lowest`` is 0.
    """
    top = heatmaps.max((-2, -1), keepdims=True)
    scale = np.where(top > 0, highest / np.where(top > 0, top, 1), 0).astype(np.float32)
    return np.rint(heatmaps * scale).clip(lowest, highest).astype(np.int8 if lowest < 0 else np.uint8)


def sigmoid(values: np.ndarray) -> np.ndarray:
    """1 / (1 + exp(-values)), in their dtype."""
    return 1 / (1 + np.exp(-values))


def logit(shares: np.ndarray) -> np.ndarray:
    """The inverse of ``sigmoid``: ln(p / (1 - p)), in their dtype."""
    return np.log(shares / (1 - shares))


def to_logits(heatmaps: np.ndarray) -> np.ndarray:
    """The logits of a network that gives a probability of ``SURE`` at the peak."""
    return logit((SURE * heatmaps).clip(LEAST, 1 - LEAST))


NUMBER_FORMATS: dict[str, NumberFormat] = {
    "float32": NumberFormat("float32", "as computed", lambda heatmaps: heatmaps),
    "float16": NumberFormat("float16", "11 significant bits", lambda heatmaps: heatmaps.astype(np.float16)),
    "bfloat16": NumberFormat("bfloat16", "8 significant bits", to_bfloat16),
    "int8": NumberFormat("int8", "127 steps up to the peak", lambda heatmaps: to_integers(heatmaps, 127, -128)),
    "uint8": NumberFormat("uint8", "255 steps up to the peak", lambda heatmaps: to_integers(heatmaps, 255)),
    "uint4": NumberFormat("4 bits", "15 steps up to the peak", lambda heatmaps: to_integers(heatmaps, 15)),
    "sigmoid": NumberFormat("sigmoid", "a heatmap that passed through a sigmoid, decoded as it is", sigmoid),
    "sigmoid_undone": NumberFormat(
        "sigmoid, undone", "the same after the inverse of the sigmoid", lambda heatmaps: logit(sigmoid(heatmaps))
    ),
    "logits": NumberFormat("logits", f"logits, {SURE:g} likely at the peak, decoded as they are", to_logits),
    "logits_converted": NumberFormat(
        "logits, converted", "the same after their sigmoid", lambda heatmaps: sigmoid(to_logits(heatmaps))
    ),
}
"""Name -> format. One added here appears in the noise lab by itself."""
