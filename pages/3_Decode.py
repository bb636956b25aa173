"""Decode: one Newton step on the log, followed number by number."""

import streamlit as st

from dark_core.study.simulate import SCENARIOS
from dark_core.ui import decode, maps, teach
from dark_core.ui.components import figure
from dark_core.ui.live import Live
from dark_core.ui.page import CONVENTION, headline, page_frame
from dark_core.ui.subject import choose_subject

page_frame("Decode")

headline(
    "One Newton step on the log finds the joint between the pixels",
    "The largest pixel is the joint only to the nearest pixel. The log of a Gaussian is a parabola, and on a parabola "
    "one step from that pixel, slope over curvature, leads to the top. **Step through it; drag the joint.**",
)

chosen = st.segmented_control(
    "Case",
    list(decode.CASES),
    default="clean",
    required=True,
    format_func=decode.CASES.get,
    key="case",
    bind="query-params",
)
chosen = chosen or "clean"  # an empty name in the address is None
if chosen == maps.REAL:
    case, subject = None, choose_subject()
    live = Live("decode", decode.fields(None), f"{subject.picture.key} {subject.name}")
    shown = maps.real(subject)
else:
    case, subject = SCENARIOS[chosen].case, None
    live = Live("decode", decode.fields(case), chosen)
    shown = maps.simulated(maps.moved(case, live.values))
live.show(maps.data(shown, case, subject))

if live.revealed:
    landings = decode.readings(shown)
    with st.container(key="why"):
        st.markdown(decode.why(shown, landings))
    figure(decode.table(shown, landings), key="table")
st.caption(f"{CONVENTION.capitalize()}.")

teach.question(*decode.asked())
teach.foot(decode.PARTS, photo=subject is not None and subject.picture.own)
