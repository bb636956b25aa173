"""A small COCO-style set, written anew for each test."""

import json

import cv2
import numpy as np
import pytest

from dark_core.pose.skeleton import SKELETON

OURS = [name.replace(" ", "_") for name in SKELETON.names]


@pytest.fixture
def coco(tmp_path):
    """Writes photos/1.png (red) and photos/sub/2.png (blue) and a file of the given annotations; returns both paths.

    An annotation is of photo 1 unless it says otherwise, with joint k at (10 k, 10 k + 1).
    """
    red, blue = np.zeros((180, 170, 3), np.uint8), np.zeros((190, 160, 3), np.uint8)
    red[..., 2], blue[..., 0] = 255, 255  # OpenCV writes BGR
    (tmp_path / "photos" / "sub").mkdir(parents=True)
    cv2.imwrite(str(tmp_path / "photos" / "1.png"), red)
    cv2.imwrite(str(tmp_path / "photos" / "sub" / "2.png"), blue)

    def write(*annotations: dict, names=OURS, **more):
        keypoints = [value for k in range(len(names)) for value in (10.0 * k, 10.0 * k + 1, 2)]
        data = {
            "images": [{"id": 1, "file_name": "1.png"}, {"id": 2, "file_name": "sub/2.png"}],
            "annotations": [{"image_id": 1, "category_id": 1, "keypoints": keypoints, **note} for note in annotations],
            "categories": [{"id": 1, "name": "person", "keypoints": names}],
            **more,
        }
        path = tmp_path / "annotations.json"
        path.write_text(json.dumps(data))
        return tmp_path / "photos", path

    return write
