"""Files of joints: each format gives the joints that were written, and anything else one sentence."""

import io
import json

import numpy as np
import pytest

from dark_core.codec import encode
from dark_core.evaluation.batch_decode import InputFrame, as_csv, as_json, decode_blocks
from dark_core.files.heatmap_files import open_heatmaps
from dark_core.files.heatmap_layouts import Heatmaps
from dark_core.files.joint_files import COCO, JointsError, joints_beside, read_joints

XY = np.random.default_rng(0).uniform(5, 30, (4, 17, 2)).round(3)
SEEN = np.ones((4, 17))
SEEN[1, 2] = 0


def npz(**arrays) -> bytes:
    out = io.BytesIO()
    np.savez(out, **arrays)
    return out.getvalue()


def notes(third: np.ndarray, **more) -> list[dict]:
    rows = np.concatenate([XY, third[..., None]], -1)
    return [{"image_id": 7 + i, "keypoints": rows[i].ravel().tolist(), **more} for i in range(4)]


def test_coco_annotations_have_names_areas_boxes_and_unlabeled_joints():
    category = {"id": 1, "keypoints": list(COCO)}
    data = {"images": [], "annotations": notes(2 * SEEN, area=50, bbox=[1, 2, 30, 40]), "categories": [category]}
    joints = read_joints(json.dumps(data).encode())
    assert joints.names == COCO and joints.pictures == ("7", "8", "9", "10")
    assert np.isnan(joints.xy[1, 2]).all() and np.isfinite(joints.xy).all(-1).sum() == 4 * 17 - 1
    np.testing.assert_allclose(joints.xy[0], XY[0])
    assert joints.areas.tolist() == [50] * 4 and joints.boxes[0].tolist() == [1, 2, 31, 42]


def test_coco_results_keep_joints_of_score_zero():
    joints = read_joints(json.dumps(notes(SEEN)).encode())
    np.testing.assert_allclose(joints.xy, XY)
    assert joints.names == () and np.isnan(joints.areas).all() and np.isnan(joints.boxes).all()


def test_arrays_of_two_and_three_columns():
    np.testing.assert_allclose(read_joints(npz(joints=XY)).xy, XY)
    three = read_joints(npz(heatmaps=np.zeros((4, 17, 8, 8)), keypoints=np.dstack([XY, SEEN]), boxes=np.ones((4, 4))))
    assert np.isnan(three.xy[1, 2]).all() and three.boxes.tolist() == [[1] * 4] * 4
    out = io.BytesIO()
    np.save(out, XY[0])
    assert read_joints(out.getvalue()).xy.shape == (1, 17, 2)
    assert read_joints(npz(a=XY, b=XY + 1), "b").xy[0, 0, 0] == XY[0, 0, 0] + 1
    assert read_joints(npz(joints=XY)).take([2, 0]).pictures == ("2", "0")


def test_what_decode_writes_is_read(tmp_path):
    maps = Heatmaps(encode(XY[:2, :3], (36, 36), 2.0), "float32", "NKHW")
    frame = InputFrame("", 1.0, maps.size)
    for suffix, pieces in (
        (".csv", as_csv(decode_blocks(maps, 2.0, ["dark"]), 3, frame, ["dark"])),
        (".json", as_json(decode_blocks(maps, 2.0, ["dark"]), maps, frame, 2.0, ["dark"])),
    ):
        path = tmp_path / f"joints{suffix}"
        path.write_text("".join(pieces), encoding="utf-8")
        np.testing.assert_allclose(read_joints(path).xy, XY[:2, :3], atol=0.01)
    several = "".join(as_csv(decode_blocks(maps, 2.0, ["dark", "argmax"]), 3, frame, ["dark", "argmax"]))
    with pytest.raises(JointsError, match="with one --decoder"):
        read_joints(several.encode())


def test_joints_beside_heatmaps_are_recognized_by_their_shape():
    maps = np.zeros((4, 17, 8, 8), np.float32)
    assert joints_beside(open_heatmaps(npz(heatmaps=maps, other=XY)), "heatmaps") == "other"
    assert joints_beside(open_heatmaps(npz(heatmaps=maps, other=XY, truth=XY)), "heatmaps") == "truth"
    assert joints_beside(open_heatmaps(npz(heatmaps=maps, other=XY[:3])), "heatmaps") is None
    assert joints_beside(open_heatmaps(npz(heatmaps=maps)), "heatmaps") is None


@pytest.mark.parametrize(
    "data, sentence",
    [
        (b"", "columns person, joint, x and y"),
        (b"\x80\x04\x95nonsense\xff", "neither JSON nor"),
        (b"{}", "holds no keypoints"),
        (b"[", "not JSON that can be read"),
        (b'[{"image_id": 1, "keypoints": [1, 2]}]', "not x, y and a third number"),
        (b'[{"keypoints": [1, 2, 1]}, {"keypoints": [1, 2, 1, 3, 4, 1]}]', "1 or 2 joints"),
        (b'[{"keypoints": [1, 2, 1, "a", 4, 1]}]', "not x, y and a third number"),
        (b"person,joint,x,y\n0,0,nan,nan\n", "No joint of the file has a position"),
        (b"person,joint,x,y\n-1,0,1,2\n", "count from 0"),
        (b"person,joint,x,y\n0,99999999,1,2\n", "count from 0"),
        (b"person,joint,x,y\n1e300,0,1,2\n", "count from 0"),
        (npz(heatmaps=np.zeros((2, 3, 8, 9))), "no array of joints"),
        (npz(joints=np.zeros((2, 3, 8, 9))), "holds no joints"),
        (npz(joints=np.full((2, 3, 2), np.nan)), "No joint of the file"),
        (npz(joints=np.array(["a"])), "text where heatmaps hold numbers"),
    ],
)
def test_anything_else_gets_one_sentence(data, sentence):
    with pytest.raises(JointsError, match=sentence) as told:
        read_joints(data)
    assert "\n" not in str(told.value) and str(told.value).endswith(".")


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(JointsError, match="cannot be opened"):
        read_joints(tmp_path / "nowhere.csv")
