"""Smooth: why the heatmap is smoothed before the step."""

import streamlit as st

from dark_core.app.runtime.page import TITLES, answer_hidden, headline, page_frame, whole_number
from dark_core.app.smooth import quiz, repeats, text, view
from dark_core.app.text import glossary, lesson
from dark_core.app.widgets import lesson_heatmap, number_guess, teaching
from dark_core.app.widgets.interactive_figure import InteractiveFigure
from dark_core.app.widgets.joint_picker import pick_joint
from dark_core.app.widgets.static_figure import figure

page_frame(TITLES["smooth"])

said = text.TEXT["exercise"] if answer_hidden() else text.TEXT
headline(said["title"], said["lead"])

labels = text.TEXT["controls"]

kind, rest = st.columns([1, 2.2], vertical_alignment="bottom")
with kind:
    what = st.segmented_control(
        labels["what"],
        ["simulated", lesson_heatmap.REAL],
        default="simulated",
        required=True,
        format_func={"simulated": labels["simulated"], lesson_heatmap.REAL: labels["real"]}.get,
        key="what",
        bind="query-params",
    )
with rest:
    if what == lesson_heatmap.REAL:
        picked, case = pick_joint(), None
        origin, sigma = f"{picked.picture.of_person} {picked.name}", picked.pose.sigma
    else:
        seed = whole_number(labels["seed"], 9999, "seed", view.CASE.seed)
        picked, case = None, view.case(seed)
        origin, sigma = "simulated", case.sigma

interactive = InteractiveFigure("smooth", view.fields(case, sigma), origin)
kernel = interactive.values["kernel"]
shown = (
    lesson_heatmap.simulated(lesson_heatmap.changed(case, interactive.values)) if case else lesson_heatmap.real(picked)
)
interactive.show(view.data(shown, case, picked), hide=teaching.views(view.VIEWS))

at = " ".join(f"{value}" for name, value in interactive.values.items() if name not in ("yaw", "pitch"))
number_guess.ask(**text.TEXT["guess"], answer=text.missed(shown, kernel), case=f"{origin} {at}", digits=2)
teaching.reveal_button()
if interactive.revealed:
    glossary.markdown(text.summary_text(shown, kernel))
    if case and interactive.values["noise"] > 0:
        figure(repeats.panels(lesson_heatmap.changed(case, interactive.values), kernel), key="repeats")
st.caption(text.caption())

lesson.show("smooth", interactive.revealed)
teaching.question(*quiz.question(), revealed=interactive.revealed)
teaching.foot(text.TEXT["parts"], photo=picked is not None and picked.picture.own, asks=True)
