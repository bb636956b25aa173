"""Which axis is which, and the sigma that the maps show."""

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dark_core.codec import encode
from dark_core.files.formats.stored import HeatmapsError, Stored
from dark_core.files.heatmap_files import open_heatmaps
from dark_core.files.heatmap_layouts import (
    ASSUMED,
    BLOCK,
    LAYOUTS,
    MAX_SIDE,
    Heatmaps,
    as_heatmaps,
    fitting,
    recognize,
    survey,
)

RNG = np.random.default_rng(0)
PEOPLE, JOINTS, HEIGHT, WIDTH = 5, 7, 40, 32
JOINT_XY = RNG.uniform(6, 26, (PEOPLE, JOINTS, 2))
MAPS = encode(JOINT_XY, (WIDTH, HEIGHT), 2.0)


def stored(array: np.ndarray) -> Stored:
    out = io.BytesIO()
    np.save(out, array)
    return open_heatmaps(out.getvalue()).choose()


def heatmaps(array: np.ndarray, layout: str | None = None) -> Heatmaps:
    return as_heatmaps(stored(array), layout)


IN_LAYOUT = {
    "NKHW": MAPS,
    "NHWK": MAPS.transpose(0, 2, 3, 1),
    "KHW": MAPS[0],
    "HWK": MAPS[0].transpose(1, 2, 0),
    "NHW": MAPS[:, 3],
    "HW": MAPS[2, 4],
}
AS_NKHW = {"NKHW": MAPS, "NHWK": MAPS, "KHW": MAPS[:1], "HWK": MAPS[:1], "NHW": MAPS[:, 3:4], "HW": MAPS[2:3, 4:5]}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_layout_says_what_each_axis_is(layout):
    found = heatmaps(IN_LAYOUT[layout], layout)
    np.testing.assert_array_equal(found.values, AS_NKHW[layout])
    people, joints = AS_NKHW[layout].shape[:2]
    assert (found.people, found.joints, len(found), found.size) == (people, joints, people * joints, (WIDTH, HEIGHT))
    assert found.layout == layout and found.why == ""


@pytest.mark.parametrize("layout", [name for name in LAYOUTS if name != "NHW"])
def test_a_layout_is_recognized_by_the_values(layout):
    found = heatmaps(IN_LAYOUT[layout])
    assert found.layout == layout and found.why
    np.testing.assert_array_equal(found.values, AS_NKHW[layout])


@given(st.integers(1, 4), st.integers(2, 20), st.integers(20, 70), st.integers(20, 70), st.integers(0, 99))
def test_joints_are_told_from_columns_whatever_the_lengths(people, joints, height, width, seed):
    xy = np.random.default_rng(seed).uniform(4, 16, (people, joints, 2))
    maps = encode(xy, (width, height), 2.0)
    assert recognize(maps)[0] == "NKHW"
    assert recognize(np.moveaxis(maps, 1, -1))[0] == "NHWK"


def test_more_joints_than_pixels_on_a_side():
    maps = encode(RNG.uniform(4, 40, (2, 133, 2)), (48, 64), 2.0)
    assert recognize(maps)[0] == "NKHW"
    assert recognize(np.moveaxis(maps, 1, -1))[0] == "NHWK"


def test_a_joint_that_moves_slowly_is_not_taken_for_channels_last():
    xy = np.stack([np.linspace(20, 23, 30), np.linspace(20, 21, 30)], -1)
    assert recognize(encode(xy, (48, 64), 2.0))[0] == "KHW"


@pytest.mark.parametrize(
    "shape, layout", [((3, 17, 64, 48), "NKHW"), ((3, 64, 48, 17), "NHWK"), ((3, 64, 48, 1), "NHWK"), ((5, 5), "HW")]
)
def test_of_empty_maps_the_lengths_tell(shape, layout):
    assert recognize(np.zeros(shape, np.float32))[0] == layout


@pytest.mark.parametrize("extreme", [np.nan, np.inf, 1e300])
def test_values_of_any_kind_are_looked_at(extreme):
    maps = MAPS.astype(np.float64)
    maps[:, :, 0, 0] = extreme
    assert recognize(maps)[0] in LAYOUTS


def test_every_layout_fits_arrays_of_its_axes_and_the_usual_one_stands_first():
    assert fitting(4) == ["NKHW", "NHWK"] and fitting(3)[0] == "KHW" and fitting(2) == ["HW"]
    assert fitting(0) == []


def test_a_layout_that_does_not_fit_gets_one_sentence():
    with pytest.raises(HeatmapsError, match="HW has 2 axes and the array 4: choose NKHW, NHWK"):
        heatmaps(MAPS, "HW")
    with pytest.raises(HeatmapsError, match="no such layout: choose one of HW, KHW"):
        heatmaps(MAPS, "XYZ")
    with pytest.raises(HeatmapsError, match="1025 × 2 px, more than 1024 on a side"):
        heatmaps(np.zeros((MAX_SIDE + 1, 2, 1), bool), "HWK")


def test_take_hands_out_the_maps_asked_for():
    found = heatmaps(IN_LAYOUT["NHWK"])
    np.testing.assert_array_equal(found.take([0, 6, 7, 34]), MAPS.reshape(-1, HEIGHT, WIDTH)[[0, 6, 7, 34]])
    np.testing.assert_array_equal(found.one(2, 3), MAPS[2, 3])


def test_blocks_hold_every_map_once_and_are_bounded():
    found = heatmaps(np.zeros((4, 300, 64, 48), np.uint8), "NKHW")
    blocks = list(found.blocks())
    assert [number for block in blocks for number in block] == list(range(1200))
    assert all(len(block) * 64 * 48 <= BLOCK for block in blocks) and len(blocks) > 1
    large = heatmaps(np.zeros((2, 1000, 1000), np.uint8), "KHW")
    assert len(list(large.blocks())) == 2, "a large map is a block of its own"


@pytest.mark.parametrize("sigma", [0.8, 1.0, 1.5, 2.0, 3.0, 5.0])
@pytest.mark.parametrize("noise", [0.0, 0.05])
def test_sigma_is_measured_from_the_maps(sigma, noise):
    side = max(48, int(12 * sigma))
    rng = np.random.default_rng(1)
    maps = encode(rng.uniform(2, side - 3, (200, 2)), (side, side), sigma)
    maps += noise * rng.standard_normal(maps.shape, dtype=np.float32)
    found = survey(heatmaps(maps))
    assert found.sigma == pytest.approx(sigma, rel=0.03)
    assert found.low - 0.01 <= found.sigma <= found.high + 0.01, "sigma has two decimals"
    assert 90 <= found.clear <= found.seen == 200


@pytest.mark.parametrize("scale", [1e-30, 255, 1e30])
def test_sigma_does_not_depend_on_the_unit_of_the_values(scale):
    assert survey(heatmaps(MAPS.astype(np.float64) * scale)).sigma == pytest.approx(2, abs=0.02)


def test_weak_maps_and_peaks_at_an_edge_have_no_say():
    rng = np.random.default_rng(2)
    weak = 0.2 * encode(rng.uniform(10, 30, (30, 2)), (40, 40), 4.0)
    edge = encode(rng.uniform(0, 1, (30, 2)), (40, 40), 2.0)
    clear = encode(rng.uniform(10, 30, (30, 2)), (40, 40), 2.0)
    found = survey(heatmaps(np.concatenate([weak, edge, clear])))
    assert found.clear == 30 and found.sigma == pytest.approx(2, abs=0.01)


@pytest.mark.parametrize("maps", [np.zeros((3, 9, 9)), np.ones((2, 2, 2)), np.full((2, 9, 9), np.nan), -MAPS[0]])
def test_where_no_peak_is_clear_sigma_is_assumed(maps):
    found = survey(heatmaps(maps))
    assert found.sigma == ASSUMED and found.clear == 0
    assert np.isfinite([found.least, found.most]).all()


def test_a_survey_of_a_large_file_looks_at_some_maps_spread_over_it():
    found = survey(heatmaps(np.zeros((100, 100, 8, 8), np.uint8), "NKHW"))
    assert found.seen == 2000
    assert survey(heatmaps(np.zeros((50, 1000, 1000), np.uint8), "KHW")).seen == 16


def test_maps_that_are_not_finite_are_counted():
    maps = MAPS.copy()
    maps[1, 2, 3, 4], maps[4, 0] = np.inf, np.nan
    found = survey(heatmaps(maps))
    assert found.not_finite == 2
    assert (found.least, found.most) == (0, pytest.approx(1, abs=0.1))
    assert found.sigma == pytest.approx(2, abs=0.02)
