"""The readings without a model of the noise, each against numbers worked out by hand or by another's code."""

import cv2
import numpy as np
import pytest

from dark_core.codec import Status, decode, encode
from dark_core.codec.release import joint_by_joint

pytestmark = pytest.mark.filterwarnings("error")


def blobs(count: int = 300, noise: float = 0.02, border: float = 8.0, sigma: float = 2.0):
    """Joints (count, 2) at least ``border`` px inside maps of 48 x 40, and the maps (count, 40, 48) in noise."""
    rng = np.random.default_rng(3)
    joints = rng.uniform(border, np.array([47, 39]) - border, (count, 2))
    return joints, encode(joints, (48, 40), sigma) + noise * rng.normal(size=(count, 40, 48)).astype(np.float32)


# A quarter towards the second largest pixel


@pytest.mark.parametrize(
    "second, towards",
    [
        ((3, 2), (0.25, 0)),
        ((1, 2), (-0.25, 0)),
        ((3, 3), (0.25 / 2**0.5, 0.25 / 2**0.5)),
        ((5, 6), (0.15, 0.2)),  # three right and four down: a fifth of a quarter each
    ],
)
def test_a_quarter_goes_towards_the_second_largest_pixel(second, towards):
    heatmap = np.zeros((8, 7))
    heatmap[2, 2], heatmap[second[1], second[0]] = 1, 0.7
    np.testing.assert_allclose(decode(heatmap, "second_maximum").xy, np.add([2, 2], towards), atol=1e-12)


def test_a_second_largest_pixel_may_be_as_large():
    heatmap = np.zeros((3, 4))
    heatmap[1, 1:3] = 5
    np.testing.assert_array_equal(decode(heatmap, "second_maximum").xy, [1.25, 1])


# Centroids of a part of the map


def test_the_thresholded_average_counts_from_a_quarter_of_the_peak():
    heatmap = np.array([[0.0, 0, 0.2, 0], [0, 0.8, 0, 0], [0, 0.4, 0.2, 0], [-3, 0.1, 0.199, 0]])
    # 0.8 at (1, 1), 0.4 at (1, 2), 0.2 at (2, 0) and (2, 2): exactly a quarter counts, 0.199 does not.
    expected = [(0.8 + 0.4 + 0.4 + 0.4) / 1.6, (0.8 + 0.8 + 0 + 0.4) / 1.6]
    read = decode(heatmap, "thresholded_average")
    np.testing.assert_allclose(read.xy, expected)
    assert read.ok


def test_the_patch_averages_see_their_square_alone():
    heatmap = np.zeros((15, 15))
    heatmap[7, 6], heatmap[7, 8], heatmap[7, 9], heatmap[11, 6] = 4, 2, 1, 100
    heatmap[11, 6] = 3  # four rows down: in neither square
    heatmap[9, 5] = -50  # left out, as all that is negative
    np.testing.assert_allclose(decode(heatmap, "patch_average_5").xy, [(4 * 6 + 2 * 8) / 6, 7])
    np.testing.assert_allclose(decode(heatmap, "patch_average_7").xy, [(4 * 6 + 2 * 8 + 9) / 7, 7])


def test_a_patch_at_the_edge_counts_each_pixel_once():
    heatmap = np.zeros((6, 7))
    heatmap[0, 0], heatmap[0, 1], heatmap[2, 0], heatmap[0, 3] = 4, 2, 2, 8 / 3
    np.testing.assert_allclose(decode(heatmap, "patch_average_5").xy, [2 / 8, 4 / 8])
    np.testing.assert_allclose(decode(heatmap, "patch_average_7").xy, [10 / (8 + 8 / 3), 4 / (8 + 8 / 3)])


@pytest.mark.parametrize("phase", [0.1, 0.3, 0.49])
@pytest.mark.parametrize("reach", [2, 3])
def test_a_patch_average_leans_towards_the_middle_of_its_square(reach, phase):
    # Along x it is the centroid of the Gaussian's samples from -reach to reach.
    u = np.arange(-reach, reach + 1)
    weight = np.exp(-0.5 * ((u - phase) / 2) ** 2)
    read = decode(encode([20 + phase, 20], (41, 41), 2), f"patch_average_{2 * reach + 1}").xy
    np.testing.assert_allclose(read, [20 + (weight @ u) / weight.sum(), 20], atol=1e-6)
    assert 20 < read[0] < 20 + phase


# Soft-argmax


@pytest.mark.parametrize("low, high", [(0, 1), (0.9, 1), (190, 200), (-1, 0.5)])
def test_soft_argmax_of_two_pixels(low, high):
    # Weights e^(h / T) with T = high / 20: the right one has e^(20 (low - high) / high) of the left one's.
    share = np.exp(20 * (low - high) / high)
    for heatmap in ([[high, low]], [[high], [low]]):
        x, y = decode(np.array(heatmap, float), "soft_argmax").xy
        assert x + y == pytest.approx(share / (1 + share), rel=1e-12, abs=1e-15)


def test_compensation_takes_the_empty_pixels_out_exactly():
    # One blob of any shape over exact zeros: what is left is the centroid of e^(h / T) - 1.
    heatmap = np.zeros((30, 40))
    heatmap[3:6, 30:35] = [[0.1, 0.2, 0.3, 0.2, 0.1], [0.2, 0.3, 0.31, 0.3, 0.2], [0.1, 0.2, 0.3, 0.2, 0.1]]
    excess = np.exp(heatmap * 20 / 0.31) - 1
    y, x = np.mgrid[:30, :40]
    read = decode(heatmap, "soft_argmax_compensated")
    np.testing.assert_allclose(
        read.xy, [(excess * x).sum() / excess.sum(), (excess * y).sum() / excess.sum()], rtol=1e-12
    )
    np.testing.assert_allclose(read.xy, [32, 4], rtol=1e-12)  # the blob is symmetric
    assert read.ok
    # Without it each of the 1185 zeros pulls to the middle.
    weight = excess + 1
    plain = decode(heatmap, "soft_argmax").xy
    np.testing.assert_allclose(
        plain, [(weight * x).sum() / weight.sum(), (weight * y).sum() / weight.sum()], rtol=1e-12
    )
    assert plain[0] < 32 - 1e-6 and plain[1] > 4 + 1e-6


def test_a_soft_argmax_needs_a_positive_peak_for_its_unit():
    heatmap = encode([3.2, 4.1], (9, 8), 1.0).astype(np.float64) - 2
    for method in ("soft_argmax", "soft_argmax_compensated"):
        assert decode(heatmap, method).status == Status.NOT_POSITIVE
    assert decode(heatmap + 2, "soft_argmax").status == Status.FINE


# The parabola


@pytest.mark.parametrize("top", [(2.3, 1.6), (3.0, 2.0), (4.49, 3.51)])
def test_the_vertex_of_a_parabola_is_found_an_axis_at_a_time(top):
    y, x = np.mgrid[:6, :8]
    heatmap = 7 - (x - top[0]) ** 2 - 3 * (y - top[1]) ** 2
    np.testing.assert_allclose(decode(heatmap, "parabola").xy, top, atol=1e-12)
    np.testing.assert_allclose(decode(heatmap - 100, "parabola").xy, top, atol=1e-12)


def test_the_vertex_leans_towards_the_pixel_on_a_gaussian():
    # Half (w - e) / (w - 2 c + e) of exp(-u² / 8) at u = -1.3, -0.3, 0.7.
    w, c, e = np.exp(-(np.array([1.3, 0.3, 0.7]) ** 2) / 8)
    read = decode(encode([20.3, 20], (41, 41), 2).astype(np.float64), "parabola").xy
    np.testing.assert_allclose(read, [20 + 0.5 * (w - e) / (w - 2 * c + e), 20], atol=1e-6)
    assert 20 < read[0] < 20.3


def test_a_parabola_needs_both_neighbors():
    heatmap = np.array([[3.0, 2, 0], [1, 0, 0], [0, 0, 0]])
    np.testing.assert_array_equal(decode(heatmap, "parabola").xy, [0, 0])
    np.testing.assert_allclose(
        decode(np.pad(heatmap, ((1, 0), (0, 0))), "parabola").xy, [0, 1 + 0.5 * (0 - 1) / (0 - 6 + 1)]
    )


# Bicubic


@pytest.mark.parametrize("border", [0.0, 8.0])
def test_bicubic_finds_the_largest_of_opencvs_enlarged_map_round_the_peak(border):
    _, maps = blobs(noise=0.05, border=border)
    read = decode(maps, "bicubic").xy
    peaks = decode(maps, "argmax").xy
    at = (np.arange(4 * 48) + 0.5) / 4 - 0.5, (np.arange(4 * 40) + 0.5) / 4 - 0.5
    for heatmap, xy, peak in zip(maps, read, peaks):
        fine = cv2.resize(heatmap, None, fx=4, fy=4, interpolation=cv2.INTER_CUBIC)
        near = (np.abs(at[1] - peak[1]) < 1)[:, None] & (np.abs(at[0] - peak[0]) < 1)
        column, row = 4 * xy + 1.5
        assert column == int(column) and row == int(row)
        assert near[int(row), int(column)]
        assert fine[int(row), int(column)] == pytest.approx(fine[near].max(), abs=1e-5)


# DARK as released


@pytest.mark.parametrize("border", [0.0, 8.0])
def test_dark_as_released_is_the_procedure_joint_by_joint(border):
    joints, maps = blobs(border=border)
    read, told = decode(maps, "dark_release").xy, joint_by_joint(maps)
    # Both are wild where the hessian all but vanishes, beside an edge; elsewhere they agree.
    tame = np.abs(told - joints).max(-1) < 3
    assert tame.mean() > 0.97 and (border == 0 or tame.all())
    np.testing.assert_allclose(read[tame], told[tame], atol=1e-3)


def test_dark_as_released_leaves_the_outer_two_rows_and_columns_alone():
    for x, y in ((0.3, 15.4), (1.3, 15.4), (15.3, 38.4), (45.8, 1.2)):
        heatmap = encode([x, y], (48, 40), 2)
        np.testing.assert_array_equal(decode(heatmap, "dark_release").xy, np.rint([x, y]))
    assert np.linalg.norm(decode(encode([2.3, 15.4], (48, 40), 2), "dark_release").xy - [2, 15]) > 0.1


def test_dark_as_released_takes_a_kernel_of_two_whatever_sigma():
    _, maps = blobs(20)
    np.testing.assert_array_equal(decode(maps, "dark_release", 1.0).xy, decode(maps, "dark_release", 3.0).xy)


def test_dark_from_the_raw_peak_is_dark_until_noise_moves_its_start():
    rng = np.random.default_rng(0)
    joints = rng.uniform(12, [35, 51], (400, 2))
    clean = encode(joints, (48, 64), 3.0)
    np.testing.assert_allclose(decode(clean, "dark_raw_peak", 3.0).xy, decode(clean, "dark", 3.0).xy, atol=1e-5)
    noisy = clean + 0.1 * rng.standard_normal(clean.shape, dtype=np.float32)
    late, anew = (np.linalg.norm(decode(noisy, name, 3.0).xy - joints, axis=-1) for name in ("dark_raw_peak", "dark"))
    # Measured over 6,000 joints: 2.3 times the RMSE.
    assert np.sqrt((late**2).mean()) > 1.7 * np.sqrt((anew**2).mean())


def test_soft_argmax_takes_its_temperature():
    heatmap = encode([10.3, 30.6], (48, 64), 2.0)
    middle = np.array([23.5, 31.5])
    away = [np.linalg.norm(decode(heatmap, "soft_argmax", temperature=t).xy - middle) for t in (0.02, 0.05, 0.2, 1.0)]
    assert away == sorted(away, reverse=True) and away[-1] < 1 < 12 < away[0]
    by_hand = np.exp(heatmap.astype(float) / (0.2 * heatmap.max()))
    x = (by_hand.sum(0) @ np.arange(48)) / by_hand.sum()
    assert decode(heatmap, "soft_argmax", temperature=0.2).xy[0] == pytest.approx(x, abs=1e-4)
    for bad in (0, -1, np.nan, np.inf):
        with pytest.raises(ValueError, match="temperature"):
            decode(heatmap, "soft_argmax", temperature=bad)


# The soft-argmax of the square round the peak


def test_the_local_soft_argmax_by_hand():
    heatmap = np.zeros((12, 11))
    heatmap[5, 4], heatmap[5, 5], heatmap[9, 9] = 2, 1.8, 1.99  # the last is outside the square and counts for nothing
    # Over T = 0.1 of the peak: weights 1 and 1 / e, and e^-10 for each of 23 zeros, whose steps in x sum to -1.
    one, empty = np.exp(-1), np.exp(-10)
    read = decode(heatmap, "soft_argmax_local")
    np.testing.assert_allclose(read.xy, [4 + (one - empty) / (1 + one + 23 * empty), 5], rtol=1e-6)
    assert read.ok


def test_in_a_corner_the_local_soft_argmax_sees_the_pixels_that_exist():
    heatmap = np.zeros((12, 11))
    heatmap[0, 0] = 1  # of the square, 3 x 3 pixels exist: eight zeros, whose steps sum to 9 along each axis
    np.testing.assert_allclose(decode(heatmap, "soft_argmax_local").xy, 9 * np.exp(-10) / (1 + 8 * np.exp(-10)))


def test_the_local_soft_argmax_fits_peaks_of_one_width():
    """Its known failure: a narrow peak is hardly more than its pixel, a broad one is cut off evenly round the pixel."""
    off = {s: decode(encode([20.4, 20.0], (41, 41), s), "soft_argmax_local").xy[0] - 20.4 for s in (0.8, 2.0, 4.0)}
    assert abs(off[2.0]) < 0.01 and off[0.8] < -0.2 and off[4.0] < -0.1
