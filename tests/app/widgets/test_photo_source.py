"""The box a visitor types or a link carries: four numbers or one clear sentence."""

import numpy as np
import pytest

from dark_core.app.widgets.photo_source import Picture, parse_box

PICTURE = Picture("key", "Your photo", np.zeros((300, 400, 3), np.uint8), (1600, 1200))


def test_an_empty_text_is_no_box():
    assert parse_box("  ", PICTURE) == (None, "")


@pytest.mark.parametrize("text", ["100, 50, 900, 850", "100;50;900;850", " 1e2,50.0 , 900,850"])
def test_four_numbers_are_a_box(text):
    assert parse_box(text, PICTURE) == ((100, 50, 900, 850), "")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("1, 2, 3", "not four numbers"),
        ("a, b, c, d", "not four numbers"),
        ("1, 2, 3, 4, 5", "not four numbers"),
        ("<script>", "not four numbers"),
        ("100, 50, 90, 850", "too small"),
        ("nan, 0, 10, 10", "too small"),
        ("0, 0, inf, 10", "too small"),
        ("5000, 5000, 6000, 6000", "outside"),
        ("-90000, -90000, 90000, 90000", "far larger"),
        ("1e308, 0, -1e308, 5", "too small"),
    ],
)
def test_anything_else_gets_a_sentence_and_is_no_box(text, says):
    box, complaint = parse_box(text, PICTURE)
    assert box is None
    assert says in complaint and complaint.endswith("so it is not used.")


def test_a_box_in_the_file_is_a_smaller_one_in_the_reduced_picture():
    np.testing.assert_allclose(PICTURE.scale, [4, 4])
    assert PICTURE.to_shown((100, 40, 900, 840)) == (25, 10, 225, 210)
    assert PICTURE.to_shown(None) is None
