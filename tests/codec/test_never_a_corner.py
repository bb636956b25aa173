"""A decoder is where the heatmap is highest, or says from which other peak it is decoded, and why."""

import numpy as np
import pytest

from dark_core.codec import DECODERS, Status, decode, encode, in_full, trace
from dark_core.codec._fast.heatmap_batch import HeatmapBatch

pytestmark = pytest.mark.filterwarnings("error")

AVERAGES = [name for name in DECODERS if "average" in name or name.startswith("soft_argmax")]
"""Decoders that no single pixel decides: a second peak or a pedestal may draw them anywhere."""

FITS = tuple(name for name in DECODERS if name.startswith("gaussian_fit"))

ELSEWHERE = (Status.OTHER_PEAK, Status.OTHER_PEAK_BOUNDED, Status.UNBOUNDED)
"""What a position more than 1.5 px from the largest pixel has to say."""

LOGITS = -9 + 11 * encode([[20.3, 31.7]], (48, 64), 2.0, dtype=np.float64)
"""A Gaussian peak of 2 on a background of -9, as a network without its sigmoid gives."""


def random_maps(rng: np.random.Generator, count: int, size: tuple[int, int]) -> np.ndarray:
    """(count, H, W): Gaussians in and off the map, in noise, of any width and scale, on a background of any level."""
    joints = rng.uniform(-2, np.array(size) + 1, (count, 2))
    maps = encode(joints, size, float(rng.uniform(0.5, 4)), dtype=np.float64)
    maps += rng.choice([0, 0.02, 0.1, 0.5, 2], (count, 1, 1)) * rng.normal(size=maps.shape)
    scale, offset = (10 ** rng.uniform(-4, 4, (count, 1, 1)) for _ in range(2))
    return scale * maps + rng.choice([-1, 0, 1], (count, 1, 1)) * offset


@pytest.mark.parametrize("method", sorted(DECODERS.keys() - AVERAGES))
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_no_decoder_is_far_from_the_largest_pixel_without_a_word(method, dtype):
    rng, said = np.random.default_rng(3), []
    for _ in range(60):
        maps = random_maps(rng, 50, (int(rng.integers(3, 48)), int(rng.integers(3, 48)))).astype(dtype)
        read = decode(maps, method, sigma=float(rng.uniform(0.5, 3.5)))
        far = np.linalg.norm(read.xy - decode(maps, "argmax").xy, axis=-1) > 1.5
        np.testing.assert_array_equal(np.isin(read.status, ELSEWHERE), far)  # also where rounding leaves it flat
        said.extend(read.status[far])
    smooths = method in ("dark", "noise_matched", "dark_release", *FITS)
    assert bool(said) == smooths, "the maps are such that each word is said, where there is one"


@pytest.mark.parametrize("method", DECODERS)
def test_a_decoder_that_falls_back_gives_the_largest_pixel(method):
    rng = np.random.default_rng(5)
    for _ in range(20):
        maps = random_maps(rng, 50, (int(rng.integers(1, 40)), int(rng.integers(1, 40))))
        read, sigma = decode(maps, method, 2.0), 2.0
        moved = np.isin(read.status, [Status.BOUNDED, Status.FLAT, *ELSEWHERE])  # a step, or a map without a peak
        np.testing.assert_array_equal(read.xy[~read.ok & ~moved], decode(maps, "argmax").xy[~read.ok & ~moved], sigma)


@pytest.mark.parametrize("method", sorted(DECODERS.keys() - AVERAGES))
@pytest.mark.parametrize("joint", [(20.3, 31.7), (2.2, 31.7), (46.8, 62.9), (0.1, 0.2)])
@pytest.mark.parametrize("background", [-0.5, -3.0, -9.0, -1000.0])
def test_a_background_below_zero_sends_no_decoder_to_a_corner(method, joint, background):
    # Beyond the edges smoothing sees zeros, far above such a background: its largest pixel is a corner.
    heatmap = background + (2 - background) * encode([joint], (48, 64), 2.0, dtype=np.float64)
    read = decode(heatmap, method)
    assert np.linalg.norm(read.xy[0] - np.round(joint)) <= 1.5 or read.status[0] in ELSEWHERE
    assert np.linalg.norm(read.xy[0] - joint) < 3


def test_logits_are_told_apart_from_a_map_without_a_peak():
    for method, status in [("dark", Status.NOT_POSITIVE), ("gaussian_fit", Status.UNSETTLED)]:
        read = decode(LOGITS, method)
        np.testing.assert_array_equal(read.xy, [[20, 32]])
        assert not read.ok and read.status == status
        assert "smoothed" in Status.NOT_POSITIVE.sentence, "its raw peak is positive"
    step = trace(LOGITS[0])
    np.testing.assert_array_equal(step.xy, [20, 32])
    assert step.status == Status.NOT_POSITIVE and not step.ok


@pytest.mark.parametrize("method", ["dark", *FITS])
def test_a_lone_pixel_is_left_for_the_joint_and_the_status_says_so(method):
    heatmap = encode([[20.2, 17.9]], (48, 40), 2.0, dtype=np.float64)
    heatmap[0, 5, 40] = 1.4
    read = decode(heatmap, method)
    np.testing.assert_allclose(read.xy, [[20.2, 17.9]], atol=1e-3)
    assert read.ok and read.status == Status.OTHER_PEAK and read.reasons == [Status.OTHER_PEAK.sentence]
    assert read.covariance is None or np.trace(read.covariance[0]) < 1, "it is a fit like any other"
    if method == "dark":
        step = trace(heatmap[0])
        assert step.ok and step.fallback == "" and step.status == Status.OTHER_PEAK


def test_the_restart_is_taken_only_for_a_positive_peak_that_is_higher():
    below, lone = LOGITS[0], encode([20.2, 17.9], (48, 64), 2.0, dtype=np.float64)
    lone[5, 40] = 1.4
    batch = HeatmapBatch(np.stack([below, lone]), 2.0)
    np.testing.assert_array_equal(batch.smoothed_peaks.peak, [[20, 32], [20, 18]])


def test_a_cut_step_from_another_peak_says_both():
    # A ramp along x with a lone bright pixel at its foot, from which eight steps lead up to x = 11, whose highest
    # neighbor is at 12. The log of the ramp is ln x, so that the step -D' / D'' is 11 px, and is cut to one.
    heatmap = np.arange(30.0) * np.exp(-0.5 * ((np.arange(21.0)[:, None] - 10) / 3) ** 2)
    heatmap[10, 3] = 30
    read = decode(heatmap, "dark", sigma=2.0)
    assert read.status == Status.OTHER_PEAK_BOUNDED and not read.ok
    np.testing.assert_allclose(read.xy, [3 + 8 + 1 + 1, 10], atol=1e-9)


def test_a_released_step_that_goes_far_says_so_and_goes_there():
    maps = np.random.default_rng(0).uniform(size=(200, 20, 24))
    read = decode(maps, "dark_release")
    far = np.linalg.norm(read.xy - decode(maps, "argmax").xy, axis=-1) > 1.5
    assert far.any() and not far.all()
    np.testing.assert_array_equal(read.status == Status.UNBOUNDED, far)
    assert not read.ok[far].any()


@pytest.mark.parametrize("method", sorted(DECODERS.keys() - AVERAGES))
@pytest.mark.parametrize("size", [(3, 3), (4, 3), (5, 7), (30, 25)])
def test_a_flat_map_has_no_other_peak(method, size):
    for value in (-2.0, 0.0, 3.0):
        heatmap = np.full(size[::-1], value)
        read = decode(heatmap, method)
        assert read.status == Status.FLAT and np.linalg.norm(read.xy) <= 1.5
        if method == "dark":
            np.testing.assert_array_equal(trace(heatmap).xy, read.xy)


@pytest.mark.parametrize("method", sorted(DECODERS.keys() - AVERAGES))
def test_a_broken_pixel_leads_no_decoder_away(method):
    rng = np.random.default_rng(0)
    maps = random_maps(rng, 200, (24, 20))
    maps[:, 3, 4] = rng.choice([np.nan, np.inf], 200)
    read = decode(maps, method)
    assert (read.status == Status.NOT_FINITE).all()
    assert (np.linalg.norm(read.xy - decode(maps, "argmax").xy, axis=-1) <= 1.5).all()
    if method == "dark":
        np.testing.assert_allclose([trace(one).xy for one in maps[:20]], read.xy[:20], atol=1e-9)


@pytest.mark.parametrize("method", DECODERS)
@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_broken_pixel_is_not_the_peak_of_a_map_below_zero(method, bad):
    heatmap = encode([[8.0, 7.0]], (18, 17), 2.0, dtype=np.float64) - 5
    heatmap[0, 3, 14] = bad
    read = decode(heatmap, method)
    np.testing.assert_array_equal(read.xy, [[8, 7]] if method not in ("second_maximum", "bicubic") else read.xy)
    assert np.linalg.norm(read.xy - [8, 7]) <= 0.25 and read.status == Status.NOT_FINITE


def test_what_counts_as_decoded_in_full():
    codes = np.array(list(Status))
    full = (Status.FINE, Status.OTHER_PEAK, Status.RIVAL_PEAK, Status.TIED_PEAKS)
    np.testing.assert_array_equal(in_full(codes), [one in full for one in Status])
