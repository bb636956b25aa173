"""The robust fit: exact where the data are, unmoved by outliers, and with standard errors that hold."""

import numpy as np
import pytest

from dark_core.diagnosis.robust_fit import critical_value, robust_fit


def test_a_line_is_recovered_among_gross_outliers():
    rng = np.random.default_rng(0)
    x = rng.uniform(-20, 20, 300)
    values = 0.3 + 0.02 * x
    values[:60] += rng.uniform(5, 50, 60)
    fit = robust_fit(np.column_stack([np.ones(300), x]), values, np.arange(300) // 10)
    np.testing.assert_allclose(fit.coefficients, [0.3, 0.02], atol=1e-6)
    assert fit.groups == 30 and fit.certain(np.array([1, 0])) and fit.certain(np.array([0, 1]))


def test_the_standard_error_covers_what_a_persons_joints_share():
    """With noise of 1 per person and none per joint, the mean of 30 people has a standard error of 1 / sqrt(30)."""
    rng = np.random.default_rng(1)
    group, errors, found = np.repeat(np.arange(30), 14), [], []
    for _ in range(200):
        fit = robust_fit(np.ones((420, 1)), rng.normal(size=30)[group] + 0.05 * rng.normal(size=420), group)
        errors.append(fit.error(np.ones(1)))
        found.append(fit.coefficients[0])
    assert np.mean(errors) == pytest.approx(np.std(found), rel=0.15)
    assert np.mean(errors) == pytest.approx(1 / np.sqrt(30), rel=0.15)


def test_few_groups_ask_for_more():
    assert critical_value(2) == np.inf
    # Student's t with 9 degrees of freedom: 2 P(t > 12.8) = 5e-7 about; the normal has 2 P(z > 5) = 5.7e-7.
    assert critical_value(10) == pytest.approx(12.6, abs=0.4)
    assert critical_value(10**6) == pytest.approx(5, abs=1e-3)
