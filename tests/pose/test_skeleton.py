"""The 14 joints and how they hang together."""

from dark_core.pose.skeleton import SKELETON


def test_the_joints_are_those_of_leeds_sports_pose():
    assert len(SKELETON) == len(SKELETON.names) == 14
    assert SKELETON.names[:3] == ("right ankle", "right knee", "right hip")
    assert SKELETON.names[6:10] == ("right wrist", "right elbow", "right shoulder", "left shoulder")
    assert SKELETON.names[12:] == ("neck", "head top")


def test_the_mirror_swaps_right_and_left_and_nothing_else():
    swap = {"right": "left", "left": "right"}
    for joint, other in enumerate(SKELETON.mirror):
        assert SKELETON.mirror[other] == joint
        expected = " ".join(swap.get(word, word) for word in SKELETON.names[joint].split())
        assert SKELETON.names[other] == expected


def test_a_side_is_the_first_word():
    sides = [SKELETON.side(joint) for joint in range(14)]
    assert sides == ["right"] * 3 + ["left"] * 3 + ["right"] * 3 + ["left"] * 3 + ["middle"] * 2


def test_the_bones_join_every_joint_into_one_body_symmetric_in_the_mirror():
    bones = {frozenset(bone) for bone in SKELETON.bones}
    assert len(bones) == len(SKELETON.bones) and all(len(bone) == 2 for bone in bones)
    assert {frozenset(SKELETON.mirror[joint] for joint in bone) for bone in bones} == bones
    reached = {0}
    while grown := {joint for bone in bones if bone & reached for joint in bone} - reached:
        reached |= grown
    assert reached == set(range(14))
