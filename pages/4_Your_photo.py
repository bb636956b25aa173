"""Your photo: everyone in the visitor's own picture, decoded in several ways and compared."""

import streamlit as st

from dark_core.app.runtime.inference import predict
from dark_core.app.runtime.page import JOINT, answer_hidden, headline, page_frame
from dark_core.app.widgets import teaching
from dark_core.app.widgets.joint_picker import choose_network
from dark_core.app.widgets.photo_source import current_picture, keep_person, parse_box
from dark_core.app.widgets.static_figure import figure
from dark_core.app.your_photo import annotation, downloads, tables, text, view
from dark_core.app.your_photo.person_picker import choose_person, follow
from dark_core.codec import CORE_DECODERS, DECODERS
from dark_core.evaluation.decoder_comparison import compare_decoders
from dark_core.pose.skeleton import SKELETON
from dark_core.simulation.perfect_network import perfect_pose

page_frame("Your photo")

headline(text.TITLE, text.LEAD)

picture = current_picture()

decoders, box_text, switches = st.columns([2.1, 1.15, 1.1], vertical_alignment="bottom")
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
with decoders:
    shown = st.pills(
        "Decoders on the photo",
        list(CORE_DECODERS),
        selection_mode="multi",
        format_func=lambda n: DECODERS[n].title,
        default=["dark"],
        key="show",
        bind="query-params",
        disabled=place,
    )
with box_text:
    typed = st.text_input(
        "Box round the person, in photo px",
        key="box",
        bind="query-params",
        placeholder="x0, y0, x1, y1 – or empty: found" if picture.own else "x0, y0, x1, y1 – or empty",
    )

box, complaint = parse_box(typed, picture)
people = st.container()
notices = st.container()  # always there, so that a notice moves nothing out of its place
if complaint:
    notices.warning(complaint, icon=":material/crop:")
# Where no box is given, everyone in a photo is found; a scene has the box that every page shows it in.
prediction = predict(picture.key, picture.rgb, picture.to_shown(box if picture.own else box or picture.box))
with people:
    person = choose_person(len(prediction.poses))
    perfect = not picture.own and choose_network()
picture = keep_person(picture, box, person)
poses = [perfect_pose(pose, picture.truth) for pose in prediction.poses] if perfect else prediction.poses
if place:
    refused, note = annotation.loaded_note(picture)
    if refused:
        notices.error(refused, icon=":material/data_object:")
    if note:
        notices.warning(note, icon=":material/data_object:")


def take_box(drawn: list) -> None:
    st.session_state["box"] = ", ".join(f"{value:.1f}" for value in drawn)


pose = poses[person]
# From here on one pixel is one pixel of the visitor's own file, however it was reduced to be shown.
transform = pose.transform.rescaled(picture.scale)
comparison = compare_decoders(pose.heatmaps, transform, pose.sigma, picture.truth, pose.absent)

if not pose.has_person:
    notices.warning(text.no_person_text(pose), icon=":material/person_off:")

left, right = st.columns([2.3, 1] if place else [1, 1.15], gap="medium")
with right:
    joint_name = st.selectbox(
        "Joint", SKELETON.names, index=SKELETON.names.index(JOINT), key="joint", bind="query-params"
    )
    if not place:
        teaching.steps("joint", list(SKELETON.names), "joint")
joint = SKELETON.names.index(joint_name)
revealed = not answer_hidden()

if place:
    with left:
        annotation.place(picture, pose, transform, joint_name)
    with right:
        annotation.files(picture)
else:
    with left:
        figure(
            view.overview(picture, comparison, poses, person, joint, shown, draw=by_hand),
            key="stage",
            on_pick=follow,
            on_box=take_box,
        )
        if revealed:
            st.markdown(text.summary_text(comparison, pose, transform, joint, picture))
    with right:
        figure(view.detail_panels(picture, comparison, pose, joint, revealed=revealed), key="detail_panels")
    st.caption(text.provenance(prediction, picture, perfect))
    teaching.reveal_button()

    if revealed:
        if picture.truth is not None:
            st.markdown(text.medians(comparison, picture))
        figure(tables.table(comparison, pose, joint), key="joints", on_pick=follow)
        downloads.show(picture, poses, person, shown)
teaching.foot(view.PARTS, photo=picture.own)
