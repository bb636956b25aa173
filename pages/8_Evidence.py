"""Evidence: what better encoding and decoding are worth, on networks trained here and in the paper."""

import streamlit as st

from dark_core.app.evidence import cost, downloads, live, quiz, tables, text, view
from dark_core.app.evidence import figure as evidence_figure
from dark_core.app.runtime.page import TITLES, answer_hidden, page_frame
from dark_core.app.text import glossary, lesson
from dark_core.app.widgets import number_guess, teaching
from dark_core.app.widgets.static_figure import figure

TEXT = view.TEXT

page_frame(TITLES["evidence"])

revealed = not answer_hidden()
st.title(TEXT["title"])
with st.container(key="headline"):  # of one height, so that nothing moves when the answer is revealed
    glossary.markdown(text.published_text() if revealed else TEXT["baseline"])

table = view.load()
selection = view.choose(table) if table is not None else None
said = ""
with st.container(key="words"):
    if selection is None:
        st.info(TEXT["no_table"].format(command=TEXT["command"]), icon=":material/table:")
    elif revealed:  # in the row's place, so that the button goes in the moment the sentence comes
        said = text.summary_text(selection)
        st.markdown(said)
    if not revealed:
        with st.container(horizontal=True, vertical_alignment="center"):
            if selection is not None:
                said = TEXT["prompt"]
                st.markdown(said)
            teaching.reveal_button()

if selection is not None:
    size, unit = selection.sizes[0], selection.measure.unit
    case = f"{selection.name} {selection.metric} {selection.joint}"
    number_guess.ask(TEXT["guess"], unit, answer=text.reached(selection, size), case=case, size=size)

figure(evidence_figure.key(selection), key="legend")
left, right = st.columns([1.5, 1], gap="medium") if selection is not None else (None, st.container())
if selection is not None:
    with left, st.container(key="ours"):
        evidence_figure.ours(selection, said)
        st.caption(text.caption(selection))
with right, st.container(key="paper"):
    evidence_figure.paper(selection is not None and selection.as_gain)

if selection is not None:
    teaching.steps("metric", list(view.METRICS), TEXT["controls"]["step"])
    if revealed:
        glossary.caption(TEXT["baseline"])
        cards = live.cards()
        with st.container(key="reason"):
            st.markdown(text.reason(selection, cards))
        tables.show(selection, text.training_note(cards, table.seeds))
        downloads.show(table)

cost.show(selection)
own = live.show()
lesson.show("evidence", revealed)
teaching.question(*quiz.question())
teaching.foot(TEXT["parts"], photo=own, asks=True)
