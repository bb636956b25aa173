"""The k best peaks of a heatmap, and the statuses of heatmaps on which another peak rivals the first."""

import numpy as np
import pytest
import torch

from dark_core.codec import DECODERS, Status, decode, encode, in_full, is_contested

pytestmark = pytest.mark.filterwarnings("error")

SIZE, SIGMA = (48, 64), 2.0
LEFT, RIGHT = [12.25, 40.5], [36.5, 20.0]
# The largest pixels of the two Gaussians: e^(-d² / 2σ²) with d² = .25² + .5² and .5².
TOPS = np.exp([-0.3125 / 8, -0.25 / 8])
KINDS = {
    "array": np.asarray,
    "tensor": torch.from_numpy,
    "gradient": lambda maps: torch.from_numpy(maps).requires_grad_(),
}
kinds = pytest.mark.parametrize("kind", KINDS)


def two(share: float, at=(LEFT, RIGHT)) -> np.ndarray:
    """A Gaussian of height 1 and another of height ``share``, 31 px apart."""
    one, other = encode(at, SIZE, SIGMA)
    return one + share * other


def as_array(values) -> np.ndarray:
    return torch.as_tensor(values).detach().numpy()


@kinds
@pytest.mark.parametrize("decoder", ["taylor", "dark", "noise_matched", "gaussian_fit", "weighted_average"])
def test_two_gaussians_are_both_decoded_exactly(kind, decoder):
    found = decode(KINDS[kind](two(0.5)), decoder, SIGMA, peaks=3).peaks
    xy, score, share = (as_array(part) for part in (found.xy, found.score, found.share))
    np.testing.assert_allclose(xy[:2], [LEFT, RIGHT], atol=5e-5)  # DARK leaves 3e-5 of a lone one too
    np.testing.assert_allclose(score[:2], TOPS * [1, 0.5], rtol=1e-6)
    np.testing.assert_allclose(share[:2], [1, 0.5 * TOPS[1] / TOPS[0]], rtol=1e-6)
    assert np.isnan(xy[2]).all() and np.isnan(score[2]) and np.isnan(share[2]), "there is no third one"


@pytest.mark.parametrize("decoder", DECODERS)
def test_of_a_lone_peak_every_decoder_gives_its_own_position(decoder):
    maps = encode([LEFT, RIGHT], SIZE, SIGMA)
    plain, found = decode(maps, decoder, SIGMA), decode(maps, decoder, SIGMA, peaks=2)
    np.testing.assert_array_equal(found.peaks.xy[:, 0], plain.xy)
    np.testing.assert_array_equal(found.status, plain.status)
    assert np.isnan(found.peaks.xy[:, 1]).all() and (found.peaks.share[:, 0] == 1).all()
    assert plain.peaks is None, "nobody asked"


def test_the_highest_comes_first_wherever_it_is():
    found = decode(two(3.0), "dark", SIGMA, peaks=2)
    np.testing.assert_allclose(found.peaks.xy, [RIGHT, LEFT], atol=5e-5)
    np.testing.assert_array_equal(found.xy, found.peaks.xy[0])


@kinds
@pytest.mark.parametrize(
    ("share", "status"),
    [(0.79, Status.FINE), (0.81, Status.RIVAL_PEAK), (1.0, Status.TIED_PEAKS), (1.3, Status.FINE)],
)
def test_the_status_tells_of_a_rival_above_eighty_per_cent(kind, share, status):
    maps = KINDS[kind](two(share, [[12.25, 40.5], [36.25, 20.5]]))  # the same place within a pixel: the same top
    found = decode(maps, "dark", SIGMA, peaks=2)
    assert Status(int(found.status)) == status and bool(found.ok), "it is decoded in full all the same"
    assert decode(maps, "dark", SIGMA).status == Status.FINE, "by default no other peak is looked for"


@pytest.mark.parametrize("at", [[20.5, 31.0], [20.5, 30.5], [0.0, 0.5], [47.0, 63.0]])
def test_equal_pixels_beside_each_other_are_one_peak(at):
    """A joint midway between pixels makes two or four of them equally high."""
    found = decode(encode([at], SIZE, SIGMA), "argmax", SIGMA, peaks=2)
    assert found.status == Status.FINE and np.isnan(found.peaks.xy[0, 1]).all()


def test_a_clipped_heatmap_has_one_peak():
    heatmap = np.minimum(encode([[20.3, 30.6]], SIZE, 6.0), 0.5)[0]  # a disc of 7 px radius, all equal
    found = decode(heatmap, "argmax", SIGMA, peaks=2)
    assert found.status == Status.FINE and np.isnan(found.peaks.xy[1]).all()


def test_a_shoulder_is_no_peak_and_a_bump_near_the_maximum_neither():
    """Two Gaussians 1.9 sigmas apart have one maximum; a pixel lifted 4 px from it makes a second one, too near."""
    heatmap = two(0.6, [[20.0, 30.0], [23.8, 30.0]])
    assert np.isnan(decode(heatmap, "argmax", SIGMA, peaks=2).peaks.score[1])
    bumped = encode([[20.0, 30.0]], SIZE, SIGMA)[0]
    bumped[34, 20] = 0.85
    assert decode(bumped, "argmax", SIGMA, peaks=2).status == Status.FINE
    bumped[36, 20] = 0.85
    found = decode(bumped, "argmax", SIGMA, peaks=2)
    assert found.status == Status.RIVAL_PEAK and found.peaks.xy.tolist() == [[20, 30], [20, 36]]


def test_below_a_tenth_of_the_maximum_nothing_is_a_peak():
    assert np.isnan(decode(two(0.09), "dark", SIGMA, peaks=2).peaks.score[1])
    assert decode(two(0.11), "dark", SIGMA, peaks=2).peaks.score[1] == pytest.approx(0.11 * TOPS[1])


def test_three_people_and_a_heatmap_at_fault_in_one_batch():
    joints = np.array([[8.0, 8.0], [24.5, 32.0], [40.0, 56.25]])
    maps = np.zeros((2, 2, 64, 48))
    maps[0, 0] = (encode(joints, SIZE, SIGMA) * np.array([0.5, 1.0, 0.75])[:, None, None]).sum(0)
    maps[1, 0], maps[1, 1] = np.nan, -1.0
    found = decode(maps, "dark", SIGMA, peaks=4)
    assert (found.peaks.xy.shape, found.peaks.share.shape) == ((2, 2, 4, 2), (2, 2, 4))
    np.testing.assert_allclose(found.peaks.xy[0, 0, :3], joints[[1, 2, 0]], atol=5e-5)
    np.testing.assert_array_equal(np.isnan(found.peaks.score[0, 0]), [False, False, False, True])
    assert np.isnan(found.peaks.xy[[0, 1, 1], [1, 0, 1], 1:]).all() and np.isfinite(found.xy).all()
    part = found[0, :1]
    np.testing.assert_array_equal(part.peaks.xy, found.peaks.xy[0, :1])
    np.testing.assert_array_equal(part.peaks.score, found.peaks.score[0, :1])
    assert decode(maps[:0], peaks=2).peaks.xy.shape == (0, 2, 2, 2)


def test_peaks_of_extraordinary_height_keep_their_values():
    found = decode(1e30 * two(0.9), "dark", SIGMA, peaks=2)
    np.testing.assert_allclose(found.peaks.score, 1e30 * TOPS * [1, 0.9], rtol=1e-6)
    np.testing.assert_allclose(found.peaks.xy, [LEFT, RIGHT], atol=5e-5)
    assert found.status == Status.RIVAL_PEAK


def test_in_half_precision_the_values_keep_their_dtype():
    found = decode(torch.from_numpy(two(0.5)).bfloat16(), "dark", SIGMA, peaks=2).peaks
    assert found.score.dtype == found.share.dtype == torch.bfloat16 and found.xy.dtype == torch.float64


def test_gradients_pass_from_the_second_peak_to_its_own_pixels():
    heatmap = torch.from_numpy(two(0.9)).requires_grad_()
    decode(heatmap, "dark", SIGMA, peaks=2).peaks.xy[1].sum().backward()
    assert heatmap.grad[16:25, 32:41].abs().max() > 0.1 and (heatmap.grad[:, :20] == 0).all()


@pytest.mark.parametrize("peaks", [0, -1, 1.5, "2", None])
def test_the_number_of_peaks_is_checked(peaks):
    with pytest.raises(ValueError, match="peaks must be a whole number of at least 1, got"):
        decode(two(0.5), peaks=peaks)


def test_contested_heatmaps_count_as_decoded_in_full():
    assert [one for one in Status if is_contested(one)] == [Status.RIVAL_PEAK, Status.TIED_PEAKS]
    assert all(in_full(one) for one in Status if is_contested(one))
