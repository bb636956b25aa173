"""What Home says of its figure."""

from __future__ import annotations

import numpy as np

from dark_core.codec import CORE_DECODERS, DECODERS
from dark_core.evaluation.decoder_comparison import MATCHED, Comparison
from dark_core.pose.skeleton import SKELETON

THREE = ("argmax", "weighted_average", "dark")
"""The three decoders of the claim; the table has them all."""


def summary_text(comparison: Comparison, joint: int) -> str:
    """Which decoder is nearest on this joint and why not DARK, and the medians over all joints, as HTML."""
    error = {name: comparison.error(name) for name in comparison.photo}
    nearest = min(CORE_DECODERS, key=lambda name: error[name][joint])
    dark, best = float(error["dark"][joint]), float(error[nearest][joint])
    verdict = (
        f"<strong>Nearest to the {SKELETON.names[joint]}: {DECODERS[nearest].title}, {best:.1f} px.</strong> "
        f"Argmax is off by {error['argmax'][joint]:.1f} px"
    )
    if nearest != "dark":
        verdict += (
            f", DARK by {dark:.1f} px: the map itself peaks {dark / comparison.photo_px:.1f} heatmap px from the "
            "joint, which no decoder can correct"
        )
    medians = ", ".join(f"{DECODERS[name].title} {np.nanmedian(error[name]):.1f}" for name in (*THREE, MATCHED))
    return f"<p>{verdict}.</p><p>Median over the 14 joints: {medians} px.</p>"


def magnified_alt(comparison: Comparison, joint: int) -> str:
    said = ", ".join(
        f"{DECODERS[name].title} {comparison.error(name)[joint]:.1f} photo px from the true joint" for name in THREE
    )
    return f"Landing points on the magnified photo: {said}"
