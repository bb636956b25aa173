"""Home: one person, one joint, the whole method on one screen."""

import streamlit as st

from dark_core.app.home import view
from dark_core.app.runtime.inference import predict
from dark_core.app.runtime.page import CONVENTION, JOINT, SCENE, answer_hidden, headline, page_frame
from dark_core.app.widgets import teaching
from dark_core.app.widgets.static_figure import choose_in, figure
from dark_core.codec import trace
from dark_core.evaluation.decoder_comparison import compare_decoders
from dark_core.files.scenes import load_scenes
from dark_core.pose.skeleton import SKELETON

page_frame("Home")

headline(
    "The heatmap is coarse: how it is decoded decides where the joint is found",
    "A pose network answers with a coarse map per joint, not with a point. DARK smooths that map and takes "
    "one Newton step on its log, which recovers what the pixel grid threw away.",
)

scenes = load_scenes()
left, right, _ = st.columns([1, 1, 1.3])
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
with right:
    joint_name = st.selectbox(
        "Joint to follow", SKELETON.names, index=SKELETON.names.index(JOINT), key="joint", bind="query-params"
    )
scene, joint = scenes[name], SKELETON.names.index(joint_name)

prediction = predict(f"scene {name}", scene.photo, scene.box)
pose = prediction.person(0)
comparison = compare_decoders(pose.heatmaps, pose.transform, pose.sigma, scene.joints)

revealed = not answer_hidden()
steps = trace(pose.heatmaps[joint], pose.sigma)
waiting = teaching.views(view.VIEWS)
story = view.story(scene, pose, comparison, joint, steps, revealed=revealed)
figure(story, key="story", on_pick=choose_in("joint"), hide=waiting)
teaching.reveal_button()

st.page_link("pages/4_Your_photo.py", label="Try it on your own picture", icon=":material/arrow_forward:")
st.caption(
    f"{CONVENTION.capitalize()}. The person is rendered, so the true joint is "
    f"known exactly; the network was trained here, on real photographs, and took {prediction.network_ms:.0f} ms "
    f"on this {prediction.device}."
)
teaching.foot(view.PARTS)
