"""Home: one person, one joint, the whole method on one screen."""

import streamlit as st

from dark_core.app.home import all_joints, text, view
from dark_core.app.runtime.inference import predict
from dark_core.app.runtime.page import JOINT, SCENE, answer_hidden, headline, page_frame
from dark_core.app.widgets import teaching
from dark_core.app.widgets.joint_picker import choose_network
from dark_core.app.widgets.static_figure import choose_in, figure
from dark_core.codec import trace
from dark_core.evaluation.decoder_comparison import compare_decoders
from dark_core.files.scenes import load_scenes
from dark_core.pose.skeleton import SKELETON
from dark_core.simulation.perfect_network import perfect_pose

page_frame("Home")

headline(
    "The heatmap is coarse: how it is decoded decides where the joint is found",
    "A pose network answers with a coarse map per joint, not with a point. DARK smooths that map and takes "
    "one Newton step on its log, which recovers what the pixel grid threw away.",
)

scenes = load_scenes()
left, middle, right = st.columns([1, 1, 1.3], vertical_alignment="bottom")
with left:
    names = list(scenes)
    name = st.selectbox(
        "Scene",
        names,
        index=names.index(SCENE),
        format_func=lambda n: scenes[n].title,
        key="scene",
        bind="query-params",
    )
with middle:
    joint_name = st.selectbox(
        "Joint to follow", SKELETON.names, index=SKELETON.names.index(JOINT), key="joint", bind="query-params"
    )
with right:
    perfect = choose_network()
scene, joint = scenes[name], SKELETON.names.index(joint_name)

prediction = predict(f"scene {name}", scene.photo, scene.box)
pose = perfect_pose(prediction.person(0), scene.joints) if perfect else prediction.person(0)
comparison = compare_decoders(pose.heatmaps, pose.transform, pose.sigma, scene.joints)

revealed = not answer_hidden()
steps = trace(pose.heatmaps[joint], pose.sigma)
waiting = teaching.views(view.VIEWS)
story = view.story(scene, pose, comparison, joint, steps, revealed=revealed)
figure(story, key="story", on_pick=choose_in("joint"), hide=waiting)
teaching.reveal_button()

st.page_link("pages/4_Your_photo.py", label="Try it on your own picture", icon=":material/arrow_forward:")
st.caption(text.provenance(prediction, perfect))
if revealed:
    with st.container(key="strips"):
        nearest = all_joints.nearest_over_scenes(perfect)
        st.markdown(all_joints.summary_text(nearest, perfect))
        figure(all_joints.table(nearest, (names.index(name), joint)), key="nearest")
teaching.foot(view.PARTS)
