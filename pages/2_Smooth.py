"""Smooth: why the heatmap is smoothed before the step."""

import streamlit as st

from dark_core.ui import maps, smooth, teach
from dark_core.ui.components import figure
from dark_core.ui.live import Live
from dark_core.ui.page import CONVENTION, headline, page_frame, whole_number
from dark_core.ui.subject import choose_subject

page_frame("Smooth")

headline(
    "A jagged peak sends the step astray; smooth it, and one step is enough",
    "The step divides slope by curvature, and noise spoils both. DARK first convolves the map with the Gaussian that "
    "drew its targets. **Move the kernel’s σ, add noise, drag the joint.**",
)

kind, rest = st.columns([1, 2.2], vertical_alignment="bottom")
with kind:
    what = st.segmented_control(
        "Map",
        ["simulated", maps.REAL],
        default="simulated",
        required=True,
        format_func={"simulated": "Simulated", maps.REAL: "Real joint"}.get,
        key="what",
        bind="query-params",
    )
with rest:
    if what == maps.REAL:
        subject, case = choose_subject(), None
        origin, sigma = f"{subject.picture.key} {subject.name}", subject.pose.sigma
    else:
        seed = whole_number("Which noise (seed)", 9999, "seed", smooth.CASE.seed)
        subject, case = None, smooth.case(seed)
        origin, sigma = "simulated", case.sigma

live = Live("smooth", smooth.fields(case, sigma), origin)
kernel = live.values["kernel"]
shown = maps.simulated(maps.moved(case, live.values)) if case else maps.real(subject)
live.show(maps.data(shown, case, subject), hide=teach.views(smooth.VIEWS))

teach.reveal_button()
if live.revealed:
    st.markdown(smooth.in_words(shown, kernel))
    if case and live.values["noise"] > 0:
        figure(smooth.many(maps.moved(case, live.values), kernel), key="repeats")
st.caption(f"{CONVENTION.capitalize()}.")

teach.question(*smooth.asked())
teach.foot(smooth.PARTS, photo=subject is not None and subject.picture.own)
