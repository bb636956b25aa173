"""Offset maps beside a heatmap, drawn and decoded."""

import numpy as np
import pytest
import torch

from dark_core.codec import Status, decode, decode_offset_maps, encode, encode_offset_maps

pytestmark = pytest.mark.filterwarnings("error")

SIZE, SIGMA = (48, 64), 2.0
JOINTS = np.array([[[20.3, 31.7], [9.0, 5.5]], [[30.26, 50.01], [0.0, 63.0]]])
KINDS = {"array": np.asarray, "tensor": torch.from_numpy}
kinds = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)


def test_the_maps_by_hand():
    maps = encode_offset_maps([1.25, 0.5], (3, 2), radius=1.0, unit=0.5)
    # Squared distances: row 0: 1.8125, .3125, .8125; row 1 the same; a radius of 1 takes the last two of each.
    np.testing.assert_array_equal(maps, [[[0, 0.5, -1.5], [0, 0.5, -1.5]], [[0, 1, 1], [0, -1, -1]]])


@kinds
@pytest.mark.parametrize("encoding", ["unbiased", "floor"])
def test_joints_come_back_exactly_even_from_a_rounded_heatmap(kind, encoding):
    """As CenterNet does: the heatmap is drawn at a whole pixel, and the offsets know the rest."""
    heatmaps = encode(kind(JOINTS), SIZE, SIGMA, encoding)
    found = decode_offset_maps(heatmaps, encode_offset_maps(kind(JOINTS), SIZE, 4.0, unit=4.0), unit=4.0)
    np.testing.assert_allclose(found.xy, JOINTS, atol=1e-12)
    assert bool(found.ok.all()) and type(found.xy) is type(kind(JOINTS))
    assert (found.score == decode(heatmaps, "argmax").score).all()


def test_the_noise_of_one_pixel_reaches_the_position_undiminished():
    """Its known failure, beside a decoder that averages over the peak."""
    rng, noise, count = np.random.default_rng(0), 0.05, 2000
    joints = rng.uniform(15, 30, (count, 2))
    heatmaps, offsets = encode(joints, SIZE, SIGMA), encode_offset_maps(joints, SIZE, 6.0)
    heatmaps = heatmaps + rng.normal(0, noise, heatmaps.shape)
    offsets += rng.normal(0, noise, offsets.shape)
    error = decode_offset_maps(heatmaps, offsets).xy - joints
    np.testing.assert_allclose(error.std(0), noise, rtol=0.05)
    assert (decode(heatmaps, "dark", SIGMA).xy - joints).std() < 0.85 * noise  # the bound: noise · √(2/π)


def test_outside_the_disc_nothing_corrects_the_peak():
    heatmap = encode([20.3, 31.7], SIZE, SIGMA)
    heatmap[10, 40] = 2.0
    found = decode_offset_maps(heatmap, encode_offset_maps([20.3, 31.7], SIZE, 4.0))
    assert found.xy.tolist() == [40, 10]


@kinds
def test_what_is_not_finite_leaves_the_largest_pixel(kind):
    heatmaps, offsets = encode(JOINTS[0], SIZE, SIGMA), encode_offset_maps(JOINTS[0], SIZE, 4.0)
    offsets[0, 1, 32, 20], heatmaps[1] = np.nan, 0.0
    found = decode_offset_maps(kind(heatmaps), kind(offsets))
    assert found.xy[0].tolist() == [20, 32] and found.status.tolist() == [Status.UNSETTLED, Status.FLAT]


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: encode_offset_maps([1, 1], SIZE, 0.0), "radius must be a positive number of heatmap px, got 0.0"),
        (lambda: encode_offset_maps([1, 1], SIZE, 1.0, np.inf), "unit must be a positive number"),
        (lambda: encode_offset_maps([1, 1], (0, 3), 1.0), "size must be"),
        (lambda: decode_offset_maps(np.ones((2, 5, 4)), np.ones((2, 5, 4))), r"offsets must be \(2, 2, 5, 4\)"),
        (lambda: decode_offset_maps(np.ones((5, 4)), np.ones((2, 5, 4)), -1.0), "unit must be a positive number"),
        (lambda: decode_offset_maps(np.ones(5), np.ones((2, 5, 4))), "heatmaps must be"),
    ],
)
def test_what_makes_no_sense_is_refused(call, said):
    with pytest.raises(ValueError, match=said):
        call()
