"""Your photo: everyone in the visitor's own picture, decoded in several ways and compared."""

import streamlit as st

from dark_core.app.runtime.inference import predict
from dark_core.app.runtime.page import JOINT, TITLES, answer_hidden, headline, page_frame
from dark_core.app.text import glossary, lesson
from dark_core.app.widgets import teaching
from dark_core.app.widgets.downloads import Download, download_buttons
from dark_core.app.widgets.joint_picker import choose_network
from dark_core.app.widgets.photo_source import current_picture, keep_person, parse_box
from dark_core.app.widgets.static_figure import figure
from dark_core.app.your_photo import annotation, downloads, share_picture, tables, text, view, wipe
from dark_core.app.your_photo.person_picker import choose_person, follow
from dark_core.codec import CORE_DECODERS, DECODERS
from dark_core.evaluation.decoder_comparison import compare_decoders
from dark_core.pose.skeleton import SKELETON
from dark_core.simulation.perfect_network import perfect_pose

CHOICES = {"place", "hand", "box", "show"}
"""What the address may hold of the choices that follow the picture."""

page_frame(TITLES["your_photo"])

revealed = not answer_hidden()
said = text.TEXT if revealed else text.TEXT["exercise"]
headline(said["title"], said["lead"])
count = st.container(key="count").empty()  # an element keeps its place before the network has answered

picture = current_picture()

# No place that is emptied: a figure or a control in it would lose the keyboard's focus at every run.
people = st.container(key="people")
notices = st.container()  # always there, so that a notice moves nothing out of its place
first = st.container(key="first")

# Open for a link that chooses something in it; afterwards the visitor's own.
expanded = st.session_state.setdefault("more_open", not CHOICES.isdisjoint(st.query_params))
labels = text.TEXT["controls"]
with st.expander(labels["more"], expanded=expanded, key="more"):
    decoders, box_text, switches = st.columns([2.1, 1.15, 1.1], vertical_alignment="bottom")
with switches:
    place = st.toggle(
        labels["place"],
        key="place",
        bind="query-params",
        disabled=not picture.own,
        help=None if picture.own else labels["place_why_not"],
    )
    place = place and picture.own
    by_hand = st.toggle(labels["draw"], key="hand", bind="query-params", disabled=place)
with decoders:
    shown = st.pills(
        labels["decoders"],
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
        labels["box"],
        key="box",
        bind="query-params",
        placeholder=labels["box_format"],
    )

with people:
    perfect = not picture.own and choose_network()
with first:
    left, right = st.columns([2.3, 1] if place else [1, 1.15], gap="medium")
with right:
    joint_name = st.selectbox(
        labels["joint"], SKELETON.names, index=SKELETON.names.index(JOINT), key="joint", bind="query-params"
    )
    if not place:
        teaching.steps("joint", list(SKELETON.names), labels["step"])
joint = SKELETON.names.index(joint_name)

box, complaint = parse_box(typed, picture)
if complaint:
    notices.warning(complaint, icon=":material/crop:")
# Where no box is given, everyone in a photo is found; a scene has the box that every page shows it in.
prediction = predict(picture.key, picture.rgb, picture.to_shown(box if picture.own else box or picture.box))
with people:
    person = choose_person(len(prediction.poses))
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

with count:
    st.markdown(wipe.count_text(picture, transform))

if not pose.has_person:
    notices.warning(text.no_person_text(pose), icon=":material/person_off:")

if place:
    with left:
        annotation.place(picture, pose, transform, joint_name)
    with right:
        annotation.files(picture)
else:
    with right:
        figure(view.detail_panels(picture, comparison, pose, joint, revealed=revealed), key="detail_panels")
    if revealed:
        with left:
            wipe.show(picture, comparison, pose, transform, joint)
            share = text.TEXT["share"]["button"]
            download_buttons(Download(share, lambda: share_picture.png(picture, comparison, pose), "before_after.png"))
        left, right = st.columns([1, 1.15], gap="medium")
    with left:
        figure(
            view.overview(picture, comparison, poses, person, joint, shown, draw=by_hand),
            key="stage",
            on_pick=follow,
            on_box=take_box,
        )
    with right:
        if revealed:
            glossary.markdown(text.summary_text(comparison, pose, transform, joint, picture))
            if picture.truth is not None:
                st.markdown(text.medians(comparison, picture))
        glossary.caption(text.provenance(prediction, picture, perfect))
        teaching.reveal_button()
    if revealed:
        figure(tables.table(comparison, pose, joint), key="joints", on_pick=follow)
        downloads.show(picture, poses, person, shown)
lesson.show("your_photo", revealed)
teaching.foot(view.PARTS, photo=picture.own)
