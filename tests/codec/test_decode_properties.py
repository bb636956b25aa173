"""What must hold of every decoder on any map: it moves, mirrors, turns and scales with the map, and stays near it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from dark_core.codec import DECODERS, Status, decode, encode
from dark_core.codec._fast.heatmap_batch import HeatmapBatch

pytestmark = pytest.mark.filterwarnings("error")

WIDTH, HEIGHT = 26, 22
methods = pytest.mark.parametrize("method", DECODERS)
few = settings(max_examples=20)

REACH = {
    "soft_argmax_compensated": 1e-6,  # by its formula pixels below zero weigh less than nothing
    "bicubic": 0.375,  # the outermost of the points between pixels
    "taylor": 1.0,  # one step from the peak
    "dark_raw_peak": 1.0,
    "dark": 1.0,
    "noise_matched": 2.0,  # the leash, for sigma up to 5 / 3
    "gaussian_fit": 2.0,
    "gaussian_fit_free": 2.0,
    "gaussian_fit_rotated": 2.0,
}
"""How far beyond the outermost pixels a reading may lie, heatmap px, where it may: a joint just outside is one too."""

UNBOUNDED = {"dark_release": "no step is refused or cut: in noise it may end anywhere"}


@st.composite
def blobs(draw) -> np.ndarray:
    """(H, W) a Gaussian anywhere in or just off the map, in noise: two equal values never occur."""
    joint = draw(st.floats(-1, WIDTH)), draw(st.floats(-1, HEIGHT))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    level = draw(st.floats(1e-3, 0.3))
    return encode(joint, (WIDTH, HEIGHT), draw(st.sampled_from([1, 1.5, 2, 3]))) + rng.normal(0, level, (HEIGHT, WIDTH))


@pytest.mark.parametrize("method", sorted(DECODERS.keys() - {"soft_argmax"}))  # which the map's middle pulls
@given(blob=blobs(), dx=st.integers(-18, 18), dy=st.integers(-18, 18))
@few
def test_a_whole_pixel_shift_moves_the_reading_with_it(method, blob, dx, dy):
    room = np.zeros((HEIGHT + 60, WIDTH + 60))
    room[30 : 30 + HEIGHT, 30 : 30 + WIDTH] = blob
    here, there = decode(room, method, 1.5), decode(np.roll(room, (dy, dx), (0, 1)), method, 1.5)
    np.testing.assert_allclose(there.xy, here.xy + [dx, dy], atol=1e-6)
    assert there.ok == here.ok and there.score == here.score


@methods
@given(blob=blobs())
@few
def test_a_mirrored_or_turned_map_gives_the_mirrored_or_turned_reading(method, blob):
    x, y = decode(blob, method).xy
    np.testing.assert_allclose(decode(blob[:, ::-1], method).xy, [WIDTH - 1 - x, y], atol=1e-6)
    np.testing.assert_allclose(decode(blob[::-1], method).xy, [x, HEIGHT - 1 - y], atol=1e-6)
    np.testing.assert_allclose(decode(blob.T, method).xy, [y, x], atol=1e-6)


@methods
@pytest.mark.parametrize("exponent", [-1000, -130, -20, 1, 20, 130, 1021])
@given(blob=blobs())
@settings(max_examples=5)
def test_a_multiple_of_the_map_gives_the_same_reading(method, exponent, blob):
    one, many = decode(blob, method), decode(np.ldexp(blob, exponent), method)
    np.testing.assert_allclose(many.xy, one.xy, atol=1e-6)
    assert many.ok == one.ok


@methods
@given(batch=st.lists(blobs(), min_size=1, max_size=4))
@few
def test_a_batch_gives_what_its_maps_give_alone(method, batch):
    together = decode(np.stack([batch]), method)
    for index, heatmap in enumerate(batch):
        alone = decode(heatmap, method)
        np.testing.assert_allclose(together.xy[0, index], alone.xy, atol=1e-9)
        assert (together.score[0, index], together.ok[0, index]) == (alone.score, alone.ok)


@methods
@given(blob=blobs())
@few
def test_the_score_is_the_largest_value_and_the_map_is_left_alone(method, blob):
    before = blob.copy()
    assert decode(blob, method).score == blob.max()
    np.testing.assert_array_equal(blob, before)


@given(seed=st.integers(0, 2**32), sigma=st.floats(0.3, 4))
@settings(max_examples=30)
def test_no_step_leaves_the_pixel_next_to_the_peak_even_on_pure_noise(seed, sigma):
    maps = np.random.default_rng(seed).uniform(size=(20, 12, 14))
    look = HeatmapBatch(maps, sigma)
    for peak, methods, bound in (
        (look.peak, ("quarter_shift", "second_maximum"), 0.25),
        (look.peak, ("parabola",), 0.5),  # half way, where a neighbor is as high
        (look.peak, ("bicubic",), 1),
        (look.peak, ("taylor",), 1),
        (look.smoothed_peaks.peak, ("dark",), 1),
        (look.smoothed_peaks.peak, ("gaussian_fit", "gaussian_fit_free", "gaussian_fit_rotated"), max(2, 1.2 * sigma)),
        (look.peak, ("patch_average_5",), 2),
        (look.peak, ("patch_average_7",), 3),
    ):
        for method in methods:
            read = decode(maps, method, sigma)
            stays = np.isin(read.status, [Status.NOT_CONCAVE, Status.NOT_POSITIVE, Status.UNSETTLED])
            assert np.abs(read.xy - peak)[~stays].max(initial=0) <= bound + 1e-12, method
            np.testing.assert_array_equal(read.xy[stays], look.peak[stays], method)


def outside(xy: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Heatmap px that places (..., 2) lie beyond the outermost pixels' centers."""
    return np.maximum(-xy, xy - [shape[-1] - 1, shape[-2] - 1]).clip(0, None)


@methods
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_largest_and_smallest_numbers_give_a_finite_reading(method, dtype):
    limits = np.finfo(dtype)
    values = [limits.max, -limits.max, limits.max / 2, limits.tiny, -limits.tiny, limits.smallest_subnormal, 0, 1]
    rng = np.random.default_rng(0)
    high, low = rng.choice(np.array(values, dtype), (2, 600, 1, 1))
    maps = np.where(rng.random((600, 5, 6)) < rng.random((600, 1, 1)), high, low)
    read = decode(maps, method, 1.0)
    assert np.isfinite(read.xy).all()
    assert method in UNBOUNDED or outside(read.xy, maps.shape).max() <= REACH.get(method, 0) + 1e-9
    assert read.covariance is None or np.isfinite(read.covariance).all()
    np.testing.assert_array_equal(read.score, maps.max((1, 2)))


@methods
@given(maps=arrays(st.sampled_from(["f2", "f4", "f8"]), array_shapes(min_dims=2, max_dims=3, max_side=6)))
@settings(max_examples=60)
def test_any_numbers_at_all_give_a_finite_reading_near_the_map(method, maps):
    read = decode(maps, method, 1.0)
    assert np.isfinite(read.score).all() and np.isfinite(read.xy).all()
    assert method in UNBOUNDED or outside(read.xy, maps.shape).max(initial=0) <= REACH.get(method, 0) + 1e-9
    assert read.covariance is None or np.isfinite(read.covariance).all()
    seen = np.isnan(maps) | (maps == np.inf)  # nobody looks for -inf, which is below every peak
    assert not (read.ok & seen.any((-2, -1))).any()
    assert (read.ok == ((read.status == Status.FINE) | (read.status == Status.OTHER_PEAK))).all()
