"""Regions that hold the true joint as often as they say: a decoder's covariance, scaled for each joint.

A decoder's covariance tells what the heatmap's noise does to the position. The error of a network is a hundred times
larger and differs between joints, but it grows with that covariance. So one factor per joint, fitted on labeled
people, makes an ellipse of it that holds the label of 95 % of new people, whatever the errors' distribution is.

References
----------
Split conformal prediction: Vovk et al., "Algorithmic Learning in a Random World", 2005; Lei et al., "Distribution-free
predictive inference for regression", JASA 2018.
"""

from __future__ import annotations

import numpy as np
from scipy.stats import chi2

from dark_core.codec import decode
from dark_core.evaluation.calibration import FOLDS
from dark_core.pose.crop_transform import CropTransform

SHARE = 0.95
"""Share of the labels that a region should hold."""
DECODER = "noise_matched"
"""Whose covariance model cards scale: the recommended decoder."""


def squared_distance(covariance: np.ndarray, error: np.ndarray) -> np.ndarray:
    """Squared Mahalanobis distance (...) of errors (..., 2) under covariances (..., 2, 2), NaN without a covariance."""
    xx, xy, yy = covariance[..., 0, 0], covariance[..., 0, 1], covariance[..., 1, 1]
    x, y = error[..., 0], error[..., 1]
    area = xx * yy - xy**2
    with np.errstate(divide="ignore", invalid="ignore"):
        squared: np.ndarray = np.where(area > 0, (yy * x**2 - 2 * xy * x * y + xx * y**2) / area, np.nan)
    return squared


def label_distances(people, heatmaps: np.ndarray, transforms: list[CropTransform], sigma: float) -> np.ndarray:
    """(N, K) squared distances of the labels from the positions in heatmaps (N, K, H, W), NaN without a label."""
    found = decode(heatmaps, DECODER, sigma)
    truth = np.stack([one.to_heatmap(person.joints) for one, person in zip(transforms, people, strict=True)])
    assert found.covariance is not None
    return squared_distance(found.covariance, found.xy - truth)


def fit_covariance_scale(squared: np.ndarray) -> np.ndarray:
    """(K,) factors by which the covariance of each joint is multiplied, from squared distances (N, K).

    The ellipse of a Gaussian with the scaled covariance that holds ``SHARE`` of it reaches just as far as the label
    whose rank among n is ``SHARE`` of n + 1, which makes the share exact for one more person on average. NaN for a
    joint with fewer labels than that needs, 19.
    """
    scale = np.full(squared.shape[1], np.nan)
    for joint, column in enumerate(squared.T):
        known = np.sort(column[np.isfinite(column)])
        rank = int(np.ceil(SHARE * (len(known) + 1) - 1e-9))
        if rank <= len(known):
            scale[joint] = known[rank - 1] / chi2.ppf(SHARE, 2)
    return scale


def cross_fit(squared: np.ndarray, folds: int = FOLDS) -> np.ndarray:
    """(N, K) 1 where the region holds the label, else 0; each person judged by the scale of the other folds.

    NaN without a label, a covariance or a scale.
    """
    fold = np.arange(len(squared)) % folds
    holds = np.full(squared.shape, np.nan)
    for one in range(folds):
        reach = fit_covariance_scale(squared[fold != one]) * chi2.ppf(SHARE, 2)
        mine = squared[fold == one]
        holds[fold == one] = np.where(np.isfinite(mine) & np.isfinite(reach), mine <= reach, np.nan)
    return holds


def calibrate(squared: list[np.ndarray], sets: list[str]) -> dict:
    """{"regions": what a model card holds}, from the result of ``label_distances`` for each of ``sets``.

    ``scale`` is a factor per joint, None where too few are labeled, fitted to all people; ``holds`` the share of the
    labels of each set that the regions hold, each person judged by the scale that the others gave. Empty where no
    joint has labels enough.
    """
    if not squared:
        return {}
    everyone = np.concatenate(squared)
    scale = fit_covariance_scale(everyone)
    if not np.isfinite(scale).any():
        return {}
    parts = np.split(cross_fit(everyone), np.cumsum([len(one) for one in squared])[:-1])
    known = [(name, part[np.isfinite(part)]) for name, part in zip(sets, parts, strict=True)]
    return {
        "regions": {
            "decoder": DECODER,
            "share": SHARE,
            "scale": [round(float(one), 1) if np.isfinite(one) else None for one in scale],
            "holds": [[name, len(part), round(float(part.mean()), 4)] for name, part in known if len(part)],
        }
    }
