"""Photos with boxes: read in order, with nobody in some, and single people whose neighbors are unknown."""

import json

import cv2
import numpy as np
import pytest

from dark_core.files.annotations import Person
from dark_core.files.boxed_photos import from_person, read_boxed_photos


def test_every_photo_comes_with_its_boxes_in_the_order_of_the_file(tmp_path):
    for number, color in enumerate((10, 120, 240)):
        cv2.imwrite(str(tmp_path / f"{number}.png"), np.full((30, 40, 3), color, np.uint8))
    images = [{"id": 7 - number, "file_name": f"{number}.png"} for number in range(3)]
    notes = [{"image_id": 7, "bbox": [1, 2, 10, 20]}, {"image_id": 5, "bbox": [0, 0, 5, 6]}]
    notes.append({"image_id": 7, "bbox": [20, 2, 10.5, 20]})
    (tmp_path / "boxes.json").write_text(json.dumps({"images": images, "annotations": notes}))
    found = read_boxed_photos(tmp_path, tmp_path / "boxes.json")
    assert [int(one.photo[0, 0, 0]) for one in found] == [10, 120, 240]
    assert found[0].boxes.tolist() == [[1, 2, 11, 22], [20, 2, 30.5, 22]]
    assert found[1].boxes.shape == (0, 4) and found[1].everyone, "nobody is there, which is known"
    assert found[2].boxes.tolist() == [[0, 0, 5, 6]]


@pytest.mark.parametrize("content", [{}, {"images": [], "annotations": []}, {"images": [{"id": 1}], "annotations": []}])
def test_what_is_not_a_file_of_boxes_is_refused_by_name(tmp_path, content):
    (tmp_path / "bad.json").write_text(json.dumps(content))
    with pytest.raises(ValueError, match=r"bad\.json"):
        read_boxed_photos(tmp_path, tmp_path / "bad.json")


def test_a_single_person_has_the_labeled_box_or_one_around_the_joints():
    photo, trust = np.zeros((100, 100, 3), np.uint8), np.ones(14)
    joints = np.full((14, 2), np.nan)
    joints[:2] = [[20, 10], [40, 60]]
    assert from_person(Person(photo, joints, trust, (1, 2, 3, 4))).boxes.tolist() == [[1, 2, 3, 4]]
    around = from_person(Person(photo, joints, trust))
    # The joints span 20 x 50 px between pixel centers; 12 % of 50 is 6, and an edge lies half a pixel beyond a center.
    assert around.boxes.tolist() == [[14.5, 4.5, 46.5, 66.5]] and not around.everyone
