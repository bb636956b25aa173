"""What Your heatmaps shows of a file: what it was taken for, a person's maps, one of them up close."""

from __future__ import annotations

import numpy as np
import streamlit as st

from dark_core.app.runtime.page import whole_number
from dark_core.app.widgets import teaching
from dark_core.app.widgets.static_figure import panel
from dark_core.app.your_heatmaps.source import Source
from dark_core.codec import CORE_DECODERS, DECODERS, smooth
from dark_core.diagnosis.explain import diagnose
from dark_core.evaluation.batch_decode import InputFrame
from dark_core.figures import colors, panels, svg
from dark_core.figures.legend import legend
from dark_core.files.formats.stored import plain
from dark_core.files.heatmap_layouts import Heatmaps, Survey
from dark_core.pose.pixel_conventions import CONVENTIONS
from dark_core.pose.skeleton import SKELETON

PARTS = {
    "answer": "the landing points, the tables, the whole file and the results",
    "sheet": "the person’s maps",
    "raw": "the raw map",
    "smoothed": "the smoothed map",
    "landing": "the landing points",
    "table": "every decoder on this map",
    "whole": "the whole file",
    "decoders_list": "what each decoder does",
    "maps, maps_file, sample_file, array, layout, values, parts": "the controls of the file",
    "maps_sigma, stride, frame, person, number, stretch": "the controls of what is shown",
}
"""What ``?hide=`` can leave out on this page."""

HEATMAP_PX = "heatmap px alone"
"""The choice of no input px, beside the frames' names."""

AT_ONCE = 36
"""Maps of a person on one sheet."""

FIRST = (*CORE_DECODERS[:-1], "gaussian_fit", CORE_DECODERS[-1])
"""The readings that are marked on the figure; the tables have all of them."""

Places = dict[str, np.ndarray]
"""Decoder name -> (2,) heatmap px, of every decoder."""

AXES = {"N": ("person", "people"), "K": ("joint", "joints"), "H": ("row", "rows"), "W": ("column", "columns")}


def taken(source: Source, heatmaps: Heatmaps, found: Survey, given: float | None) -> str:
    """What the file was taken for, in a line."""
    lengths = [heatmaps.values.shape["NKHW".index(axis)] for axis in heatmaps.layout]
    axes = " × ".join(f"{n} {AXES[axis][n != 1]}" for n, axis in zip(lengths, heatmaps.layout, strict=True))
    sigma = f"σ from {found.clear:,} clear peak{'' if found.clear == 1 else 's'} of {found.seen:,} maps"
    if given is not None:
        sigma = f"σ = {given:g} as you chose"
    elif not found.clear:
        sigma = "No clear peak shows σ"
    return f"`{plain(source.name)}`, {heatmaps.dtype}: {axes}. {sigma}."


def details(heatmaps: Heatmaps, found: Survey, given: bool) -> str:
    """How axes and sigma were found."""
    text = f"The axes were taken so because {heatmaps.why}. " if heatmaps.why else ""
    if not found.clear:
        return f"{text}No clear peak among {found.seen:,} maps shows σ: {found.sigma:g} heatmap px assumed."
    text += (
        f"σ is the median over the clear peaks, by the curvature of the log: {found.sigma:g} heatmap px, half of them "
        f"between {found.low:.2f} and {found.high:.2f}"
    )
    return text + ("." if given else "; a network blurs its targets, so enter the σ of your training if you know it.")


def doubts(found: Survey) -> list[str]:
    """What in the values asks for attention, a sentence each."""
    told = []
    if found.not_finite:
        told.append(
            f"{found.not_finite:,} of {found.seen:,} maps looked at hold NaN or infinity, which every decoder reads as "
            "zero and flags."
        )
    return told


def color_range(found: Survey, raw: np.ndarray, stretch: bool) -> tuple[float, str]:
    """(the value shown brightest, in words): 1 where the file's values are about that, else the file's largest."""
    if stretch:
        top = float(np.max(raw, where=np.isfinite(raw), initial=0))
        return (top if top > 0 else 1.0), f"0 to {top:.3g}, this map’s peak"
    if 0.2 < found.most <= 1.5 or found.most <= 0:
        return 1.0, "0 to 1"
    return found.most, f"0 to {found.most:.3g}, the file’s largest value"


def choose_map(heatmaps: Heatmaps) -> tuple[int, int]:
    """(person, joint), counted from 0 as in the array."""
    chosen = []
    for column, key, label, count in zip(
        st.columns(2), ("person", "number"), ("Person", "Joint"), (heatmaps.people, heatmaps.joints), strict=True
    ):
        if not 0 <= (st.session_state.get(key) or 0) < count:
            st.session_state[key] = 0.0  # of a file with more of them
        with column:
            chosen.append(whole_number(f"{label}, 0 to {count - 1}", count - 1, key))
    teaching.steps("number", range(heatmaps.joints), "joint")
    return chosen[0], chosen[1]


def joint_name(source: Source, joint: int) -> str:
    """ "joint 6", and its name where the maps are ours."""
    return f"joint {joint}" if source.own else f"joint {joint}, the {SKELETON.names[joint]}"


def sheet(heatmaps: Heatmaps, person: int, joint: int, top: float) -> str:
    """The person's maps side by side, to choose from; of very many, those round the chosen one."""
    first = joint // AT_ONCE * AT_ONCE
    numbers = range(first, min(first + AT_ONCE, heatmaps.joints))
    maps = _thumbnails(heatmaps.take([person * heatmaps.joints + k for k in numbers]))
    height, width = maps.shape[1:]
    across = min(len(maps), int(np.ceil(np.sqrt(3.2 * len(maps) * height / width))))
    down = -(-len(maps) // across)
    step_x, step_y = width + max(1, round(width / 24)), height + max(1, round(width / 24))
    shapes, frame = [], []
    for place, (k, one) in enumerate(zip(numbers, maps, strict=True)):
        y, x = (place // across) * step_y, (place % across) * step_x
        area, unit = dict(x=x - 0.5, y=y - 0.5, width=width, height=height), height / 40
        shapes.append(svg.picture(colors.colored(one, 0, top), *area.values(), smooth=False))
        number = dict(x=x + 2 * unit, y=y + 9 * unit, font_size=9 * unit, fill="#fff", stroke="#000")
        shapes.append(svg.tag("text", str(k), stroke_width=unit, paint_order="stroke", **number))
        if k == joint:
            frame = [
                svg.tag("rect", fill="none", stroke=ink, stroke_width=wide * unit, **area)
                for ink, wide in (("#000", 4.0), ("#fff", 2.0))
            ]
        button = dict(tabindex=0, role="button", aria_label=f"choose joint {k}", aria_pressed=str(k == joint).lower())
        title = svg.tag("title", f"joint {k}")
        shapes.append(svg.tag("rect", title, fill="transparent", class_="target", data_pick=k, **area, **button))
    alt = f"The heatmaps of person {person}, joints {numbers[0]} to {numbers[-1]}"
    right, bottom = (across - 1) * step_x + width, (down - 1) * step_y + height
    edge = height / 40  # for the frame of a map at the rim
    drawing = svg.view(
        -0.5 - edge, -0.5 - edge, right + 2 * edge, bottom + 2 * edge, *shapes, *frame, alt=alt, role="group"
    )
    count = f"{heatmaps.joints} map{'' if heatmaps.joints == 1 else 's'}"
    shown = "" if len(numbers) == heatmaps.joints else f", {numbers[0]} to {numbers[-1]} shown"
    title = f"Person {person}: {count}{shown}"
    return f'<figure class="panel" data-part="sheet"><p class="title">{title}</p>{_bounded(drawing)}</figure>'


def _thumbnails(maps: np.ndarray, most: int = 48) -> np.ndarray:
    """Maps (M, H, W) shown with at most ``most`` px on a side, each the largest of those it stands for."""
    maps = np.nan_to_num(maps.astype(np.float64), posinf=0, neginf=0)
    by = -(-max(maps.shape[1:]) // most)
    if by == 1:
        return maps
    maps = np.pad(maps, ((0, 0), (0, -maps.shape[1] % by), (0, -maps.shape[2] % by)), mode="edge")
    count, height, width = maps.shape
    return maps.reshape(count, height // by, by, width // by, by).max((2, 4))


def detail_panels(
    raw: np.ndarray, places: Places, sigma: float, frame: InputFrame, name: str, shown: tuple[float, str], revealed
):
    """The map raw and smoothed, and the pixels under the landing points, magnified.

    ``shown`` is what ``color_range`` says. Until ``revealed`` the maps stand alone.
    """
    top, told = shown
    # As the decoders read it: what is not finite is zero.
    values = np.where(np.isfinite(raw), raw, 0).astype(np.float64)
    smoothed = smooth(values, sigma)
    landings = {decoder: places[decoder] for decoder in FIRST}
    near = [xy for decoder, xy in landings.items() if decoder != "weighted_average"]
    center, radius = panels.window(near, None)
    marks = (landings, None, (center, radius)) if revealed else ()
    far = ", ".join(
        f"{DECODERS[decoder].title} {np.linalg.norm(xy - landings['dark']):.2f} heatmap px from DARK"
        for decoder, xy in landings.items()
        if decoder != "dark"
    )
    bar = "The bar and the grid: 1 heatmap px" + (f" = {input_px(frame):.3g} input px." if frame.name else ".")
    pieces = [
        panel(
            "Raw heatmap",
            _bounded(panels.heatmap(values / top, f"Raw heatmap of {name}, peak {values.max():.3g}", *marks)),
            f"Its peak is {values.max():.3g}; colors {told}.",
            parts="raw",
        ),
        panel(
            "Smoothed",
            _bounded(panels.heatmap(smoothed / top, f"The same map smoothed with sigma {sigma:g}", *marks)),
            f"K ∗ h, σ = {sigma:g} px; its peak is {smoothed.max():.3g}.",
            parts="smoothed",
        ),
        panel(
            "Landing points",
            panels.magnified(
                _ground(values / top, center, radius), center, radius, landings, None, f"Landing points: {far}"
            ),
            bar,
            classes="landing",
            parts="answer landing",
        ),
    ]
    return f'<div class="detail-panels">{"".join(pieces)}</div>{legend(list(FIRST)) if revealed else ""}'


def _bounded(drawing: str) -> str:
    """A drawing that a map far higher than wide cannot make endless."""
    return f'<div class="overview">{drawing}</div>'


def _ground(shares: np.ndarray, center: np.ndarray, radius: float) -> str:
    """The pixels of a map (H, W), 0 to 1, under the window of ``magnified``; nothing where there are none."""
    height, width = shares.shape
    (x0, y0), (x1, y1) = (np.floor(center - radius).astype(int), np.ceil(center + radius).astype(int) + 1)
    x0, y0, x1, y1 = max(x0, 0), max(y0, 0), min(x1, width), min(y1, height)
    if x0 >= x1 or y0 >= y1:
        return ""
    return svg.picture(colors.colored(shares[y0:y1, x0:x1]), x0 - 0.5, y0 - 0.5, x1 - x0, y1 - y0, smooth=False)


def input_px(frame: InputFrame) -> float:
    """Input px a heatmap px, along a side (root mean square of the two)."""
    return float(frame.length(np.array([1.0, 1.0])) / np.sqrt(2))


def summary_text(places: Places, frame: InputFrame, name: str) -> str:
    """How far the readings of one map lie apart, as Markdown."""
    away = {other: xy - places["dark"] for other, xy in places.items() if other != "dark"}
    far = max(away, key=lambda other: np.linalg.norm(away[other]))
    text = f"On {name}, argmax lands {_both(away['argmax'], frame)} from DARK"
    if far != "argmax":
        text += f". The farthest of all {len(places)} readings is {DECODERS[far].title}, {_both(away[far], frame)}"
    return text + "."


def why(raw: np.ndarray, sigma: float, places: Places) -> str:
    """Why the readings landed where they did, for maps of ordinary size."""
    if raw.size > 2**16:
        return ""
    return diagnose(raw, sigma, {decoder: places[decoder] for decoder in FIRST})


def _both(offset: np.ndarray, frame: InputFrame) -> str:
    """A length in heatmap px, and in input px where there are any."""
    text = f"**{float(np.linalg.norm(offset)):.2f} heatmap px**"
    return text + (f" ({float(frame.length(offset)):.2f} input px)" if frame.name else "")


def conventions(source: Source, frame: InputFrame) -> str:
    """How pixels count, and what a link cannot hold."""
    text = "Pixels count from their centers, people and joints from 0"
    text += f"; {CONVENTIONS[frame.name].formula} with λ = {frame.stride:g}." if frame.name else "."
    if source.own:
        text += " The address of this page holds every choice but the file: whoever opens the link brings their own."
    return text


def frame_help() -> str:
    """The frames' formulas for the control that chooses one."""
    return "How a heatmap px maps to the px of the network’s input. " + " · ".join(
        f"{name}: {one.formula} ({one.users})" for name, one in CONVENTIONS.items()
    )
