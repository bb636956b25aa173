"""The engine draws the noise that was ordered and hands each decoder the same heatmaps; its statistics are by hand."""

import numpy as np
import pytest

from dark_core.codec import cramer_rao, decode, encode
from dark_core.simulation import monte_carlo
from dark_core.simulation.monte_carlo import accuracy, rmse_bound, run_trials

pytestmark = pytest.mark.filterwarnings("error")

SIZE, SIGMA, NOISE = (24, 18), 1.5, 0.05
METHODS = ("argmax", "dark", "gaussian_fit")


def clean(joints: np.ndarray) -> np.ndarray:
    return encode(joints, SIZE, SIGMA)


def some_joints(count: int) -> np.ndarray:
    return np.random.default_rng(1).uniform(6, 11, (count, 2))


# Trials


def test_trials_decode_the_clean_heatmap_plus_scaled_noise():
    joints = some_joints(5)
    heatmaps = clean(joints) + NOISE * np.random.default_rng(7).standard_normal((5, 18, 24), dtype=np.float32)
    trials = run_trials(joints, clean, NOISE, METHODS, SIGMA, np.random.default_rng(7))
    assert tuple(trials) == METHODS
    for name, one in trials.items():
        expected = decode(heatmaps, name, SIGMA)
        np.testing.assert_allclose(one.xy, expected.xy, atol=1e-5)
        np.testing.assert_array_equal(one.errors, one.xy - joints)
        np.testing.assert_array_equal(one.ok, expected.ok)
    assert trials["dark"].covariance is None and trials["gaussian_fit"].covariance.shape == (5, 2, 2)


def test_one_heatmap_may_stand_for_all():
    joint = some_joints(1)
    each = run_trials(joint.repeat(9, 0), clean, NOISE, ["dark"], SIGMA, np.random.default_rng(3))
    same = run_trials(joint.repeat(9, 0), lambda _: clean(joint)[0], NOISE, ["dark"], SIGMA, np.random.default_rng(3))
    np.testing.assert_array_equal(same["dark"].xy, each["dark"].xy)
    assert len(np.unique(same["dark"].xy, axis=0)) == 9, "each has noise of its own"


@pytest.mark.parametrize("block", [1, 24 * 18 * 7, 2**30])
def test_neither_the_block_nor_later_trials_change_a_result(monkeypatch, block):
    before = run_trials(some_joints(40), clean, NOISE, METHODS, SIGMA, np.random.default_rng(0))
    monkeypatch.setattr(monte_carlo, "BLOCK", block)
    after = run_trials(some_joints(40)[:30], clean, NOISE, METHODS, SIGMA, np.random.default_rng(0))
    for name in METHODS:
        np.testing.assert_allclose(after[name].xy, before[name].xy[:30], atol=1e-5)


def test_no_more_than_a_block_is_drawn_at_a_time(monkeypatch):
    monkeypatch.setattr(monte_carlo, "BLOCK", 24 * 18 * 4)
    drawn = []
    run_trials(
        some_joints(10),
        lambda joints: drawn.append(len(joints)) or clean(joints),
        NOISE,
        ["argmax"],
        SIGMA,
        np.random.default_rng(0),
    )
    assert drawn[1:] == [4, 4, 2], "the first call only asks for the size"


def test_no_joints_give_no_trials():
    trials = run_trials(np.empty((0, 2)), clean, NOISE, METHODS, SIGMA, np.random.default_rng(0))
    assert all(one.xy.shape == one.errors.shape == (0, 2) and one.ok.shape == (0,) for one in trials.values())


# Statistics


def test_an_accuracy_is_that_of_its_errors():
    # 1 px left, right, above and below a point 0.3 px right of the joint: |bias|² = 0.09, scatter² = 1.
    found = accuracy(np.array([[-1, 0], [1, 0], [0, -1], [0, 1]]) + [0.3, 0.0], bound=0.5)
    np.testing.assert_allclose(found.bias, [0.3, 0])
    np.testing.assert_allclose(found.bias_error, np.sqrt(2 / 3) / 2, rtol=1e-12)  # 2 of 4 are 1 px off: var 2/3
    assert found.scatter == pytest.approx(1) and found.scatter_error == pytest.approx(0)
    assert found.rmse == pytest.approx(np.sqrt(1.09))
    # Squared lengths 0.49, 1.69, 1.09, 1.09: a deviation of sqrt(0.24), half of it for the mean of four.
    assert found.rmse_error == pytest.approx(np.sqrt(0.24) / 2 / (2 * np.sqrt(1.09)))
    assert found.ratio == pytest.approx(found.rmse / 0.5) and found.ratio_error == pytest.approx(found.rmse_error / 0.5)


@pytest.mark.parametrize("bound", [0.0, np.inf, np.nan])
def test_without_a_bound_there_is_no_ratio(bound):
    found = accuracy(np.array([[0.1, 0.0], [0.0, 0.2]]), bound)
    assert np.isnan(found.ratio) and np.isnan(found.ratio_error) and np.isfinite(found.rmse)


def test_exact_positions_have_no_error_and_no_uncertainty():
    found = accuracy(np.zeros((5, 2)), 0.1)
    assert (found.rmse, found.rmse_error, found.ratio) == (0, 0, 0)


@pytest.mark.parametrize("shape", [(2,), (0, 2), (1, 2), (4, 3)])
def test_an_accuracy_needs_two_errors(shape):
    with pytest.raises(ValueError, match=r"\(count, 2\)"):
        accuracy(np.zeros(shape), 0.1)


def test_the_bound_of_several_joints_is_the_root_of_their_mean_variance():
    joints = np.array([[8.2, 9.1], [0.3, 9.1], [11.0, 17.2]])
    variances = [np.trace(cramer_rao(joint, SIZE, SIGMA, NOISE)) for joint in joints]
    assert rmse_bound(joints, SIZE, SIGMA, NOISE) == pytest.approx(np.sqrt(np.mean(variances)))
    # Clear of edges, with the height unknown: 2 n² / (pi a²) per axis.
    assert rmse_bound((11.5, 8.5), SIZE, SIGMA, NOISE, 0.5) == pytest.approx(2 * NOISE / 0.5 / np.sqrt(np.pi), rel=1e-3)
