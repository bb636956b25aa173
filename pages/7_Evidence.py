"""Evidence: what better encoding and decoding are worth, on networks trained here and in the paper."""

import streamlit as st

from dark_core.app.evidence import cost, downloads, live, quiz, tables, text, view
from dark_core.app.evidence import figure as evidence_figure
from dark_core.app.runtime.page import answer_hidden, headline, page_frame
from dark_core.app.widgets import teaching
from dark_core.app.widgets.static_figure import figure
from dark_core.evaluation.published_results import HEADLINE

page_frame("Evidence")

headline(
    "What it is worth, on networks trained here and in the paper",
    "Networks alike but for targets and input size. **The standard**: floored targets read by ¼ shift.",
)

table = view.load()
selection = view.choose(table) if table is not None else None
revealed = not answer_hidden()
said = ""
with st.container(key="words"):
    if selection is None:
        st.info(
            "Nobody has made the table of our own networks yet: "
            f"`{view.COMMAND}` reads the networks in assets/models/ablation and writes it.",
            icon=":material/table:",
        )
    elif revealed:  # in the row's place, so that the button goes in the moment the sentence comes
        said = text.summary_text(selection)
        st.markdown(said)
    if not revealed:
        with st.container(horizontal=True, vertical_alignment="center"):
            if selection is not None:
                said = text.PREDICTION_PROMPT
                st.markdown(said)
            teaching.reveal_button()

figure(evidence_figure.key(selection), key="legend")
left, right = st.columns([1.5, 1], gap="medium") if selection is not None else (None, st.container())
if selection is not None:
    with left, st.container(key="ours"):
        evidence_figure.ours(selection, said)
        st.caption(text.caption(selection))
with right, st.container(key="paper"):
    evidence_figure.paper(selection is not None and selection.as_gain)
with st.container(key="headline"):
    if revealed:
        st.markdown(HEADLINE)
if selection is not None and revealed and (smoothing := text.smoothing(selection)):
    st.markdown(smoothing)

if selection is not None:
    teaching.steps("metric", list(view.METRICS), "metric")
    st.caption(text.training_note(live.cards(), table.seeds))
    if revealed:
        tables.show(selection)
        downloads.show(table)

cost.show(selection)
own = live.show()
teaching.question(*quiz.question())
teaching.foot(view.PARTS, photo=own)
