"""Whose joint a lesson explains: one of a bundled scene, or of the visitor's own photo."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st

from dark_core.app.runtime.inference import predict
from dark_core.app.runtime.page import JOINT, SCENE
from dark_core.app.widgets.photo_source import Picture, own_picture, scene_picture
from dark_core.files.scenes import load_scenes
from dark_core.pose.crop_transform import CropTransform
from dark_core.pose.predictor import Pose
from dark_core.pose.skeleton import SKELETON

MINE = "own"
"""The choice beside the scenes' names once there is an own photo."""


@dataclass(frozen=True, eq=False)
class PickedJoint:
    """One joint of one person; ``transform`` counts px of the picture's own file."""

    picture: Picture
    pose: Pose
    transform: CropTransform
    joint: int

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


def pick_joint() -> PickedJoint:
    """The picture and the joint, chosen by two lists that the address remembers."""
    scenes = load_scenes()
    own = own_picture()
    names = [*scenes, *([MINE] if own is not None else [])]
    left, right = st.columns(2)
    with left:
        name = st.selectbox(
            "Picture",
            names,
            index=names.index(SCENE),
            format_func=lambda n: "Your photo" if n == MINE else scenes[n].title,
            key="scene",
            bind="query-params",
        )
    with right:
        joint = st.selectbox(
            "Joint", SKELETON.names, index=SKELETON.names.index(JOINT), key="joint", bind="query-params"
        )
    picture = own if own is not None and name == MINE else scene_picture(scenes[name])
    pose = predict(picture.key, picture.rgb, picture.to_shown(picture.box)).person(picture.person)
    return PickedJoint(picture, pose, pose.transform.rescaled(picture.scale), SKELETON.names.index(joint))
