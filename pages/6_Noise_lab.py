"""Noise lab: how close to the physical limit each decoder comes."""

import streamlit as st

from dark_core.app.noise_lab import downloads, quiz, tables, text, view
from dark_core.app.noise_lab import figure as noise_lab_figure
from dark_core.app.runtime.page import answer_hidden, headline, page_frame, presenting, whole_number
from dark_core.app.widgets import decoder_cards as decoder_texts
from dark_core.app.widgets import teaching
from dark_core.app.widgets.static_figure import figure
from dark_core.codec import DECODERS
from dark_core.simulation.sweep_parameters import SWEEP_PARAMETERS, SimulationConfig

page_frame("Noise lab")

headline(
    "How close to the physical limit?",
    "Noise on the pixels hides a joint’s place, and no unbiased reading can do better than the Cramér–Rao limit. "
    "**Choose what to vary** and see how far from it each decoder stays.",
)

what, shown_as = st.columns([2.1, 1], vertical_alignment="bottom")
with what:
    name = st.segmented_control(
        "Error against",
        list(SWEEP_PARAMETERS),
        default="noise",
        required=True,
        format_func=lambda key: SWEEP_PARAMETERS[key].title,
        key="against",
        wrap=True,
        bind="query-params",
    )
with shown_as:
    measure = st.segmented_control(
        "Shown as",
        list(view.MEASURES),
        default="rmse",
        required=True,
        format_func=view.MEASURES.get,
        key="measure",
        bind="query-params",
    )

which, setting = st.columns(2, vertical_alignment="bottom")
with which:
    chosen = st.multiselect(
        "Decoders",
        list(DECODERS),
        default=view.DEFAULTS,
        format_func=lambda key: DECODERS[key].title,
        key="decoders",
        wrap=True,
        bind="query-params",
    )
narrow = 128 if presenting() else 100
with setting, st.container(horizontal=True, vertical_alignment="bottom"):
    level = view.choose("Noise", "noise", "level", narrow)
    sigma = view.choose("Target σ", "sigma", "target", narrow)
    count = st.selectbox("Repeats", view.REPEATS, index=1, key="repeats", bind="query-params", width=narrow)
    with st.container(key="more", width=narrow), st.popover("More", width="stretch"):
        kernel = view.choose("σ the decoders are told ÷ true σ", "kernel", "told")
        border = view.choose("Joint’s distance from the edge", "border", "edge")
        size = view.choose("Map size", "size", "side")
        seed = whole_number("Which noise (seed)", 9999, "seed")

base = SimulationConfig(noise=level, sigma=sigma, kernel=kernel, border=border, size=size)
decoders = tuple(decoder for decoder in DECODERS if decoder in chosen)
# An empty name in the address is None.
lab = view.Lab(name or "noise", measure or "rmse", base, decoders, count or view.COUNT, seed)

words, curve, below = (st.container(key=key) for key in ("words", "curve", "sampled"))
slot = below.empty()
points = view.sample(lab, slot)
revealed = not answer_hidden()
said = text.summary_text(lab.name, points, lab.marked) if revealed else text.prediction_prompt(decoders)
with words:
    if revealed:  # in the row's place, so that the button goes in the moment the sentence comes
        st.markdown(said)
    else:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(said)
            teaching.reveal_button()
with curve:
    figure(noise_lab_figure.key(lab), key="legend")
    noise_lab_figure.show(lab, points, said)
slot.caption(view.how(lab))

teaching.steps("against", list(SWEEP_PARAMETERS), "quantity")
if revealed:
    figure(tables.table(lab, points), key="table")
    downloads.show(lab, points)
    decoder_texts.about(decoders)

teaching.question(*quiz.question())
teaching.foot(view.PARTS)
