"""Noise lab: how close to the physical limit each decoder comes."""

import streamlit as st

from dark_core.app.noise_lab import downloads, quiz, tables, text, view
from dark_core.app.noise_lab import figure as noise_lab_figure
from dark_core.app.noise_lab.moving import view as moving
from dark_core.app.runtime.page import TITLES, answer_hidden, headline, page_frame, presenting, whole_number
from dark_core.app.text import lesson
from dark_core.app.widgets import decoder_cards as decoder_texts
from dark_core.app.widgets import number_guess, teaching
from dark_core.app.widgets.static_figure import figure
from dark_core.simulation.simcc import SIMCC_DECODERS
from dark_core.simulation.sweep_parameters import SWEEP_PARAMETERS, SimulationConfig

TEXT = text.TEXT

page_frame(TITLES["noise_lab"])

headline(TEXT["title"], TEXT["lead"])

labels, choices = TEXT["controls"], [*SWEEP_PARAMETERS, moving.NAME]

what, shown_as = st.columns([2.1, 1], vertical_alignment="bottom")
with what:
    name = st.segmented_control(
        labels["against"],
        choices,
        default="noise",
        required=True,
        format_func=lambda key: TEXT["moving"]["title"] if key == moving.NAME else SWEEP_PARAMETERS[key].title,
        key="against",
        wrap=True,
        bind="query-params",
    )
with shown_as:
    measure = st.segmented_control(
        labels["measure"],
        list(TEXT["measures"]),
        default="rmse",
        required=True,
        format_func=TEXT["measures"].get,
        key="measure",
        bind="query-params",
        disabled=name == moving.NAME,
    )

if name == moving.NAME:
    revealed = moving.show()
    teaching.steps("against", choices, labels["step"])
    lesson.show("noise_lab", revealed)
    teaching.question(*quiz.question())
    teaching.foot(TEXT["parts"])
    st.stop()

which, setting = st.columns(2, vertical_alignment="bottom")
with which:
    decoders = view.choose_decoders()
narrow = 128 if presenting() else 100
with setting, st.container(horizontal=True, vertical_alignment="bottom"):
    level = view.choose("noise", "level", narrow)
    sigma = view.choose("sigma", "target", narrow)
    count = st.selectbox(labels["repeats"], view.REPEATS, index=1, key="repeats", bind="query-params", width=narrow)
    with st.container(key="more", width=narrow), st.popover(labels["more"], width="stretch"):
        kernel = view.choose("kernel", "told")
        border = view.choose("border", "edge")
        size = view.choose("size", "side")
        number_format = view.choose("number_format", "format")
        seed = whole_number(labels["seed"], 9999, "seed")

base = SimulationConfig(noise=level, sigma=sigma, kernel=kernel, border=border, size=size, number_format=number_format)
# An empty name in the address is None.
shown = (*decoders, *SIMCC_DECODERS) if name == "bins" else decoders
lab = view.Lab(name or "noise", measure or "rmse", base, shown, count or view.COUNT, seed)

words, curve, below = (st.container(key=key) for key in ("words", "curve", "sampled"))
slot = below.empty()
points = view.sample(lab, slot)
revealed = not answer_hidden()
said = text.summary_text(lab.name, points, lab.marked) if revealed else text.prediction_prompt(shown)
with words:
    if revealed:  # in the row's place, so that the button goes in the moment the sentence comes
        st.markdown(said)
    else:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(said)
            teaching.reveal_button()
with curve:
    number_guess.ask(**TEXT["guess"], answer=text.times_bound(points, lab.marked), case=f"{lab}")
    figure(noise_lab_figure.key(lab, points), key="legend")
    noise_lab_figure.show(lab, points, said)
slot.caption(view.how(lab))

teaching.steps("against", choices, labels["step"])
if revealed:
    figure(tables.table(lab, points), key="table")
    downloads.show(lab, points)
    decoder_texts.about(decoders)

lesson.show("noise_lab", revealed)
teaching.question(*quiz.question())
teaching.foot(TEXT["parts"], asks=True)
