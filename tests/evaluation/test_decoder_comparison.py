"""All decoders side by side, in numbers known beforehand."""

import numpy as np
import pytest

from dark_core.codec import CORE_DECODERS, encode
from dark_core.evaluation.decoder_comparison import compare_decoders
from dark_core.pose.crop_transform import CropTransform


def example(truth: bool):
    frame = CropTransform.from_box((10, 20, 330, 340), (160, 160))  # 8 photo px a heatmap px
    joints = np.random.default_rng(0).uniform(8, 32, (14, 2))
    maps = encode(joints, frame.heatmap_size, 2.0)
    return joints, frame, compare_decoders(maps, frame, 2.0, frame.to_photo(joints) if truth else None)


def test_perfect_heatmaps_leave_dark_no_error_and_argmax_its_rounding():
    joints, _frame, result = example(truth=True)
    assert result.photo_px == pytest.approx(8)
    assert result.error("dark").max() < 8 * 1e-3
    rounding = 8 * np.linalg.norm(np.round(joints) - joints, axis=-1)
    np.testing.assert_allclose(result.error("argmax"), rounding, atol=1e-9)
    np.testing.assert_allclose(result.distance_from_dark("argmax"), rounding, atol=8e-3)


def test_every_decoder_of_the_registry_has_its_columns():
    _, _, result = example(truth=True)
    row = result.rows()[0]
    for name in CORE_DECODERS:
        assert {f"{name}_x", f"{name}_y", f"{name}_error"} <= set(row)
        assert (f"{name}_from_dark" in row) == (name != "dark")
    assert row["joint"] == "right ankle"
    assert row["score"] == round(float(result.score[0]), 3)


def test_without_truth_there_are_no_errors_to_show():
    _, _, result = example(truth=False)
    assert np.isnan(result.error("dark")).all()
    assert not any(key.endswith("_error") for key in result.rows()[0])


def test_one_joint_without_truth_has_an_empty_cell():
    joints, frame, _ = example(truth=True)
    truth = frame.to_photo(joints)
    truth[3] = np.nan
    rows = compare_decoders(encode(joints, frame.heatmap_size, 2.0), frame, 2.0, truth).rows()
    assert rows[3]["dark_error"] is None
    assert rows[4]["dark_error"] is not None
