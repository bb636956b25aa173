"""Which decoder is nearest to a true joint, and why where it is not DARK."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from dark_core.app.widgets.numbers import number
from dark_core.codec import CORE_DECODERS, DECODERS, decode
from dark_core.diagnosis.measure import nearest_edge
from dark_core.evaluation.decoder_comparison import Comparison
from dark_core.pose.crop_transform import CropTransform
from dark_core.pose.predictor import Pose
from dark_core.pose.skeleton import SKELETON

TIE = 0.005
"""Heatmap px: errors that differ by less are equal, half of the last decimal shown."""

EDGE = 3.0
"""Sigmas from the edge of the heatmap within which the smoothing kernel of DARK reaches beyond it."""


@dataclass(frozen=True)
class Verdict:
    """The nearest decoders, the sentence that names them, and why DARK is not among them ("" where it is)."""

    nearest: tuple[str, ...]
    lead: str
    reason: str


def nearest_decoders(errors: Mapping[str, float]) -> tuple[str, ...]:
    """The decoders with the smallest error, given in heatmap px, or one that counts as equal to it."""
    best = min(errors.values())
    return tuple(name for name, error in errors.items() if error <= best + TIE)


def verdict(comparison: Comparison, pose: Pose, transform: CropTransform, joint: int) -> Verdict:
    """The verdict on one joint whose true position is known and whose heatmap is not empty.

    transform: from the heatmaps of ``pose`` to the photo px of ``comparison``.
    """
    errors = {name: float(comparison.error(name)[joint]) / comparison.photo_px for name in CORE_DECODERS}
    nearest = nearest_decoders(errors)

    def both(error: float) -> str:
        return f"{number(error * comparison.photo_px)} photo px ({number(error, 2)} heatmap px)"

    lead = f"Nearest to the {SKELETON.names[joint]}: {_titles(nearest)}, off by {both(min(errors.values()))}."
    if "dark" in nearest:
        return Verdict(nearest, lead, "")
    off = f"DARK is off by {both(errors['dark'])}."
    return Verdict(nearest, lead, f"{off} {_why(comparison, pose, transform, joint, errors['dark'])}")


def _why(comparison: Comparison, pose: Pose, transform: CropTransform, joint: int, error: float) -> str:
    """What moves DARK: the peak of the heatmap itself, as a Gaussian fitted to its pixels has it, or the smoothing."""
    assert comparison.truth is not None, "there is no nearest decoder without a truth"
    if not comparison.ok["dark"][joint]:
        return "The heatmap has no clean peak there, so its Newton step was refused or cut short."
    heatmap, dark = pose.heatmaps[joint], comparison.heatmap["dark"][joint]
    peak = decode(heatmap, "gaussian_fit", pose.sigma).xy
    away = float(np.linalg.norm(peak - transform.to_heatmap(comparison.truth[joint])))
    moved = float(np.linalg.norm(dark - peak))
    itself = f"The network itself peaks {number(away, 2)} heatmap px off"
    if moved < error / 2:
        return (
            f"{itself}; no decoder can repair that. "
            "Only a decoder whose own error happens to point towards the joint ends nearer."
        )
    if nearest_edge(dark, heatmap.shape)[1] < EDGE * pose.sigma:
        cause = "it takes what lies beyond the edge of the heatmap for zero"
    else:
        cause = "the peak is not symmetric"
    return f"{itself}; smoothing moves DARK {number(moved, 2)} heatmap px from that peak, because {cause}."


def _titles(names: tuple[str, ...]) -> str:
    *before, last = (DECODERS[name].title for name in names)
    return f"{', '.join(before)} and {last}" if before else last
