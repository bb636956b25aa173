"""A photo with the skeletons of one or several decoders, as SVG in photo px."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dark_core.figures import colors, svg
from dark_core.figures.decoder_style import style_of
from dark_core.pose.crop_transform import CropTransform
from dark_core.pose.skeleton import SKELETON

BONE, JOINT, CHOSEN_JOINT, TRUTH, PICK = 0.55, 0.6, 1.15, 0.8, 2.6
"""Width of a bone and radius of the marks, in hundredths of the picture's longer side."""


OTHER = 0.7
"""Opacity of a person who can be chosen and is not."""


@dataclass(frozen=True)
class Other:
    """Someone else in the photo.

    number: counted from 1; joints: (14, 2) photo px, NaN where they are not to be drawn; box: (x0, y0, x1, y1) in
    pixel edges.
    """

    number: int
    joints: np.ndarray
    box: tuple[float, float, float, float]


def draw_person(
    photo: np.ndarray,
    skeletons: dict[str, np.ndarray],
    joint: int,
    alt: str,
    *,
    transform: CropTransform,
    truth: np.ndarray | None = None,
    region: tuple[float, float, float, float] | None = None,
    faint: np.ndarray | None = None,
    others: Sequence[Other] = (),
    pick: bool = True,
    draw: bool = False,
    size: tuple[int, int] | None = None,
) -> str:
    """The photo (or its ``region``, in pixel edges) with the network's box and one skeleton per decoder.

    Joints, ``transform`` and ``region`` count px of a photo of ``size`` (W, H), which ``photo`` fills whatever its own
    resolution. One skeleton shows left and right in color; several are gray, with different markers. ``faint``
    (14,) marks joints of low confidence; a joint that is NaN is drawn nowhere. ``others`` stand below, in gray. With
    ``pick`` each joint of the last skeleton and each other person can be chosen, as "person 2"; ``draw`` lets a box be
    dragged on the picture instead.
    """
    width, height = size or photo.shape[1::-1]
    x0, y0, x1, y1 = region or (0, 0, width, height)
    unit = max(x1 - x0, y1 - y0) / 100
    shapes = [svg.picture(photo, -0.5, -0.5, width, height, smooth=True)]
    shapes += [_other(one, unit, pick) for one in others]
    outline = transform.corners()
    path = "M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in outline) + "Z"
    for ink, wide in (("#000", 0.5), ("#fff", 0.25)):
        shapes.append(svg.tag("path", d=path, stroke=ink, stroke_width=unit * wide, fill="none", opacity=0.8))
    confident = np.ones(len(SKELETON), bool) if faint is None else ~faint
    for joints in skeletons.values():
        shapes += _bones(joints, confident, unit * BONE, colored=len(skeletons) == 1)
    for name, joints in skeletons.items():
        look = style_of(name)
        for k, (x, y) in enumerate(joints):
            if np.isnan(x):
                continue
            large = unit * (CHOSEN_JOINT if k == joint else JOINT)
            shapes.append(svg.marker(look, x, y, large, opacity=1.0 if confident[k] else 0.4))
    if truth is not None:
        shapes += [svg.truth_mark(x, y, unit * TRUTH) for x, y in truth if np.isfinite(x)]
    if pick and skeletons:
        shapes += _targets(list(skeletons.values())[-1], joint, unit)
    return svg.view(
        x0 - 0.5,
        y0 - 0.5,
        x1 - x0,
        y1 - y0,
        *shapes,
        alt=alt,
        role="group" if pick else "img",
        data_draw="box" if draw else None,
    )


def _bones(joints: np.ndarray, confident: np.ndarray, width: float, *, colored: bool) -> list[str]:
    shapes = []
    for a, b in SKELETON.bones:
        if not (confident[a] and confident[b] and np.isfinite(joints[[a, b]]).all()):
            continue
        shapes.append(svg.cased_line(joints[a], joints[b], colors.limb(a, b, sides=colored), width))
    return shapes


def _other(other: Other, unit: float, pick: bool) -> str:
    """Another person: a gray skeleton, the number beside the head, and the area that chooses them."""
    known = np.isfinite(other.joints).all(-1)
    bones = _bones(other.joints, known, unit * BONE, colored=False)
    x0, y0, x1, y1 = (float(edge) - 0.5 for edge in other.box)  # from pixel edges to pixel centers
    x, y = (x0 + x1) / 2, max(y0, unit * 3.4) - unit * 1.7  # above the head, within the photo
    label = [
        svg.tag("circle", cx=x, cy=y, r=unit * 1.7, fill="#000", opacity=0.75),
        svg.tag(
            "text", str(other.number), x=x, y=y, font_size=unit * 2.3, fill="#fff", text_anchor="middle", dy="0.36em"
        ),
    ]
    area = {"x": x0, "y": y0, "width": x1 - x0, "height": y1 - y0}
    name = f"person {other.number}"
    choice = {
        "class_": "target",
        "data_pick": name,
        "tabindex": 0,
        "role": "button",
        "aria_label": f"choose {name}",
        "aria_pressed": "false",
    }
    target = svg.tag("rect", svg.tag("title", name), fill="transparent", rx=unit, **area, **choice) if pick else ""
    return svg.tag("g", *bones, *label, target, opacity=OTHER)


def _targets(joints: np.ndarray, joint: int, unit: float) -> list[str]:
    """Invisible discs over the joints, to be clicked or reached by keyboard."""
    return [
        svg.tag(
            "circle",
            svg.tag("title", name),
            cx=x,
            cy=y,
            r=unit * PICK,
            fill="transparent",
            class_="target",
            data_pick=name,
            tabindex=0,
            role="button",
            aria_label=f"choose the {name}",
            aria_pressed=str(k == joint).lower(),
        )
        for k, (name, (x, y)) in enumerate(zip(SKELETON.names, joints, strict=True))
        if np.isfinite(x)
    ]
