"""Files of coordinates as each tool writes them, and what is said of those that cannot be used."""

import json
import tracemalloc

import numpy as np
import pytest

from dark_core.files.motion import track_files
from dark_core.files.motion.track_files import TracksError, read_tracks

XY = np.array([[[10.5, 20.25], [30.0, 40.75]], [[11.5, 21.25], [31.0, 41.75]], [[12.5, 22.25], [32.0, 42.75]]])
FLAT = [[value for x, y in frame for value in (x, y, 0.9)] for frame in XY.tolist()]
DLC = "scorer,net,net,net,net,net,net\nbodyparts,nose,nose,nose,tail,tail,tail\ncoords,x,y,likelihood,x,y,likelihood\n"
SLEAP = "track,frame_idx,instance.score,nose.x,nose.y,nose.score,tail.x,tail.y,tail.score\n"


def csv_rows(before) -> str:
    return "".join(",".join(map(str, [*before(k), *row])) + "\n" for k, row in enumerate(FLAT))


LONG = "frame,joint,x,y\n" + "".join(
    f"{t},{name},{x},{y}\n" for t, frame in enumerate(XY.tolist()) for name, (x, y) in zip(("nose", "tail"), frame)
)
FILES = {
    "COCO results": json.dumps([{"image_id": k, "keypoints": row, "score": 1} for k, row in enumerate(FLAT)]),
    "OpenPose JSON": json.dumps([{"version": 1.3, "people": [{"pose_keypoints_2d": row}]} for row in FLAT]),
    "MediaPipe landmarks": json.dumps(
        [
            {"landmarks": [{"x": x / 100, "y": y / 100, "z": 0, "visibility": 1} for x, y in frame]}
            for frame in XY.tolist()
        ]
    ),
    "DeepLabCut CSV": DLC + csv_rows(lambda k: [k]),
    "SLEAP CSV": SLEAP + csv_rows(lambda k: ["track_0", k, 0.9]),
    "plain columns": "nose_x,nose_y,c,tail_x,tail_y,d\n" + csv_rows(lambda k: []),
    "tracks of dark-core track": json.dumps({"joints": ["a", "b"], "tracks": {"dark": XY.tolist()}}),
}


@pytest.mark.parametrize("kind", FILES)
def test_each_kind_gives_its_coordinates(kind):
    found = read_tracks(FILES[kind].encode())
    assert found.kind == kind
    assert found.xy * (100 if found.normalized else 1) == pytest.approx(XY)
    assert found.normalized == (kind == "MediaPipe landmarks") and found.consecutive == (kind != "COCO results")


def test_a_row_per_joint_and_x1_y1_are_plain_columns(tmp_path):
    path = tmp_path / "long.csv"
    path.write_text(LONG)
    found = read_tracks(path)
    assert found.xy == pytest.approx(XY) and found.names == ("nose", "tail") and found.consecutive
    assert read_tracks(b"x1,y1,x2,y2\n1,2,3,4\n").xy.tolist() == [[[1, 2], [3, 4]]]


def test_what_has_no_position_is_left_out():
    rows = [[1, 2, 0.5, 0, 0, 0], [1, 2, 0.5, 3, "nan", 1]]
    found = read_tracks(json.dumps([{"keypoints": row} for row in rows]).encode())
    assert np.isfinite(found.xy).all(-1).tolist() == [[True, False], [True, False]]


@pytest.mark.parametrize(
    "data, words",
    [
        (b"", "holds no text"),
        (b"\xff\xfe\x00", "neither JSON nor CSV"),
        (b"[{", "damaged"),
        (b"[" * 100_000, "damaged"),
        (b"[1, 2]", "holds no joints"),
        (b"{}", "holds no joints"),
        (b'[{"keypoints": [1, 2]}]', "x, y and a score"),
        (b'[{"keypoints": [1, 2, 1]}, {"keypoints": [1, 2, 1, 1, 2, 1]}]', "export one kind"),
        (b'[{"keypoints": [0, 0, 0]}]', "No joint"),
        (b'[{"people": []}]', "at least one frame"),
        (b"a,b\n1,2\n", "no columns of x and y"),
        (b"x,y\n", "no rows"),
        (b"x,y\nnan,inf\n", "No joint"),
        (b'{"landmarks": "x"}', "holds no joints"),
    ],
)
def test_what_cannot_be_used_is_told_in_one_sentence(data, words):
    with pytest.raises(TracksError, match=words) as told:
        read_tracks(data)
    assert str(told.value).endswith(".") and "\n" not in str(told.value)


def test_a_file_too_large_or_missing_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("dark_core.files.motion.track_files.MAX_BYTES", 10)
    with pytest.raises(TracksError, match="export fewer frames"):
        read_tracks(b"x,y\n" + b"1,2\n" * 9)
    monkeypatch.undo()
    monkeypatch.setattr("dark_core.files.motion.track_files.MOST_ROWS", 3)
    with pytest.raises(TracksError, match="more than 3 rows"):
        read_tracks(b"x,y\n" + b"1,2\n" * 3)
    assert len(read_tracks(b"x,y\n1,2\n1,2\n").xy) == 2
    with pytest.raises(TracksError, match="cannot be opened"):
        read_tracks(tmp_path / "nothing.csv")


@pytest.mark.parametrize(
    ("first", "more", "count"), [("[[]", ",[]", 16_000_000), ('["ab"', ',"ab"', 9_000_000), ("ab", ",ab", 16_000_000)]
)
def test_a_file_of_too_many_values_is_refused_before_it_is_parsed(first, more, count):
    data = (first + more * count).encode()
    assert len(data) < track_files.MAX_BYTES
    tracemalloc.start()
    with pytest.raises(TracksError, match="too many values"):
        read_tracks(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 3 * len(data)


@pytest.mark.parametrize(
    ("kind", "row"),
    [
        ("json", {"image_id": 397133, "category_id": 1, "keypoints": [123.456, 98.7654, 0.91234] * 17, "score": 0.97}),
        ("json", {"x": 0.512345, "y": 0.432198, "z": -0.123456, "visibility": 0.998765}),
        ("json", {"people": [{"person_id": [-1], "pose_keypoints_2d": [123.456, 98.765, 0.912] * 25}]}),
        ("csv", [123.456, 98.765, 0.912] * 14),
    ],
)
def test_a_file_of_a_tool_is_read_up_to_the_largest(kind, row):
    text = json.dumps(row) if kind == "json" else ",".join(map(str, row)) + "\n"
    cost = sum(text.count(mark) * cost for mark, cost in track_files.COSTS[kind].items())
    assert cost / len(text) * track_files.MAX_BYTES < track_files.MOST_MEMORY
