"""Curves hold the numbers they are given."""

import numpy as np
import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dark_core.codec import DECODERS
from dark_core.figures.charts.chart import Axis, span, ticks
from dark_core.figures.charts.curves import Curve, curves
from dark_core.figures.decoder_style import style_of
from dark_core.figures.marker_shapes import PLOTLY_SYMBOLS
from dark_core.figures.style import CASING

pytestmark = pytest.mark.filterwarnings("error")

X = [0.01, 0.02, 0.05]
ACROSS = Axis("noise", True, (0.008, 0.06), X)
UP = Axis("error, heatmap px", True, (0.01, 1.0))


def curve(name: str, y) -> Curve:
    return Curve(name, y, [0.1 * value for value in y], [f"said {value}" for value in y])


TAYLOR, DARK = curve("taylor", [0.06, 0.12, 0.3]), curve("dark", [0.011, 0.022, 0.056])


def drawn(figure: go.Figure, mode: str) -> list[go.Scatter]:
    return [trace for trace in figure.data if trace.mode == mode]


def test_a_curve_is_its_numbers_with_bars_of_two_standard_errors():
    figure = curves(X, [TAYLOR, DARK], ACROSS, UP)
    points = {trace.name: trace for trace in drawn(figure, "markers")}
    assert list(points) == ["Unsmoothed step", "DARK"]
    for one in (TAYLOR, DARK):
        trace = points[DECODERS[one.name].title]
        np.testing.assert_allclose(trace.x, X)
        np.testing.assert_allclose(trace.y, one.y)
        np.testing.assert_allclose(trace.error_y.array, 1.96 * np.array(one.error))
        assert (trace.marker.color, trace.marker.symbol) == (
            style_of(one.name).color,
            PLOTLY_SYMBOLS[style_of(one.name).marker],
        )
        assert list(trace.customdata) == one.said
    assert figure.layout.showlegend is False


def test_every_line_is_cased_and_the_limit_lies_below_all():
    figure = curves(X, [TAYLOR, DARK], ACROSS, UP, limit=[0.011, 0.0226, 0.056])
    lines = drawn(figure, "lines")
    assert lines[0].name == "bound" and lines[0].line.dash is not None
    np.testing.assert_allclose(lines[0].y, [0.011, 0.0226, 0.056])
    for below, above in zip(lines[1::2], lines[2::2]):
        assert below.line.width > above.line.width and below.line.color == CASING
    assert lines[0].line.width > lines[1].line.width, "a curve at the bound does not hide it"


def test_a_bar_on_a_logarithmic_scale_stays_above_zero():
    unsure = Curve("dark", [0.01], [0.5], ["said"])
    on_log, on_linear = (
        drawn(curves([1.0], [unsure], Axis("x", False, (0, 2)), Axis("y", log, (0.001, 1))), "markers")[0].error_y
        for log in (True, False)
    )
    assert 0 < on_log.arrayminus[0] < 0.01 and on_log.array[0] == pytest.approx(0.98)
    assert on_linear.arrayminus[0] == pytest.approx(0.98)


def test_the_ranges_are_those_given_whoever_is_drawn():
    for shown in ([TAYLOR, DARK], [TAYLOR], []):
        figure = curves(X, shown, ACROSS, UP, marked=0.02)
        np.testing.assert_allclose(figure.layout.yaxis.range, np.log10(UP.span))
        np.testing.assert_allclose(figure.layout.xaxis.range, np.log10(ACROSS.span))
        assert list(figure.layout.xaxis.ticktext) == ["0.01", "0.02", "0.05"]


def test_an_arrow_leads_down_at_the_marked_value():
    figure = curves(X, [TAYLOR, DARK], ACROSS, UP, marked=0.02, gap=("taylor", "dark"))
    (arrow,) = figure.layout.annotations
    assert arrow.x == arrow.ax == pytest.approx(np.log10(0.02))
    assert (arrow.ay, arrow.y) == pytest.approx((np.log10(0.12), np.log10(0.022)))


@pytest.mark.parametrize(
    "shown, gap",
    [
        ([TAYLOR], ("taylor", "dark")),
        ([TAYLOR, DARK], ("dark", "taylor")),
        ([TAYLOR, curve("dark", [np.nan] * 3)], ("taylor", "dark")),
        ([TAYLOR, DARK], None),
    ],
)
def test_there_is_no_arrow_that_would_not_lead_down(shown, gap):
    figure = curves(X, shown, ACROSS, UP, marked=0.02, gap=gap)
    assert not any(note.showarrow for note in figure.layout.annotations)


def test_every_marker_of_the_registry_can_be_drawn():
    for name in DECODERS:
        curves(X, [curve(name, [0.1, 0.2, 0.3])], ACROSS, UP).to_json()


def test_values_that_are_not_finite_leave_a_gap():
    dark = curve("dark", [np.nan, 0.1, np.inf])
    curves(X, [dark], ACROSS, UP, limit=[np.inf, 0.1, 0.2], marked=0.02).to_json()


# Scales


@given(st.lists(st.floats(1e-6, 1e6), min_size=1))
def test_a_span_holds_its_values_with_air(values):
    for log in (True, False):
        low, high = span(values, log)
        assert low < min(values) and max(values) < high
        assert not log or low > 0


@pytest.mark.parametrize("values", [[], [np.nan], [np.inf, -np.inf]])
def test_a_span_of_nothing_is_a_span(values):
    for log in (True, False):
        low, high = span(values, log)
        assert low < high and (low > 0 or not log)


def test_what_a_logarithm_cannot_show_does_not_stretch_it():
    assert span([0.0, -3.0, 1.0, 10.0, np.inf], log=True) == span([1.0, 10.0], log=True)


def test_ticks_are_one_two_five_or_fewer():
    assert ticks(0.9, 12) == [1, 2, 5, 10]
    assert ticks(0.002, 1.5) == pytest.approx([0.003, 0.01, 0.03, 0.1, 0.3, 1])
    assert ticks(1e-6, 1e3) == pytest.approx([10.0**k for k in range(-6, 4)])
