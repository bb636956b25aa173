"""What the values of a file are, and how logits and log-probabilities become heatmaps."""

import numpy as np
import pytest

from dark_core.codec import encode
from dark_core.files.formats.stored import HeatmapsError
from dark_core.files.heatmap_layouts import Heatmaps, survey
from dark_core.files.heatmap_values import KINDS, PYTHON, VALUES, converted, likely_values, told

pytestmark = pytest.mark.filterwarnings("error")

MAPS = encode(np.random.default_rng(0).uniform(6, [41, 57], (2, 5, 2)), (48, 64), 2.0, dtype=np.float64)
NOISE = np.random.default_rng(1).normal(size=MAPS.shape)


def kind(maps: np.ndarray) -> str:
    found = survey(Heatmaps(maps, maps.dtype.name, "NKHW"))
    return likely_values(found.least, found.middle, found.most)


@pytest.mark.parametrize(
    "maps, expected",
    [
        (MAPS, "heatmaps"),
        (MAPS + 0.3 * NOISE, "heatmaps"),  # from -1.4 on, and no logits
        (MAPS - 0.05, "heatmaps"),
        (255 * MAPS, "heatmaps"),
        (-MAPS, "heatmaps"),  # nothing but dips: no background below zero
        (np.zeros((2, 5, 64, 48)), "heatmaps"),
        (np.full((2, 5, 64, 48), -3.0), "heatmaps"),
        (np.full((2, 5, 64, 48), np.nan), "heatmaps"),
        (-9 + 11 * MAPS, "logits"),
        (-4 + 5 * MAPS + 0.5 * NOISE, "logits"),
        (np.log(MAPS + 1e-4), "log"),
        (np.log(MAPS / MAPS.sum((-2, -1), keepdims=True)), "log"),
    ],
)
def test_the_kind_is_recognized(maps, expected):
    assert kind(maps) == expected
    found = survey(Heatmaps(maps, maps.dtype.name, "NKHW"))
    said = told(found.least, found.middle, found.most)
    assert (KINDS[expected] in said) if expected in KINDS else said == ""


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.int16])
def test_conversion_is_the_sigmoid_or_the_exponential(dtype):
    values = np.array([[-30000, -9, 0], [2, 11, 300]]).astype(dtype)
    before = values.copy()
    found = converted(values, "logits")
    assert found.dtype == (np.float64 if dtype == np.float64 else np.float32)
    np.testing.assert_allclose(found, [[0, 1 / (1 + np.e**9), 0.5], [1 / (1 + np.e**-2), 1 / (1 + np.e**-11), 1]])
    np.testing.assert_allclose(converted(values, "log")[:, :2], [[0, np.e**-9], [np.e**2, np.e**11]], rtol=1e-6)
    assert converted(values, "heatmaps") is values
    np.testing.assert_array_equal(values, before)


def test_every_map_that_is_taken_is_converted():
    logits = Heatmaps(-9 + 11 * MAPS, "float64", "NKHW").taken_for("logits")
    np.testing.assert_allclose(logits.one(1, 2), 1 / (1 + np.exp(9 - 11 * MAPS[1, 2])))
    assert survey(logits).least >= 0 and logits.choices != Heatmaps(MAPS, "float64", "NKHW").choices
    bits = (np.float32([[[[0.0, -2.0]]]]).view(np.uint32) >> 16).astype(np.uint16)
    np.testing.assert_allclose(
        Heatmaps(bits, "bfloat16", "NKHW", kind="logits").one(0, 0), [[0.5, 1 / (1 + np.e**2)]], rtol=1e-6
    )
    with pytest.raises(HeatmapsError, match="choose one of heatmaps, logits, log"):
        logits.taken_for("odds")


@pytest.mark.parametrize("name", PYTHON)
def test_the_code_to_take_home_does_the_same(name):
    assert name in VALUES
    values = np.linspace(-5, 2, 12)
    np.testing.assert_allclose(eval(PYTHON[name].format("values")), converted(values, name))
