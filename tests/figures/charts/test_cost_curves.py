"""The cost figure draws the numbers it was given."""

import numpy as np
import pytest

from dark_core.figures.charts.cost_curves import cost_curve, loss_curve
from dark_core.figures.decoder_style import ENCODING_STYLES, ENCODING_TITLES

SIZES, MS, GIGAS = [64, 128, 256], [7.0, 20.0, 90.0], [0.1, 0.4, 1.7]
LOST = {"floor": [38.0, 19.0, 9.5], "round": [19.0, 9.5, 4.75], "unbiased": [0.0, 0.0, 0.0]}


@pytest.fixture
def curves() -> dict:
    figures = cost_curve(SIZES, MS, GIGAS, now=128), loss_curve(SIZES, LOST, now=128)
    return {curve.name: curve for figure in figures for curve in figure.data}


def test_the_curves_are_the_numbers_given(curves):
    assert list(curves) == ["measured here", "square of the size", "Floor", "Round", "Unbiased"]
    assert all(list(curve.x) == SIZES for curve in curves.values())
    assert list(curves["measured here"].y) == MS
    assert list(curves["measured here"].customdata) == GIGAS
    for name, values in LOST.items():
        curve = curves[ENCODING_TITLES[name]]
        assert list(curve.y) == values
        assert (curve.line.color, curve.marker.symbol) == (
            ENCODING_STYLES[name].color,
            ENCODING_STYLES[name].marker,
        )


def test_the_dotted_curve_is_the_square_of_the_size_through_the_last_measurement(curves):
    square = np.array(curves["square of the size"].y)
    assert square[-1] == MS[-1]
    np.testing.assert_allclose(square / np.square(SIZES), MS[-1] / 256**2)


@pytest.mark.parametrize("figure", [cost_curve(SIZES, MS, GIGAS, now=128), loss_curve(SIZES, LOST, now=128)])
def test_a_line_marks_the_size_the_page_is_at(figure):
    assert [(mark.x0, mark.x1) for mark in figure.layout.shapes] == [(128, 128)]
