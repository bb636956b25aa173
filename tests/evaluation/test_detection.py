"""Recall and precision of detections whose answers are known."""

import numpy as np

from dark_core.evaluation.detection import LEAST_SIDE, match, recall_precision, without_people
from dark_core.files.boxed_photos import BoxedPhoto
from dark_core.pose.detector import Detection


def test_the_better_detection_chooses_first_and_a_box_is_taken_once():
    boxes = np.array([[0, 0, 10, 20], [30, 0, 40, 20]], float)
    found = [
        Detection((0, 0, 10, 16), 0.5),  # shows the first person, as the next one does better
        Detection((0, 0, 10, 20), 0.9),
        Detection((30, 0, 40, 30), 0.8),  # 200 of 300: two thirds of the union
        Detection((60, 0, 70, 20), 0.7),  # nobody
    ]
    assert match(found, boxes) == [-1, 0, 1, -1]
    assert match([], boxes) == [] and match(found, np.zeros((0, 4))) == [-1] * 4


def test_recall_and_precision_are_shares_of_people_and_of_detections_of_a_height():
    photo = np.zeros((100, 100, 3), np.uint8)
    tall, small, low = [0, 0, 20, 50], [40, 0, 60, 30], [80, 0, 100, 15]
    photos = [BoxedPhoto(photo, np.array([tall, small, low], float)), BoxedPhoto(photo, np.zeros((0, 4)))]
    found = [
        [Detection((0, 0, 20, 50), 0.9), Detection((80, 0, 100, 15), 0.9)],
        [Detection((0, 0, 40, 40), 0.9), Detection((0, 0, 5, 5), 0.9)],
    ]
    assert recall_precision(photos, found, 0.25) == {
        "people": 2,  # of 50 and 30 px
        "recall": 0.5,
        "detections": 2,  # of 50 and 40 px
        "precision": 0.5,
    }
    assert recall_precision(photos, found, 0.12)["people"] == 3
    assert np.isnan(recall_precision([], [], 0.1)["recall"])


def test_nobody_is_left_in_the_photographs_without_people():
    photo = np.full((200, 300, 3), 80, np.uint8)
    photo[50:150, 20:60] = (255, 0, 0)
    boxed = BoxedPhoto(photo, np.array([[20, 50, 60, 150]], float))
    painted, part = without_people([boxed])
    assert painted.shape == photo.shape and (painted[..., 0] < 120).all()
    assert part.shape == (200, 240, 3) and (part == 80).all(), "all that is right of the person"
    crowded = BoxedPhoto(photo, np.array([[0, 0, 250, 200]], float))
    assert list(without_people([crowded])) == [], f"nothing of {LEAST_SIDE} px is left"
    assert list(without_people([BoxedPhoto(photo, np.zeros((0, 4)))])) == [], "who may be there is not known"
