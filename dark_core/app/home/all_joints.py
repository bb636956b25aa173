"""All joints of all scenes: how often each decoder is nearest to the truth."""

from __future__ import annotations

import numpy as np
import streamlit as st

from dark_core.app.runtime.inference import predict_scenes
from dark_core.app.widgets import tables
from dark_core.app.widgets.tables import Column, Html, Row, decoder_header
from dark_core.app.widgets.verdict import nearest_decoders
from dark_core.codec import CORE_DECODERS, DECODERS
from dark_core.evaluation.decoder_comparison import compare_decoders
from dark_core.figures.nearest_strip import strip
from dark_core.files.scenes import load_scenes
from dark_core.pose.predictor import Pose
from dark_core.simulation.perfect_network import perfect_pose

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
        return (
            f"**On a perfect network DARK finds {count['dark']} of {total} joints exactly, argmax {count['argmax']}.** "
            "Its heatmaps are Gaussians at the true joints, so what remains is the error of the decoder. Without "
            f"noise, the weighted average finds {count['weighted_average']} exactly, the Taylor step without "
            f"smoothing {count['taylor']}."
        )
    first = max(count, key=count.__getitem__)
    return (
        f"**On our network no decoder is nearest everywhere: {DECODERS[first].title} most often, on {count[first]} of "
        f"{total} joints, and DARK on {count['dark']}.** The error of the network is in these numbers as well. Choose "
        "*Perfect network* above to see the errors of the decoders alone."
    )


def table(nearest: Nearest, chosen: tuple[int, int]) -> str:
    """A row per decoder: its strip of all joints, and how often it is nearest; ``chosen``: the scene and the joint."""
    total = sum(len(hits) for hits in nearest["dark"])
    rows = []
    for name, hits in nearest.items():
        count = int(sum(scene.sum() for scene in hits))
        alt = f"{DECODERS[name].title} is nearest on {count} of {total} joints"
        rows.append(Row(decoder_header(name), [Html(strip(name, hits, chosen, alt)), f"{count} of {total}"]))
    caption = "Where each decoder is nearest: one tick per joint, scene by scene; the white frame is the chosen joint"
    return f'<div class="strips">{tables.table(caption, [Column(), Column(), Column()], rows)}</div>'
