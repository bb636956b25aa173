"""Heatmaps to joints: what each decoder reads from clean, noisy and quantized Gaussians, by closed forms."""

import numpy as np
import pytest

from dark_core.codec import CORE_DECODERS, DECODERS, Decoder, Status, decode, encode

pytestmark = pytest.mark.filterwarnings("error")

UNIT_SQUARE = (np.sqrt(2) + np.arcsinh(1)) / 3
"""Mean distance of a point of the unit square from its corner: the integral of sqrt(x² + y²), 0.7652."""

SIGMAS = (1.0, 1.5, 2.0, 3.0)

FITS = tuple(name for name in DECODERS if name.startswith("gaussian_fit"))
SMOOTHING = ("dark_raw_peak", "dark", "noise_matched", *FITS)
"""Decoders that use the assumed sigma."""


def phases(count: int = 40) -> np.ndarray:
    """(count², 2) sub-pixel phases at the midpoints of an even grid over the unit pixel."""
    u = (np.arange(count) + 0.5) / count
    return np.stack(np.meshgrid(u, u), -1).reshape(-1, 2)


def errors(joints: np.ndarray, maps: np.ndarray, method: str, sigma: float = 2.0) -> np.ndarray:
    return np.linalg.norm(decode(maps, method, sigma).xy - joints, axis=-1)


# Clean maps


@pytest.mark.parametrize("method", ["dark", "taylor"])
@pytest.mark.parametrize("sigma", SIGMAS)
def test_newton_on_the_log_finds_a_clean_joint(sigma, method):
    # Zero padding and the sampling of the kernel are all that is left; 3 sigma + 1 px from an edge both are small.
    inside = 3 * sigma + 1
    width, height = 47, 41
    anywhere = np.random.default_rng(0).uniform(inside, [width - 1 - inside, height - 1 - inside], (200, 2))
    nearest = [[inside, inside], [width - 1 - inside, height - 1 - inside]]
    joints = np.concatenate([inside + phases(25), anywhere, nearest])
    read = decode(encode(joints, (width, height), sigma), method, sigma)
    np.testing.assert_allclose(read.xy, joints, atol=1e-3 if method == "dark" else 1e-6)
    assert read.ok.all()


def test_taylor_is_exact_from_a_border_too():
    # The log is a quadratic wherever it is sampled: the pixel next to the edge leads to the same mean.
    joints = np.array([[0.3, 0.2], [30.6, 0.4], [0, 20.3], [30.2, 24.4], [-0.4, 12]])
    read = decode(encode(joints, (31, 25), 2), "taylor")
    np.testing.assert_allclose(read.xy, joints, atol=1e-6)


@pytest.mark.parametrize("sigma", [0.35, 0.5])
def test_the_log_of_a_steep_gaussian_is_read_too(sigma):
    # The lowest of its nine pixels have exp(-1.4² / sigma²) of the height, a ten millionth at 0.35.
    read = decode(encode([[10.4, 9.6], [10.4, 9.8]], (21, 20), sigma, dtype=np.float64), "taylor")
    np.testing.assert_allclose(read.xy, [[10.4, 9.6], [10.4, 9.8]], atol=1e-9)
    assert read.ok.all()


@pytest.mark.parametrize("method", ["dark", "taylor"])
@pytest.mark.parametrize("turned", [0.0, 0.5, 1.2, 2.4])
def test_a_slanted_gaussian_is_read_too(method, turned):
    # The log is a quadratic still, its Hessian no longer diagonal; smoothing adds sigma² to both its variances.
    mean, axes = np.array([24.3, 23.6]), np.array([[np.cos(turned), -np.sin(turned)], [np.sin(turned), np.cos(turned)]])
    away = np.stack(np.meshgrid(np.arange(50), np.arange(48)), -1) - mean
    heatmap = np.exp(-0.5 * ((away @ axes) ** 2 / [1.6**2, 3.2**2]).sum(-1))
    # The kernel's missing tails cost DARK less than a thousandth of a pixel.
    np.testing.assert_allclose(decode(heatmap, method, 2.0).xy, mean, atol=5e-4 if method == "dark" else 1e-5)


def test_argmax_is_off_by_the_distance_to_the_nearest_pixel():
    # Folded, the phase is uniform over [0, 1/2]²: half the unit square, half its mean.
    joints = 20 + phases()
    read = decode(encode(joints, (41, 41), 2), "argmax")
    np.testing.assert_array_equal(read.xy, np.floor(joints + 0.5))
    assert errors(joints, encode(joints, (41, 41), 2), "argmax").mean() == pytest.approx(UNIT_SQUARE / 2, abs=1e-4)


def test_a_quarter_shift_halves_what_argmax_loses():
    # |phase| is uniform over [0, 1/2] and read as 1/4: what is left is uniform over [0, 1/4], a quarter of the square.
    joints = 20 + phases()
    maps = encode(joints, (41, 41), 2)
    nearest = np.floor(joints + 0.5)
    np.testing.assert_array_equal(decode(maps, "quarter_shift").xy, nearest + 0.25 * np.sign(joints - nearest))
    assert errors(joints, maps, "quarter_shift").mean() == pytest.approx(UNIT_SQUARE / 4, abs=3e-4)


@pytest.mark.parametrize(
    "joint, read",
    [
        ((7, 5), (7, 5)),  # symmetric: no slope, no shift
        ((7.1, 4.8), (7.25, 4.75)),
        ((0.3, 5.2), (0, 5.25)),  # on the edge column x has one neighbor only: y alone shifts
        ((14.4, 10.1), (14, 10)),  # in the corner neither shifts
    ],
)
def test_a_quarter_shift_needs_both_neighbors(joint, read):
    np.testing.assert_array_equal(decode(encode(joint, (15, 11), 2), "quarter_shift").xy, read)


@pytest.mark.parametrize("pedestal", [0, 0.01, 0.1, 1])
def test_a_pedestal_drags_the_weighted_average_to_the_middle(pedestal):
    # Of the total b W H + 2 pi sigma² the pedestal pulls with b W H at the map's middle.
    width, height, sigma = 64, 48, 2.0
    joint, middle = np.array([20.3, 15.6]), np.array([31.5, 23.5])
    background, volume = pedestal * width * height, 2 * np.pi * sigma**2
    expected = (background * middle + volume * joint) / (background + volume)
    read = decode(encode(joint, (width, height), sigma) + pedestal, "weighted_average")
    np.testing.assert_allclose(read.xy, expected, atol=1e-5)


def test_the_weighted_average_leaves_negative_values_out():
    heatmap = np.array([[-9.0, 1, 3], [0, 0, -5]])
    np.testing.assert_allclose(decode(heatmap, "weighted_average").xy, [(1 * 1 + 2 * 3) / 4, 0])


# Quantized targets


BESIDE = {"second_maximum": [0, -0.25], "bicubic": [-0.125, -0.125]}
"""Where those land that cannot land on a pixel's center: towards the first of four equal neighbors, above it, and on
the first of the four equal points round it."""


@pytest.mark.parametrize("method", sorted(DECODERS.keys() - BESIDE.keys()))
@pytest.mark.parametrize("encoding, mean", [("floor", UNIT_SQUARE), ("ceil", UNIT_SQUARE), ("round", UNIT_SQUARE / 2)])
def test_no_decoder_undoes_a_quantized_target(method, encoding, mean):
    # The Gaussian stands on a whole pixel, where all decoders agree: what is lost is the encoding's own.
    joints = 20 + phases()
    maps = encode(joints, (41, 41), 2, encoding)
    assert errors(joints, maps, method).mean() == pytest.approx(mean, abs=2e-4)


def test_two_decoders_land_beside_the_center_of_a_quantized_target():
    heatmap = encode([20.3, 18.8], (41, 39), 2, "round")
    np.testing.assert_array_equal(decode(heatmap, "second_maximum").xy, np.add([20, 19], BESIDE["second_maximum"]))
    np.testing.assert_array_equal(
        np.abs(decode(heatmap, "bicubic").xy - [20, 19]), 0.125
    )  # which of four, rounding says


# White noise


@pytest.mark.parametrize("sigma", [1.5, 2.0, 3.0])
def test_in_white_noise_dark_meets_the_cramer_rao_bound_and_taylor_alone_does_not(sigma):
    # The bound's mean Euclidean error is noise / amplitude, whatever sigma. 800 maps know it to about 2 %.
    rng, level = np.random.default_rng(7), 0.02
    joints = 24 + rng.uniform(-0.5, 0.5, (800, 2))
    maps = encode(joints, (49, 49), sigma) + rng.normal(0, level, (800, 49, 49))
    assert 0.92 < errors(joints, maps, "dark", sigma).mean() / level < 1.12
    assert errors(joints, maps, "taylor", sigma).mean() / level > 2.5
    assert errors(joints, maps, "quarter_shift", sigma).mean() / level > 5


def test_only_smoothing_and_fitting_use_sigma():
    maps = encode([[10.3, 9.8]], (21, 21), 2) + np.random.default_rng(0).normal(0, 0.05, (1, 21, 21))
    for method in DECODERS:
        moved = (decode(maps, method, 1.0).xy != decode(maps, method, 3.0).xy).any()
        assert moved == (method in SMOOTHING), method


# The contract


@pytest.mark.parametrize("leading", [(), (1,), (14,), (2, 14), (0,), (3, 0)])
@pytest.mark.parametrize("method", DECODERS)
def test_leading_axes_are_kept(method, leading):
    read = decode(np.ones((*leading, 6, 7)), method)
    assert (read.xy.shape, read.score.shape, read.ok.shape) == ((*leading, 2), leading, leading)
    assert (read.xy.dtype, read.ok.dtype, read.score.dtype) == (np.float64, bool, np.float64)
    assert read.status.shape == leading and read.status.dtype.kind == "i"
    assert len(read.reasons) == np.prod(leading, dtype=int)
    spread = method.startswith("gaussian") or method == "noise_matched"
    assert (read.covariance is not None) == spread and (not spread or read.covariance.shape == (*leading, 2, 2))
    assert (read.noise is not None) == (method == "noise_matched")
    assert read.noise is None or read.noise.shape == leading


@pytest.mark.parametrize(
    "dtype, accuracy",
    [("f4", 1e-5), (">f4", 1e-5), ("f8", 1e-5), ("f2", 0.01), ("i4", 0.01), ("i8", 0.01), ("u1", 0.05)],
)
@pytest.mark.parametrize("method", DECODERS)
def test_any_real_dtype_is_read(method, dtype, accuracy):
    scale = {"u1": 255, "i4": 10_000, "i8": 10_000}.get(dtype, 1)
    exact = scale * encode([[10.3, 8.6], [9.9, 11.2]], (21, 20), 2).astype(np.float64)
    maps = (np.rint(exact) if scale > 1 else exact).astype(dtype)
    before = maps.copy()
    read = decode(maps, method)
    # The centroid of the whole map weighs the rounding of its many small values most.
    np.testing.assert_allclose(read.xy, decode(exact, method).xy, atol=accuracy)
    np.testing.assert_array_equal(read.score, maps.max((1, 2)))
    np.testing.assert_array_equal(maps, before)
    assert read.ok.all()


def test_a_boolean_mask_is_read():
    mask = np.zeros((9, 9), bool)
    mask[3:6, 4:7] = True
    np.testing.assert_allclose(decode(mask, "weighted_average").xy, [5, 4])
    np.testing.assert_allclose(decode(mask, "dark").xy, [5, 4], atol=1e-9)


def test_a_view_of_any_layout_is_read():
    maps = encode([[10.3, 8.6], [9.9, 11.2]], (21, 20), 2)
    read = decode(maps.transpose(0, 2, 1), "dark")
    np.testing.assert_allclose(read.xy, [[8.6, 10.3], [11.2, 9.9]], atol=1e-4)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("method", DECODERS)
def test_one_broken_map_does_not_disturb_its_neighbors(method, bad, dtype):
    maps = encode([[8.3, 7.6], [9.9, 8.2], [7.1, 9.4]], (18, 17), 2).astype(dtype)
    alone = decode(maps, method)
    maps[1, 4, 5] = bad
    read = decode(maps, method)
    if bad != -np.inf:  # which is below every peak: nobody looks for it
        np.testing.assert_array_equal(read.ok, [True, False, True])
        assert read.status[1] == Status.NOT_FINITE and read.reasons[1] == Status.NOT_FINITE.sentence
        assert np.linalg.norm(read.xy[1] - [9.9, 8.2]) < 1.2  # read without the bad pixel
    np.testing.assert_array_equal(read.xy[[0, 2]], alone.xy[[0, 2]])
    assert np.isfinite(read.xy).all() and np.isfinite(read.score).all()
    assert read.covariance is None or np.isfinite(read.covariance).all()


@pytest.mark.parametrize("method", DECODERS)
@pytest.mark.parametrize("shape", [(1, 1), (1, 6), (6, 1), (2, 2), (5, 7), (25, 30)])
@pytest.mark.parametrize("value", [0, 1, -3, 1e300, -1e-300, 5e-324, np.nan, np.inf, -np.inf])
def test_a_map_without_a_peak_is_finite_and_not_ok(method, shape, value):
    read = decode(np.full(shape, value), method)
    assert np.isfinite(read.xy).all() and np.isfinite(read.score)
    beyond = 0.375 if method == "bicubic" else 0  # its outermost points lie outside the outermost centers
    assert (read.xy >= -beyond).all() and (read.xy <= np.add([shape[1] - 1, shape[0] - 1], beyond)).all()
    assert not read.ok and read.status == (Status.FLAT if np.isfinite(value) else Status.NOT_FINITE)
    assert read.score == (value if np.isfinite(value) else 0)
    if read.covariance is not None:  # anywhere on the map
        np.testing.assert_allclose(read.covariance, np.diag([shape[1] ** 2 / 12, shape[0] ** 2 / 12]))


@pytest.mark.parametrize("method", DECODERS)
def test_a_flat_map_among_others_is_the_only_one_flagged(method):
    maps = np.concatenate([np.zeros((1, 17, 18)), encode([[8.3, 7.6], [0, 0]], (18, 17), 2), np.ones((1, 17, 18))])
    read = decode(maps, method)
    np.testing.assert_array_equal(read.status == Status.FLAT, [True, False, False, True])
    np.testing.assert_allclose(read.xy[1], decode(maps[1], method).xy, atol=1e-9)


@pytest.mark.parametrize("factor", [100, 1e-5, 1e300, 1e-300, -1.0])
@pytest.mark.parametrize("method", DECODERS)
def test_the_score_is_in_the_maps_own_unit(method, factor):
    heatmap = factor * encode([8.3, 7.6], (18, 17), 2).astype(np.float64)
    read = decode(heatmap, method)
    assert read.score == heatmap.max()
    if factor > 0:
        assert read.ok
        np.testing.assert_allclose(read.xy, decode(heatmap / factor, method).xy, atol=1e-6)


NEEDS_NINE = ("taylor", "dark_raw_peak", "dark", *FITS)


@pytest.mark.parametrize("shape", [(1, 7), (7, 1), (2, 2), (2, 9)])
def test_a_map_too_small_for_derivatives_falls_back_to_its_peak(shape):
    heatmap = np.zeros(shape)
    heatmap[-1, -1] = 1
    for method in NEEDS_NINE:
        read = decode(heatmap, method)
        assert not read.ok and read.status == Status.TOO_SMALL
        np.testing.assert_array_equal(read.xy, [shape[1] - 1, shape[0] - 1])
    for method in ("argmax", "quarter_shift", "weighted_average", "patch_average_5", "parabola"):
        read = decode(heatmap, method)
        assert read.ok
        np.testing.assert_array_equal(read.xy, [shape[1] - 1, shape[0] - 1])


def test_a_map_below_zero_has_no_log_and_no_centroid():
    heatmap = encode([8.3, 7.6], (18, 17), 2).astype(np.float64) - 5
    for method in ("taylor", "weighted_average", "thresholded_average", "patch_average_5", "patch_average_7"):
        read = decode(heatmap, method)
        assert read.status == Status.NOT_POSITIVE
        np.testing.assert_array_equal(read.xy, [8, 8])
    # Smoothing takes the outside for zero, so that the smoothed map of one below zero peaks elsewhere.
    for method in (*SMOOTHING, "soft_argmax", "soft_argmax_compensated", "soft_argmax_local"):
        assert decode(heatmap, method).status == Status.NOT_POSITIVE
    assert decode(heatmap, "dark_release").status == Status.NOT_CONCAVE
    for method in ("argmax", "quarter_shift", "second_maximum", "parabola", "bicubic"):  # these need no zero
        read = decode(heatmap, method)
        assert read.status == Status.FINE
        np.testing.assert_allclose(read.xy, decode(heatmap + 5, method).xy, atol=1e-9)


@pytest.mark.parametrize("method", DECODERS)
def test_a_saturated_peak_is_read_within_its_plateau(method):
    # Clipped at 0.6 the plateau's radius is sigma sqrt(-2 ln 0.6), 2 px.
    heatmap = np.minimum(encode([10.2, 9.7], (21, 21), 2), 0.6)
    read = decode(heatmap, method)
    assert np.linalg.norm(read.xy - [10.2, 9.7]) < 2 * np.sqrt(-2 * np.log(0.6)) + 1
    if method in ("dark", "weighted_average", *FITS):
        np.testing.assert_allclose(read.xy, [10.2, 9.7], atol=0.1)
    hundred = np.minimum(100 * encode([10.2, 9.7], (21, 21), 2), 1)  # a plateau of three sigma
    assert np.linalg.norm(decode(hundred, method).xy - [10.2, 9.7]) < 2 * np.sqrt(2 * np.log(100)) + 1


@pytest.mark.parametrize("method", sorted(DECODERS.keys() - {"second_maximum", "bicubic", "soft_argmax"}))
def test_one_lit_pixel_is_read_where_it_is(method):
    for x, y in [(6, 5), (0, 5), (6, 0), (12, 9), (0, 0)]:
        heatmap = np.zeros((10, 13))
        heatmap[y, x] = 1
        read = decode(heatmap, method, sigma=1)
        assert np.abs(read.xy - [x, y]).max() <= (0.6 if x in (0, 12) or y in (0, 9) else 1e-9), (x, y)


def test_three_decoders_read_one_lit_pixel_beside_itself():
    heatmap = np.zeros((10, 13))
    heatmap[5, 6] = 1
    # The second largest of all the zeros is the first pixel, sqrt(61) px away.
    np.testing.assert_allclose(decode(heatmap, "second_maximum").xy, [6 - 1.5 / 61**0.5, 5 - 1.25 / 61**0.5])
    np.testing.assert_array_equal(np.abs(decode(heatmap, "bicubic").xy - [6, 5]), 0.125)
    # Each of the 129 zeros weighs exp(-1 / 0.05); all 130 pixels have their centroid at (6, 4.5).
    empty = np.exp(-20)
    expected = (np.array([6, 5]) * (1 - empty) + 130 * empty * np.array([6, 4.5])) / (1 + 129 * empty)
    np.testing.assert_allclose(decode(heatmap, "soft_argmax").xy, expected, rtol=1e-12)


@pytest.mark.parametrize(
    "heatmaps, arguments, message",
    [
        (np.ones((3, 3)), dict(decoder="soft"), r"'soft'.*argmax, quarter_shift, .*taylor, .*dark"),
        (np.ones((3, 3)), dict(sigma=0), r"sigma.*got 0"),
        (np.ones((3, 3)), dict(sigma=-2), r"sigma.*got -2"),
        (np.ones((3, 3)), dict(sigma=np.nan), r"sigma.*got nan"),
        (np.ones((3, 3)), dict(sigma=np.inf), r"sigma.*got inf"),
        (np.ones(3), {}, r"\(\.\.\., H, W\).*\(3,\)"),
        (1.0, {}, r"\(\.\.\., H, W\).*\(\)"),
        (np.ones((2, 0, 3)), {}, r"\(\.\.\., H, W\).*\(2, 0, 3\)"),
        (np.ones((3, 3), complex), {}, r"real numbers.*complex128"),
        (np.full((3, 3), None), {}, r"real numbers.*object"),
        (np.full((3, 3), "1"), {}, r"real numbers.*<U1"),
        (np.ones((3, 3), "m8[s]"), {}, r"real numbers.*timedelta64"),
    ],
)
def test_an_error_names_what_came(heatmaps, arguments, message):
    with pytest.raises(ValueError, match=message):
        decode(heatmaps, **arguments)


# The registry

PEERS = (
    "argmax quarter_shift second_maximum weighted_average thresholded_average patch_average_5 patch_average_7 "
    "soft_argmax soft_argmax_compensated soft_argmax_local parabola taylor dark_release dark_raw_peak dark "
    "noise_matched gaussian_fit gaussian_fit_free gaussian_fit_rotated bicubic"
).split()


def test_every_decoder_introduces_itself():
    for name, decoder in DECODERS.items():
        assert decoder.name == name
        assert all([decoder.title, decoder.formula, decoder.source, decoder.known_failure])
        assert decoder.known_failure.endswith(".") and decoder.known_failure[0].isupper()
        assert decoder.formula.count("{") == decoder.formula.count("}")
        assert decoder.formula.startswith(r"\hat{x} =") and "$" not in decoder.formula
    assert set(DECODERS) == set(PEERS)


def test_the_classics_are_those_of_the_lessons():
    assert CORE_DECODERS == ("argmax", "quarter_shift", "weighted_average", "taylor", "dark")
    assert all(DECODERS[name].core == (name in CORE_DECODERS) for name in DECODERS)


def test_no_two_decoders_look_alike():
    def different(looks: list) -> bool:
        return len(set(looks)) == len(looks)

    for attribute in ("title", "source"):
        assert different([getattr(decoder, attribute) for decoder in DECODERS.values()])
    assert different([DECODERS[name].formula for name in CORE_DECODERS])


def test_a_decoder_added_to_the_registry_is_read_through_decode(monkeypatch):
    def corner(look):
        return np.full((look.count, 2), look.sigma), np.array([Status.FINE, Status.NOT_CONCAVE])

    monkeypatch.setitem(DECODERS, "corner", Decoder("corner", "Corner", "", "", "", corner))
    read = decode(encode([[3, 3], [4, 4]], (9, 9), 2), "corner", sigma=1.5)
    np.testing.assert_array_equal(read.xy, [[1.5, 1.5], [1.5, 1.5]])
    np.testing.assert_array_equal(read.ok, [True, False])
    assert read.reasons == ["", Status.NOT_CONCAVE.sentence] and read.covariance is None


def test_a_decoder_that_loses_itself_is_read_at_the_peak(monkeypatch):
    def nowhere(look):
        return look.peak * np.array([[np.nan], [1.0]]), Status.FINE, np.full((look.count, 2, 2), 0.5)

    monkeypatch.setitem(DECODERS, "nowhere", Decoder("nowhere", "Nowhere", "", "", "", nowhere))
    read = decode(encode([[3, 3], [4, 4]], (12, 9), 2), "nowhere")
    np.testing.assert_array_equal(read.xy, [[3, 3], [4, 4]])
    np.testing.assert_array_equal(read.status, [Status.UNSETTLED, Status.FINE])
    np.testing.assert_array_equal(read.covariance, [np.diag([12, 81 / 12]), np.full((2, 2), 0.5)])
