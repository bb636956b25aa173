"""The panels of the pages as SVG: the photo with skeletons, a heatmap, a magnified inset, the step.

All heatmap panels are drawn in heatmap px and the photo in photo px, at sub-pixel; nothing is
rounded to be drawn. Landing points are ``{decoder name: (x, y)}``.
"""

from __future__ import annotations

import numpy as np

from dark_core.codec import Trace
from dark_core.figures import colors, svg
from dark_core.figures.decoder_style import style_of
from dark_core.figures.style import STYLE
from dark_core.pose.crop_transform import CropTransform
from dark_core.pose.skeleton import SKELETON

Point = np.ndarray | tuple[float, float]
INSET, PART = STYLE["inset"], STYLE["inset_side_over"]


def heatmap(
    values: np.ndarray,
    alt: str,
    landings: dict[str, Point] | None = None,
    truth: Point | None = None,
    window: tuple[Point, float] | None = None,
) -> str:
    """A map (H, W) as its pixels, viridis from 0 to 1, with landing points and the inset's window."""
    height, width = values.shape
    part = STYLE["heatmap_width_over"]
    size = width / part["marker"]
    shapes = [svg.picture(colors.colored(values), -0.5, -0.5, width, height, smooth=False)]
    if window is not None:
        (x, y), radius = window
        shapes.append(_frame(x - radius, y - radius, 2 * radius, width / part["frame"]))
    shapes += _landed(landings or {}, truth, size)
    return svg.view(-0.5, -0.5, width, height, *shapes, alt=alt, data_scale="map")


def window(
    points: list, truth: Point | None, least: float = INSET["least_radius"], most: float = INSET["most_radius"]
) -> tuple[np.ndarray, float]:
    """(center, radius) in heatmap px of an inset that holds ``points``, and the truth where it is near.

    The radius lies between ``least`` and ``most``; what falls outside is drawn on the border.
    """
    held = np.array(points, dtype=float)
    if truth is not None and np.abs(held - truth).max() < most:
        held = np.vstack([held, truth])
    low, high = held.min(0), held.max(0)
    return (low + high) / 2, float(np.clip((high - low).max() / 2 + INSET["air"], least, most))


def magnified(
    ground: str,
    center: np.ndarray,
    radius: float,
    landings: dict[str, Point],
    truth: Point | None,
    alt: str,
    errors: bool = False,
) -> str:
    """A window of ``radius`` heatmap px round ``center``: pixel grid, landing points, a bar of one pixel.

    ``ground`` is SVG in heatmap px; with ``errors`` a line joins each landing point to the truth.
    A point outside the window is drawn on its border, smaller and fainter, with a dash that points the way.
    """
    x0, y0, side = center[0] - radius, center[1] - radius, 2 * radius
    size = side / PART["marker"]
    inner = radius - INSET["border"] * size
    lines, marks = [], [svg.truth_mark(*truth, size * INSET["truth"])] if truth is not None else []
    for name, point in landings.items():
        look = style_of(name)
        offset = np.asarray(point, dtype=float) - center
        beyond = np.abs(offset).max() > inner
        shown = center + offset * (inner / np.abs(offset).max()) if beyond else center + offset
        if errors and truth is not None:
            lines.append(svg.cased_line(truth, shown, look.color, side / PART["error_line"]))
        if beyond:
            tail = center + INSET["tail_start"] * (shown - center)
            lines.append(
                svg.cased_line(tail, shown, look.color, side / PART["tail"], stroke_dasharray=side / PART["tail_dash"])
            )
        opacity = INSET["beyond"] if beyond else 1.0
        marks.append(svg.marker(look, *shown, size * opacity, opacity=opacity))
    pixels = svg.grid(x0, y0, side)
    bar = svg.scale_bar(x0, y0, side, 1.0)
    return svg.view(x0, y0, side, side, ground, pixels, *lines, *marks, bar, alt=alt, data_scale="inset")


def photo_ground(photo: np.ndarray, frame: CropTransform, center: np.ndarray, radius: float, pixels: int = 420) -> str:
    """The photo under a window of ``radius`` heatmap px, as the ground of ``magnified``."""
    corners = frame.to_photo([center - radius, center + radius]) + 0.5
    window = CropTransform.from_box((*corners[0], *corners[1]), (pixels, pixels)).crop(photo)
    return svg.picture(window, center[0] - radius, center[1] - radius, 2 * radius, 2 * radius, smooth=True)


def newton(trace: Trace, alt: str, radius: float = 2.5) -> str:
    """The Newton step on the log of the smoothed map: the nine pixels it reads, the arrow from m to mu.

    Colors stretch from the least to the greatest log in the window.
    """
    height, width = trace.smoothed.shape
    x, y = (float(v) for v in trace.center)
    side = 2 * radius
    reach = int(np.ceil(radius - 0.5))
    log = np.log(np.maximum(trace.smoothed, 1e-6))
    seen = log[max(0, int(y) - reach) : int(y) + reach + 1, max(0, int(x) - reach) : int(x) + reach + 1]
    low, high = float(seen.min()), float(seen.max())
    tinted = colors.colored(log, low, high if high > low else low + 1)
    ground = svg.picture(tinted, -0.5, -0.5, width, height, smooth=False)
    shapes = [
        ground,
        svg.grid(x - radius, y - radius, side),
        _frame(x - 1.5, y - 1.5, 3, side / 110),
    ]
    shapes.append(svg.cased_line((x, y), trace.xy, "#fff", side / 60))
    shapes.append(svg.marker(style_of("argmax"), x, y, side / 40))
    shapes.append(svg.marker(style_of("dark"), *trace.xy, side / PART["marker"]))
    shapes.append(svg.scale_bar(x - radius, y - radius, side, 1.0))
    return svg.view(x - radius, y - radius, side, side, *shapes, alt=alt)


def person(
    photo: np.ndarray,
    skeletons: dict[str, np.ndarray],
    joint: int,
    alt: str,
    *,
    frame: CropTransform,
    truth: np.ndarray | None = None,
    region: tuple[float, float, float, float] | None = None,
    faint: np.ndarray | None = None,
    pick: bool = True,
    draw: bool = False,
    size: tuple[int, int] | None = None,
) -> str:
    """The photo (or its ``region``, in pixel edges) with the network's box and one skeleton a decoder.

    Joints, ``frame`` and ``region`` count px of a photo of ``size`` (W, H), which ``photo`` fills
    whatever its own resolution. One skeleton shows left and right in color; several are gray, told
    apart by their markers.
    ``faint`` (14,) marks joints the network is not sure of. With ``pick`` each joint of the last
    skeleton can be chosen; ``draw`` lets a box be dragged on the picture instead.
    """
    width, height = size or photo.shape[1::-1]
    x0, y0, x1, y1 = region or (0, 0, width, height)
    unit = max(x1 - x0, y1 - y0) / 100
    shapes = [svg.picture(photo, -0.5, -0.5, width, height, smooth=True)]
    outline = frame.corners()
    path = "M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in outline) + "Z"
    for ink, wide in (("#000", 0.5), ("#fff", 0.25)):
        shapes.append(svg.tag("path", d=path, stroke=ink, stroke_width=unit * wide, fill="none", opacity=0.8))
    sure = np.ones(len(SKELETON), bool) if faint is None else ~faint
    for joints in skeletons.values():
        shapes += _bones(joints, sure, unit * 0.55, colored=len(skeletons) == 1)
    for name, joints in skeletons.items():
        look = style_of(name)
        for k, (x, y) in enumerate(joints):
            large = unit * (1.15 if k == joint else 0.6)
            shapes.append(svg.marker(look, x, y, large, opacity=1.0 if sure[k] else 0.4))
    if truth is not None:
        shapes += [svg.truth_mark(x, y, unit * 0.8) for x, y in truth if np.isfinite(x)]
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


def _bones(joints: np.ndarray, sure: np.ndarray, width: float, *, colored: bool) -> list[str]:
    shapes = []
    for a, b in SKELETON.bones:
        if not (sure[a] and sure[b]):
            continue
        shapes.append(svg.cased_line(joints[a], joints[b], colors.limb(a, b, sides=colored), width))
    return shapes


def _targets(joints: np.ndarray, joint: int, unit: float) -> list[str]:
    """Invisible discs over the joints, to be clicked or reached by keyboard."""
    return [
        svg.tag(
            "circle",
            svg.tag("title", name),
            cx=x,
            cy=y,
            r=unit * 2.6,
            fill="transparent",
            class_="target",
            data_pick=name,
            tabindex=0,
            role="button",
            aria_label=f"choose the {name}",
            aria_pressed=str(k == joint).lower(),
        )
        for k, (name, (x, y)) in enumerate(zip(SKELETON.names, joints, strict=True))
    ]


def _landed(landings: dict[str, Point], truth: Point | None, size: float) -> list[str]:
    shapes = [svg.truth_mark(*truth, size * INSET["truth"])] if truth is not None else []
    return shapes + [svg.marker(style_of(name), *point, size) for name, point in landings.items()]


def _frame(x: float, y: float, side: float, width: float) -> str:
    return "".join(
        svg.tag("rect", x=x, y=y, width=side, height=side, fill="none", stroke=ink, stroke_width=wide)
        for ink, wide in (("#000", width * STYLE["frame"]["casing"]), ("#fff", width))
    )
