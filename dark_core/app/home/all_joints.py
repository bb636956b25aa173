"""All joints of all scenes: how often each decoder is nearest to the truth."""

from __future__ import annotations

import numpy as np
import streamlit as st

from dark_core.app.runtime.inference import predict_scenes
from dark_core.app.text.catalog import read_catalog
from dark_core.app.widgets import tables
from dark_core.app.widgets.tables import Column, Html, Row, decoder_header
from dark_core.app.widgets.verdict import nearest_decoders
from dark_core.codec import CORE_DECODERS, DECODERS
from dark_core.evaluation.decoder_comparison import compare_decoders
from dark_core.figures.nearest_strip import strip
from dark_core.files.scenes import load_scenes
from dark_core.pose.pose import Pose
from dark_core.simulation.perfect_network import perfect_pose

TEXT = read_catalog("home")["strips"]

Nearest = dict[str, list[np.ndarray]]
"""Decoder name -> for each scene (14,) True where it is nearest, or equally near."""


def nearest_over_scenes(perfect: bool) -> Nearest:
    """Which decoders are nearest at each joint of each scene."""
    return _nearest(perfect, predict_scenes())


@st.cache_data(max_entries=2, show_spinner=False)
def _nearest(perfect: bool, _poses: dict[str, Pose]) -> Nearest:
    found: Nearest = {name: [] for name in CORE_DECODERS}
    for name, scene in load_scenes().items():
        pose = perfect_pose(_poses[name], scene.joints) if perfect else _poses[name]
        comparison = compare_decoders(pose.heatmaps, pose.transform, pose.sigma, scene.joints)
        errors = {one: comparison.error(one) / comparison.photo_px for one in CORE_DECODERS}
        nearest = [nearest_decoders({one: float(errors[one][k]) for one in errors}) for k in range(len(scene.joints))]
        for decoder in CORE_DECODERS:
            found[decoder].append(np.array([decoder in names for names in nearest]))
    return found


def summary_text(nearest: Nearest, perfect: bool) -> str:
    """What the strips show, as Markdown."""
    total = sum(len(hits) for hits in nearest["dark"])
    count = {name: int(sum(hits.sum() for hits in scenes)) for name, scenes in nearest.items()}
    if perfect:
        return TEXT["perfect"].format(total=total, **count)
    first = max(count, key=count.__getitem__)
    template = TEXT["our_dark" if first == "dark" else "our"]
    return template.format(
        total=total, first=DECODERS[first].title, most=count[first], network=TEXT["network"], **count
    )


def table(nearest: Nearest, chosen: tuple[int, int]) -> str:
    """A row per decoder: its strip of all joints, and how often it is nearest; ``chosen``: the scene and the joint."""
    total = sum(len(hits) for hits in nearest["dark"])
    rows = []
    for name, hits in nearest.items():
        count = int(sum(scene.sum() for scene in hits))
        alt = TEXT["alt"].format(decoder=DECODERS[name].title, count=count, total=total)
        cells = [Html(strip(name, hits, chosen, alt)), TEXT["count"].format(count=count, total=total)]
        rows.append(Row(decoder_header(name), cells))
    return f'<div class="strips">{tables.table(TEXT["caption"], [Column(), Column(), Column()], rows)}</div>'
