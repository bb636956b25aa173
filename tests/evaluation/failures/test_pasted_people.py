"""People placed in larger pictures: the joints move with their pixels."""

import numpy as np
import pytest

from dark_core.evaluation.failures.pasted_people import paste_person


@pytest.mark.parametrize("share", [0.3, 0.6, 1.0])
def test_the_dots_are_where_the_joints_are_said_to_be(share):
    photo = np.full((200, 150, 3), 60, np.uint8)
    joints = np.full((14, 2), np.nan)
    joints[:5] = [[40, 50], [110, 90], [60, 150], [75, 20], [75, 180]]  # the last two without a dot: they set the box
    for x, y in joints[:3].astype(int):
        photo[y - 4 : y + 5, x - 4 : x + 5] = (250, 250, 250)
    picture, moved = paste_person(photo, joints, share, np.random.default_rng(3))
    assert picture.dtype == np.uint8 and len(picture) == 480
    for x, y in moved[:3]:
        reach = int(8 * share * 480 / 160)
        x0, y0 = max(0, int(x) - reach), max(0, int(y) - reach)
        patch = picture[y0 : y0 + 2 * reach + 1, x0 : x0 + 2 * reach + 1, 0].astype(float)
        weight = np.clip(patch - 150, 0, None)
        rows, columns = np.indices(patch.shape)
        centroid = [(weight * columns).sum() / weight.sum() + x0, (weight * rows).sum() / weight.sum() + y0]
        np.testing.assert_allclose(centroid, [x, y], atol=0.6)


@pytest.mark.parametrize("seed", range(5))
def test_the_person_fits_and_spans_the_given_share(seed):
    rng = np.random.default_rng(seed)
    joints = rng.uniform([20, 10], [80, 190], (14, 2))
    picture, moved = paste_person(np.zeros((200, 100, 3), np.uint8), joints, 0.5, rng)
    height, width = picture.shape[:2]
    assert np.ptp(moved, axis=0).max() == pytest.approx(0.5 * height, rel=0.02)
    assert (moved > -1).all() and (moved < [width, height]).all()
