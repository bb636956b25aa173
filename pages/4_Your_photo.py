"""Your photo: the visitor's own picture, read three ways and compared."""

import streamlit as st

from dark_core.app.runtime.inference import predict
from dark_core.app.runtime.page import JOINT, headline, hidden, page_frame
from dark_core.app.widgets import teaching
from dark_core.app.widgets.photo_source import current_picture, keep_box, parse_box
from dark_core.app.widgets.static_figure import choose_in, figure
from dark_core.app.your_photo import annotation, downloads, tables, view
from dark_core.codec import CORE_DECODERS, DECODERS
from dark_core.evaluation.decoder_comparison import compare_decoders
from dark_core.pose.skeleton import SKELETON

page_frame("Your photo")

headline(
    "On your own picture",
    "The same network, the same heatmaps: what each way of reading them does to your joints, in your pixels.",
)

picture, refused = current_picture()

readings, box_text, switches = st.columns([2.1, 1.15, 1.1], vertical_alignment="bottom")
with switches:
    place = st.toggle(
        "Place the true joints",
        key="place",
        bind="query-params",
        disabled=not picture.own,
        help=None if picture.own else "On your own photo; the true joints of a scene are known exactly.",
    )
    place = place and picture.own
    by_hand = st.toggle("Draw the box", key="hand", bind="query-params", disabled=place)
with readings:
    shown = st.pills(
        "Readings on the photo",
        list(CORE_DECODERS),
        selection_mode="multi",
        format_func=lambda n: DECODERS[n].title,
        default=["dark"],
        key="show",
        bind="query-params",
        disabled=place,
    )
with box_text:
    text = st.text_input(
        "Box round the person, in photo px",
        key="box",
        bind="query-params",
        placeholder="x0, y0, x1, y1 – or empty: found",
    )

box, complaint = parse_box(text, picture)
keep_box(picture, box)
notices = st.container()  # always there, so that a notice moves nothing out of its place
if refused:
    notices.error(refused, icon=":material/broken_image:")
if complaint:
    notices.warning(complaint, icon=":material/crop:")
if place:
    refused, note = annotation.loaded_note(picture)
    if refused:
        notices.error(refused, icon=":material/data_object:")
    if note:
        notices.warning(note, icon=":material/data_object:")


def take_box(drawn: list) -> None:
    st.session_state["box"] = ", ".join(f"{value:.1f}" for value in drawn)


reading = predict(picture.key, picture.rgb, picture.to_shown(box))
pose = reading.pose
# From here on one pixel is one pixel of the visitor's own file, however it was reduced to be shown.
frame = pose.transform.rescaled(picture.scale)
comparison = compare_decoders(pose.heatmaps, frame, pose.sigma, picture.truth)

if not pose.has_person:
    notices.warning(
        f"No person found: the heatmaps peak at only {pose.score.mean():.2f} on average, so all joints are guesses. "
        "Try a picture with one whole person, or draw the box round them by hand.",
        icon=":material/person_off:",
    )

left, right = st.columns([2.3, 1] if place else [1, 1.15], gap="medium")
with right:
    joint_name = st.selectbox(
        "Joint", SKELETON.names, index=SKELETON.names.index(JOINT), key="joint", bind="query-params"
    )
    if not place:
        teaching.steps("joint", list(SKELETON.names), "joint")
joint = SKELETON.names.index(joint_name)
revealed = "answer" not in hidden()

if place:
    with left:
        annotation.place(picture, pose, frame, joint_name)
    with right:
        annotation.files(picture)
else:
    with left:
        figure(
            view.overview(picture, comparison, pose, frame, joint, shown, draw=by_hand),
            key="stage",
            on_pick=choose_in("joint"),
            on_box=take_box,
        )
        if revealed:
            st.markdown(view.summary_text(comparison, pose, joint, picture))
    with right:
        figure(view.detail_panels(picture, comparison, pose, joint, revealed=revealed), key="detail_panels")
    st.caption(view.provenance(reading, picture))
    teaching.reveal_button()

    if revealed:
        if picture.truth is not None:
            st.markdown(view.medians(comparison, picture))
        figure(tables.table(comparison, pose, joint), key="joints", on_pick=choose_in("joint"))
        downloads.show(picture, comparison, pose, frame, shown)
teaching.foot(view.PARTS, photo=picture.own)
