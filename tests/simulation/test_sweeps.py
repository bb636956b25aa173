"""Errors as theory has them: rounding, the bound, and decoders measured elsewhere; and numbers that hold still."""

from dataclasses import replace

import numpy as np
import pytest

from dark_core.codec import DECODERS, cramer_rao
from dark_core.simulation import monte_carlo
from dark_core.simulation.sweep_parameters import SWEEP_PARAMETERS, SimulationConfig
from dark_core.simulation.sweeps import (
    CHUNK,
    decoding_errors,
    draw_joints,
    join_chunks,
    split_into_chunks,
    summarize,
    sweep,
)

pytestmark = pytest.mark.filterwarnings("error")

DEFAULT = SimulationConfig()
ALL = list(DECODERS)


def at(
    parameter: str,
    value: float,
    decoders=("taylor", "dark"),
    base: SimulationConfig = DEFAULT,
    count: int = 4000,
    seed=0,
):
    (point,) = sweep(parameter, [value], base, decoders, count, seed)
    return point


def near(value: float, error: float, expected: float) -> bool:
    """Within 4 standard errors: by chance 1 in 16,000 is not, and the seed is fixed."""
    return abs(value - expected) < 4 * error


# Against theory


def test_without_noise_argmax_is_left_with_the_rounding_of_a_uniform_phase():
    # Uniform over a pixel: a variance of 1/12 an axis.
    found = at("noise", 0.0, ["argmax"]).accuracy["argmax"]
    assert near(found.rmse, found.rmse_error, np.sqrt(1 / 6))
    assert near(found.scatter, found.scatter_error, np.sqrt(1 / 6))
    assert all(abs(found.bias) < 4 * found.bias_error)
    assert np.isnan(found.ratio)


def test_modulation_buys_the_step_from_five_times_the_limit_to_the_limit():
    # Measured elsewhere at sigma 2 and noise 0.02: Unsmoothed step 5.3, DARK 1.00, a quarter shift 10.7,
    # argmax 19.5.
    found = at("noise", 0.02, ALL).accuracy
    for name, expected in dict(dark=1.0, taylor=5.3, quarter_shift=10.7, argmax=19.5).items():
        assert found[name].ratio == pytest.approx(expected, rel=0.03)


@pytest.mark.parametrize("noise", [0.002, 0.02, 0.1])
@pytest.mark.parametrize("sigma", [1.5, 3.0])
def test_clear_of_edges_the_limit_is_the_closed_form_and_dark_is_at_it(noise, sigma):
    # 2 n² / pi an axis, whatever sigma.
    point = at("noise", noise, ["dark"], replace(DEFAULT, sigma=sigma))
    assert point.limit == pytest.approx(2 * noise / np.sqrt(np.pi), rel=1e-3)
    found = point.accuracy["dark"]
    assert found.ratio == pytest.approx(found.rmse / point.limit)
    assert found.ratio == pytest.approx(1.0, abs=0.05)


def test_the_limit_is_the_bound_over_the_same_joints():
    setting = replace(DEFAULT, border=1.0, sigma=2.5)
    point = at("noise", 0.05, ["argmax"], setting, count=700, seed=3)
    true = np.concatenate([draw_joints(point.setting, 3, 0, CHUNK), draw_joints(point.setting, 3, 1, 200)])
    bound = cramer_rao(true, (48, 48), 2.5, 0.05)
    assert point.limit == pytest.approx(np.sqrt(np.mean([np.trace(one) for one in bound])))


def test_taylor_without_smoothing_gets_worse_as_the_peak_widens_and_dark_does_not():
    narrow, wide = sweep("sigma", [2.0, 3.0], DEFAULT, ["taylor", "dark"], 2000)
    # Measured elsewhere: 5.3 at sigma 2, 11 at sigma 3.
    assert wide.accuracy["taylor"].ratio == pytest.approx(11, abs=0.6)
    assert narrow.accuracy["dark"].ratio == pytest.approx(wide.accuracy["dark"].ratio, abs=0.06)


def test_a_wide_peak_makes_the_largest_pixel_jump_and_not_the_position():
    # docs/your-network.md quotes these. For a whole Gaussian the variance is 2 n² / pi per axis, whatever its sigma:
    # 0.0226 px in all.
    whole = ["dark", "noise_matched", "gaussian_fit"]
    narrow, wide = sweep("sigma", [2.0, 6.0], DEFAULT, ["argmax", *whole], 1000)
    assert narrow.accuracy["argmax"].rmse == pytest.approx(0.44, abs=0.005)
    assert wide.accuracy["argmax"].rmse == pytest.approx(0.91, abs=0.005)
    for point in (narrow, wide):
        for name in whole:
            assert near(point.accuracy[name].rmse, point.accuracy[name].rmse_error, 2 * 0.02 / np.sqrt(np.pi))


def test_near_the_border_dark_is_biased_towards_the_inside():
    edge, clear = sweep("border", [0.5, 8.0], DEFAULT, ["dark", "taylor"], 1000)
    dark = edge.accuracy["dark"]
    assert dark.bias[0] > 0.5 and abs(dark.bias[1]) < 4 * dark.bias_error[1]
    assert abs(edge.accuracy["taylor"].bias[0]) < 0.2 * dark.bias[0]
    assert abs(clear.accuracy["dark"].bias[0]) < 4 * clear.accuracy["dark"].bias_error[0]
    assert edge.limit > 1.4 * clear.limit, "half the Gaussian is outside"


def test_the_average_of_a_noisy_heatmap_is_biased_towards_its_middle():
    small, large = sweep("size", [24, 96], DEFAULT, ["weighted_average"], 500)
    for point in (small, large):
        assert (point.accuracy["weighted_average"].bias > 0).all(), "the joint is left of and above the middle"
    assert large.accuracy["weighted_average"].bias[0] > 5 * small.accuracy["weighted_average"].bias[0]


def test_a_kernel_changes_no_decoder_that_uses_none():
    half, own, twice = sweep("kernel", [0.5, 1.0, 2.0], DEFAULT, ALL, 1000)
    for name in ("argmax", "quarter_shift", "taylor"):
        assert half.accuracy[name].rmse == own.accuracy[name].rmse == twice.accuracy[name].rmse
    assert own.accuracy["dark"].rmse < min(half.accuracy["dark"].rmse, twice.accuracy["dark"].rmse)
    assert half.limit == own.limit == twice.limit


def test_in_photo_px_the_limit_falls_as_resolution_grows():
    coarse, fine = sweep("resolution", [12.5, 50.0], DEFAULT, ["dark"], 200)
    assert (coarse.setting.sigma, coarse.setting.size) == (1.0, 24)
    assert (fine.setting.sigma, fine.setting.size) == (4.0, 96)
    assert coarse.setting.size * coarse.setting.photo_px == fine.setting.size * fine.setting.photo_px
    ratio = coarse.limit * coarse.setting.photo_px / (fine.limit * fine.setting.photo_px)
    assert ratio == pytest.approx(4.0, rel=0.01)


# Numbers that hold still


def test_the_same_seed_gives_the_same_numbers_whatever_else_is_decoded():
    every, alone = (at("noise", 0.05, names, count=600, seed=7) for names in (ALL, ["dark"]))
    assert vars(every.accuracy["dark"]).keys() == vars(alone.accuracy["dark"]).keys()
    for field, value in vars(alone.accuracy["dark"]).items():
        np.testing.assert_array_equal(getattr(every.accuracy["dark"], field), value)
    assert every.limit == alone.limit
    assert at("noise", 0.05, ["dark"], count=600, seed=8).accuracy["dark"].rmse != alone.accuracy["dark"].rmse


def test_a_value_gives_the_same_point_in_any_sweep():
    whole = {point.value: point for point in sweep("noise", [0.01, 0.02, 0.05], DEFAULT, ["dark"], 100)}
    assert whole[0.02].accuracy["dark"].rmse == at("noise", 0.02, ["dark"], count=100).accuracy["dark"].rmse
    assert whole[0.02].accuracy["dark"].rmse == at("sigma", 2.0, ["dark"], count=100).accuracy["dark"].rmse


def test_points_share_no_noise():
    quiet, loud = (decoding_errors(replace(DEFAULT, noise=noise), ["dark"])["dark"] for noise in (0.01, 0.02))
    assert abs(np.corrcoef(quiet[:, 0], loud[:, 0])[0, 1]) < 4 / np.sqrt(CHUNK)


@pytest.mark.parametrize("block", [1, 48 * 48 * 7, 2**30])
def test_the_block_changes_no_result(monkeypatch, block):
    before = decoding_errors(DEFAULT, ALL, seed=2, count=30)
    monkeypatch.setattr(monte_carlo, "BLOCK", block)
    for name, away in decoding_errors(DEFAULT, ALL, seed=2, count=30).items():
        np.testing.assert_allclose(away, before[name], atol=1e-6)


def test_fewer_repeats_are_the_first_of_more_across_chunks_too():
    few, many = (
        join_chunks([decoding_errors(DEFAULT, ["dark"], 4, chunk, size) for chunk, size in split_into_chunks(count)])[
            "dark"
        ]
        for count in (CHUNK + 3, CHUNK + 40)
    )
    assert few.shape == (CHUNK + 3, 2) and many.shape == (CHUNK + 40, 2)
    np.testing.assert_allclose(many[: CHUNK + 3], few, atol=1e-6)
    assert not np.allclose(many[:40], many[CHUNK:], atol=1e-3), "another chunk, other maps"


def test_a_count_is_cut_into_chunks():
    assert split_into_chunks(2 * CHUNK + 1) == [(0, CHUNK), (1, CHUNK), (2, 1)]
    assert split_into_chunks(CHUNK) == [(0, CHUNK)] and split_into_chunks(0) == []


@pytest.mark.parametrize("border", [None, 0.5, 3.0])
def test_joints_fill_their_pixel_evenly(border):
    setting = replace(DEFAULT, border=border)
    away = draw_joints(setting, count=4000) - setting.pixel
    assert np.abs(away).max() <= 0.5
    assert np.abs(away.mean(0)).max() < 4 * np.sqrt(1 / 12 / 4000)
    np.testing.assert_allclose(away.var(0), 1 / 12, rtol=0.06)
    # The edge is half a pixel outside the outermost centers: half a pixel from it is the outermost pixel.
    assert setting.pixel == (19.0 if border is None else border - 0.5, 19.0)


# Statistics


@pytest.mark.parametrize("name", ["argmax", "taylor", "dark"])
def test_the_standard_errors_are_how_far_other_seeds_scatter(name):
    points = [at("noise", 0.05, [name], count=100, seed=seed).accuracy[name] for seed in range(60)]
    for value, error in (("rmse", "rmse_error"), ("scatter", "scatter_error"), ("ratio", "ratio_error")):
        scatter = np.std([getattr(point, value) for point in points], ddof=1)
        # Of 60 the deviation is known to 9 %.
        assert np.mean([getattr(point, error) for point in points]) == pytest.approx(scatter, rel=0.35)
    bias = np.std([point.bias[0] for point in points], ddof=1)
    assert np.mean([point.bias_error[0] for point in points]) == pytest.approx(bias, rel=0.35)


# Parameters


@pytest.mark.parametrize("name", SWEEP_PARAMETERS)
def test_a_parameter_sets_what_it_says_and_sweeps_through_the_settings_own(name):
    parameter = SWEEP_PARAMETERS[name]
    for value in parameter.values:
        assert parameter.of(parameter.change(DEFAULT, value)) == (value if parameter.named else pytest.approx(value))
    if parameter.named:
        assert parameter.along(DEFAULT) == list(parameter.values)
        return
    odd = parameter.change(DEFAULT, 9)
    assert 9 in parameter.along(odd) and parameter.along(odd) == sorted({*parameter.values, 9})
    assert parameter.along(parameter.change(DEFAULT, parameter.values[0])) == list(parameter.values)


@pytest.mark.parametrize("name", SWEEP_PARAMETERS)
def test_every_decoder_decodes_every_value_from_the_smallest_and_the_largest_setting(name):
    for base in (
        SimulationConfig(0.002, 0.5, 0.25, None, 8),
        SimulationConfig(0.2, 4.0, 3.0, 4.0, 8),
        SimulationConfig(0.2, 4.0, 3.0, 0.5, 48),
    ):
        points = list(sweep(name, SWEEP_PARAMETERS[name].along(base), base, ALL, 4))
        assert points
        for point in points:
            assert all(np.isfinite(found.rmse) for found in point.accuracy.values())
            assert point.limit > 0, "infinite where a peak of an eighth of a pixel may fall between the pixels"


def test_values_that_a_heatmap_is_too_small_for_are_left_out():
    assert max(SWEEP_PARAMETERS["border"].along(SimulationConfig(size=8))) == 6.0
    assert min(SWEEP_PARAMETERS["size"].along(SimulationConfig(border=10.0))) == 12


def test_without_decoders_there_is_the_limit():
    point = at("noise", 0.02, [], count=100)
    assert point.accuracy == {} and point.limit == pytest.approx(0.02 * 2 / np.sqrt(np.pi), rel=1e-3)


@pytest.mark.parametrize(
    "arguments, said",
    [
        (("color", [1.0], DEFAULT, ["dark"]), "unknown parameter 'color'"),
        (("noise", [0.1], DEFAULT, ["magic"]), "unknown decoder 'magic'"),
        (("noise", [-0.1], DEFAULT, ["dark"]), "noise"),
        (("sigma", [0.0], DEFAULT, ["dark"]), "sigma"),
        (("kernel", [0.0], DEFAULT, ["dark"]), "kernel"),
        (("border", [0.2], DEFAULT, ["dark"]), r"border.*got 0\.2"),
        (("border", [48.0], DEFAULT, ["dark"]), r"border.*got 48"),
        (("resolution", [-25.0], DEFAULT, ["dark"]), "resolution"),
        (("size", [0], DEFAULT, ["dark"]), "size"),
        (("number_format", ["int3"], DEFAULT, ["dark"]), "unknown number format 'int3': expected one of float32"),
        (("noise", [0.1], DEFAULT, ["dark"], 1), "count"),
        (("noise", [0.1], DEFAULT, ["dark"], 10, -1), "seed"),
    ],
)
def test_what_cannot_be_swept_is_refused(arguments, said):
    with pytest.raises(ValueError, match=said):
        list(sweep(*arguments))


def test_a_point_needs_two_errors():
    with pytest.raises(ValueError, match="count"):
        summarize(0.02, DEFAULT, {"dark": np.zeros((1, 2))})
