"""What is offered where a file's values are no heatmaps, or not all of its channels are joints."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dark_core.app.your_heatmaps.source import TEXT, Source, surveyed
from dark_core.files.axis_recognition import NOT_SURE
from dark_core.files.heatmap_layouts import Heatmaps
from dark_core.files.heatmap_likeness import openpose_parts
from dark_core.files.heatmap_values import KINDS, VALUES, likely_values, told


def as_chosen(source: Source, array: str, heatmaps: Heatmaps, notices: DeltaGenerator) -> Heatmaps:
    """The heatmaps with their values converted and their channels left out as the visitor chooses.

    The choices are there only where the array speaks for them; ``notices`` says why.
    """
    if NOT_SURE in heatmaps.why:
        notices.warning(TEXT["axes_not_sure"], icon=":material/help:")
    parts = openpose_parts(heatmaps)
    if parts is not None and _only_parts(heatmaps.joints, parts):
        heatmaps = heatmaps.first_joints(parts)
    found = surveyed(source.key, array, heatmaps.choices, heatmaps)
    kind = likely_values(found.least, found.middle, found.most)
    if kind in KINDS and _converts(kind):
        return heatmaps.taken_for(kind)
    if kind in KINDS:
        what = told(found.least, found.middle, found.most)
        advice = TEXT["convert"].format(what=what, kind=KINDS[kind], how=VALUES[kind], option=kind)
        notices.warning(advice, icon=":material/help:")
    return heatmaps


def _converts(kind: str) -> bool:
    chosen = st.segmented_control(
        TEXT["values"],
        ["heatmaps", kind],
        default="heatmaps",
        required=True,
        format_func=lambda name: TEXT["values_of"].format(kind=KINDS.get(name, name), how=VALUES[name]),
        key="values",
        bind="query-params",
    )
    return chosen == kind


def _only_parts(channels: int, parts: int) -> bool:
    return st.toggle(
        TEXT["parts"].format(parts=parts, channels=channels),
        key="parts",
        bind="query-params",
        help=TEXT["parts_help"],
    )
