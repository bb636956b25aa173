"""How sure a joint is: its heatmap maximum as a probability, and whether it is a guess or cut off."""

from __future__ import annotations

import numpy as np

from dark_core.pose.crop_transform import CropTransform

GUESS = 0.5
"""Confidence below which a joint is a guess: more likely wrong than right."""

EDGE = 0.1
"""Of the map's side: how near to the edge of photo or box a guess is taken for a joint that lies beyond it.

The network draws a joint that the photo leaves out on what it still sees. How many of those are called cut off or a
guess, how many of the calls are right, and how many joints that are there are so called, is in the model card, by
``python -m dark_core faults``.
"""


def confidence(score: np.ndarray, calibration: dict | None = None) -> np.ndarray:
    """The probability that joints of ``score``, heatmap maxima of any shape, lie within 0.2 torsos of the label.

    calibration: {"score": [...], "share": [...]}, knots of a rising map, linear between them and level beyond (of a
    model's card, from ``evaluation.calibration``). Without it, the score itself, held to 0 to 1.

    >>> confidence(np.array([0.25, 2.0]), {"score": [0.0, 0.5], "share": [0.0, 0.8]}).tolist()
    [0.4, 0.8]
    """
    if calibration is None:
        return np.clip(score, 0.0, 1.0)
    return np.interp(score, calibration["score"], calibration["share"])


def states(
    sure: np.ndarray, xy: np.ndarray, maps: np.ndarray, frame: CropTransform, photo: tuple[int, int], found: bool = True
) -> tuple[str, ...]:
    """ "", "guess" or "cut off" for each joint: confidence (K,), place (K, 2) photo px, maps (K, H, W).

    photo: its (W, H) in px. "cut off" is a joint whose place lies beyond the photo's edge or whose map peaks on
    its outermost px, and a guess near either edge (``EDGE``). Where nobody was ``found`` every joint is a guess.
    """
    if not found:
        return ("guess",) * len(sure)
    height, width = maps.shape[1:]
    y, x = np.divmod(maps.reshape(len(maps), -1).argmax(1), width)
    on_border = (x == 0) | (y == 0) | (x == width - 1) | (y == height - 1)
    in_photo = _depth(xy, photo)
    beyond = on_border | (in_photo < 0)
    depth = np.minimum(in_photo / frame.photo_px, _depth(frame.to_heatmap(xy), (width, height)))
    guess = sure < GUESS
    cut_off = beyond | (guess & (depth < EDGE * max(width, height)))
    return tuple(np.select([cut_off, guess], ["cut off", "guess"], "").tolist())


def _depth(xy: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """(K,) distance of points (K, 2) from the nearest edge of a grid of (W, H) px, below 0 outside."""
    return np.concatenate([xy + 0.5, np.array(size) - 0.5 - xy], -1).min(-1)
