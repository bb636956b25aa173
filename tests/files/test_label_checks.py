"""Labels beside the photo that was found: whether they count its pixels."""

import numpy as np
import pytest
from PIL import Image

from dark_core.files.annotations import read_people
from dark_core.files.coco import AnnotationError
from dark_core.files.labeled_photo import EXIF

JOINTS = np.column_stack([np.linspace(120, 300, 14), np.linspace(60, 220, 14)])
"""Px of a picture of 640 × 427, as it is stored."""


@pytest.fixture
def labeled(coco, tmp_path):
    """(people, lines, or the sentence of a refusal) of one photo: its size, orientation, joints and the size it is said
    to have."""

    def read(*photos: tuple, **more) -> tuple[list, list[str]]:
        images, notes = [], []
        for number, (stored, orientation, joints, said) in enumerate(photos):
            note = Image.Exif()
            note[0x0112] = orientation
            name = f"x{number or ''}.jpg"
            Image.new("RGB", stored, "gray").save(tmp_path / "photos" / name, exif=note.tobytes())
            size = {} if said is None else {"width": said[0], "height": said[1]}
            images.append({"id": number, "file_name": name} | size)
            notes.append(
                {"image_id": number, "keypoints": np.column_stack([joints, np.full(14, 2)]).ravel().tolist()} | more
            )
        lines: list[str] = []
        try:
            return read_people(*coco(*notes, images=images), say=lines.append), lines
        except AnnotationError as error:
            return [], [str(error)]

    return read


def test_labels_in_raw_pixels_are_turned_with_their_photo_and_it_is_said(labeled):
    (person,), lines = labeled(((640, 427), 6, JOINTS, (640, 427)))
    assert person.photo.shape == (640, 427, 3)
    # A quarter turn clockwise: what was at the left edge is at the top, what was at the bottom is at the left.
    np.testing.assert_allclose(person.joints, np.column_stack([426 - JOINTS[:, 1], JOINTS[:, 0]]))
    (line,) = lines
    assert "x.jpg is 427 × 640 and the file says 640 × 427: its labels count raw pixels" in line
    assert line.startswith("annotations.json: 1 photos whose labels are turned with them (")


@pytest.mark.parametrize("orientation", EXIF)
def test_every_orientation_turns_the_box_too(labeled, orientation):
    # A second photo, turned by a quarter, shows that the file counts raw pixels where one photo alone does not.
    bbox = [100, 50, 300, 200]
    photos = ((640, 427), orientation, JOINTS, (640, 427)), ((640, 427), 8, JOINTS, (640, 427))
    person = labeled(*photos, absent=[], bbox=bbox)[0][0]
    stored = np.array([[100, 50], [400, 250]])
    corners = EXIF[orientation].points(stored - 0.5, (640, 427)) + 0.5
    assert person.box == (*corners.min(0), *corners.max(0))
    x0, y0, x1, y1 = person.box
    assert {x1 - x0, y1 - y0} == {300, 200}
    expected = EXIF[orientation].points(JOINTS, (640, 427))
    np.testing.assert_allclose(person.joints, expected)


def test_labels_in_upright_pixels_stay(labeled):
    upright = EXIF[6].points(JOINTS, (640, 427))
    (person,), lines = labeled(((640, 427), 6, upright, (427, 640)))
    np.testing.assert_allclose(person.joints, upright)
    assert not lines


def test_where_the_size_cannot_tell_the_other_photos_of_the_file_do(labeled):
    upside_down = (640, 427), 3, JOINTS, (640, 427)
    alone = labeled(upside_down)[0][0]
    np.testing.assert_allclose(alone.joints, JOINTS)
    _, beside_raw = labeled(((640, 427), 6, JOINTS, (640, 427)), upside_down)[0]
    np.testing.assert_allclose(beside_raw.joints, [639, 426] - JOINTS)
    upright = EXIF[6].points(JOINTS, (640, 427))
    _, beside_upright = labeled(((640, 427), 6, upright, (427, 640)), upside_down)[0]
    np.testing.assert_allclose(beside_upright.joints, JOINTS)


def test_without_a_size_in_the_file_the_joints_tell(labeled):
    wide = JOINTS * [1.5, 1]  # up to x = 450, beyond the 427 px of the upright photo
    (person,), lines = labeled(((640, 427), 6, wide, None))
    np.testing.assert_allclose(person.joints, EXIF[6].points(wide, (640, 427)))
    assert "x.jpg is 427 × 640 and its labels count raw pixels" in lines[0]
    tall = EXIF[6].points(wide, (640, 427))
    np.testing.assert_allclose(labeled(((640, 427), 6, tall, None))[0][0].joints, tall)


@pytest.mark.parametrize(
    "stored, says",
    [
        ((1280, 854), "x.jpg is twice as large as the file says, 1280 × 854"),
        ((320, 214), "x.jpg is half as large as the file says, 320 × 214"),
        ((1600, 1068), "x.jpg is 2.5 times as large as the file says, 1600 × 1068"),
        ((600, 600), "x.jpg is 600 × 600 and the file says 640 × 427"),
        ((427, 640), "x.jpg is 427 × 640 and the file says 640 × 427: the photo, or its labels, were turned"),
    ],
)
def test_labels_of_a_photo_of_another_size_are_skipped_and_it_is_said(labeled, stored, says):
    fine = (640, 427), 1, JOINTS, (640, 427)
    people, (line,) = labeled((stored, 1, JOINTS, (640, 427)), fine)
    assert len(people) == 1 and people[0].photo.shape == (427, 640, 3)
    assert line == f"annotations.json: 1 of 2 annotations are skipped: 1 that do not fit their photo ({says})."
    assert labeled((stored, 1, JOINTS, (640, 427)))[1] == [
        f"annotations.json holds no person with at least 4 labeled joints: 1 that do not fit their photo ({says})."
    ]


def test_a_wrong_size_in_the_file_does_no_harm_where_the_joints_show_it(labeled):
    # The joints lie beyond the size in the file and within the photo: they count its pixels.
    for said in ((320, 214), (214, 320)):
        people, lines = labeled(((640, 427), 1, JOINTS * [2, 1], said))
        np.testing.assert_allclose(people[0].joints, JOINTS * [2, 1])
        assert not lines


@pytest.mark.parametrize("said", [(641, 426), (640.0, 427.0), ("640", "427"), (0, 0), (None, 5), ("wide", 4)])
def test_a_size_that_is_rounded_otherwise_or_unusable_is_no_fault(labeled, said):
    people, lines = labeled(((640, 427), 1, JOINTS, said))
    np.testing.assert_allclose(people[0].joints, JOINTS)
    assert not lines


def test_coordinates_between_0_and_1_are_recognized(labeled):
    assert (
        "1 with coordinates between 0 and 1, where photo px are expected"
        in labeled(((640, 427), 1, JOINTS / [640, 427], (640, 427)))[1][0]
    )


def test_joints_that_lie_mostly_outside_their_photo_are_skipped(labeled):
    assert "1 with most joints outside their photo, as in x.jpg" in labeled(((200, 130), 1, JOINTS, None))[1][0]
    beyond = JOINTS.copy()
    beyond[:6] += [600, 0]  # some joints beyond the edge are labels that somebody guessed
    assert len(labeled(((640, 427), 1, beyond, (640, 427)))[0]) == 1
