"""Every sentence of Decode: the claim, the steps, what the figure says in the browser, and why a decoder is off."""

from __future__ import annotations

import numpy as np

from dark_core.app.widgets.joint_picker import PickedJoint
from dark_core.app.widgets.lesson_heatmap import LessonHeatmap
from dark_core.app.widgets.verdict import verdict
from dark_core.diagnosis.explain import diagnose
from dark_core.evaluation.decoder_comparison import compare_decoders

TITLE = "On the log of a Gaussian, one Newton step leads to the top between the pixels"
LEAD = (
    "The largest pixel is the joint only to the nearest pixel. The log of a Gaussian is a parabola, and on a parabola "
    "one step from that pixel, slope over curvature, leads to the top. **Step through it; drag the joint.**"
)

STEPS = (
    ("Raw map", "The heatmap as the network predicts it."),
    ("Smoothed", "Convolved with the Gaussian that drew the target: noise goes, the peak stays."),
    ("Log", "The log of a Gaussian is a parabola."),
    ("Peak m", "The largest pixel is where the step starts."),
    ("Gradient D′", "How steep is the log at m? The two neighbors along each axis tell."),
    ("Hessian D″", "How strongly does it bend? All nine pixels tell."),
    ("Step −D″⁻¹D′", "On a parabola one Newton step leads to the top."),
    ("Mean μ", "Peak and step together: between the pixels."),
    ("Photo p", "Back through the crop to the pixels of the photo."),
)
"""The steps of DARK: the title of each, and the sentence under it."""

FIGURE = {
    "steps": STEPS,
    "stepper": "Steps of DARK",
    "previous": "Previous step (left arrow)",
    "next": "Next step (right arrow)",
    "play": "Play",
    "pause": "Pause",
    "noise": "Noise",
    "pedestal": "Pedestal",
    "second": "Second peak",
    "joint": "True joint",
    "guess": "Your guess",
    "position": "x {x}, y {y} heatmap px",
    "prompt": "Where will <b>DARK</b> land? Click on the map.",
    "verdict": "DARK lands {heatmap} heatmap px ({photo} photo px) from your guess.",
    "raw": "The map, 0 to 1",
    "smoothed": "Smoothed, 0 to 1",
    "log": "Its log, −6.9 to 0",
    "map_alt": "Heatmap of {width} by {height} pixels, {step}; its peak is at {peak}",
    "from_truth": "{distances} heatmap px from the true joint",
    "from_dark": "{distances} heatmap px from DARK",
    "drag": "Drag the joint, also towards the border; the ring is the truth.",
    "ring": "The ring is the true joint.",
    "near_alt": "Seven by seven pixels round {peak} with their values; step {number} of {count}, {step}",
    "landing": "Landing points",
    "magnification": "× {times} of the map",
    "landing_alt": "Landing points, magnified: {distances}",
    "bar": "The bar is 1 heatmap px = {photo} photo px.",
    "refused": "No step: {reason}.",
    "bounded": "{reason}.",
}
"""What the figure says. The browser fills in what stands in braces."""


def verdict_text(picked: PickedJoint) -> str:
    """Which decoder is nearest to a real joint and why not DARK, as Markdown; "" where the truth is not known."""
    if picked.truth is None or picked.pose.absent[picked.joint]:
        return ""
    pose, transform = picked.pose, picked.transform
    comparison = compare_decoders(pose.heatmaps, transform, pose.sigma, picked.picture.truth, pose.absent)
    found = verdict(comparison, pose, transform, picked.joint)
    return f"**{found.lead}** {found.reason}".rstrip()


def explanation(shown: LessonHeatmap, positions: dict[str, np.ndarray]) -> str:
    return diagnose(shown.heatmap, shown.sigma, positions, shown.truth, shown.noise)
