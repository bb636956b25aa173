"""Joint names as other projects spell them."""

import pytest

from dark_core.files.joint_names import joint_order, our_name
from dark_core.pose.skeleton import SKELETON


@pytest.mark.parametrize(
    "spelled",
    [
        *("left-hip", "l_hip", "LHip", "hipLeft", "person.left_hip", "left hip", "Left Hip", "LEFT_HIP", "lhip"),
        *("L-Hip", "hip_l", "leftHip", "l.hip", "body/left hip", "person:LHip", "11_left_hip", "left_hip_joint"),
        *("keypoint_left_hip", "kp11 left hip", "person.left.hip", " left_hip ", "LHIP"),
    ],
)
def test_side_and_part_are_found_whatever_the_spelling(spelled):
    assert our_name(spelled) == "left hip"


@pytest.mark.parametrize("name", SKELETON.names)
def test_every_name_of_ours_is_matched_in_every_common_spelling(name):
    words = name.split()
    camel = words[0] + "".join(word.title() for word in words[1:])
    turned = [] if name == "head top" else [" ".join(words[::-1])]
    for spelled in (name, name.replace(" ", "_"), name.replace(" ", "-"), name.upper(), name.title(), camel, *turned):
        assert our_name(spelled) == name
    if words[0] in ("left", "right"):
        assert our_name(f"{words[0][0].upper()}{words[1].title()}") == name


@pytest.mark.parametrize(
    "other",
    ["nose", "left_eye", "head", "upper_neck", "hip", "mid_hip", "left_hip_right", "rl_hip", "left_hip_outer", "", "."],
)
def test_another_joint_is_not_taken_for_one_of_ours(other):
    assert our_name(other) is None


def test_the_order_says_where_each_joint_stands_and_leaves_out_what_stands_twice():
    names = ["nose", "RAnkle", "left_hip", "LHip", None, "neck"]
    order = dict(zip(SKELETON.names, joint_order(names), strict=True))
    assert (order["right ankle"], order["neck"]) == (1, 5)
    assert order["left hip"] == -1, "two joints of that name: neither can be told from the other"
    assert order["right knee"] == -1
