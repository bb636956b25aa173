"""What Smooth says of its figure."""

from __future__ import annotations

import numpy as np

from dark_core.app.widgets.lesson_heatmap import LessonHeatmap
from dark_core.app.widgets.numbers import number
from dark_core.codec import decode, kernel_for_noise, trace

TITLE = "Noise makes a peak jagged: smooth it as much as its noise asks for, then take the step"
LEAD = (
    "The step divides slope by curvature, and noise spoils both. DARK first convolves the map with the Gaussian that "
    "drew its targets. **Move the kernel’s σ, add noise, drag the joint.**"
)


def summary_text(shown: LessonHeatmap, kernel: float) -> str:
    """What the step does on the raw heatmap and on the smoothed one, as Markdown."""
    raw, smoothed = trace(shown.heatmap, 0.0), trace(shown.heatmap, kernel)
    ideal_raw, ideal = -1 / shown.sigma**2, -1 / (shown.sigma**2 + kernel**2)

    def end_of_step(steps) -> str:
        if shown.truth is None:
            return f"ends at ({steps.xy[0]:.2f}, {steps.xy[1]:.2f})"
        error = float(np.linalg.norm(steps.xy - shown.truth))
        return f"lands **{error:.2f} heatmap px** ({error * shown.photo_px:.1f} photo px) from the joint"

    matched = decode(shown.heatmap, "noise_matched", shown.sigma)
    own = float(np.asarray(matched.noise))
    needed = kernel_for_noise(own, shown.sigma)
    advice = (
        f" How much smoothing does this map need? Its own noise is {100 * own:.1f} % of the peak. "
        f"The decoder *Noise-matched* reads that from the map and "
        + (f"smooths with σ = {needed:.2g}" if needed else "does not smooth at all")
        + f"; it {end_of_step(matched)}."
    )

    def refused(steps) -> str:
        return "" if steps.ok else f" ({steps.fallback})"

    text = (
        f"On the raw map the log bends by {number(raw.hessian[0, 0], 2)} along x at the peak, where a Gaussian of "
        f"σ = {shown.sigma:g} bends by {number(ideal_raw, 2)}; the step {end_of_step(raw)}{refused(raw)}."
    )
    if kernel == 0:
        return text + " Without a kernel there is nothing else to compare: move the kernel’s σ." + advice
    return (
        text
        + (
            f" After smoothing with σ = {kernel:g} it bends by {number(smoothed.hessian[0, 0], 2)} (a Gaussian by "
            f"{number(ideal, 2)}) and the step {end_of_step(smoothed)}{refused(smoothed)}."
        )
        + advice
    )
