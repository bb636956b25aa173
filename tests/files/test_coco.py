"""Keypoint files as they come: what is usable is read, the rest is skipped and counted, or told in a sentence."""

import codecs
import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from dark_core.files.annotations import read_people
from dark_core.files.coco import AnnotationError
from dark_core.pose.skeleton import SKELETON

ROOT = Path(__file__).parents[2]
EXPECTED = [[10 * k, 10 * k + 1] for k in range(14)]


def told(files, **options) -> tuple[list, list[str]]:
    """(the people, the lines that were said)."""
    lines: list[str] = []
    return read_people(*files, say=lines.append, **options), lines


def refused(files) -> str:
    with pytest.raises(AnnotationError) as error:
        read_people(*files)
    sentence = str(error.value)
    assert "\n" not in sentence and sentence.endswith(".")
    return sentence


def test_a_placeholder_category_may_come_first(coco):
    # As in every export of Roboflow.
    people = {"id": 0, "name": "people", "supercategory": "none"}
    person = {"id": 1, "name": "person", "supercategory": "people", "keypoints": list(SKELETON.names)}
    found, lines = told(coco({}, {"category_id": 0, "keypoints": None}, categories=[people, person]))
    np.testing.assert_array_equal(found[0].joints, EXPECTED)
    assert lines == ["annotations.json: 1 of 2 annotations are skipped: 1 without keypoints."]


def test_what_cannot_be_used_is_skipped_and_counted_in_one_line(coco):
    few = [value for k in range(14) for value in (10 * k, 10 * k + 1, 2 if k < 3 else 0)]
    notes = [
        {},
        *({"keypoints": nothing} for nothing in (None, [])),
        {"image_id": 77},
        {"image_id": None},
        {"category_id": 9},
        {"keypoints": [1, 2, 2] * 5},
        {"keypoints": "abc"},
        {"keypoints": few},
        {},
    ]
    files = coco(*notes)
    data = json.loads(files[1].read_text())
    del data["annotations"][2]["keypoints"]
    data["annotations"].insert(1, "no annotation")
    files[1].write_text(json.dumps(data))
    people, (line,) = told(files)
    assert len(people) == 2
    assert line.startswith("annotations.json: 9 of 11 annotations are skipped: 3 without keypoints, ")
    for reason in (
        "2 of an image that is not listed, or listed twice",
        "1 of a category without joint names",
        "2 whose keypoints are not [x, y, v] for each joint that the file names",
        "1 with fewer than 4 labeled joints",
    ):
        assert reason in line


def test_an_ordinary_file_is_read_without_a_word(coco, capsys):
    assert len(told(coco({}, {}))[0]) == 2 and told(coco({}, {}))[1] == []
    read_people(*coco({}))
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("image, note", [("1", 1), (1, "1"), (1, 1.0), (1.0, "1"), ("img-7", "img-7"), (1, "0001")])
def test_an_id_may_be_a_number_or_a_text(coco, image, note):
    images = [{"id": "other", "file_name": "gone.png"}, {"id": image, "file_name": "1.png"}]
    categories = [{"id": image, "keypoints": list(SKELETON.names)}]
    people, lines = told(coco({"image_id": note, "category_id": note}, images=images, categories=categories))
    assert people[0].photo.shape == (180, 170, 3) and not lines


def test_an_id_of_two_images_is_not_guessed(coco):
    images = [{"id": 1, "file_name": "1.png"}, {"id": 1, "file_name": "sub/2.png"}, {"id": 2, "file_name": "1.png"}]
    people, lines = told(coco({}, {"image_id": 2}, images=images))
    assert len(people) == 1 and "1 of an image that is not listed, or listed twice" in lines[0]


def test_joint_names_are_matched_whatever_their_spelling(coco):
    names = "RAnkle right-knee r_hip hipLeft person.left_knee LAnkle".split()
    names += "R_Wrist elbowRight rshoulder LEFT_SHOULDER kp_left_elbow Left-Wrist Neck HeadTop".split()
    np.testing.assert_array_equal(told(coco({}, names=names))[0][0].joints, EXPECTED)


def test_where_too_few_names_match_theirs_are_listed_beside_ours(coco):
    sentence = refused(coco({}, names=["nose", "left_hip", "tail", "right_hip", "paw"]))
    assert "names joints of which 2 are ours and at least 4 are needed" in sentence
    assert "It has: nose, left_hip, tail, right_hip, paw." in sentence
    assert f"Ours are: {', '.join(SKELETON.names)}." in sentence


@pytest.mark.parametrize("more", [{"annotations": []}, {"annotations": None}])
def test_a_file_without_annotations_says_so(coco, more):
    assert "has no annotations, as files of unlabeled images do" in refused(coco({}, **more))


def test_a_file_all_of_whose_people_are_skipped_says_why(coco):
    sentence = refused(coco({"image_id": 9}, {"keypoints": []}, {"image_id": 8}))
    assert "2 of an image that is not listed, or listed twice, 1 without keypoints." in sentence


@pytest.mark.parametrize("data", [[], 3, {"images": {}}, {"annotations": [{}]}, [{"image_id": 1, "score": 0.9}]])
def test_other_json_is_named_as_such(tmp_path, data):
    (tmp_path / "other.json").write_text(json.dumps(data))
    assert "other.json is not COCO-style keypoint JSON" in refused((tmp_path, tmp_path / "other.json"))


def test_a_file_whose_categories_name_no_joints_says_so(coco):
    assert "no category names its joints" in refused(coco({}, categories=[{"id": 1, "name": "person"}]))
    assert "no category names its joints" in refused(coco({}, categories=None))


@pytest.mark.parametrize(
    "encoding, mark",
    [
        ("utf-8", b""),
        ("utf-8", codecs.BOM_UTF8),
        ("utf-16-le", codecs.BOM_UTF16_LE),
        ("utf-16-be", codecs.BOM_UTF16_BE),
        ("utf-16-le", b""),
    ],
)
def test_a_file_may_be_utf_8_or_utf_16(coco, encoding, mark):
    images, file = coco({}, images=[{"id": 1, "file_name": "é.png"}])
    (images / "1.png").rename(images / "é.png")
    data = json.dumps(json.loads(file.read_text()), ensure_ascii=False)
    file.write_bytes(mark + data.encode(encoding))
    assert len(read_people(images, file)) == 1


def test_any_locale_reads_the_same(coco):
    images, file = coco({}, images=[{"id": 1, "file_name": "é.png"}])
    (images / "1.png").rename(images / "é.png")
    file.write_text(json.dumps(json.loads(file.read_text()), ensure_ascii=False), encoding="utf-8")
    code = f"from dark_core.files import read_people; print(len(read_people({str(images)!r}, {str(file)!r})))"
    environment = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONPATH": str(ROOT)}
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment)
    assert result.stdout == "1\n", result.stderr


@pytest.mark.parametrize(
    "text, says",
    [
        (b"", "is empty"),
        (b' \n{"images": [', "is cut short: it ends in line 2"),
        (b'{"images": [{"id": 1, "file_na', "is cut short: it ends in line 1"),
        (b'{"images": []}\n{"images": []}', "is not JSON from line 2 on"),
        (b"\x89PNG\r\n\x1a\n\xff\xfe\x80\x81", "is no text"),
        (b"<html>", "is not JSON from line 1 on"),
        (b"[" * 200_000, "is not JSON that can be read"),
    ],
)
def test_a_damaged_file_is_told_in_a_sentence(tmp_path, text, says):
    (tmp_path / "set.json").write_bytes(text)
    assert f"set.json {says}" in refused((tmp_path, tmp_path / "set.json"))


def test_a_folder_or_nothing_in_place_of_the_file_is_told(tmp_path):
    assert "is a folder: give the JSON file itself" in refused((tmp_path, tmp_path))
    assert "cannot be opened (No such file or directory)" in refused((tmp_path, tmp_path / "nowhere.json"))


# What v says


def with_v(values: dict[int, float]) -> list[float]:
    """Joint k at (10 k, 10 k + 1) with v = ``values[k]``, or 2."""
    return [value for k in range(14) for value in (10.0 * k, 10.0 * k + 1, values.get(k, 2))]


def test_a_v_of_3_is_absent_as_in_ai_challenger(coco):
    (person,), lines = told(coco({"keypoints": with_v({5: 3, 7: 0})}))
    assert np.flatnonzero(person.absent).tolist() == [5] and np.isnan(person.joints[[5, 7]]).all()
    assert (person.trust[5], person.trust[7], person.trust[6]) == (1, 0, 1)
    assert lines == ["annotations.json: 1 joints with v = 3 count as absent from the photo."]


def test_a_fraction_is_a_weight_and_then_1_is_certain(coco):
    (person,), lines = told(coco({"keypoints": with_v({4: 0.25, 5: 1, 6: 1.02})}), unsure=0.3)
    assert person.trust[[4, 5, 6, 7]].tolist() == [0.25, 1, 1, 1] and np.isfinite(person.joints).all()
    assert lines == ["annotations.json: 1 joints have a fraction as v, which is taken for their weight."]


def test_other_values_of_v_are_not_labels(coco):
    (person,), lines = told(coco({"keypoints": with_v({3: -1, 4: 7, 5: None})}))
    assert person.trust[[3, 4, 5]].tolist() == [0, 0, 0] and np.isnan(person.joints[[3, 4, 5]]).all()
    assert lines == ["annotations.json: 2 joints with a v that COCO does not know count as not labeled."]


def test_a_visible_joint_in_the_corner_is_doubtful_and_counted(coco):
    points = with_v({})
    points[9:11] = points[15:17] = [0, 0]
    (person,), lines = told(coco({"keypoints": points}))
    assert person.trust[[3, 5]].tolist() == [0, 0] and np.isnan(person.joints[[3, 5]]).all()
    assert lines == ["annotations.json: 2 joints at (0, 0) with v > 0 count as not labeled."]


def test_coordinates_that_are_null_are_not_labels(coco):
    points = with_v({})
    points[9:11] = [None, float("nan")]
    person = told(coco({"keypoints": points}))[0][0]
    assert np.isnan(person.joints[3]).all() and person.trust[3] == 0


@pytest.mark.parametrize("bbox", [None, [1, 2, 3], [1, 2, 0, 5], "box", [1, 2, None, 4], [float("nan"), 0, 5, 5]])
def test_a_box_that_is_none_is_left_out(coco, bbox):
    assert told(coco({"absent": [], "bbox": bbox}))[0][0].box is None


def test_every_line_is_a_sentence(coco):
    lines = told(coco({"keypoints": with_v({1: 3, 2: -1})}, {"keypoints": None}))[1]
    assert len(lines) == 3 and all(re.fullmatch(r"annotations\.json: \d+ .*[^.]\.", line) for line in lines)
