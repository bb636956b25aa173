"""Regions round joints whose errors are known: the factor by hand, the share on people who had no part in it."""

import numpy as np
import pytest
from scipy.stats import chi2

from dark_core.codec import decode, encode
from dark_core.evaluation import fit_covariance_scale, squared_distance
from dark_core.evaluation.regions import DECODER, SHARE, calibrate, cross_fit


def test_the_squared_distance_is_that_of_the_inverse():
    rng = np.random.default_rng(0)
    root, error = rng.normal(size=(50, 2, 2)), rng.normal(size=(50, 2))
    covariance = root @ root.swapaxes(-1, -2)
    expected = np.einsum("ni,nij,nj->n", error, np.linalg.inv(covariance), error)
    np.testing.assert_allclose(squared_distance(covariance, error), expected)
    assert np.isnan(squared_distance(np.full((2, 2), np.nan), error[0])) and np.isnan(
        squared_distance(np.zeros((2, 2)), error[0])
    )


def test_the_factor_is_the_label_of_the_right_rank():
    # Of 19 labels the 19th, 0.95 x 20, of 39 the 38th; 18 are too few. A missing label is none.
    few, enough, more = np.full((3, 41), np.nan)
    few[:18], enough[:19], more[:39] = np.arange(1, 19), np.arange(1, 20), np.arange(1, 40)
    scale = fit_covariance_scale(np.stack([few, enough, more], -1))
    np.testing.assert_allclose(scale[1:] * chi2.ppf(0.95, 2), [19, 38])
    assert np.isnan(scale[0])


def test_gaussian_errors_give_back_their_own_factor():
    rng = np.random.default_rng(1)
    scale = fit_covariance_scale(np.array([4.0, 900.0]) * rng.chisquare(2, (20000, 2)))
    np.testing.assert_allclose(scale, [4, 900], rtol=0.04)


@pytest.mark.parametrize("tail", [1.0, 1.5, 30.0])
def test_new_people_are_held_as_often_as_said_whatever_the_errors_are(tail):
    # Student's t, from Cauchy to nearly Gaussian. A share of 5,600 labels has a standard error of 0.3 %.
    rng = np.random.default_rng(2)
    squared = (rng.standard_t(tail, (400, 14, 2)) ** 2).sum(-1) * np.linspace(0.1, 100, 14)
    squared[rng.uniform(size=squared.shape) < 0.1] = np.nan
    holds = cross_fit(squared)
    assert np.isnan(holds[np.isnan(squared)]).all() and abs(np.nanmean(holds) - SHARE) < 0.011
    one = calibrate([squared[:150], squared[150:]], ["few", "more"])["regions"]
    assert [name for name, *_ in one["holds"]] == ["few", "more"]
    assert sum(count for _, count, _ in one["holds"]) == np.isfinite(squared).sum()
    assert all(abs(share - SHARE) < 0.03 for *_, share in one["holds"])


def test_the_covariance_of_noisy_heatmaps_needs_hardly_a_factor():
    # Where white noise is the only error, the decoder's own covariance is right as it is.
    rng = np.random.default_rng(3)
    truth = rng.uniform(20, 28, (300, 4, 2))
    found = decode(encode(truth, (48, 48), 2.0) + rng.normal(0, 0.05, (300, 4, 48, 48)), DECODER, 2.0)
    scale = fit_covariance_scale(squared_distance(found.covariance, found.xy - truth))
    np.testing.assert_allclose(scale, 1, atol=0.35)


def test_too_few_people_give_no_regions():
    assert calibrate([], []) == {} and calibrate([np.ones((9, 14))], ["few"]) == {}
