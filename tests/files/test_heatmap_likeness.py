"""The heatmaps among the arrays of a file, and the parts among their channels."""

import io

import numpy as np
import pytest

from dark_core.codec import encode
from dark_core.files import heatmap_files
from dark_core.files.heatmap_files import HeatmapFile, open_heatmaps
from dark_core.files.heatmap_layouts import Heatmaps, as_heatmaps
from dark_core.files.heatmap_likeness import PARTS, openpose_parts, peak_share

RNG = np.random.default_rng(0)
XY = RNG.uniform(8, [40, 56], (17, 2))
MAPS = encode(XY, (48, 64), 2.0, dtype=np.float64)


def opened(compressed: bool = False, **arrays: np.ndarray) -> HeatmapFile:
    out = io.BytesIO()
    (np.savez_compressed if compressed else np.savez)(out, **arrays)
    return open_heatmaps(out.getvalue())


def offsets() -> np.ndarray:
    """(64, 48, 34): from each pixel to each joint in x and y, within 8 px of it, as DeepLabCut's ``locref``."""
    away = np.stack(np.meshgrid(np.arange(48), np.arange(64)), -1)[:, :, None] - XY  # (64, 48, 17, 2)
    near = np.linalg.norm(away, axis=-1, keepdims=True) < 8
    return np.where(near, away / 7.2801, 0.02 * RNG.normal(size=away.shape)).reshape(64, 48, 34)


@pytest.mark.parametrize("compressed", [False, True])
def test_deeplabcut_opens_with_its_score_map(compressed):
    scmap = MAPS.transpose(1, 2, 0)
    for arrays in (dict(locref=offsets(), scmap=scmap), dict(scmap=scmap, locref=offsets())):
        file = opened(compressed, **arrays)
        assert np.prod(file.arrays["locref"].shape) > np.prod(file.arrays["scmap"].shape), "the larger one is not it"
        assert file.likeliest == file.choose().name == "scmap"
        assert file.choose("locref").name == "locref"


def test_of_arrays_that_look_alike_the_largest_is_opened():
    assert opened(few=MAPS[:4], many=MAPS).choose().name == "many"
    assert opened(small=np.zeros((9, 9)), large=np.zeros((5, 30, 30))).choose().name == "large"
    assert opened(photo=RNG.random((3, 200, 200)), maps=MAPS).choose().name == "maps"
    assert opened(boxes=RNG.random((400, 4)), masks=np.ones((9, 64, 48)), maps=MAPS[:2]).choose().name == "maps"


def test_a_lone_array_is_opened_unseen(monkeypatch):
    monkeypatch.setattr(heatmap_files, "peak_share", lambda heatmaps: pytest.fail("nothing to compare"))
    assert opened(maps=MAPS, note=np.array("x")).choose().name == "maps"
    assert opened(note=np.array("x"), more=np.array("y")).choose().name == "note"


@pytest.mark.parametrize(
    "maps, share",
    [
        (MAPS, 1.0),
        (MAPS + 0.05 * RNG.normal(size=MAPS.shape), 1.0),
        (-9 + 11 * MAPS + 0.3 * RNG.normal(size=MAPS.shape), 1.0),
        (np.log(MAPS + 1e-4), 1.0),
        (-MAPS, 0.0),
        (RNG.normal(size=(17, 64, 48)), 0.0),
        (np.zeros((17, 64, 48)), 0.0),
        (encode([[10, 12], [30, 9]], (48, 64), 2.0) + encode([[38, 50], [20, 55]], (48, 64), 2.0), 0.0),  # two on each
        (np.where(np.arange(17)[:, None, None] % 2, MAPS, 0), 8 / 17),
    ],
)
def test_the_share_of_maps_with_one_spot(maps, share):
    assert peak_share(Heatmaps(maps[None], "float64", "KHW")) == pytest.approx(share)


def openpose(parts: int, channels: int) -> np.ndarray:
    """(channels, 64, 48): parts, then 1 less the highest of them, then affinity fields along a limb."""
    maps = encode(RNG.uniform(8, [40, 56], (parts, 2)), (48, 64), 2.0, dtype=np.float64)
    fields = np.zeros((channels - parts - 1, 64, 48))
    fields[:, 20:40, 22:26] = 0.7
    return np.concatenate([maps, 1 - maps.max(0, keepdims=True), fields])


@pytest.mark.parametrize("channels, parts", PARTS.items())
def test_openpose_offers_its_parts(channels, parts):
    heatmaps = as_heatmaps(stored(openpose(parts, channels)), "KHW")
    assert openpose_parts(heatmaps) == parts
    some = heatmaps.first_joints(parts)
    assert (some.joints, len(some)) == (parts, parts)
    np.testing.assert_array_equal(some.take(range(parts)), heatmaps.take(range(parts)))
    assert openpose_parts(some) is None


def stored(array: np.ndarray):
    out = io.BytesIO()
    np.save(out, array)
    return open_heatmaps(out.getvalue()).choose()


def test_other_networks_of_57_channels_have_57_joints():
    maps = encode(RNG.uniform(8, [40, 56], (57, 2)), (48, 64), 2.0)
    assert openpose_parts(as_heatmaps(stored(maps), "KHW")) is None
