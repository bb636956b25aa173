"""The position of the highest expected OKS, against closed forms."""

import numpy as np
import pytest
import torch

from dark_core.codec import Status, decode, encode, maximize_expected_oks

pytestmark = pytest.mark.filterwarnings("error")

KINDS = {"array": np.asarray, "tensor": torch.from_numpy}
kinds = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)


@kinds
@pytest.mark.parametrize("falloff", [1.0, 2.0, 4.0])
def test_of_a_gaussian_it_is_the_mean(kind, falloff):
    """A Gaussian of sigma 2, smoothed by the falloff f: its mean stays, its expected OKS there is f² / (4 + f²)."""
    joints = np.array([[[40.0, 41.0], [37.25, 43.5]]])
    found = maximize_expected_oks(kind(3.0 * encode(joints, (81, 82), 2.0, dtype=np.float64)), falloff)
    np.testing.assert_allclose(found.xy, joints, atol=1e-6)
    assert found.score[0, 0] == pytest.approx(falloff**2 / (4 + falloff**2), rel=1e-6)
    assert bool(found.ok.all()) and type(found.xy) is type(kind(joints))


@kinds
def test_it_leaves_the_most_probable_pixel_for_two_that_support_each_other(kind):
    heatmap = np.zeros((24, 32))
    heatmap[5, 5], heatmap[18, 20], heatmap[18, 24] = 0.4, 0.3, 0.3
    assert decode(heatmap, "argmax").xy.tolist() == [5, 5]
    wide, narrow = (maximize_expected_oks(kind(heatmap), falloff) for falloff in (4.0, 1.0))
    np.testing.assert_allclose(wide.xy, [22, 18], atol=1e-4)  # midway; the third, 21 px away, moves it by 1e-5
    assert float(wide.score) == pytest.approx(0.6 * np.exp(-4 / 32), abs=1e-6)  # 2 px from both
    np.testing.assert_allclose(narrow.xy, [5, 5], atol=1e-9)
    assert float(narrow.score) == pytest.approx(0.4)


def test_with_a_wide_falloff_it_is_between_two_people():
    """Its known failure: two joints 8 px apart, each certain by half, and an answer 4 px from both."""
    heatmap = encode([[20.0, 24.0], [28.0, 24.0]], (49, 49), 1.0).sum(0)
    np.testing.assert_allclose(maximize_expected_oks(heatmap, 6.0).xy, [24, 24], atol=1e-6)
    assert abs(maximize_expected_oks(heatmap, 2.0).xy[0] - 24) > 3.5


def test_heatmaps_at_fault_are_told():
    heatmaps = np.zeros((4, 9, 9))
    heatmaps[:, 4, 5], heatmaps[1, 2, 2], heatmaps[2], heatmaps[3] = 1.0, np.nan, 0.0, -1.0
    found = maximize_expected_oks(heatmaps, 1.0)
    assert found.status.tolist() == [Status.FINE, Status.NOT_FINITE, Status.FLAT, Status.FLAT]
    np.testing.assert_allclose(found.xy[:2], [[5, 4], [5, 4]])
    assert np.isfinite(found.xy).all() and maximize_expected_oks(heatmaps[:0], 1.0).xy.shape == (0, 2)


@pytest.mark.parametrize("falloff", [0, -1.0, np.nan, np.inf])
def test_a_falloff_that_makes_no_sense_is_refused(falloff):
    with pytest.raises(ValueError, match="falloff must be a positive number of heatmap px, got"):
        maximize_expected_oks(np.ones((3, 3)), falloff)
