"""What Home shows: the story of one joint from photo to heatmap and back, as one figure."""

from __future__ import annotations

from html import escape

import numpy as np

from dark_core.app.home import tables, text
from dark_core.app.home.text import TEXT
from dark_core.app.widgets.numbers import signed
from dark_core.app.widgets.static_figure import panel
from dark_core.app.widgets.verdict import verdict
from dark_core.codec import Trace
from dark_core.evaluation.decoder_comparison import Comparison
from dark_core.figures import panels, svg
from dark_core.figures.legend import color_range
from dark_core.figures.skeletons import draw_person
from dark_core.files.scenes import Scene
from dark_core.pose.pose import Pose
from dark_core.pose.skeleton import SKELETON

FIGURE = TEXT["figure"]

VIEWS = {
    TEXT["views"]["probe"]: ("probe",),
    TEXT["views"]["crop"]: ("photo", "crop"),
    TEXT["views"]["heatmap"]: ("heatmap", "smoothed"),
    TEXT["views"]["step"]: ("newton", "landing"),
}
"""What is shown together while presenting."""

ANSWER = frozenset(("newton", "landing"))
"""The parts of these that an exercise keeps back."""


def story(scene: Scene, pose: Pose, comparison: Comparison, joint: int, steps: Trace, *, revealed: bool = True) -> str:
    """The six panels, the errors of one joint and their text, as HTML; without the answer until ``revealed``."""
    name = SKELETON.names[joint]
    truth = pose.transform.to_heatmap(scene.joints[joint])
    positions = {decoder: comparison.heatmap[decoder][joint] for decoder in text.THREE}
    window = panels.window([positions["argmax"], positions["dark"], steps.peak], truth)
    size, m, mu = pose.transform.size[0], steps.peak, steps.xy
    values = {
        "joint": name,
        "size": size,
        "cells": pose.transform.heatmap_size[0],
        "photo_px": comparison.photo_px,
        "sigma": pose.sigma,
        "scene": scene.description,
        "reason": steps.fallback,
        "step_x": signed(mu[0] - m[0], 2),
        "step_y": signed(mu[1] - m[1], 2),
    }

    def said(key: str, **more: object) -> str:
        return FIGURE[key].format(**values, **more)

    found = verdict(comparison, pose, pose.transform, joint)
    person = draw_person(
        scene.photo,
        {"dark": comparison.photo["dark"]},
        joint,
        said("photo_alt"),
        transform=pose.transform,
        region=whole(scene.photo),
    )
    picture = svg.picture(pose.transform.crop(scene.photo), -0.5, -0.5, size, size, smooth=False)
    crop = svg.view(-0.5, -0.5, size, size, picture, alt=said("crop_alt"))
    raw = panels.heatmap(
        pose.heatmaps[joint],
        said("heatmap_alt", value=steps.raw.max(), at=_at(steps.raw_peak)),
        positions if revealed else {},
        window=window,
    )
    smoothed = panels.heatmap(steps.smoothed, said("smoothed_alt"), {"argmax": m})
    newton = panels.newton(steps, said("newton_alt", peak=_at(m), at=_at(mu, 2)))
    ground = panels.photo_ground(scene.photo, pose.transform, *window)
    alt = text.magnified_alt(comparison, joint)
    magnified = panels.magnified(ground, *window, positions, truth, alt=alt, errors=True)
    step_note = said("newton_note", at=_at(mu, 2)) if steps.ok else said("refused")
    unit = color_range("0", "1")
    pieces = [
        panel(FIGURE["photo"], person, said("photo_note"), 1, parts="photo"),
        panel(FIGURE["crop"], crop, said("crop_note"), 2, parts="crop"),
        panel(FIGURE["heatmap"], raw, said("heatmap_note"), 3, parts="heatmap", colors=unit),
        panel(FIGURE["smoothed"], smoothed, said("smoothed_note", at=_at(m)), 4, parts="smoothed", colors=unit),
        panel(FIGURE["newton"], newton, step_note, 5, parts=" ".join(("answer", "newton"))),
        f'<div class="panel verdict" data-part="answer errors landing">{tables.table(comparison, joint)}</div>',
        f'<div class="landing" data-part="answer landing">{panel(FIGURE["back"], magnified, said("back_note"), 6)}'
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
