"""Evidence: what better encoding and decoding are worth, on networks trained here and in the paper."""

import streamlit as st

from dark_core.study.published import HEADLINE
from dark_core.ui import (
    evidence,
    evidence_cost,
    evidence_figure,
    evidence_live,
    evidence_numbers,
    evidence_words,
    teach,
)
from dark_core.ui.components import figure
from dark_core.ui.page import headline, page_frame

page_frame("Evidence")

headline(
    "What it is worth, on networks trained here and in the paper",
    "Networks alike but for targets and input size. **The standard**: floored targets read by ¼ shift.",
)

table = evidence.load()
asked = evidence.choose(table) if table is not None else None
revealed = not evidence_figure.kept_back()
said = ""
with st.container(key="words"):
    if asked is None:
        st.info(
            "Nobody has made the table of our own networks yet: "
            f"`{evidence.COMMAND}` reads the networks in assets/models/ablation and writes it.",
            icon=":material/table:",
        )
    elif revealed:  # in the row's place, so that the button goes in the moment the sentence comes
        said = evidence_words.in_words(asked)
        st.markdown(said)
    if not revealed:
        with st.container(horizontal=True, vertical_alignment="center"):
            if asked is not None:
                said = evidence_words.RIDDLE
                st.markdown(said)
            teach.reveal_button()

figure(evidence_figure.key(asked), key="legend")
left, right = st.columns([1.5, 1], gap="medium") if asked is not None else (None, st.container())
if asked is not None:
    with left, st.container(key="ours"):
        evidence_figure.ours(asked, said)
        st.caption(evidence_words.how(asked))
with right, st.container(key="paper"):
    evidence_figure.paper(asked is not None and asked.as_gain)
with st.container(key="headline"):
    if revealed:
        st.markdown(HEADLINE)
if asked is not None and revealed and (smoothing := evidence_words.smoothing(asked)):
    st.markdown(smoothing)

if asked is not None:
    teach.steps("metric", list(evidence.METRICS), "metric")
    st.caption(evidence_words.made(evidence_live.cards(), table.seeds))
    if revealed:
        evidence_numbers.show(asked)
        evidence_numbers.offer(table)

evidence_cost.show(asked)
own = evidence_live.show()
teach.question(*evidence.asked())
teach.foot(evidence.PARTS, photo=own)
