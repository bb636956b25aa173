"""What Home says, its values computed: the problem in five sentences, one joint's verdict, the pictures' origin."""

from __future__ import annotations

from html import escape

import numpy as np

from dark_core.app.runtime.inference import Prediction
from dark_core.app.runtime.page import CONVENTION
from dark_core.app.text.catalog import read_catalog
from dark_core.app.widgets.verdict import Verdict
from dark_core.codec import CORE_DECODERS, DECODERS
from dark_core.evaluation.decoder_comparison import Comparison
from dark_core.pose.pose import Pose

TEXT = read_catalog("home")

THREE = ("argmax", "weighted_average", "dark")
"""The three decoders that are drawn; the table has them all."""


def problem(pose: Pose) -> str:
    """Why a network answers with heatmaps and why they have to be decoded, in five sentences, as Markdown."""
    width, photo_px = pose.transform.heatmap_size[0], pose.transform.photo_px
    return "\n\n".join(
        sentence.format(sigma=pose.sigma, width=width, photo_px=photo_px) for sentence in TEXT["problem"]
    )


def summary_text(comparison: Comparison, found: Verdict, joint: int) -> str:
    """Which decoder is nearest on this joint, and the medians over all joints, as HTML."""
    medians = {name: float(np.nanmedian(comparison.error(name))) for name in CORE_DECODERS}
    argmax = TEXT["summary"]["argmax"].format(error=float(comparison.error("argmax")[joint]))
    return (
        f"<p><strong>{escape(found.lead)}</strong> {argmax}</p>"
        f"<p>{TEXT['summary']['medians'].format(errors=listed(medians))}</p>"
    )


def provenance(prediction: Prediction, perfect: bool) -> str:
    """The pixel convention, and where picture and heatmaps come from."""
    return TEXT["provenance"]["perfect" if perfect else "our"].format(
        convention=CONVENTION, ms=prediction.network_ms, device=prediction.device
    )


def magnified_alt(comparison: Comparison, joint: int) -> str:
    """What the magnified photo shows, for those who cannot see it."""
    errors = {name: float(comparison.error(name)[joint]) for name in THREE}
    return TEXT["figure"]["back_alt"].format(errors=listed(errors))


def listed(errors: dict[str, float]) -> str:
    """Decoders with their errors in photo px."""
    one = TEXT["figure"]["error"]
    return ", ".join(one.format(decoder=DECODERS[name].title, error=error) for name, error in errors.items())
