"""The matched filter round the peak: the same numbers as the whole smoothed map holds there."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dark_core.codec import encode, smooth
from dark_core.codec._fast.backend import windows
from dark_core.codec._fast.heatmap_batch import HeatmapBatch
from dark_core.codec._fast.matched_filter import CLIMB, HIGHER, WEAK, SmoothedPeaks, find_smoothed_peaks
from dark_core.codec._smooth import kernel_radius

pytestmark = pytest.mark.filterwarnings("error")


def found(maps: np.ndarray, sigma: float) -> SmoothedPeaks:
    return find_smoothed_peaks(maps, HeatmapBatch(maps, sigma).peak, sigma)


def patches(maps: np.ndarray, anchors: np.ndarray) -> np.ndarray:
    return np.stack([one[y - 1 : y + 2, x - 1 : x + 2] for one, (x, y) in zip(maps, anchors)])


@given(
    seed=st.integers(0, 2**32),
    width=st.integers(3, 40),
    height=st.integers(3, 40),
    sigma=st.floats(0.2, 4),
    level=st.sampled_from([0.02, 0.3, 5.0]),
)
@settings(max_examples=60)
def test_the_patch_is_that_of_the_whole_smoothed_map(seed, width, height, sigma, level):
    rng = np.random.default_rng(seed)
    joints = rng.uniform(-1, [width, height], (20, 2))
    maps = encode(joints, (width, height), 2.0) + level * rng.normal(size=(20, height, width))
    smoothed, seen = smooth(maps, sigma), found(maps, sigma)
    np.testing.assert_array_equal(seen.anchor, np.clip(seen.anchor, 1, [width - 2, height - 2]))
    np.testing.assert_allclose(seen.patch, patches(smoothed, seen.anchor), atol=1e-14 * (1 + level))


def climbed(smoothed: np.ndarray, raw: np.ndarray) -> tuple[np.ndarray, int]:
    """From the raw peak to the highest neighbor again and again, on a whole smoothed map: the place, and the moves.

    Anchors stay off the outermost pixels; the peak is the highest of the nine round the last one.
    """
    height, width = smoothed.shape
    x, y = np.clip(raw, 1, [width - 2, height - 2])
    for moves in range(CLIMB + 1):
        nine = smoothed[y - 1 : y + 2, x - 1 : x + 2]
        row, column = np.divmod(nine.argmax(), 3) if nine.max() > HIGHER * nine[1, 1] else (1, 1)
        peak = np.array([x + column - 1, y + row - 1])
        onward = np.clip(peak, 1, [width - 2, height - 2])
        if moves == CLIMB or (onward == [x, y]).all():
            return peak, moves
        x, y = onward


@given(seed=st.integers(0, 2**32), sigma=st.floats(0.5, 4), level=st.floats(0.001, 0.5))
@settings(max_examples=60)
def test_the_climb_ends_on_a_local_maximum_of_the_smoothed_map(seed, sigma, level):
    rng = np.random.default_rng(seed)
    maps = encode(rng.uniform(-1, [26, 22], (30, 2)), (26, 22), 2.0) + level * rng.normal(size=(30, 22, 26))
    look, smoothed = HeatmapBatch(maps, sigma), smooth(maps, sigma)
    assert (look.score > 0).all()
    for raw, score, one, peak, anchor in zip(
        look.peak, look.score, smoothed, look.smoothed_peaks.peak, look.smoothed_peaks.anchor
    ):
        expected, moves = climbed(one, raw)
        if one[expected[1], expected[0]] < WEAK * score:  # little stands there: the largest of all, if it is higher
            assert one.max() > 0
            largest, again = climbed(one, divmod(one.argmax(), 26)[::-1])
            assert one[largest[1], largest[0]] >= one.max() / HIGHER
            if one[largest[1], largest[0]] > one[expected[1], expected[0]]:
                expected, moves = largest, again
        np.testing.assert_array_equal(peak, expected)
        x, y = peak
        assert one[y, x] >= one[raw[1], raw[0]] - 1e-15  # only ever upwards
        if moves < CLIMB:
            assert one[y, x] >= one[max(y - 1, 0) : y + 2, max(x - 1, 0) : x + 2].max() / HIGHER
            np.testing.assert_array_equal(anchor, np.clip(peak, 1, [24, 20]))


def test_a_spike_beside_the_peak_is_left_for_the_peak():
    heatmap = encode([20.2, 17.9], (48, 40), 2.0)
    heatmap[15, 17] = 1.1  # higher than the Gaussian, but alone
    look = HeatmapBatch(heatmap[None], 2.0)
    np.testing.assert_array_equal(look.peak, [[17, 15]])
    np.testing.assert_array_equal(look.smoothed_peaks.peak, [[20, 18]])


@pytest.mark.parametrize("spike", [1.4, 20.0])
def test_a_lone_pixel_far_away_is_left_for_the_joint(spike):
    heatmap = encode([20.2, 17.9], (48, 40), 2.0)
    heatmap[5, 40] = spike
    look, height = HeatmapBatch(np.stack([heatmap, heatmap]), 2.0), smooth(heatmap, 2.0)
    np.testing.assert_array_equal(look.peak, [[40, 5]] * 2)
    # From twelve times the joint's height on it prevails in the smoothed map too.
    place = [20, 18] if spike < 2 else [40, 5]
    np.testing.assert_array_equal(look.smoothed_peaks.peak, [place] * 2)
    np.testing.assert_allclose(look.smoothed_peaks.height, height.max(), rtol=1e-12)


def test_an_even_plateau_is_climbed_alike_in_any_precision():
    flat = np.full((1, 30, 40), 0.3)
    single, double = (found(flat.astype(dtype), 2.0) for dtype in (np.float32, np.float64))
    np.testing.assert_array_equal(single.peak, double.peak)
    np.testing.assert_array_equal(double.peak, [[5, 5]])  # from its first pixel to where the kernel meets no edge


def test_a_climb_is_at_most_eight_steps():
    # A ramp that smoothing leaves rising for 30 px: the raw peak is a plateau at its foot.
    heatmap = np.broadcast_to(np.arange(40.0), (20, 40)).copy()
    heatmap[9:12, 2:5] = 41
    assert CLIMB == 8
    (x, y) = found(heatmap[None], 1.0).anchor[0]
    assert x <= 4 + CLIMB < 38 and abs(y - 10) <= CLIMB


@pytest.mark.parametrize("sigma", [1.0, 2.0, 3.0])
def test_the_crop_is_the_maps_own_round_the_raw_maximum(sigma):
    rng = np.random.default_rng(0)
    maps = encode(rng.uniform(5, 20, (200, 2)), (26, 30), sigma)
    maps = (maps + 0.02 * rng.normal(size=maps.shape)).astype(np.float16)
    look = HeatmapBatch(maps, sigma)
    crop, corner = look.smoothed_peaks.crop, look.smoothed_peaks.corner
    side = 2 * (kernel_radius(sigma) + 1) + 1
    assert crop.shape == (200, min(side, 30), min(side, 26)) and crop.dtype == np.float32
    for one, cut, (x, y), peak in zip(maps, crop, corner, look.peak):
        np.testing.assert_array_equal(cut, one[y : y + cut.shape[0], x : x + cut.shape[1]])
        assert ((peak >= [x, y]) & (peak < [x + cut.shape[1], y + cut.shape[0]])).all()


@pytest.mark.parametrize("place", [(0, 0), (25, 0), (0, 21), (25, 21), (12, 0), (0, 10), (25, 11)])
def test_a_peak_on_the_edge_keeps_its_anchor_inside(place):
    heatmap = np.zeros((1, 22, 26))
    heatmap[0, place[1], place[0]] = 1
    seen = found(heatmap, 1.0)
    np.testing.assert_array_equal(seen.peak, [place])
    np.testing.assert_array_equal(seen.anchor, [np.clip(place, 1, [24, 20])])


def test_maps_are_left_alone_and_any_layout_is_read():
    maps = encode([[8.2, 9.9], [0.1, 12.2]], (21, 19), 2.0)
    before = maps.copy()
    upright, turned = found(maps, 2.0), found(np.asfortranarray(maps), 2.0)
    np.testing.assert_array_equal(maps, before)
    np.testing.assert_array_equal(upright.patch, turned.patch)
    np.testing.assert_array_equal(upright.peak, turned.peak)


def test_windows_are_cut_where_they_are_asked_for():
    maps = np.arange(2 * 5 * 6).reshape(2, 5, 6)
    one, two = windows(maps, np.array([0, 3]), np.array([2, 0]), 3, 2)
    np.testing.assert_array_equal(one, maps[0, 2:4, 0:3])
    np.testing.assert_array_equal(two, maps[1, 0:2, 3:6])
    (again,) = windows(maps, np.array([3]), np.array([3]), 3, 2, np.array([1]))
    np.testing.assert_array_equal(again, maps[1, 3:5, 3:6])
