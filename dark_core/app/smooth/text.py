"""What Smooth says of its figure: the step on the raw heatmap, on the smoothed one, and how much smoothing it needs."""

from __future__ import annotations

import numpy as np

from dark_core.app.runtime.page import CONVENTION
from dark_core.app.text.catalog import read_catalog
from dark_core.app.widgets.lesson_heatmap import LessonHeatmap
from dark_core.app.widgets.numbers import number
from dark_core.codec import Trace, decode, kernel_for_noise, trace

TEXT = read_catalog("smooth")


def caption() -> str:
    """The pixel convention."""
    return TEXT["caption"].format(convention=CONVENTION)


def summary_text(shown: LessonHeatmap, kernel: float) -> str:
    """What the step does on the raw heatmap and on the smoothed one, and how much smoothing it needs, as Markdown."""
    text = TEXT["summary"]
    raw, smoothed = trace(shown.heatmap, 0.0), trace(shown.heatmap, kernel)

    def bend(steps: Trace, width: float) -> dict[str, str]:
        return {"bend": number(steps.hessian[0, 0], 2), "ideal": number(-1 / width**2, 2)}

    paragraphs = [[text["raw"].format(sigma=shown.sigma, **bend(raw, shown.sigma)), _end(shown, raw.xy, raw.fallback)]]
    if kernel == 0:
        paragraphs.append([text["unsmoothed"]])
    else:
        told = text["smoothed"].format(kernel=kernel, **bend(smoothed, float(np.hypot(shown.sigma, kernel))))
        paragraphs.append([told, _end(shown, smoothed.xy, smoothed.fallback)])
    matched = decode(shown.heatmap, "noise_matched", shown.sigma)
    noise = float(np.asarray(matched.noise))
    needed = kernel_for_noise(noise, shown.sigma)
    advice = text["advice" if needed else "advice_none"].format(noise=100 * noise, needed=needed)
    paragraphs.append([advice, _end(shown, matched.xy)])
    return "\n\n".join(" ".join(sentences) for sentences in paragraphs)


def missed(shown: LessonHeatmap, kernel: float) -> float:
    """How far from the truth the step on the smoothed heatmap ends, heatmap px; NaN where nobody knows it."""
    return np.nan if shown.truth is None else float(np.linalg.norm(trace(shown.heatmap, kernel).xy - shown.truth))


def _end(shown: LessonHeatmap, xy: np.ndarray, fallback: str = "") -> str:
    """Where a step ends and, where it was refused or cut short, why."""
    values: dict[str, object] = {"x": xy[0], "y": xy[1], "reason": fallback}
    name = "end" if shown.truth is None else "error"
    if shown.truth is not None:
        error = float(np.linalg.norm(xy - shown.truth))
        values |= {"error": error, "photo": error * shown.photo_px}
    return TEXT["summary"][f"{name}_fallback" if fallback else name].format(**values)
