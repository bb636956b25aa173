"""Home: one person, one joint, the whole method on one screen."""

import streamlit as st

from dark_core.app.home import all_joints, pixel_probe, text, view
from dark_core.app.runtime.inference import predict
from dark_core.app.runtime.page import JOINT, SCENE, TITLES, answer_hidden, page_frame, presenting
from dark_core.app.text import glossary, lesson
from dark_core.app.tour import view as tour
from dark_core.app.widgets import number_guess, teaching
from dark_core.app.widgets.joint_picker import choose_network
from dark_core.app.widgets.static_figure import choose_in, figure
from dark_core.codec import trace
from dark_core.evaluation.decoder_comparison import compare_decoders
from dark_core.files.scenes import load_scenes
from dark_core.pose.skeleton import SKELETON
from dark_core.simulation.perfect_network import perfect_pose

page_frame(TITLES["home"])

revealed = not answer_hidden()
said = text.TEXT if revealed else text.TEXT["exercise"]
st.title(said["title"])
with st.container(key="lead"):  # presenting, it is said, and the picture is a view
    words, picture = st.columns([1, 1.15], gap="medium")
    glossary.markdown(said["story"])

scenes = load_scenes()
left, middle, right = st.columns([1, 1, 1.3], vertical_alignment="bottom")
with left:
    names = list(scenes)
    name = st.selectbox(
        text.TEXT["controls"]["scene"],
        names,
        index=names.index(SCENE),
        format_func=lambda n: scenes[n].title,
        key="scene",
        bind="query-params",
    )
with middle:
    joint_name = st.selectbox(
        text.TEXT["controls"]["joint"],
        SKELETON.names,
        index=SKELETON.names.index(JOINT),
        key="joint",
        bind="query-params",
    )
with right:
    perfect = choose_network()
scene, joint = scenes[name], SKELETON.names.index(joint_name)

prediction = predict(f"scene {name}", scene.photo, scene.box)
pose = perfect_pose(prediction.person(0), scene.joints) if perfect else prediction.person(0)
comparison = compare_decoders(pose.heatmaps, pose.transform, pose.sigma, scene.joints)

steps = trace(pose.heatmaps[joint], pose.sigma)
with words:
    glossary.markdown(text.problem(pose))
    tour.start()
waiting = teaching.views(view.VIEWS, frozenset() if revealed else view.ANSWER)
with st.container() if presenting() else picture:
    pixel_probe.show(scene.photo, pose, joint, f"{name} {perfect}", waiting)
story = view.story(scene, pose, comparison, joint, steps, revealed=revealed)
figure(story, key="story", on_pick=choose_in("joint"), hide=waiting)
missed = float(comparison.error("argmax")[joint])
number_guess.ask(**text.TEXT["guess"], answer=missed, case=f"{name} {joint_name} {perfect}", joint=joint_name)
teaching.reveal_button()

st.page_link("pages/4_Your_photo.py", label=text.TEXT["try_photo"], icon=":material/arrow_forward:")
st.caption(text.provenance(prediction, perfect))
if revealed:
    with st.container(key="strips"):
        nearest = all_joints.nearest_over_scenes(perfect)
        st.markdown(all_joints.summary_text(nearest, perfect))
        figure(all_joints.table(nearest, (names.index(name), joint)), key="nearest")
lesson.show("home", revealed)
with st.container(key="sources"):
    st.html(f"<p>{text.TEXT['sources']}</p>")
teaching.foot(text.TEXT["parts"], asks=True)
