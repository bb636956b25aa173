"""What Home says of its figure."""

from __future__ import annotations

from html import escape

import numpy as np

from dark_core.app.runtime.inference import Prediction
from dark_core.app.runtime.page import CONVENTION
from dark_core.app.widgets.verdict import Verdict
from dark_core.codec import DECODERS
from dark_core.evaluation.decoder_comparison import MATCHED, Comparison

THREE = ("argmax", "weighted_average", "dark")
"""The three decoders of the claim; the table has them all."""


def summary_text(comparison: Comparison, found: Verdict, joint: int) -> str:
    """Which decoder is nearest on this joint, and the medians over all joints, as HTML."""
    argmax = float(comparison.error("argmax")[joint])
    medians = ", ".join(
        f"{DECODERS[name].title} {np.nanmedian(comparison.error(name)):.1f}" for name in (*THREE, MATCHED)
    )
    return (
        f"<p><strong>{escape(found.lead)}</strong> Argmax is off by {argmax:.1f} photo px.</p>"
        f"<p>Median over the 14 joints: {medians} photo px.</p>"
    )


def provenance(prediction: Prediction, perfect: bool) -> str:
    """The pixel convention, and where picture and heatmaps come from."""
    if perfect:
        heatmaps = "no network draws such heatmaps: each is a Gaussian at the true joint, so that only the decoders err"
    else:
        heatmaps = (
            f"the network was trained here, on real photographs, and took {prediction.network_ms:.0f} ms on this "
            f"{prediction.device}"
        )
    return f"{CONVENTION.capitalize()}. The person is rendered, so the true joint is known exactly; {heatmaps}."


def magnified_alt(comparison: Comparison, joint: int) -> str:
    said = ", ".join(
        f"{DECODERS[name].title} {comparison.error(name)[joint]:.1f} photo px from the true joint" for name in THREE
    )
    return f"Landing points on the magnified photo: {said}"
