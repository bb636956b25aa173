"""The step on the log ends at the joint; the step on the bell ends where calculus says."""

import pytest

from dark_core.app.decode.log_step import (
    FIELDS,
    JOINT,
    SIGMA,
    bell,
    log_of_bell,
    step_by_dots,
    step_on_bell,
    summary_text,
)

STARTS = [pixel - JOINT for pixel in range(int(FIELDS["start"].low), int(FIELDS["start"].high) + 1)]


@pytest.mark.parametrize("start", [*STARTS, -2.0, 1.0, 2.0, 30.0])
def test_three_dots_on_the_log_lead_to_the_joint_from_anywhere(start):
    """The log is -d²/2σ²: slope -d/σ², curvature -1/σ²."""
    step = step_by_dots(log_of_bell, start)
    assert step.slope == pytest.approx(-start / SIGMA**2)
    assert step.curvature == pytest.approx(-1 / SIGMA**2)
    assert step.end == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("start", [*STARTS, 1.0, 3.0])
def test_the_step_on_the_bell_is_off_by_the_closed_form(start):
    """With f' = -d f/σ² and f'' = (d² - σ²) f/σ⁴ the step from d ends at d³ / (d² - σ²)."""
    step = step_on_bell(start)
    assert step.end == pytest.approx(start**3 / (start**2 - SIGMA**2))
    if abs(start) < SIGMA:
        assert step.end * start < 0, "past the joint"
    else:
        assert abs(step.end) > abs(start), "away from it"
    width = 1e-4  # the derivatives are those of the bell
    left, center, right = (bell(start + k * width) for k in (-1, 0, 1))
    assert step.slope == pytest.approx((right - left) / (2 * width), abs=1e-6)
    assert step.curvature == pytest.approx((left - 2 * center + right) / width**2, abs=1e-6)


def test_the_numbers_that_the_page_quotes():
    """From 1 px: 1 / (1 - 4) = -1/3; three dots at heights 1, e^(-1/8), e^(-1/2) give -0.24; at 2 px no curvature."""
    assert step_on_bell(1.0).end == pytest.approx(-1 / 3)
    slope, curvature = (0.606531 - 1) / 2, 1 - 2 * 0.882497 + 0.606531
    assert step_by_dots(bell, 1.0).end == pytest.approx(1 - slope / curvature, abs=1e-4)
    assert step_on_bell(2.0).end == float("inf")
    said = summary_text()
    for number in ("0.33 px past the joint", "it ends 0.24 px past", "[[σ|sigma]] = 2 heatmap px", "From 2 px away"):
        assert number in said
