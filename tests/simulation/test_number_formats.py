"""Number formats round as their bits allow, and their share of the error is that of the rounding."""

import numpy as np
import pytest
import torch

from dark_core.simulation.number_formats import NUMBER_FORMATS, to_bfloat16, to_integers
from dark_core.simulation.sweep_parameters import SimulationConfig
from dark_core.simulation.sweeps import sweep

pytestmark = pytest.mark.filterwarnings("error")


def converted(name: str, values) -> np.ndarray:
    return NUMBER_FORMATS[name].convert(np.array(values, dtype=np.float32).reshape(1, 1, -1))[0, 0]


def noisy(count: int = 20) -> np.ndarray:
    generator = np.random.default_rng(4)
    return generator.normal(0.3, 0.4, (count, 9, 9)).astype(np.float32)


# Against closed forms


def test_bfloat16_has_eight_significant_bits_and_rounds_ties_to_even():
    step = 2.0**-7  # from 1 to the next one: eight bits, the first of them before the point
    values = [1, 1 + 0.49 * step, 1 + 0.5 * step, 1 + 0.51 * step, 1 + 1.5 * step, -1 - 0.51 * step, 0]
    expected = [1, 1, 1, 1 + step, 1 + 2 * step, -1 - step, 0]
    assert converted("bfloat16", values).tolist() == expected


def test_bfloat16_is_that_of_torch():
    heatmaps = np.concatenate([noisy(), 1e-30 * noisy(), 1e30 * noisy()])
    np.testing.assert_array_equal(to_bfloat16(heatmaps), torch.from_numpy(heatmaps).bfloat16().float().numpy())


def test_float16_has_eleven_significant_bits():
    step = 2.0**-10
    found = converted("float16", [1, 1 + 0.49 * step, 1 + 0.51 * step])
    assert found.dtype == np.float16 and found.tolist() == [1, 1, 1 + step]


@pytest.mark.parametrize("name, highest", [("int8", 127), ("uint8", 255), ("uint4", 15)])
def test_integers_are_equal_steps_up_to_the_peak(name, highest):
    ramp = np.linspace(0, 0.7, 40001)
    found = converted(name, ramp)
    assert found.dtype.name == ("int8" if name == "int8" else "uint8")
    assert np.unique(found).tolist() == list(range(highest + 1))
    away = found * 0.7 / highest - ramp
    assert np.abs(away).max() == pytest.approx(0.5 * 0.7 / highest, rel=0.01), "half a step"
    assert away.std() == pytest.approx(0.7 / highest / np.sqrt(12), rel=0.01), "spread evenly over the step"


def test_only_signed_integers_hold_what_is_below_zero():
    assert converted("int8", [1, -0.25, -2]).tolist() == [127, -32, -128]
    assert converted("uint8", [1, -0.25]).tolist() == [255, 0]
    assert to_integers(np.full((1, 2, 2), -0.5, np.float32), 255).max() == 0, "no peak to scale by"


def test_each_heatmap_is_scaled_by_its_own_peak():
    heatmaps = noisy()
    np.testing.assert_array_equal(to_integers(heatmaps, 255).max((1, 2)), 255)
    np.testing.assert_array_equal(to_integers(4 * heatmaps, 255), to_integers(heatmaps, 255))


def test_sigmoids_and_logits_are_the_logistic_function_and_its_inverse():
    assert converted("sigmoid", [0, 1]) == pytest.approx([0.5, np.e / (1 + np.e)])
    assert converted("sigmoid_undone", [-0.1, 0.3, 1.2]) == pytest.approx([-0.1, 0.3, 1.2], abs=1e-6)
    # 0.8 at the peak: odds of four to one. Below a probability of 0.001 it is 1 to 999.
    assert converted("logits", [1, 0.625, 0, -0.1]) == pytest.approx([np.log(4), 0, *2 * [-np.log(999)]], abs=1e-6)
    assert converted("logits_converted", [1, 0.5, 0]) == pytest.approx([0.8, 0.4, 0.001], abs=1e-6)


# Decoded


DEFAULT = SimulationConfig()


def points(decoders, base=DEFAULT, count=2000) -> dict:
    return {point.value: point for point in sweep("number_format", tuple(NUMBER_FORMATS), base, decoders, count)}


def test_what_keeps_the_order_of_the_pixels_keeps_argmax():
    found = points(["argmax"], count=500)
    for name in ("sigmoid", "sigmoid_undone", "logits", "logits_converted"):
        assert found[name].accuracy["argmax"].rmse == found["float32"].accuracy["argmax"].rmse


def test_rounding_adds_the_noise_of_its_step():
    # White noise n and steps of d: variances n² and d² / 12. With d 1/15 of a peak of 1.03 the sum is 1.98 n², and the
    # error 1.41 times as large; a little less, for where the background rounds to zero it is exact. In 8 bits: 1.002.
    found = points(["dark", "gaussian_fit"], count=1000)
    for decoder in ("dark", "gaussian_fit"):
        rmse = {name: point.accuracy[decoder].rmse for name, point in found.items()}
        for name in ("float16", "bfloat16", "int8", "uint8"):
            assert rmse[name] == pytest.approx(rmse["float32"], rel=0.01)
        assert 1.3 < rmse["uint4"] / rmse["float32"] < 1.41
    assert len({point.limit for point in found.values()}) == 1, "the limit is that of the heatmaps before"


def test_logits_as_they_are_leave_dark_nothing_but_argmax_and_converted_all():
    found = {name: point.accuracy for name, point in points(["argmax", "dark"], count=500).items()}
    assert found["logits"]["dark"].rmse == found["float32"]["argmax"].rmse, "a background of -6.9 leaves no log"
    for name in ("sigmoid_undone", "logits_converted"):
        assert found[name]["dark"].rmse == pytest.approx(found["float32"]["dark"].rmse, rel=5e-3)
