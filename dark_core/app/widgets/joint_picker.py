"""Whose joint a lesson explains: one of a bundled scene, or of the visitor's own photo."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st

from dark_core.app.runtime.inference import predict
from dark_core.app.runtime.page import JOINT, SCENE
from dark_core.app.text.catalog import read_catalog
from dark_core.app.widgets.photo_source import Picture, own_picture, scene_picture
from dark_core.files.scenes import load_scenes
from dark_core.pose.crop_transform import CropTransform
from dark_core.pose.pose import Pose
from dark_core.pose.skeleton import SKELETON
from dark_core.simulation.perfect_network import perfect_pose

TEXT = read_catalog("widgets")["joint_picker"]

MINE = "own"
"""The choice beside the scenes' names once there is an own photo."""


@dataclass(frozen=True, eq=False)
class PickedJoint:
    """One joint of one person; ``transform`` counts px of the picture's own file; ``perfect``: of a perfect network."""

    picture: Picture
    pose: Pose
    transform: CropTransform
    joint: int
    perfect: bool = False

    @property
    def name(self) -> str:
        return SKELETON.names[self.joint]

    @property
    def heatmap(self) -> np.ndarray:
        """(H, W), as the network answered."""
        return self.pose.heatmaps[self.joint]

    @property
    def truth(self) -> np.ndarray | None:
        """(2,) photo px of the true joint, None where nobody knows it."""
        if self.picture.truth is None or not self.picture.knows(self.joint):
            return None
        return self.picture.truth[self.joint]


def choose_network() -> bool:
    """Whether the visitor wants the Gaussians of a perfect network on a scene; the address remembers it."""
    chosen = st.segmented_control(
        TEXT["network"],
        list(TEXT["networks"]),
        default="our",
        required=True,
        format_func=TEXT["networks"].__getitem__,
        key="network",
        bind="query-params",
        help=TEXT["network_help"],
    )
    return chosen == "perfect"


def pick_joint(network: bool = True) -> PickedJoint:
    """The picture and the joint, chosen by two lists that the address remembers.

    With ``network`` also whose heatmaps of a scene are shown.
    """
    scenes = load_scenes()
    own = own_picture()
    names = [*scenes, *([MINE] if own is not None else [])]
    left, middle, *right = st.columns([1, 1, 1.25] if network else 2, vertical_alignment="bottom")
    with left:
        name = st.selectbox(
            TEXT["picture"],
            names,
            index=names.index(SCENE),
            format_func=lambda n: TEXT["own"] if n == MINE else scenes[n].title,
            key="scene",
            bind="query-params",
        )
    with middle:
        joint = st.selectbox(
            TEXT["joint"], SKELETON.names, index=SKELETON.names.index(JOINT), key="joint", bind="query-params"
        )
    picture = own if own is not None and name == MINE else scene_picture(scenes[name])
    perfect = False
    if network and not picture.own:
        with right[0]:
            perfect = choose_network()
    pose = predict(picture.key, picture.rgb, picture.to_shown(picture.box)).person(picture.person)
    if perfect and picture.truth is not None:
        pose = perfect_pose(pose, picture.truth)
    return PickedJoint(picture, pose, pose.transform.rescaled(picture.scale), SKELETON.names.index(joint), perfect)
