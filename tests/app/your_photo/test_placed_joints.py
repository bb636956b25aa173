"""The file of placed joints: what is saved comes back, anything else gets one clear sentence."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dark_core.app.your_photo.placed_joints import (
    CONVENTION,
    MAX_BYTES,
    JointsError,
    as_json,
    checked,
    named,
    read_joints,
)
from dark_core.pose.skeleton import SKELETON

SIZE, SHA = (800, 600), "0123456789abcdef" * 4
NONE = np.full((len(SKELETON), 2), np.nan)


def written(**changes) -> bytes:
    """A good file with ``changes`` to its top level."""
    file = {
        "convention": CONVENTION,
        "picture": {"width": 800, "height": 600, "sha256": SHA},
        "joints": {"neck": [400.5, 99.1], "left knee": [-0.5, 599.5]},
    }
    return json.dumps(file | changes).encode()


def complaint(data: bytes) -> str:
    with pytest.raises(JointsError) as error:
        read_joints(data, SIZE, SHA)
    said = str(error.value)
    assert said.endswith(".") and ". " not in said and "\n" not in said, "one sentence"
    return said


places = st.tuples(st.floats(-0.5, 799.5), st.floats(-0.5, 599.5))


@given(st.dictionaries(st.sampled_from(SKELETON.names), places, min_size=1))
def test_what_is_saved_comes_back_to_the_last_digit(joints):
    xy = checked({name: list(point) for name, point in joints.items()}, SIZE)
    read, note = read_joints(as_json(xy, SIZE, SHA).encode(), SIZE, SHA)
    np.testing.assert_array_equal(read, xy)
    assert note == ""
    assert named(read) == {name: list(point) for name, point in joints.items()}


def test_the_file_says_its_convention_and_its_picture():
    xy = NONE.copy()
    xy[SKELETON.names.index("right ankle")] = 312.4, 540.1
    assert json.loads(as_json(xy, SIZE, SHA)) == {
        "convention": "integer = pixel center, x right, y down; photo px of the original file",
        "picture": {"width": 800, "height": 600, "sha256": SHA},
        "joints": {"right ankle": [312.4, 540.1]},
    }


def test_joints_not_in_the_file_are_not_placed():
    joints, _ = read_joints(written(), SIZE, SHA)
    assert np.isfinite(joints).all(1).sum() == 2
    np.testing.assert_array_equal(joints[SKELETON.names.index("left knee")], [-0.5, 599.5])


def test_another_file_of_the_same_size_gets_a_note():
    joints, note = read_joints(written(), SIZE, "f" * 64)
    assert np.isfinite(joints).any()
    assert "another file of the same size" in note


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-be"])
def test_a_file_may_be_utf_16_as_well(encoding):
    read, _ = read_joints(written().decode().encode(encoding), SIZE, SHA)
    np.testing.assert_array_equal(read, read_joints(written(), SIZE, SHA)[0])


def test_joints_may_be_spelled_as_in_other_files():
    read, _ = read_joints(written(joints={"l_hip": [1, 2], "RAnkle": [3, 4]}), SIZE, SHA)
    assert named(read) == {"left hip": [1, 2], "right ankle": [3, 4]}
    assert complaint(written(joints={"l_hip": [1, 2], "left hip": [3, 4]})).startswith(
        "The file gives the left hip twice"
    )


def test_a_byte_order_mark_is_no_obstacle():
    read_joints(b"\xef\xbb\xbf" + written(), SIZE, SHA)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "cannot be read as JSON"),
        (b"\xff\xfe\x00", "cannot be read as JSON"),
        (b"{", "cannot be read as JSON"),
        (b"[" * 100_000, "cannot be read as JSON"),
        (b'{"a":' * 30_000, "cannot be read as JSON"),
        (b"1" * 10_000, "cannot be read as JSON"),
        (b" " * (MAX_BYTES + 1), "more than 200 kB"),
        (b"[1, 2]", "other than placed joints"),
        (b"null", "other than placed joints"),
        (b'{"joints": {}}', "other than placed joints"),
        (b'{"picture": [], "joints": {}}', "other than placed joints"),
        (b'{"picture": {}, "picture": {}}', "same name twice"),
        (written().replace(b"left knee", b"neck"), "same name twice"),
        (written(convention="pixel corners"), "counts pixels"),
        (written(convention=None), "counts pixels"),
        (written(picture={}), "how large its picture is"),
        (written(picture={"width": True, "height": 600, "sha256": SHA}), "how large its picture is"),
        (written(picture={"width": 10**400, "height": 600, "sha256": SHA}), "how large its picture is"),
        (written(picture={"width": "800", "height": 600, "sha256": SHA}), "how large its picture is"),
        (written(picture={"width": 800, "height": 600}), "which picture"),
        (written(picture={"width": 800, "height": 600, "sha256": "<b>"}), "which picture"),
        (written(picture={"width": 400, "height": 300, "sha256": SHA}), "400 × 300 px and this one has 800 × 600"),
        (written(joints=[]), "not given by their names"),
        (written(joints={}), "places no joint"),
        (written(joints={"tail": [1, 2]}), "none of the 14"),
        (written(joints={"![](http://example.com/x.png)": [1, 2]}), "none of the 14"),
        (written(joints={"\ud800": [1, 2]}), "none of the 14"),
        (written(joints={"neck": [1]}), "not given by two numbers"),
        (written(joints={"neck": [1, 2, 3]}), "not given by two numbers"),
        (written(joints={"neck": "12"}), "not given by two numbers"),
        (written(joints={"neck": ["1", 2]}), "not given by two numbers"),
        (written(joints={"neck": [True, 2]}), "not given by two numbers"),
        (written(joints={"neck": [None, 2]}), "not given by two numbers"),
        (written(joints={"neck": None}), "not given by two numbers"),
        (written(joints={"neck": [float("nan"), 2]}), "cannot be read as JSON"),
        (written(joints={"neck": [float("-inf"), 2]}), "cannot be read as JSON"),
        (written().replace(b"400.5", b"1e999"), "outside the picture of 800 × 600 px"),
        (written(joints={"neck": [10**400, 2]}), "outside the picture"),
        (written(joints={"neck": [-0.6, 2]}), "outside the picture"),
        (written(joints={"neck": [5, 599.6]}), "outside the picture"),
    ],
)
def test_a_bad_file_gets_one_sentence(data, says):
    assert says in complaint(data)


@given(st.binary(max_size=300))
def test_any_bytes_are_refused_in_one_sentence(data):
    complaint(data)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from(["convention", "picture", "joints", "neck", "x", "width", "sha256"]), json_values)
def test_any_value_in_any_place_is_taken_or_refused_in_one_sentence(where, value):
    file = json.loads(written())
    holder = {"neck": file["joints"], "x": file["joints"]["neck"], "width": file["picture"], "sha256": file["picture"]}
    holder.get(where, file)[0 if where == "x" else where] = value
    expect_sense(json.dumps(file).encode())


@given(st.integers(0, len(written()) - 1), st.binary(max_size=3), st.integers(0, 6))
def test_a_good_file_with_a_cut_is_taken_or_refused_in_one_sentence(at, new, cut):
    good = written()
    expect_sense(good[:at] + new + good[at + cut :])


def expect_sense(data: bytes) -> None:
    try:
        joints, note = read_joints(data, SIZE, SHA)
    except JointsError:
        complaint(data)
        return
    assert joints.shape == (14, 2) and isinstance(note, str)
    known = joints[np.isfinite(joints).all(1)]
    assert len(known) and (np.isfinite(joints).all(1) | np.isnan(joints).all(1)).all()
    assert (known >= -0.5).all() and (known <= np.array(SIZE) - 0.5).all()
