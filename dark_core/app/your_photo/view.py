"""What Your photo shows: the skeletons, one joint up close, the table of joints."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dark_core.app.widgets.photo_source import Picture
from dark_core.app.widgets.static_figure import panel
from dark_core.codec import CORE_DECODERS, DECODERS, Trace, trace
from dark_core.evaluation.decoder_comparison import Comparison
from dark_core.figures import panels
from dark_core.figures.legend import legend
from dark_core.figures.skeletons import Other, draw_person
from dark_core.pose.predictor import Pose
from dark_core.pose.skeleton import SKELETON

PARTS = {
    "answer": "the landing points, the errors, the table and the files",
    "stage": "the photo with the skeletons",
    "raw": "the raw map",
    "smoothed": "the smoothed map",
    "landing": "the landing points",
    "joints": "the table",
    "placing": "the tool to place true joints",
    "source, upload, camera, scene, show, box, hand, place, person, joint, network": "the controls",
}
"""What ``?hide=`` can leave out on this page."""


def overview(
    picture: Picture,
    comparison: Comparison,
    poses: Sequence[Pose],
    person: int,
    joint: int,
    shown: list[str],
    draw: bool,
) -> str:
    """The photo with one skeleton per chosen decoder on the chosen person, and everyone else in gray.

    With ``draw`` a box can be dragged on it.
    """
    skeletons = {name: comparison.photo[name] for name in CORE_DECODERS if name in shown}
    names = ", ".join(DECODERS[name].title for name in skeletons) or "no decoder"
    pose = poses[person]
    others = [
        Other(number, np.where(sure(one)[:, None], picture.to_own(one.xy), np.nan), picture.box_to_own(one.person))
        for number, one in enumerate(poses, 1)
        if number != person + 1
    ]
    whose = f" of person {person + 1} of {len(poses)}" if others else ""
    drawing = draw_person(
        picture.rgb,
        skeletons,
        joint,
        f"{picture.title} with the joints{whose} decoded by {names}; "
        f"mean confidence {100 * pose.confidence.mean():.0f} %",
        transform=pose.transform.rescaled(picture.scale),
        size=picture.size,
        truth=picture.truth,
        faint=~sure(pose),
        others=others,
        pick=not draw,
        draw=draw,
    )
    return f'<div class="overview">{drawing}</div>'


def sure(pose: Pose) -> np.ndarray:
    """(14,) True for joints that are neither guesses nor out of the picture."""
    return np.array([status == "" for status in pose.joint_status])


def detail_panels(picture: Picture, comparison: Comparison, pose: Pose, joint: int, *, revealed: bool = True) -> str:
    """The joint's raw and smoothed heatmap, and the photo under its landing points, magnified.

    Until ``revealed`` the maps stand alone.
    """
    name = SKELETON.names[joint]
    steps = trace(pose.heatmaps[joint], pose.sigma)
    if pose.absent[joint]:
        return _absent_panels(steps, name, pose.sigma)
    landings = {decoder: comparison.heatmap[decoder][joint] for decoder in CORE_DECODERS}  # those of the legend
    truth = None
    if picture.truth is not None and picture.knows(joint):
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


def _absent_panels(steps: Trace, name: str, sigma: float) -> str:
    """The two heatmaps of a joint that is not in the picture, without any decoded position."""
    shown = (("Raw heatmap", steps.raw, "raw"), ("Smoothed", steps.smoothed, "smoothed"))
    pieces = [
        panel(
            title,
            panels.heatmap(values, f"{title} of the {name}, almost empty: its peak is {values.max():.2f}"),
            f"0 to 1; its peak is {values.max():.2f}" + (f", σ = {sigma:g} px." if part == "smoothed" else "."),
            parts=part,
        )
        for title, values, part in shown
    ]
    return f'<div class="detail-panels">{"".join(pieces)}</div>'
