"""Your heatmaps: the heatmaps of the visitor's own network, decoded by every decoder."""

import streamlit as st

from dark_core.app.runtime.page import TITLES, answer_hidden, page_frame
from dark_core.app.text import glossary, lesson
from dark_core.app.track_audit import view as track_audit
from dark_core.app.track_audit.source import PARTS as TRACK_PARTS
from dark_core.app.track_audit.source import coordinates_only
from dark_core.app.widgets import decoder_cards, teaching
from dark_core.app.widgets.static_figure import figure
from dark_core.app.your_heatmaps import choice, downloads, sheet, tables, text, value_range, view, whole_file
from dark_core.app.your_heatmaps.source import choose_array, current_source, held, refusal, sample, surveyed
from dark_core.app.your_heatmaps.view import HEATMAP_PX
from dark_core.codec import DECODERS
from dark_core.evaluation.batch_decode import InputFrame, decode_block
from dark_core.files.formats.stored import HeatmapsError
from dark_core.pose.pixel_conventions import CONVENTIONS

labels = text.TEXT["controls"]

page_frame(TITLES["your_heatmaps"])

title, bring = st.columns([3, 1], vertical_alignment="center")
title.title(text.TEXT["title"])
with bring:
    only_coordinates = coordinates_only()
lead = st.container(key="lead").empty()

if only_coordinates:
    revealed = not answer_hidden()
    track_audit.show(revealed, lead)
    lesson.show("your_heatmaps", revealed)
    teaching.foot(TRACK_PARTS)
    st.stop()

source = current_source()
columns = st.columns([1.6, 1, 1, 1.3], vertical_alignment="bottom")
with columns[0]:
    array, layout = choose_array(source)
notices = st.container()  # always there, so that a notice moves nothing out of its place
try:
    heatmaps = held(source, array, layout)
except HeatmapsError as error:
    notices.error(refusal(error), icon=":material/broken_image:")
    source = sample()
    array = source.file.choose().name
    heatmaps = held(source, array, None)
with lead:
    glossary.markdown(text.lead(source))

truth, unfit = choice.current_truth(source, array)
if unfit:
    notices.error(unfit, icon=":material/broken_image:")

heatmaps = value_range.as_chosen(source, array, heatmaps, notices)
found = surveyed(source.key, array, heatmaps.choices, heatmaps)
with columns[1]:
    given = st.number_input(
        labels["sigma"],
        0.3,
        50.0,
        value=None,
        step=0.1,
        placeholder=labels["sigma_measured" if found.clear else "sigma_assumed"].format(sigma=found.sigma),
        key="maps_sigma",
        bind="query-params",
        help=labels["sigma_help"],
    )
with columns[3]:
    name = st.selectbox(
        labels["frame"],
        [*CONVENTIONS, HEATMAP_PX],
        key="frame",
        bind="query-params",
        help=text.frame_help(),
    )
with columns[2]:
    stride = st.number_input(
        labels["stride"],
        0.25,
        64.0,
        value=4.0,
        step=0.5,
        key="stride",
        bind="query-params",
        disabled=name == HEATMAP_PX,
        help=labels["stride_help"],
    )
sigma = found.sigma if given is None else given
frame = InputFrame("" if name == HEATMAP_PX else name or "half_pixel", stride or 4.0, heatmaps.size)
st.caption(text.recognized_text(source, heatmaps, found, given))
for warning in text.warnings(found):
    notices.warning(warning, icon=":material/help:")


def choose_number(chosen: str) -> None:
    st.session_state["number"] = float(chosen) if chosen.isdecimal() else 0.0


left, right = st.columns([1, 1.3], gap="medium")
with left:
    person, joint = view.choose_heatmap(heatmaps)
raw = heatmaps.one(person, joint)
at = person * heatmaps.joints + joint
one = decode_block(heatmaps, range(at, at + 1), sigma, DECODERS)
positions = {decoder: xy[0] for decoder, xy in one.xy.items()}
reasons = {decoder: int(codes[0]) for decoder, codes in one.reason.items()}
titled = text.joint_name(source, joint)
revealed = not answer_hidden()

with left:
    stretch = st.toggle(labels["stretch"], key="stretch", bind="query-params")
    shown = view.color_range(found, raw, stretch)
    figure(sheet.sheet(heatmaps, person, joint, shown[0]), key="sheet", on_pick=choose_number)
    if revealed:
        glossary.markdown(text.summary_text(positions, frame, titled))
        st.markdown(text.explanation(raw, sigma, positions))
with right:
    figure(view.detail_panels(raw, positions, sigma, frame, titled, shown, revealed), key="detail_panels")
teaching.reveal_button()

if revealed:
    figure(tables.table(positions, reasons, frame, titled), key="table")
chosen = st.container(key="choice")
whole = st.container(key="whole")
glossary.caption(f"{text.measured_text(heatmaps, found, given is not None)} {text.conventions_text(source, frame)}")
if revealed:
    decoder_cards.about(DECODERS)
lesson.show("your_heatmaps", revealed)
teaching.foot(text.TEXT["parts"])

if revealed:  # last, because a large file takes its time and all else is there already
    if truth is not None:
        with chosen:
            choice.show(truth, source, array, heatmaps, sigma)
    with whole:
        result = whole_file.decode_all(source, array, heatmaps, sigma)
        whole_file.show(result, frame)
        downloads.show(result, heatmaps, frame, source, array)
