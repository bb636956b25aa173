"""Encode: what rounding the joint throws away before training starts."""

import numpy as np
import streamlit as st

from dark_core.app.encode import quiz, rounding, tables, text, view
from dark_core.app.runtime.page import TITLES, answer_hidden, headline, page_frame
from dark_core.app.text import glossary, lesson
from dark_core.app.widgets import teaching
from dark_core.app.widgets.interactive_figure import InteractiveFigure
from dark_core.app.widgets.joint_picker import pick_joint
from dark_core.app.widgets.static_figure import figure

page_frame(TITLES["encode"])

said = text.TEXT["exercise"] if answer_hidden() else text.TEXT
headline(said["title"], said["lead"])

labels = text.TEXT["controls"]
choice, resolution, width, ground = st.columns([2.2, 1.5, 1, 0.8], vertical_alignment="bottom")
with choice:
    picked = pick_joint(network=False)
with resolution:
    size = st.select_slider(
        labels["input"],
        view.INPUTS,
        value=64,
        key="input",
        bind="query-params",
        help=labels["input_help"],
    )
with width:
    sigma = st.slider(labels["sigma"], 0.5, 4.0, 2.0, 0.5, key="sigma", bind="query-params")
with ground:
    on_photo = st.toggle(labels["ground"], value=True, key="ground", bind="query-params")

transform, shown = view.crop_transforms(picked, size)
start = view.start(picked)
seen = view.window(start, transform)
interactive = InteractiveFigure(
    "encode", view.fields(start, transform, seen), f"{picked.picture.of_person} {picked.name}"
)
under = view.ground(picked.picture.rgb, shown, seen) if on_photo else None
waiting = teaching.views(view.VIEWS, frozenset() if interactive.revealed else view.ANSWER)
interactive.show(view.data(transform, seen, sigma, under), f"{size}", hide=waiting, asks=True)

found = view.encoded_joints(np.array([interactive.values["x"], interactive.values["y"]]), transform)
if interactive.revealed:
    glossary.markdown(text.summary_text(found, picked, size, transform))
    figure(tables.table(found), key="table")
st.caption(text.caption(interactive.revealed))

if interactive.revealed:
    with st.container(key="why-rounding"):
        st.subheader(text.TEXT["rounding"]["title"])
        st.markdown(text.why_text(size, transform))
        figure(rounding.panels(), key="arrows")
lesson.show("encode", interactive.revealed)
view.cost(picked, size)
teaching.question(*quiz.question(), revealed=interactive.revealed)
teaching.foot(text.TEXT["parts"], photo=picked.picture.own, asks=True)
