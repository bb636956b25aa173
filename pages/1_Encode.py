"""Encode: what rounding the joint throws away before training starts."""

import numpy as np
import streamlit as st

from dark_core.app.encode import quiz, tables, text, view
from dark_core.app.runtime.page import CONVENTION, headline, page_frame
from dark_core.app.widgets import teaching
from dark_core.app.widgets.interactive_figure import InteractiveFigure
from dark_core.app.widgets.joint_picker import choose_subject
from dark_core.app.widgets.static_figure import figure

page_frame("Encode")

headline(text.TITLE, text.LEAD)

choice, resolution, width, ground = st.columns([2.2, 1.5, 1, 0.8], vertical_alignment="bottom")
with choice:
    subject = choose_subject()
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

frame, shown = view.frames(subject, size)
start = view.start(subject)
seen = view.window(start, frame)
live = InteractiveFigure("encode", view.fields(start, frame, seen), f"{subject.picture.of_person} {subject.name}")
under = view.ground(subject.picture.rgb, shown, seen) if on_photo else None
live.show(view.data(frame, seen, sigma, under), f"{size}", hide=teaching.views(view.VIEWS))

found = view.landings(np.array([live.values["x"], live.values["y"]]), frame)
if live.revealed:
    st.markdown(text.summary_text(found, subject, size, frame))
    figure(tables.table(found), key="table")
st.caption(f"{CONVENTION.capitalize()}. Floor goes to the pixel center before, round to the nearest.")

view.cost(subject, size)
teaching.question(*quiz.question())
teaching.foot(view.PARTS, photo=subject.picture.own)
