"""COCO-style files of every make, written small and read back as people."""

import json
import tarfile

import numpy as np
import pytest

from dark_core.files.annotations import read_people
from dark_core.pose.skeleton import SKELETON

COCO_17 = [
    "nose",
    "left_eye",
    "right_eye",
    "left_ear",
    "right_ear",
    "left_shoulder",
    "right_shoulder",
    "left_elbow",
    "right_elbow",
    "left_wrist",
    "right_wrist",
    "left_hip",
    "right_hip",
    "left_knee",
    "right_knee",
    "left_ankle",
    "right_ankle",
]
OURS = [name.replace(" ", "_") for name in SKELETON.names]


def keypoints(count: int, seen: int = 2) -> list[float]:
    """Joint k at (10 k, 10 k + 1), all seen alike."""
    return [value for k in range(count) for value in (10.0 * k, 10.0 * k + 1, seen)]


def test_people_come_with_their_photo_in_rgb_and_share_it(coco):
    people = read_people(*coco(*({"image_id": image, "keypoints": keypoints(14)} for image in (1, 2, 1))))
    assert [person.photo.shape for person in people] == [(180, 170, 3), (190, 160, 3), (180, 170, 3)]
    assert people[0].photo[0, 0].tolist() == [255, 0, 0] and people[1].photo[0, 0].tolist() == [0, 0, 255]
    assert people[2].photo is people[0].photo
    np.testing.assert_array_equal(people[0].joints, [[10 * k, 10 * k + 1] for k in range(14)])
    np.testing.assert_array_equal(people[0].trust, np.ones(14))


def test_trust_says_how_each_joint_was_labeled(coco):
    points = keypoints(14)
    points[3 * 2 + 2], points[3 * 5 + 2] = 1, 0
    files = coco({"keypoints": points})
    person = read_people(*files, unsure=0.3)[0]
    assert (person.trust[2], person.trust[5], person.trust[6]) == (0.3, 0, 1)
    assert np.isnan(person.joints[5]).all() and np.isfinite(np.delete(person.joints, 5, 0)).all()
    assert read_people(*files)[0].trust[2] == 1


def test_joints_that_are_absent_are_labeled_and_have_no_position(coco):
    points = keypoints(14)
    points[3 * 5 : 3 * 5 + 3] = points[3 * 7 : 3 * 7 + 3] = [0, 0, 0]
    person = read_people(*coco({"keypoints": points, "absent": [5], "bbox": [3, 4, 100, 140]}))[0]
    np.testing.assert_array_equal(np.flatnonzero(person.absent), [5])
    assert (person.trust[5], person.trust[7]) == (1, 0) and np.isnan(person.joints[[5, 7]]).all()
    assert person.box == (3, 4, 103, 144)
    # 1.1 x 140 px about the middle of the box from (3, 4) to (103, 144), all in pixel edges.
    np.testing.assert_allclose(person.square_box(), [53 - 77, 74 - 77, 53 + 77, 74 + 77])


def test_absent_joints_are_numbered_as_the_file_orders_them(coco):
    points = keypoints(17)
    points[3 * 16 : 3 * 16 + 3] = [0, 0, 0]  # COCO's right ankle, our joint 0
    person = read_people(*coco({"keypoints": points, "absent": [16]}, names=COCO_17))[0]
    np.testing.assert_array_equal(np.flatnonzero(person.absent), [0])
    assert person.box is None


def test_joints_are_matched_by_name(coco):
    # COCO's 17 joints have neither neck nor head top; its right ankle is number 16, its left shoulder number 5.
    person = read_people(*coco({"keypoints": keypoints(17)}, names=COCO_17))[0]
    for joint, name in enumerate(OURS[:12]):
        assert person.joints[joint].tolist() == [10 * COCO_17.index(name), 10 * COCO_17.index(name) + 1]
    assert np.isnan(person.joints[12:]).all()
    np.testing.assert_array_equal(person.trust, [1] * 12 + [0, 0])


def test_the_category_of_each_annotation_decides(coco):
    categories = [{"id": 1, "keypoints": OURS}, {"id": 7, "keypoints": OURS[::-1]}]
    files = coco({"keypoints": keypoints(14), "category_id": 7}, {"keypoints": keypoints(14)}, categories=categories)
    backwards, forwards = read_people(*files)
    np.testing.assert_array_equal(backwards.joints[::-1], forwards.joints)


def test_someone_with_three_joints_is_left_out(coco):
    three, four = keypoints(14, seen=0), keypoints(14, seen=0)
    three[2:9:3], four[2:12:3] = [2] * 3, [2] * 4
    people = read_people(*coco({"keypoints": three}, {"keypoints": four}))
    assert len(people) == 1 and people[0].trust.sum() == 4


@pytest.mark.parametrize("annotations", [[], [{"keypoints": keypoints(14, seen=0)}]])
def test_a_file_without_people_is_refused(coco, annotations):
    with pytest.raises(ValueError, match=r"annotations\.json holds no person"):
        read_people(*coco(*annotations))


@pytest.mark.parametrize("data", [{}, {"images": [], "annotations": []}])
def test_a_file_that_is_no_data_set_is_refused(tmp_path, data):
    path = tmp_path / "empty.json"
    path.write_text(json.dumps(data))
    with pytest.raises(ValueError, match=r"empty\.json (holds no person|is not COCO)"):
        read_people(tmp_path, path)


def test_a_tar_of_the_folder_does_as_well(coco, tmp_path):
    folder, path = coco({"image_id": 2, "keypoints": keypoints(14)})
    with tarfile.open(tmp_path / "photos.tar", "w") as archive:
        archive.add(folder, arcname=".")
        archive.add(folder / "sub" / "2.png", arcname="sub/2.png")
    (from_tar,), (from_folder,) = read_people(tmp_path / "photos.tar", path), read_people(folder, path)
    np.testing.assert_array_equal(from_tar.photo, from_folder.photo)


@pytest.mark.parametrize("damage", ["gone", "text"])
def test_a_missing_or_unreadable_image_is_named(coco, damage):
    folder, path = coco({"keypoints": keypoints(14)})
    (folder / "1.png").unlink()
    if damage == "text":
        (folder / "1.png").write_text("not a picture")
    with pytest.raises(FileNotFoundError, match=r"no readable image at .*1\.png"):
        read_people(folder, path)
