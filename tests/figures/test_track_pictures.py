"""Frames with tracks on them: what is drawn lies where the numbers say."""

import numpy as np
import pytest

from dark_core.figures.decoder_style import style_of
from dark_core.figures.track_pictures import side_by_side, zoom


def center_of(picture: np.ndarray, color: tuple[int, ...]) -> np.ndarray:
    rows, columns = (np.abs(picture.astype(int) - color).sum(-1) < 30).nonzero()
    return np.array([columns.mean(), rows.mean()])


def test_the_square_is_around_its_center_and_a_disc_is_where_the_joint_is():
    rgb = np.zeros((40, 60, 3), np.uint8)
    rgb[12, 20] = 255
    near = zoom(rgb, np.array([20.0, 12.0]), 8.0, {}, side=80)
    rows, columns = (near[..., 0] > 200).nonzero()
    assert (columns.mean(), rows.mean()) == pytest.approx((39.5, 39.5), abs=0.05)
    color = tuple(bytes.fromhex(style_of("dark").color[1:]))
    disc = center_of(zoom(rgb, np.array([20.0, 12.0]), 8.0, {"dark": np.array([21.5, 11.0])}, side=320), color)
    assert disc == pytest.approx([159.5 + 1.5 * 40, 159.5 - 1.0 * 40], abs=0.3)


def test_each_decoder_has_a_view_with_its_own_skeleton():
    rgb = np.full((100, 80, 3), 128, np.uint8)
    points = {"argmax": np.array([[20.0, 60.0], [60.0, 60.0]]), "dark": np.array([[20.0, 90.0], [np.nan, np.nan]])}
    pair = side_by_side(rgb, points, [(0, 1)])
    assert pair.shape == (100, 160, 3)
    color = tuple(bytes.fromhex(style_of("argmax").color[1:]))
    assert center_of(pair[:, :80], color) == pytest.approx([40, 60], abs=1)
    assert (pair[50:, 80:] == 128).all(), "a bone without one of its ends is not drawn"
