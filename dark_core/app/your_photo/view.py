"""What Your photo shows: the skeletons, one joint up close, the table of joints."""

from __future__ import annotations

import numpy as np

from dark_core.app.runtime.inference import Prediction
from dark_core.app.runtime.page import CONVENTION
from dark_core.app.widgets.photo_source import Picture
from dark_core.app.widgets.static_figure import panel
from dark_core.codec import CORE_DECODERS, DECODERS, trace
from dark_core.evaluation.decoder_comparison import Comparison
from dark_core.figures import panels
from dark_core.figures.legend import legend
from dark_core.figures.skeletons import draw_person
from dark_core.pose.crop_transform import CropTransform
from dark_core.pose.estimator import Pose
from dark_core.pose.skeleton import SKELETON

PARTS = {
    "answer": "the landing points, the errors, the table and the files",
    "stage": "the photo with the skeletons",
    "raw": "the raw map",
    "smoothed": "the smoothed map",
    "landing": "the landing points",
    "joints": "the table",
    "placing": "the tool to place true joints",
    "source, upload, camera, scene, show, box, hand, place, joint": "the controls",
}
"""What ``?hide=`` can leave out on this page."""


def overview(
    picture: Picture, comparison: Comparison, pose: Pose, frame: CropTransform, joint: int, shown: list[str], draw: bool
) -> str:
    """The photo with one skeleton a chosen decoder; with ``draw`` a box can be dragged on it."""
    skeletons = {name: comparison.photo[name] for name in CORE_DECODERS if name in shown}
    names = ", ".join(DECODERS[name].title for name in skeletons) or "no decoder"
    drawing = draw_person(
        picture.rgb,
        skeletons,
        joint,
        f"{picture.title} with the joints read by {names}; mean confidence {100 * pose.confidence.mean():.0f} %",
        transform=frame,
        size=picture.size,
        truth=picture.truth,
        faint=np.array([state != "" for state in pose.joint_status]),
        pick=not draw,
        draw=draw,
    )
    return f'<div class="overview">{drawing}</div>'


def detail_panels(picture: Picture, comparison: Comparison, pose: Pose, joint: int, *, revealed: bool = True) -> str:
    """The joint's raw and smoothed heatmap, and the photo under its landing points, magnified.

    Until ``revealed`` the maps stand alone.
    """
    name = SKELETON.names[joint]
    steps = trace(pose.heatmaps[joint], pose.sigma)
    landings = {decoder: xy[joint] for decoder, xy in comparison.heatmap.items()}
    truth = None
    if picture.truth is not None and _known(picture, joint):
        truth = pose.transform.rescaled(picture.scale).to_heatmap(picture.truth[joint])
    # The whole map's average may lie anywhere; the inset shows the others and points to it.
    near = [landings[decoder] for decoder in CORE_DECODERS if decoder != "weighted_average"]
    center, radius = panels.window(near, truth)
    alt = f"Landing points round the {name}: " + ", ".join(
        f"{DECODERS[d].title} {comparison.distance_from_dark(d)[joint]:.1f} photo px from DARK"
        for d in CORE_DECODERS
        if d != "dark"
    )
    marks = (landings, truth, (center, radius)) if revealed else ()
    pieces = [
        panel(
            "Raw heatmap",
            panels.heatmap(steps.raw, f"Raw heatmap of the {name}, peak {steps.raw.max():.2f}", *marks),
            f"0 to 1; its peak is {steps.raw.max():.2f}.",
            parts="raw",
        ),
        panel(
            "Smoothed",
            panels.heatmap(steps.smoothed, f"The same map smoothed with sigma {pose.sigma:g}", *marks),
            f"K ∗ h, σ = {pose.sigma:g} px; its peak is {steps.smoothed.max():.2f}.",
            parts="smoothed",
        ),
        panel(
            "Landing points",
            panels.magnified(
                panels.photo_ground(picture.rgb, pose.transform, center, radius),
                center,
                radius,
                landings,
                truth,
                alt,
                errors=True,
            ),
            f"The bar and the grid: 1 heatmap px = {comparison.photo_px:.1f} photo px.",
            classes="landing",
            parts="answer landing",
        ),
    ]
    names = [*CORE_DECODERS, *(["truth"] if truth is not None else [])]
    return f'<div class="detail-panels">{"".join(pieces)}</div>{legend(names)}'


def summary_text(comparison: Comparison, pose: Pose, joint: int, picture: Picture) -> str:
    """The joint's result in one or two sentences."""
    name = SKELETON.names[joint]

    def both(length: float) -> str:
        return f"**{length:.1f} px** ({length / comparison.photo_px:.2f} heatmap px)"

    apart = {d: both(float(comparison.distance_from_dark(d)[joint])) for d in ("argmax", "weighted_average")}
    text = (
        f"For the {name}, argmax lands {apart['argmax']} from DARK, the weighted average {apart['weighted_average']}."
    )
    sure = f"{100 * pose.confidence[joint]:.0f} % sure"
    if pose.joint_status[joint] == "cut off":
        text += f" It seems to lie beyond the edge of the photo or of the box ({sure}): this is where it is lost."
    elif pose.joint_status[joint]:
        text += f" Take it as a guess ({sure})."
    if _known(picture, joint):
        error = {d: both(float(comparison.error(d)[joint])) for d in ("argmax", "weighted_average", "dark")}
        whose = "You placed the true joint" if picture.own else "The true joint is known here"
        text += (
            f" {whose}: DARK misses it by {error['dark']}, argmax by {error['argmax']}, "
            f"the weighted average by {error['weighted_average']}."
        )
    return text


def provenance(prediction: Prediction, picture: Picture) -> str:
    """Device and times, the picture's size, what was done to it on its way in."""
    found = f"person found in {prediction.locate_ms:.0f} ms, " if prediction.locate_ms else ""
    width, height = picture.size
    notes = "".join(f" · {note}" for note in picture.notes)
    if picture.own:
        notes += " · the address of this page holds everything but the photo and the joints placed on it"
    return (
        f"{prediction.device}: {found}network {prediction.network_ms:.0f} ms (photo and mirror image), DARK decoding "
        f"of 14 joints {prediction.decode_ms:.1f} ms · picture {width} × {height} px{notes} · {CONVENTION}"
    )


def medians(comparison: Comparison, picture: Picture) -> str:
    """Every decoder's median error over the joints whose truth is known, in one sentence."""
    assert comparison.truth is not None, "there are no errors without a truth"
    count = int(np.isfinite(comparison.truth).all(1).sum())
    joints = f"{count} joint{'' if count == 1 else 's'}"
    error = {name: float(np.nanmedian(comparison.error(name))) for name in CORE_DECODERS}
    said = ", ".join(
        f"{DECODERS[name].title} **{value:.1f} px** ({value / comparison.photo_px:.2f} heatmap px)"
        for name, value in error.items()
    )
    if picture.own:
        return (
            f"Over the {joints} of {len(SKELETON)} that you placed, the median error is {said}; "
            "how well you placed them is part of it."
        )
    return f"Over the {joints} known exactly, the median error is {said}."


def _known(picture: Picture, joint: int) -> bool:
    """Whether the joint's true place is known."""
    return picture.truth is not None and bool(np.isfinite(picture.truth[joint]).all())
