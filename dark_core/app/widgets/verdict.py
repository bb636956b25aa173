"""Which decoder is nearest to a true joint, and why where it is not DARK."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from dark_core.app.text.catalog import listed, read_catalog
from dark_core.app.widgets.numbers import number
from dark_core.codec import CORE_DECODERS, DECODERS, decode
from dark_core.diagnosis.measure import nearest_edge
from dark_core.evaluation.decoder_comparison import Comparison
from dark_core.pose.crop_transform import CropTransform
from dark_core.pose.pose import Pose
from dark_core.pose.skeleton import SKELETON

TEXT = read_catalog("widgets")["verdict"]

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

    def both(error: float) -> dict[str, str]:
        return {"photo": number(error * comparison.photo_px), "heatmap": number(error, 2)}

    titles = listed([DECODERS[name].title for name in nearest])
    lead = TEXT["nearest"].format(joint=SKELETON.names[joint], decoders=titles, **both(min(errors.values())))
    if "dark" in nearest:
        return Verdict(nearest, lead, "")
    off = TEXT["dark"].format(**both(errors["dark"]))
    return Verdict(nearest, lead, f"{off} {_why(comparison, pose, transform, joint, errors['dark'])}")


def _why(comparison: Comparison, pose: Pose, transform: CropTransform, joint: int, error: float) -> str:
    """What moves DARK: the peak of the heatmap itself, as a Gaussian fitted to its pixels has it, or the smoothing."""
    assert comparison.truth is not None, "there is no nearest decoder without a truth"
    if not comparison.ok["dark"][joint]:
        return TEXT["no_peak"]
    heatmap, dark = pose.heatmaps[joint], comparison.heatmap["dark"][joint]
    peak = decode(heatmap, "gaussian_fit", pose.sigma).xy
    away = float(np.linalg.norm(peak - transform.to_heatmap(comparison.truth[joint])))
    moved = float(np.linalg.norm(dark - peak))
    if moved < error / 2:
        key = "network"
    else:
        key = "edge" if nearest_edge(dark, heatmap.shape)[1] < EDGE * pose.sigma else "asymmetric"
    return TEXT[key].format(away=number(away, 2), moved=number(moved, 2))
