"""Which decoder the network of a file needs, shown where its true joints are known."""

from __future__ import annotations

import hashlib
import threading
from dataclasses import dataclass

import numpy as np
import streamlit as st

from dark_core.app.runtime.streamlit_patches import upload_bytes
from dark_core.app.text.catalog import read_catalog
from dark_core.app.widgets import tables
from dark_core.app.widgets.numbers import number, percent
from dark_core.app.widgets.static_figure import figure
from dark_core.app.widgets.tables import Column, Row, decoder_header
from dark_core.app.your_heatmaps import text
from dark_core.app.your_heatmaps.source import Source
from dark_core.codec import DECODERS, decode
from dark_core.evaluation import decoder_choice_text as words
from dark_core.evaluation.decoder_choice import Choice, choose_decoder, people_looked_at
from dark_core.evaluation.truth_frames import truth_in_heatmap_px
from dark_core.figures.charts.joint_gains import gains
from dark_core.files.heatmap_layouts import Heatmaps
from dark_core.files.joint_files import Joints, JointsError, joints_beside, joints_of, read_joints

TEXT = read_catalog("your_heatmaps")["choice"]

MAX_MEGABYTES = 50
"""Largest file of true joints: some 100,000 people as COCO keypoint JSON."""

MOST_PIXELS = 2**23
"""Pixels of the heatmaps that are compared here, some 2,700 heatmaps of 48 × 64; the command line takes more."""

_READ = "true_joints"

_turn = threading.Lock()
"""One comparison at a time: visitors' files take turns."""


@dataclass(frozen=True, eq=False)
class Truth:
    """True joints of a file; key: SHA-256 of the file that they come from, and the name of their array."""

    key: str
    joints: Joints


def current_truth(source: Source, array: str) -> tuple[Truth | None, str]:
    """(true joints, complaint): those of the visitor's second file, else those beside the heatmaps, else none."""
    given = None
    if source.own:
        given = st.file_uploader(
            TEXT["upload"],
            max_upload_size=MAX_MEGABYTES,
            key="truth_file",
            help=TEXT["upload_help"],
        )
    try:
        if given is not None:
            return _read(given.file_id, upload_bytes(given)), ""
        beside = joints_beside(source.file, array)
        return (Truth(f"{source.key} {beside}", joints_of(source.file, beside)) if beside else None), ""
    except JointsError as error:
        return None, str(error)


def _read(upload: str, data: bytes) -> Truth:
    """The joints of an upload, parsed once per session."""
    kept = st.session_state.get(_READ)
    if kept is None or kept[0] != upload:
        kept = st.session_state[_READ] = (upload, Truth(hashlib.sha256(data).hexdigest(), read_joints(data)))
    return kept[1]


@st.cache_resource(max_entries=8, show_spinner=TEXT["comparing"])
def _compared(
    key: str,
    array: str,
    choices: str,
    sigma: float,
    truth: str,
    names: tuple[str, ...],
    _heatmaps: Heatmaps,
    _joints: Joints,
) -> tuple[Choice, float, str]:
    """(the choice, input px per heatmap px, the unit of the truth), shared by all visitors; names: of the decoders."""
    width, height = _heatmaps.size
    which = people_looked_at(_heatmaps.people, _heatmaps.joints * width * height, MOST_PIXELS)
    joints = _joints.take(which) if len(_joints) == _heatmaps.people else _joints
    numbers = which[:, None] * _heatmaps.joints + np.arange(_heatmaps.joints)
    maps = _heatmaps.take(numbers.ravel()).reshape(*numbers.shape, height, width)
    with _turn:
        frames = truth_in_heatmap_px(joints, _heatmaps.size, decode(maps, "argmax").xy)
        choice = choose_decoder(maps, frames.by_convention, sigma, joints.names, frames.areas, frames.stride)
    return choice, frames.stride, frames.how


def show(truth: Truth, source: Source, array: str, heatmaps: Heatmaps, sigma: float) -> None:
    """The verdict, the ranking, the gain per joint and the code; one sentence where the truth does not fit."""
    st.subheader(TEXT["title"])
    try:
        choice, stride, how = _compared(
            source.key, array, heatmaps.choices, sigma, truth.key, tuple(DECODERS), heatmaps, truth.joints
        )
    except JointsError as error:
        st.error(str(error), icon=":material/broken_image:")
        return
    st.markdown(f"**{words.verdict(choice)}** {words.recommendation(choice)}")
    for sentence in words.mistakes(choice):
        st.warning(sentence, icon=":material/straighten:")
    figure(_table(choice), key="choice_table")
    names = [choice.names[k] if choice.names else TEXT["joint"].format(joint=k) for k in range(heatmaps.joints)]
    gain = choice.joints
    st.plotly_chart(
        gains(choice.recommended.decoder, names, gain.value, gain.low, gain.high),
        key="choice_chart",
        config={"displayModeBar": False},
        alt=text.gains_alt(choice, names),
    )
    st.caption(text.choice_caption(choice, heatmaps.people, how))
    st.code(words.code(choice, heatmaps.size, stride), language="python")


def _table(choice: Choice) -> str:
    """A row per decoder with the assumed σ that suits it, the least error first."""
    columns = [
        Column(TEXT["decoder"]),
        Column(TEXT["sigma"], wide_only=True),
        Column(TEXT["error"]),
        Column(TEXT["pck"]),
        *([Column(TEXT["oks"], wide_only=True)] if np.isfinite(choice.best.oks) else []),
        Column(TEXT["gain"], wide_only=True),
    ]
    rows = []
    for row in choice.decoders:
        cells = [
            "–" if row.sigma is None else f"{row.sigma:g}",
            number(row.error, 3),
            percent(row.pck, 1) if np.isfinite(row.pck) else "–",
            *([number(row.oks, 3)] if np.isfinite(choice.best.oks) else []),
            words.interval(row.gain),
        ]
        tied = row in choice.tied
        rows.append(Row(decoder_header(row.decoder), cells, kind="best" if tied else ""))
    return tables.table(TEXT["caption"], columns, rows, scroll=True)
