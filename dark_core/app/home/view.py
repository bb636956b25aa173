"""What Home shows: the story of one joint from photo to heatmap and back, as one figure."""

from __future__ import annotations

from html import escape

import numpy as np

from dark_core.app.home import tables, text
from dark_core.app.widgets.numbers import signed
from dark_core.app.widgets.static_figure import panel
from dark_core.app.widgets.verdict import verdict
from dark_core.codec import Trace
from dark_core.evaluation.decoder_comparison import Comparison
from dark_core.figures import panels, svg
from dark_core.figures.skeletons import draw_person
from dark_core.files.scenes import Scene
from dark_core.pose.predictor import Pose
from dark_core.pose.skeleton import SKELETON

VIEWS = {"Photo, crop": "photo crop", "Heatmap, smoothed": "heatmap smoothed", "Step, landing": "newton landing"}
"""What is shown together while presenting."""

PARTS = {
    "answer": "the step, the landing points and all errors",
    "photo": "the photo with the skeleton",
    "crop": "the crop",
    "heatmap": "the raw map",
    "smoothed": "the smoothed map",
    "newton": "the step",
    "landing": "the landing points and the text on them",
    "errors": "the table",
    "strips": "how often each decoder is nearest over all joints",
    "scene, joint, network": "the controls",
}
"""What ``?hide=`` can leave out on this page."""


def story(scene: Scene, pose: Pose, comparison: Comparison, joint: int, steps: Trace, *, revealed: bool = True) -> str:
    """The six panels, the errors of one joint and their text, as HTML; without the answer until ``revealed``."""
    name = SKELETON.names[joint]
    truth = pose.transform.to_heatmap(scene.joints[joint])
    positions = {decoder: comparison.heatmap[decoder][joint] for decoder in text.THREE}
    center, radius = panels.window([positions["argmax"], positions["dark"], steps.peak], truth)
    size, cells = pose.transform.size[0], pose.transform.heatmap_size[0]
    m, mu = steps.peak, steps.xy
    found = verdict(comparison, pose, pose.transform, joint)
    crop = svg.view(
        -0.5,
        -0.5,
        size,
        size,
        svg.picture(pose.transform.crop(scene.photo), -0.5, -0.5, size, size, smooth=False),
        alt=f"The crop of {size} by {size} pixels that the network sees",
    )
    shown = {"dark": comparison.photo["dark"]}
    magnified = panel(
        "Back on the photo",
        panels.magnified(
            panels.photo_ground(scene.photo, pose.transform, center, radius),
            center,
            radius,
            positions,
            truth,
            alt=text.magnified_alt(comparison, joint),
            errors=True,
        ),
        f"The bar is one heatmap px = {comparison.photo_px:.1f} photo px; the grid is the heatmap’s. "
        "White ring: the true joint.",
        6,
    )
    pieces = [
        panel(
            "Photo",
            draw_person(
                scene.photo,
                shown,
                joint,
                f"{scene.description} The joints read by DARK are drawn on it.",
                transform=pose.transform,
                region=whole(scene.photo),
            ),
            f"Choose a joint on the picture: now the {name}.",
            1,
            parts="photo",
        ),
        panel("Crop", crop, f"{size} × {size} px: all the network sees of the box.", 2, parts="crop"),
        panel(
            "Heatmap",
            panels.heatmap(
                pose.heatmaps[joint],
                f"Heatmap of the {name}, peak {steps.raw.max():.2f} at {_at(steps.raw_peak)}",
                positions if revealed else {},
                window=(center, radius),
            ),
            f"{cells} × {cells} px for the {name}; one px is {comparison.photo_px:.1f} px of the photo.",
            3,
            parts="heatmap",
        ),
        panel(
            "Smoothed",
            panels.heatmap(
                steps.smoothed,
                f"The same heatmap smoothed with sigma {pose.sigma:g}",
                {"argmax": m},
            ),
            f"K ∗ h, σ = {pose.sigma:g} px: lower and smoother; its peak is m = {_at(m)}.",
            4,
            parts="smoothed",
        ),
        panel(
            "One Newton step",
            panels.newton(
                steps,
                f"From the peak {_at(m)} the step leads to {_at(mu, 2)}",
            ),
            f"ln(K ∗ h), stretched: m {signed(mu[0] - m[0], 2)}, {signed(mu[1] - m[1], 2)} px → μ = {_at(mu, 2)}."
            if steps.ok
            else f"No step: {steps.fallback}.",
            5,
            parts="answer newton",
        ),
        f'<div class="panel verdict" data-part="answer errors landing">{tables.table(comparison, joint)}</div>',
        f'<div class="landing" data-part="answer landing">{magnified}'
        f'<div class="said">{text.summary_text(comparison, found, joint)}</div></div>',
    ]
    why = f'<div class="said" data-part="answer landing"><p>{escape(found.reason)}</p></div>' if found.reason else ""
    return f'<div class="story">{"".join(pieces)}</div>{why}'


def whole(photo: np.ndarray) -> tuple[float, float, float, float]:
    """The square that shows all of a photo, so that the panels of a row are of one height."""
    height, width = photo.shape[:2]
    side = max(height, width)
    return (width - side) / 2, (height - side) / 2, (width + side) / 2, (height + side) / 2


def _at(point, digits: int = 0) -> str:
    return f"({point[0]:.{digits}f}, {point[1]:.{digits}f})"
