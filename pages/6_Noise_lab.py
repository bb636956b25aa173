"""Noise lab: how close to the physical limit each decoder comes."""

import streamlit as st

from dark_core.codec import DECODERS
from dark_core.study.quantities import QUANTITIES, Setting
from dark_core.ui import decoders as decoder_texts
from dark_core.ui import noise_figure, noise_lab, noise_numbers, noise_words, teach
from dark_core.ui.components import figure
from dark_core.ui.page import headline, hidden, page_frame, presenting, whole_number

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
        list(QUANTITIES),
        default="noise",
        required=True,
        format_func=lambda key: QUANTITIES[key].title,
        key="against",
        wrap=True,
        bind="query-params",
    )
with shown_as:
    measure = st.segmented_control(
        "Shown as",
        list(noise_lab.MEASURES),
        default="rmse",
        required=True,
        format_func=noise_lab.MEASURES.get,
        key="measure",
        bind="query-params",
    )

who, setting = st.columns(2, vertical_alignment="bottom")
with who:
    chosen = st.multiselect(
        "Decoders",
        list(DECODERS),
        default=noise_lab.DEFAULTS,
        format_func=lambda key: DECODERS[key].title,
        key="decoders",
        wrap=True,
        bind="query-params",
    )
narrow = 128 if presenting() else 100
with setting, st.container(horizontal=True, vertical_alignment="bottom"):
    level = noise_lab.choose("Noise", "noise", "level", narrow)
    sigma = noise_lab.choose("Target σ", "sigma", "target", narrow)
    count = st.selectbox("Repeats", noise_lab.REPEATS, index=1, key="repeats", bind="query-params", width=narrow)
    with st.container(key="more", width=narrow), st.popover("More", width="stretch"):
        kernel = noise_lab.choose("σ the decoders are told ÷ true σ", "kernel", "told")
        border = noise_lab.choose("Joint’s distance from the edge", "border", "edge")
        size = noise_lab.choose("Map size", "size", "side")
        seed = whole_number("Which noise (seed)", 9999, "seed")

base = Setting(noise=level, sigma=sigma, kernel=kernel, border=border, size=size)
decoders = tuple(decoder for decoder in DECODERS if decoder in chosen)
# An empty name in the address is None.
lab = noise_lab.Lab(name or "noise", measure or "rmse", base, decoders, count or noise_lab.COUNT, seed)

words, curve, below = (st.container(key=key) for key in ("words", "curve", "sampled"))
slot = below.empty()
points = noise_lab.sample(lab, slot)
revealed = "answer" not in hidden()
said = noise_words.in_words(lab.name, points, lab.marked) if revealed else noise_words.riddle(decoders)
with words:
    if revealed:  # in the row's place, so that the button goes in the moment the sentence comes
        st.markdown(said)
    else:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(said)
            teach.reveal_button()
with curve:
    figure(noise_figure.key(lab), key="legend")
    noise_figure.show(lab, points, said)
slot.caption(noise_lab.how(lab))

teach.steps("against", list(QUANTITIES), "quantity")
if revealed:
    figure(noise_numbers.table(lab, points), key="table")
    noise_numbers.offer(lab, points)
    decoder_texts.about(decoders)

teach.question(*noise_lab.asked())
teach.foot(noise_lab.PARTS)
