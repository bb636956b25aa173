"""Encode: what rounding the joint throws away before training starts."""

import numpy as np
import streamlit as st

from dark_core.app.encode import quiz, tables, text, view
from dark_core.app.runtime.page import CONVENTION, headline, page_frame
from dark_core.app.widgets import teaching
from dark_core.app.widgets.interactive_figure import InteractiveFigure
from dark_core.app.widgets.joint_picker import pick_joint
from dark_core.app.widgets.static_figure import figure

page_frame("Encode")

headline(text.TITLE, text.LEAD)

choice, resolution, width, ground = st.columns([2.2, 1.5, 1, 0.8], vertical_alignment="bottom")
with choice:
    picked = pick_joint(network=False)
with resolution:
    size = st.select_slider(
        "Network input, px",
        view.INPUTS,
        value=64,
        key="input",
        bind="query-params",
        help="The network sees the person at this size; its heatmap is a quarter of it.",
    )
with width:
    sigma = st.slider("Target σ, heatmap px", 0.5, 4.0, 2.0, 0.5, key="sigma", bind="query-params")
with ground:
    on_photo = st.toggle("Photo", value=True, key="ground", bind="query-params")

transform, shown = view.crop_transforms(picked, size)
start = view.start(picked)
seen = view.window(start, transform)
interactive = InteractiveFigure(
    "encode", view.fields(start, transform, seen), f"{picked.picture.of_person} {picked.name}"
)
under = view.ground(picked.picture.rgb, shown, seen) if on_photo else None
interactive.show(view.data(transform, seen, sigma, under), f"{size}", hide=teaching.views(view.VIEWS))

found = view.encoded_joints(np.array([interactive.values["x"], interactive.values["y"]]), transform)
if interactive.revealed:
    st.markdown(text.summary_text(found, picked, size, transform))
    figure(tables.table(found), key="table")
st.caption(f"{CONVENTION.capitalize()}. Floor goes to the pixel center before, round to the nearest.")

view.cost(picked, size)
teaching.question(*quiz.question())
teaching.foot(view.PARTS, photo=picked.picture.own)
