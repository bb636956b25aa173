"""The cost figure draws the numbers it was given."""

import numpy as np
import pytest

from dark_core.figures.colour import ENCODING_MARKS
from dark_core.figures.cost import cost_and_loss

SIZES, MS, GIGAS = [64, 128, 256], [7.0, 20.0, 90.0], [0.1, 0.4, 1.7]
LOST = {"floor": [38.0, 19.0, 9.5], "round": [19.0, 9.5, 4.75], "unbiased": [0.0, 0.0, 0.0]}


@pytest.fixture
def curves() -> dict:
    return {curve.name: curve for curve in cost_and_loss(SIZES, MS, GIGAS, LOST, now=128).data}


def test_the_curves_are_the_numbers_given(curves):
    assert list(curves) == ["measured here", "square of the size", "Floor", "Round", "Unbiased"]
    assert all(list(curve.x) == SIZES for curve in curves.values())
    assert list(curves["measured here"].y) == MS
    assert list(curves["measured here"].customdata) == GIGAS
    for name, values in LOST.items():
        curve = curves[ENCODING_MARKS[name]["title"]]
        assert list(curve.y) == values
        assert (curve.line.color, curve.marker.symbol) == (
            ENCODING_MARKS[name]["colour"],
            ENCODING_MARKS[name]["shape"],
        )


def test_time_and_loss_stand_side_by_side(curves):
    assert {curves[name].xaxis for name in ("measured here", "square of the size")} == {"x"}
    assert {curves[name].xaxis for name in ("Floor", "Round", "Unbiased")} == {"x2"}


def test_the_dotted_curve_is_the_square_of_the_size_through_the_last_measurement(curves):
    square = np.array(curves["square of the size"].y)
    assert square[-1] == MS[-1]
    np.testing.assert_allclose(square / np.square(SIZES), MS[-1] / 256**2)


def test_a_line_marks_the_size_the_page_is_at():
    marks = cost_and_loss(SIZES, MS, GIGAS, LOST, now=128).layout.shapes
    assert {(mark.x0, mark.x1) for mark in marks} == {(128, 128)}
    assert {mark.xref for mark in marks} == {"x", "x2"}, "in both plots"
