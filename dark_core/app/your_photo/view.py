"""What Your photo shows: the skeletons, one joint up close, the table of joints."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dark_core.app.widgets.photo_source import Picture
from dark_core.app.widgets.static_figure import panel
from dark_core.app.your_photo.text import TEXT
from dark_core.codec import CORE_DECODERS, DECODERS, Trace, trace
from dark_core.evaluation.decoder_comparison import Comparison
from dark_core.figures import panels
from dark_core.figures.legend import legend
from dark_core.figures.skeletons import Other, draw_person
from dark_core.pose.pose import Pose
from dark_core.pose.skeleton import SKELETON

PARTS = {name: what for name, what in TEXT["parts"].items() if name != "controls"} | {
    "source, upload, camera, scene, show, box, hand, place, person, joint, network": TEXT["parts"]["controls"],
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
    texts = TEXT["figure"]
    names = ", ".join(DECODERS[name].title for name in skeletons) or texts["no_decoder"]
    pose = poses[person]
    others = [
        Other(number, np.where(sure(one)[:, None], picture.to_own(one.xy), np.nan), picture.box_to_own(one.person))
        for number, one in enumerate(poses, 1)
        if number != person + 1
    ]
    alt = texts["photo_one_of" if others else "photo"].format(
        title=picture.title,
        person=person + 1,
        count=len(poses),
        decoders=names,
        confidence=100 * pose.confidence.mean(),
    )
    drawing = draw_person(
        picture.rgb,
        skeletons,
        joint,
        alt,
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
    texts, name, steps = TEXT["figure"], SKELETON.names[joint], trace(pose.heatmaps[joint], pose.sigma)
    if pose.absent[joint]:
        return _absent_panels(steps, name, pose.sigma)
    landings = {decoder: comparison.heatmap[decoder][joint] for decoder in CORE_DECODERS}  # those of the legend
    truth = None
    if picture.truth is not None and picture.knows(joint):
        truth = pose.transform.rescaled(picture.scale).to_heatmap(picture.truth[joint])
    # The whole heatmap's average may lie anywhere; the inset shows the others and points to it.
    near = [landings[decoder] for decoder in CORE_DECODERS if decoder != "weighted_average"]
    center, radius = panels.window(near, truth)
    distances = ", ".join(
        f"{DECODERS[d].title} {comparison.distance_from_dark(d)[joint]:.1f}" for d in CORE_DECODERS if d != "dark"
    )
    marks = (landings, truth, (center, radius)) if revealed else ()
    peaks = {"raw": steps.raw.max(), "smoothed": steps.smoothed.max()}
    pieces = [
        panel(
            texts[part],
            panels.heatmap(values, texts[f"{part}_alt"].format(joint=name, sigma=pose.sigma, peak=peaks[part]), *marks),
            texts[f"{part}_note"].format(sigma=pose.sigma, peak=peaks[part]),
            parts=part,
        )
        for part, values in (("raw", steps.raw), ("smoothed", steps.smoothed))
    ]
    pieces.append(
        panel(
            texts["positions"],
            panels.magnified(
                panels.photo_ground(picture.rgb, pose.transform, center, radius),
                center,
                radius,
                landings,
                truth,
                texts["positions_alt"].format(joint=name, distances=distances),
                errors=True,
            ),
            texts["positions_note"].format(photo_px=comparison.photo_px),
            classes="landing",
            parts=" ".join(("answer", "landing")),
        )
    )
    names = [*CORE_DECODERS, *(["truth"] if truth is not None else [])]
    return f'<div class="detail-panels">{"".join(pieces)}</div>{legend(names)}'


def _absent_panels(steps: Trace, name: str, sigma: float) -> str:
    """The two heatmaps of a joint that is not in the picture, without any decoded position."""
    texts = TEXT["figure"]
    shown = (("raw", steps.raw, "raw_note"), ("smoothed", steps.smoothed, "smoothed_absent_note"))
    pieces = [
        panel(
            texts[part],
            panels.heatmap(values, texts[f"{part}_absent_alt"].format(joint=name, peak=values.max())),
            texts[note].format(peak=values.max(), sigma=sigma),
            parts=part,
        )
        for part, values, note in shown
    ]
    return f'<div class="detail-panels">{"".join(pieces)}</div>'
