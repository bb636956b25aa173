"""SimCC: bins per axis, drawn and decoded."""

import numpy as np
import pytest
import torch

from dark_core.codec import Status, decode_simcc, encode_simcc

pytestmark = pytest.mark.filterwarnings("error")

SIZE, SIGMA = (48, 64), 6.0
JOINTS = np.array([[[20.3, 31.7], [9.0, 5.5]], [[30.26, 50.01], [24.24, 33.3]]])
KINDS = {"array": np.asarray, "tensor": torch.from_numpy}
kinds = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)


def test_the_target_by_hand():
    """Two bins a px: a joint at x = 1.5 is on bin 3, one at y = 0.25 midway between bins 0 and 1."""
    x_bins, y_bins = encode_simcc([[1.5, 0.25]], (4, 2), sigma=1.0)
    np.testing.assert_allclose(x_bins[0], np.exp([-4.5, -2, -0.5, 0, -0.5, -2, -4.5, -8]))
    np.testing.assert_allclose(y_bins[0], np.exp([-0.125, -0.125, -1.125, -3.125]))
    assert [len(bins[0]) for bins in encode_simcc([[1, 1]], (5, 3), 1.0, split=2.5)] == [12, 8]


@kinds
@pytest.mark.parametrize("split", [1.0, 2.0, 3.0])
def test_argmax_rounds_to_whole_bins_and_the_parabola_is_exact(kind, split):
    bins = encode_simcc(kind(JOINTS), SIZE, SIGMA, split)
    whole, below = decode_simcc(*bins, split), decode_simcc(*bins, split, sub_bin=True)
    np.testing.assert_allclose(whole.xy, np.ceil(JOINTS * split - 0.5) / split, atol=1e-12)  # the first of two
    np.testing.assert_allclose(below.xy, JOINTS, atol=1e-10)
    off = JOINTS * split - np.round(JOINTS * split)
    np.testing.assert_allclose(below.score, np.exp(-((off**2).max(-1)) / 2 / SIGMA**2))  # the axis farther off a bin
    assert bool(whole.ok.all()) and bool(below.ok.all()) and type(below.xy) is type(kind(JOINTS))


def test_the_position_may_be_in_neither_of_two_peaks():
    """Its known failure: x comes from one person and y from the other."""
    (x_one, y_one), (x_other, y_other) = (encode_simcc(at, SIZE, SIGMA) for at in ([10.0, 12.0], [40.0, 50.0]))
    found = decode_simcc(x_one + 0.9 * x_other, 0.9 * y_one + y_other)
    assert found.xy.tolist() == [10.0, 50.0]


@kinds
def test_what_has_no_parabola_is_the_largest_bin(kind):
    x_bins = np.array([[0, 1, 0, 0], [3, 2, 1, 1], [1, 1, 1, 1], [1, np.nan, 2, 1], [-3, -1, -2, -3.0]])
    y_bins = np.tile([1, 2, 1.5], (5, 1))
    found = decode_simcc(kind(x_bins), kind(y_bins), split=1.0, sub_bin=True)
    assert found.xy[:, 0].tolist() == [1, 0, 0, 2, 1]
    assert found.status.tolist() == [
        Status.NOT_CONCAVE,
        Status.UNSETTLED,
        Status.FLAT,
        Status.NOT_FINITE,
        Status.NOT_POSITIVE,
    ]
    # ln of 1, 2, 1.5: half of ln 1.5 over ln 4 - ln 1.5, to the side of the larger neighbor.
    np.testing.assert_allclose(found.xy[:, 1], 1 + 0.5 * np.log(1.5) / np.log(4 / 1.5))


def test_no_joints_are_decoded_to_none():
    assert decode_simcc(np.zeros((0, 17, 8)), np.zeros((0, 17, 6))).xy.shape == (0, 17, 2)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: encode_simcc([[1, 1]], (4, 4), 0.0), "sigma must be a positive number of bins, got 0.0"),
        (lambda: encode_simcc([[1, 1]], (4, 4), 1.0, np.nan), "split must be a positive number"),
        (lambda: encode_simcc([[1, 1]], (4, 0), 1.0), "size must be"),
        (lambda: encode_simcc([1, 1, 1], (4, 4), 1.0), r"\(x, y\) order"),
        (lambda: decode_simcc(np.ones((2, 8)), np.ones((3, 8))), r"of the same joints, got \(2, 8\) and \(3, 8\)"),
        (lambda: decode_simcc(np.ones((2, 0)), np.ones((2, 8))), "of the same joints"),
        (lambda: decode_simcc(1.0, 1.0), "of the same joints"),
        (lambda: decode_simcc(np.ones((2, 8)), np.ones((2, 8)), -1.0), "split must be a positive number"),
    ],
)
def test_what_makes_no_sense_is_refused(call, said):
    with pytest.raises(ValueError, match=said):
        call()
