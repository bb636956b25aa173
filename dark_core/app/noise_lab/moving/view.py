"""The moving joint of the Noise lab: its controls, x over time, the difference to the truth, table and files."""

from __future__ import annotations

import streamlit as st

from dark_core.app.noise_lab import view as lab
from dark_core.app.noise_lab.moving import downloads, tables, text
from dark_core.app.noise_lab.moving.track import (
    NOISE,
    NOISES,
    SPEED,
    SPEEDS,
    WANDER,
    WANDERS,
    Found,
    found,
    moving,
    rms,
)
from dark_core.app.noise_lab.text import AT_LIMIT
from dark_core.app.runtime.page import answer_hidden, presenting, whole_number
from dark_core.app.text.catalog import read_catalog
from dark_core.app.widgets import decoder_cards, teaching
from dark_core.app.widgets.chart_style import chart_style
from dark_core.app.widgets.static_figure import figure
from dark_core.figures.charts.over_time import over_time
from dark_core.figures.decoder_style import title_of
from dark_core.figures.legend import key_mark, legend_of
from dark_core.simulation.motion import MovingGaussian

TEXT = read_catalog("noise_lab")["moving"]

CONTROLS = read_catalog("noise_lab")["controls"]

NAME = "moving"
"""The choice of the moving joint, beside the names of the quantities that are swept."""

HEIGHTS = {"positions": 280, "errors": 270}


def show() -> bool:
    """Everything between the choice of what is shown and the lesson; returns whether the answer is revealed."""
    motion, decoders = _setting()
    one, revealed = found(motion, decoders), not answer_hidden()
    said = text.summary_text(motion, one) if revealed else TEXT["prompt"]
    with st.container(key="words"):
        if revealed:
            st.markdown(said)
        else:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(said)
                teaching.reveal_button()
    with st.container(key="curve"):
        shown = [name for name in decoders if revealed or name not in AT_LIMIT]
        marks = [(key_mark(name), title_of(name)) for name in shown]
        figure(legend_of([*marks, (key_mark("bound"), TEXT["figure"]["reference"])]), key="legend")
        _charts(one, shown, said)
    st.caption(TEXT["how"].format(**vars(motion) | {"wander": rms(one.network - one.truth), "way": _way(one)}))
    if revealed:
        figure(tables.table(one), key="table")
        downloads.show(motion, one)
        decoder_cards.about(decoders)
    return revealed


def _setting() -> tuple[MovingGaussian, tuple[str, ...]]:
    """What the visitor chose; what it shares with the sweeps has the same keys."""
    which, setting = st.columns(2, vertical_alignment="bottom")
    with which:
        decoders = lab.choose_decoders()
    narrow = 128 if presenting() else 112
    with setting, st.container(horizontal=True, vertical_alignment="bottom"):
        noise = _choose("pixel_noise", NOISES, NOISE, narrow)
        speed = _choose("speed", SPEEDS, SPEED, narrow)
        wander = _choose("wander", WANDERS, WANDER, narrow)
        with st.container(key="more", width=narrow), st.popover(CONTROLS["more"], width="stretch"):
            sigma = lab.choose("sigma", "target")
            seed = whole_number(CONTROLS["seed"], 9999, "seed")
    return moving(noise, sigma, speed, wander, seed), decoders


def _choose(key: str, options: tuple[float, ...], start: float, width: int) -> float:
    chosen = st.selectbox(
        TEXT[key],
        options,
        index=options.index(start),
        format_func=lambda value: f"{value:g}",
        key=key,
        bind="query-params",
        width=width,
        help=TEXT[f"{key}_help"],
    )
    return start if chosen is None else chosen


def _charts(one: Found, shown: list[str], said: str) -> None:
    texts, x = TEXT["figure"], one.truth[:, 0]
    charts = {
        "positions": (x, {name: one.xy[name][:, 0] for name in shown}, texts["truth"], 3.0),
        "errors": (one.network[:, 0] - x, {name: one.xy[name][:, 0] - x for name in shown}, texts["network"], 1.2),
    }
    for key, (reference, tracks, named, least) in charts.items():
        titles = (texts["frame"], texts[key], named)
        ends = "; ".join(
            texts["range"].format(decoder=title_of(name), low=values.min(), high=values.max())
            for name, values in tracks.items()
        )
        st.plotly_chart(
            over_time(reference, tracks, titles, least, chart_style(HEIGHTS[key])),
            key=key,
            config={"displayModeBar": False},
            alt=texts["alt"].format(said=said.replace("**", ""), axis=texts[key], ends=ends),
        )


def _way(one: Found) -> float:
    return rms(one.truth[-1:] - one.truth[:1])
