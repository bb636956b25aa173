"""Decode: one Newton step on the log, followed number by number."""

import streamlit as st

from dark_core.app.decode import quiz, tables, text, view
from dark_core.app.runtime.page import CONVENTION, headline, page_frame
from dark_core.app.widgets import lesson_heatmap, teaching
from dark_core.app.widgets.interactive_figure import InteractiveFigure
from dark_core.app.widgets.joint_picker import choose_subject
from dark_core.app.widgets.static_figure import figure
from dark_core.simulation.heatmaps import SCENARIOS

page_frame("Decode")

headline(text.TITLE, text.LEAD)

chosen = st.segmented_control(
    "Case",
    list(view.CASES),
    default="clean",
    required=True,
    format_func=view.CASES.get,
    key="case",
    bind="query-params",
)
chosen = chosen or "clean"  # an empty name in the address is None
if chosen == lesson_heatmap.REAL:
    case, subject = None, choose_subject()
    live = InteractiveFigure("decode", view.fields(None), f"{subject.picture.of_person} {subject.name}")
    shown = lesson_heatmap.real(subject)
else:
    case, subject = SCENARIOS[chosen].case, None
    live = InteractiveFigure("decode", view.fields(case), chosen)
    shown = lesson_heatmap.simulated(lesson_heatmap.changed(case, live.values))
live.show(lesson_heatmap.figure_data(shown, case, subject))

if live.revealed:
    landings = view.readings(shown)
    with st.container(key="why"):
        st.markdown(text.explanation(shown, landings))
    figure(tables.table(shown, landings), key="table")
st.caption(f"{CONVENTION.capitalize()}.")

teaching.question(*quiz.question())
teaching.foot(view.PARTS, photo=subject is not None and subject.picture.own)
