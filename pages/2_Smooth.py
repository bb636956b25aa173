"""Smooth: why the heatmap is smoothed before the step."""

import streamlit as st

from dark_core.app.runtime.page import CONVENTION, headline, page_frame, whole_number
from dark_core.app.smooth import quiz, repeats, text, view
from dark_core.app.widgets import lesson_heatmap, teaching
from dark_core.app.widgets.interactive_figure import InteractiveFigure
from dark_core.app.widgets.joint_picker import pick_joint
from dark_core.app.widgets.static_figure import figure

page_frame("Smooth")

headline(text.TITLE, text.LEAD)

kind, rest = st.columns([1, 2.2], vertical_alignment="bottom")
with kind:
    what = st.segmented_control(
        "Map",
        ["simulated", lesson_heatmap.REAL],
        default="simulated",
        required=True,
        format_func={"simulated": "Simulated", lesson_heatmap.REAL: "Real joint"}.get,
        key="what",
        bind="query-params",
    )
with rest:
    if what == lesson_heatmap.REAL:
        picked, case = pick_joint(), None
        origin, sigma = f"{picked.picture.of_person} {picked.name}", picked.pose.sigma
    else:
        seed = whole_number("Which noise (seed)", 9999, "seed", view.CASE.seed)
        picked, case = None, view.case(seed)
        origin, sigma = "simulated", case.sigma

interactive = InteractiveFigure("smooth", view.fields(case, sigma), origin)
kernel = interactive.values["kernel"]
shown = (
    lesson_heatmap.simulated(lesson_heatmap.changed(case, interactive.values)) if case else lesson_heatmap.real(picked)
)
interactive.show(lesson_heatmap.figure_data(shown, case, picked), hide=teaching.views(view.VIEWS))

teaching.reveal_button()
if interactive.revealed:
    st.markdown(text.summary_text(shown, kernel))
    if case and interactive.values["noise"] > 0:
        figure(repeats.panels(lesson_heatmap.changed(case, interactive.values), kernel), key="repeats")
st.caption(f"{CONVENTION.capitalize()}.")

teaching.question(*quiz.question())
teaching.foot(view.PARTS, photo=picked is not None and picked.picture.own)
