"""What Home says of its figure."""

from __future__ import annotations

import numpy as np

from dark_core.codec import DECODERS
from dark_core.evaluation.decoder_comparison import Comparison
from dark_core.pose.skeleton import SKELETON

THREE = ("argmax", "weighted_average", "dark")
"""The three decoders of the claim; the table has them all."""


def summary_text(comparison: Comparison, joint: int) -> str:
    """One paragraph on this joint, and one on all 14 and what decoding cannot correct, as HTML."""
    error = {name: comparison.error(name) for name in THREE}
    here = {name: float(error[name][joint]) for name in THREE}
    median = {name: float(np.nanmedian(error[name])) for name in THREE}
    return (
        f"<p>On the {SKELETON.names[joint]} argmax misses by {here['argmax']:.1f} px of the photo, the weighted "
        f"average by {here['weighted_average']:.1f} px and <strong>DARK by {here['dark']:.1f} px</strong>.</p>"
        f"<p>Over this person’s 14 joints the median miss is {median['argmax']:.1f} px, "
        f"{median['weighted_average']:.1f} px and <strong>{median['dark']:.1f} px</strong>; what is left is the "
        "network’s own error, which no decoder can mend.</p>"
    )


def magnified_alt(comparison: Comparison, joint: int) -> str:
    said = ", ".join(
        f"{DECODERS[name].title} {comparison.error(name)[joint]:.1f} photo px from the true joint" for name in THREE
    )
    return f"Landing points on the magnified photo: {said}"
