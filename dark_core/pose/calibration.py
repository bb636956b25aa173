"""How sure a joint is: its heatmap maximum as a probability, and whether it is a guess or cut off."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from dark_core.pose.crop_transform import CropTransform

GUESS = 0.5
"""Confidence below which a joint is a guess: more likely wrong than right."""

EDGE = 0.1
"""A guess this near to the edge of photo or box, as a share of the heatmap's side, counts as cut off.

A network draws a joint that the photo leaves out on what it still sees. The model card says how many of those are
called cut off or a guess, how many of these calls are right, and how many visible joints are so called
(``dark-core faults``).
"""


def confidence(score: np.ndarray, calibration: Mapping[str, Any] | None = None) -> np.ndarray:
    """Turn joint scores into probabilities of being right.

    Parameters
    ----------
    score : ndarray, any shape
        Heatmap maxima.
    calibration : mapping, optional
        {"score": [...], "share": [...]}: knots of a rising curve, linear between them and constant beyond, as a model
        card holds them (``dark_core.evaluation.calibration``). Without it the score itself, clipped to 0 to 1.

    Returns
    -------
    ndarray, the shape of ``score``
        The probability that a joint lies within 0.2 of the torso length of its label.

    Examples
    --------
    >>> confidence(np.array([0.25, 2.0]), {"score": [0.0, 0.5], "share": [0.0, 0.8]}).tolist()
    [0.4, 0.8]
    """
    if calibration is None:
        sure: np.ndarray = np.clip(score, 0.0, 1.0)
    else:
        sure = np.asarray(np.interp(score, calibration["score"], calibration["share"]))
    return sure


def joint_status(
    sure: np.ndarray,
    xy: np.ndarray,
    maps: np.ndarray,
    transform: CropTransform,
    photo: tuple[int, int],
    found: bool = True,
) -> tuple[str, ...]:
    """Tell for each joint whether it is a guess or probably outside the picture.

    Parameters
    ----------
    sure : ndarray (K,)
        Confidences.
    xy : ndarray (K, 2)
        Positions in photo px.
    maps : ndarray (K, H, W)
        The heatmaps they were decoded from.
    transform : CropTransform
        From the photo to these heatmaps.
    photo : (int, int)
        Width and height of the photo in px.
    found : bool
        Whether there is a person at all; if not, every joint is a guess.

    Returns
    -------
    tuple of str
        "", "guess" or "cut off". Cut off is a joint beyond the photo's edge, one whose heatmap peaks on its outermost
        px, and a guess near either edge (``EDGE``).
    """
    if not found:
        return ("guess",) * len(sure)
    height, width = maps.shape[1:]
    y, x = np.divmod(maps.reshape(len(maps), -1).argmax(1), width)  # (K, H, W) -> (K, H * W)
    on_border = (x == 0) | (y == 0) | (x == width - 1) | (y == height - 1)
    in_photo = _depth(xy, photo)
    beyond = on_border | (in_photo < 0)
    depth = np.minimum(in_photo / transform.photo_px, _depth(transform.to_heatmap(xy), (width, height)))
    guess = sure < GUESS
    cut_off = beyond | (guess & (depth < EDGE * max(width, height)))
    return tuple(np.select([cut_off, guess], ["cut off", "guess"], "").tolist())


def _depth(xy: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Return the distance (K,) of points (K, 2) from the nearest edge of a grid of (W, H) px, below 0 outside."""
    distance: np.ndarray = np.concatenate([xy + 0.5, np.array(size) - 0.5 - xy], -1).min(-1)
    return distance
