"""Evidence: what better encoding and decoding are worth, on networks trained here and in the paper."""

import streamlit as st

from dark_core.app.evidence import cost, live, quiz, tables, text, view
from dark_core.app.evidence import figure as evidence_figure
from dark_core.app.runtime.page import headline, page_frame
from dark_core.app.widgets import teaching
from dark_core.app.widgets.static_figure import figure
from dark_core.evaluation.published_results import HEADLINE

page_frame("Evidence")

headline(
    "What it is worth, on networks trained here and in the paper",
    "Networks alike but for targets and input size. **The standard**: floored targets read by ¼ shift.",
)

table = view.load()
asked = view.choose(table) if table is not None else None
revealed = not evidence_figure.kept_back()
said = ""
with st.container(key="words"):
    if asked is None:
        st.info(
            "Nobody has made the table of our own networks yet: "
            f"`{view.COMMAND}` reads the networks in assets/models/ablation and writes it.",
            icon=":material/table:",
        )
    elif revealed:  # in the row's place, so that the button goes in the moment the sentence comes
        said = text.summary_text(asked)
        st.markdown(said)
    if not revealed:
        with st.container(horizontal=True, vertical_alignment="center"):
            if asked is not None:
                said = text.RIDDLE
                st.markdown(said)
            teaching.reveal_button()

figure(evidence_figure.key(asked), key="legend")
left, right = st.columns([1.5, 1], gap="medium") if asked is not None else (None, st.container())
if asked is not None:
    with left, st.container(key="ours"):
        evidence_figure.ours(asked, said)
        st.caption(text.how(asked))
with right, st.container(key="paper"):
    evidence_figure.paper(asked is not None and asked.as_gain)
with st.container(key="headline"):
    if revealed:
        st.markdown(HEADLINE)
if asked is not None and revealed and (smoothing := text.smoothing(asked)):
    st.markdown(smoothing)

if asked is not None:
    teaching.steps("metric", list(view.METRICS), "metric")
    st.caption(text.made(live.cards(), table.seeds))
    if revealed:
        tables.show(asked)
        tables.download_row(table)

cost.show(asked)
own = live.show()
teaching.question(*quiz.question())
teaching.foot(view.PARTS, photo=own)
