"""Calibrated confidence of each joint, and which joints are guesses or lie outside the crop or the photo."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from dark_core.pose.crop_transform import CropTransform

GUESS = 0.5
"""Confidence below which a joint is a guess: more likely wrong than right."""

EDGE = 0.1
"""Share of the heatmap's side. A guess this close to an edge of photo or box is taken for a joint beyond that edge.

The network draws the peak of a joint outside the photo on something inside. The model card, made by
``dark-core faults``, says how many of these joints are marked as cut off or as a guess, how many of the marks are
right, and how many visible joints are marked by mistake.
"""


def confidence(score: np.ndarray, calibration: Mapping[str, Sequence[float]] | None = None) -> np.ndarray:
    """Return the probability that a joint lies within 20 % of the torso length of its label.

    Parameters
    ----------
    score
        Heatmap maxima, any shape.
    calibration
        Knots ``{"score": [...], "share": [...]}`` of a rising function from the card of a model, linear between them
        and constant beyond; ``dark_core.evaluation.calibrate`` fits them. None takes the score itself, clipped to
        0 … 1.

    Returns
    -------
    numpy.ndarray
        Probabilities in the shape of ``score``.

    Examples
    --------
    >>> confidence(np.array([0.25, 2.0]), {"score": [0.0, 0.5], "share": [0.0, 0.8]}).tolist()
    [0.4, 0.8]
    """
    if calibration is None:
        return np.asarray(np.clip(score, 0.0, 1.0))
    return np.asarray(np.interp(score, calibration["score"], calibration["share"]))


def joint_status(
    probability: np.ndarray,
    xy: np.ndarray,
    heatmaps: np.ndarray,
    transform: CropTransform,
    photo_size: tuple[int, int],
    has_person: bool = True,
    absent: np.ndarray | None = None,
) -> tuple[str, ...]:
    """Return "", "guess", "cut off" or "absent" for each joint.

    "cut off" is a joint beyond the edge of the photo, one whose heatmap peaks on its outermost pixels, or a guess
    near either edge (``EDGE``).

    Parameters
    ----------
    probability
        (K,) calibrated confidence.
    xy
        (K, 2) positions in photo px.
    heatmaps
        (K, H, W).
    transform
        From the photo to these heatmaps.
    photo_size
        (W, H) of the photo in px.
    has_person
        False makes every joint a guess.
    absent
        (K,) True for joints that the picture does not show, as far as the network can tell.

    Returns
    -------
    tuple of str
        K words.

    Examples
    --------
    >>> transform = CropTransform.from_box((0, 0, 64, 64), (64, 64))
    >>> heatmaps = np.zeros((1, 16, 16))
    >>> heatmaps[0, 8, 8] = 1
    >>> joint_status(np.array([0.3]), transform.to_photo([[8, 8]]), heatmaps, transform, (64, 64))
    ('guess',)
    """
    if not has_person:
        return ("guess",) * len(probability)
    height, width = heatmaps.shape[1:]
    y, x = np.divmod(heatmaps.reshape(len(heatmaps), -1).argmax(1), width)
    on_border = (x == 0) | (y == 0) | (x == width - 1) | (y == height - 1)
    in_photo = _depth(xy, photo_size)
    beyond = on_border | (in_photo < 0)
    depth = np.minimum(in_photo / transform.photo_px, _depth(transform.to_heatmap(xy), (width, height)))
    guess = probability < GUESS
    cut_off = beyond | (guess & (depth < EDGE * max(width, height)))
    absent = np.zeros(len(xy), bool) if absent is None else absent
    return tuple(np.select([absent, cut_off, guess], ["absent", "cut off", "guess"], "").tolist())


def _depth(xy: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """(K,) distance of points (K, 2) from the nearest edge of a grid of (W, H) px, negative outside."""
    depth: np.ndarray = np.concatenate([xy + 0.5, np.array(size) - 0.5 - xy], -1).min(-1)
    return depth
