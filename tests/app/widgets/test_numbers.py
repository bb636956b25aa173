"""Numbers on the pages: a true minus sign, no sign at zero, a dash where there is no number."""

import math

import numpy as np
import pytest

from dark_core.app.widgets.numbers import interval, number, percent, signed
from dark_core.evaluation.ablation_table import Interval


@pytest.mark.parametrize(
    "value, digits, text",
    [(1.25, 1, "1.2"), (-0.5, 2, "−0.50"), (np.float32(3), 0, "3"), (math.nan, 1, "–"), (math.inf, 3, "–")],
)
def test_a_number_has_its_decimals_and_a_true_minus(value, digits, text):
    assert number(value, digits) == text


@pytest.mark.parametrize(
    "value, digits, text",
    [
        (1.25, 1, "+1.2"),
        (-0.04, 1, "0.0"),
        (0.0, 1, "0.0"),
        (-0.0, 2, "0.00"),
        (-1.0, 1, "−1.0"),
        (0.06, 1, "+0.1"),
        (10.0, 0, "+10"),
        (math.nan, 1, "–"),
    ],
)
def test_a_sign_is_left_out_where_the_number_rounds_to_zero(value, digits, text):
    assert signed(value, digits) == text


def test_a_share_is_given_in_percent():
    assert (percent(0.125, 1), percent(1), percent(-0.5)) == ("12.5 %", "100 %", "−50 %")


def test_an_interval_that_is_not_known_is_left_out():
    assert interval(Interval(1.0, -0.5, 2.0)) == "[−0.5, 2.0]"
    assert interval(Interval(1.0, -0.5, 2.0), sign=True) == "[−0.5, +2.0]"
    assert interval(Interval(1.0, math.nan, math.nan)) == ""
