"""Decode: why one Newton step on the log is enough, and DARK followed number by number."""

import streamlit as st

from dark_core.app.decode import log_step, quiz, tables, text, view
from dark_core.app.runtime.page import TITLES, answer_hidden, headline, page_frame
from dark_core.app.text import glossary, lesson
from dark_core.app.widgets import lesson_heatmap, teaching
from dark_core.app.widgets.interactive_figure import InteractiveFigure
from dark_core.app.widgets.joint_picker import pick_joint
from dark_core.app.widgets.static_figure import figure
from dark_core.simulation.heatmaps import SCENARIOS

page_frame(TITLES["decode"])

said = text.TEXT["exercise"] if answer_hidden() else text.TEXT
headline(said["title"], said["lead"])

above = st.container()  # filled once the figure below tells whether its answer is revealed
chosen = st.segmented_control(
    text.TEXT["controls"]["case"],
    list(view.CASES),
    default="clean",
    required=True,
    format_func=view.CASES.get,
    key="case",
    bind="query-params",
)
chosen = chosen or "clean"  # an empty name in the address is None
if chosen == lesson_heatmap.REAL:
    case, picked = None, pick_joint()
    interactive = InteractiveFigure("decode", view.fields(None), f"{picked.picture.of_person} {picked.name}")
    shown = lesson_heatmap.real(picked)
else:
    case, picked = SCENARIOS[chosen].case, None
    interactive = InteractiveFigure("decode", view.fields(case), chosen)
    shown = lesson_heatmap.simulated(lesson_heatmap.changed(case, interactive.values))
with above:
    asked = answer_hidden() and not interactive.revealed
    waiting = teaching.views(view.VIEWS, view.ANSWER if asked else frozenset(), arrows=False)
    if "why-log" not in waiting:
        InteractiveFigure("log_step", log_step.FIELDS, "cut").show(log_step.DATA)
        with st.container(key="why-log"):
            glossary.markdown(log_step.summary_text())
interactive.show(view.data(shown, case, picked), hide=waiting, asks=True)

if interactive.revealed:
    positions = view.decoded_positions(shown)
    with st.container(key="why"):
        if picked is not None and (said := text.verdict_text(picked)):
            st.markdown(said)
        st.markdown(text.explanation(shown, positions))
    figure(tables.table(shown, positions), key="table")
st.caption(text.caption())

lesson.show("decode", interactive.revealed)
teaching.question(*quiz.question(), revealed=interactive.revealed)
teaching.foot(text.TEXT["parts"], photo=picked is not None and picked.picture.own, asks=True)
