"""Motion: a joint in a video, decoder by decoder, frame by frame."""

import streamlit as st

from dark_core.app.live import view as live
from dark_core.app.motion import downloads, tables, text, view
from dark_core.app.motion.comparison import filtered, measured
from dark_core.app.motion.footage import CLIPS, clip_footage
from dark_core.app.motion.own_video import own_footage
from dark_core.app.runtime.page import TITLES, headline, page_frame
from dark_core.app.text import glossary, lesson
from dark_core.app.widgets import teaching
from dark_core.app.widgets.interactive_figure import InteractiveFigure
from dark_core.app.widgets.static_figure import figure
from dark_core.codec import CORE_DECODERS, DECODERS
from dark_core.files.motion.clips import clip_titles
from dark_core.pose.skeleton import SKELETON

page_frame(TITLES["motion"])

labels = text.TEXT["controls"]
heading = st.container()
which, what, curve_kind = st.columns([1.5, 0.8, 1.1], vertical_alignment="bottom")
with which:
    clip = st.segmented_control(
        labels["clip"],
        [*CLIPS, "own"],
        default=CLIPS[0],
        required=True,
        format_func=(clip_titles() | {"own": text.TEXT["own"]["title"]}).get,
        key="clip",
        bind="query-params",
        on_change=view.begin_with_its_joint,
    )
with what:
    joint_name = st.selectbox(
        labels["joint"],
        SKELETON.names,
        index=SKELETON.names.index(view.first_joint(clip)),
        key="joint",
        bind="query-params",
    )
with curve_kind:
    curve = st.segmented_control(
        labels["curve"],
        view.CURVES,
        default=view.TELLING.get(clip, "position"),
        required=True,
        format_func=lambda kind: labels["difference_own" if (clip, kind) == ("own", "difference") else kind],
        key=f"curve_{clip}",  # each clip begins with the curves that tell most
        bind="query-params",
    )
own = own_footage() if clip == "own" else None
stage = st.container()
with st.expander(labels["more"], key="more"):
    left, right, curves = st.columns([1, 1, 2.2], vertical_alignment="bottom")
pick = {"options": CORE_DECODERS, "format_func": lambda name: DECODERS[name].title, "bind": "query-params"}
with left:
    before = st.selectbox(labels["before"], index=CORE_DECODERS.index("argmax"), key="before", **pick)
with right:
    after = st.selectbox(labels["after"], index=CORE_DECODERS.index("dark"), key="after", **pick)
with curves:
    chosen = st.pills(labels["shown"], selection_mode="multi", default=["argmax", "dark"], key="show", **pick)

footage = own or clip_footage(clip if clip in CLIPS else CLIPS[0])
joint = SKELETON.names.index(joint_name)
difference = curve == "difference"
shown = [name for name in CORE_DECODERS if name in {*chosen, before, after}]

interactive = InteractiveFigure("motion", view.fields(footage, joint, before, after), footage.key)
with heading:
    said = text.TEXT if interactive.revealed else text.TEXT["exercise"]
    headline(said["title"], said["lead"])
with stage:
    waiting = teaching.views(view.VIEWS, frozenset() if interactive.revealed else view.ANSWER)
    interactive.show(view.data(footage, joint, before, after, shown, difference), hide=waiting)
    view.keep_frames(footage)
    st.caption(text.caption(footage))
teaching.reveal_button()

if interactive.revealed:
    st.subheader(text.TEXT["measures"]["title"])
    over = st.segmented_control(
        labels["over"],
        ["this_joint", "all_joints"],
        default="this_joint",
        required=True,
        format_func=labels.get,
        key="over",
        bind="query-params",
    )
    only = None if over == "all_joints" else joint
    found = measured(footage, only, before, after, shown)
    st.markdown(text.summary_text(found, only))
    figure(tables.measures_table(found), key="measures")
    glossary.caption(text.TEXT["measures"]["explained" if footage.truth is not None else "explained_unknown"])

    st.subheader(text.TEXT["filters"]["title"])
    decoder = st.selectbox(labels["filtered"], index=CORE_DECODERS.index("argmax"), key="filtered", width=240, **pick)
    compared = filtered(footage, only, decoder)
    glossary.markdown(text.filters_text(compared, footage.tracks.fps))
    figure(tables.filters_table(compared, footage.tracks.fps), key="filters")
    downloads.show(footage, joint, before, after, shown, difference)
    live.show()

lesson.show("motion", interactive.revealed)
teaching.foot(view.PARTS, photo=footage.own)
