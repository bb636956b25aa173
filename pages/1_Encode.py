"""Encode: what rounding the joint throws away before training starts."""

import numpy as np
import streamlit as st

from dark_core.ui import encode, teach
from dark_core.ui.components import figure
from dark_core.ui.live import Live
from dark_core.ui.page import CONVENTION, headline, page_frame
from dark_core.ui.subject import choose_subject

page_frame("Encode")

headline(
    "Rounding the joint throws away up to a pixel before training starts",
    "A network learns from a target: a small Gaussian drawn where the joint is. Conventional targets are drawn at a "
    "whole heatmap pixel. **Drag the joint** and watch how far off they are; DARK draws at the joint itself.",
)

choice, resolution, width, ground = st.columns([2.2, 1.5, 1, 0.8], vertical_alignment="bottom")
with choice:
    subject = choose_subject()
with resolution:
    size = st.select_slider(
        "Network input, px",
        encode.INPUTS,
        value=64,
        key="input",
        bind="query-params",
        help="The network sees the person at this size; its heatmap is a quarter of it.",
    )
with width:
    sigma = st.slider("Target σ, heatmap px", 0.5, 4.0, 2.0, 0.5, key="sigma", bind="query-params")
with ground:
    on_photo = st.toggle("Photo", value=True, key="ground", bind="query-params")

frame, shown = encode.frames(subject, size)
start = encode.start(subject)
seen = encode.window(start, frame)
live = Live("encode", encode.fields(start, frame, seen), f"{subject.picture.key} {subject.name}")
under = encode.ground(subject.picture.rgb, shown, seen) if on_photo else None
live.show(encode.data(frame, seen, sigma, under), f"{size}", hide=teach.views(encode.VIEWS))

found = encode.landings(np.array([live.values["x"], live.values["y"]]), frame)
if live.revealed:
    st.markdown(encode.in_words(found, subject, size, frame))
    figure(encode.table(found), key="table")
st.caption(f"{CONVENTION.capitalize()}. Floor goes to the pixel centre before, round to the nearest.")

encode.cost(subject, size)
teach.question(*encode.asked())
teach.foot(encode.PARTS, photo=subject.picture.own)
