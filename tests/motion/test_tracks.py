"""Tracks: written in full precision, joined, and with a filtered one beside them."""

import csv
import io
import json

import numpy as np
import pytest

from dark_core.codec import encode
from dark_core.motion.tracks import as_csv, as_json, decode_tracks, from_json, joined
from dark_core.pose.crop_transform import CropTransform

BOX = CropTransform.from_box((0, 0, 128, 128), (128, 128))  # 4 photo px per heatmap px
JOINTS = np.array([[[20.3, 11.7], [9.0, 5.5]], [[20.6, 11.4], [9.5, 5.0]]])


@pytest.fixture
def tracks():
    return decode_tracks(
        encode(JOINTS, (32, 32), 2.0), [BOX] * 2, ["argmax", "dark"], 2.0, [0.0, 0.04], ("wrist", "knee")
    )


def test_each_decoder_gives_a_track_in_both_units(tracks):
    assert len(tracks) == 2 and tracks.decoders == ("argmax", "dark") and tracks.scale == pytest.approx(4)
    assert tracks.heatmap_xy["argmax"][0].tolist() == [[20, 12], [9, 5]]
    assert tracks.photo_xy["dark"] == pytest.approx((JOINTS + 0.5) * 4 - 0.5, abs=0.01)


def test_csv_and_json_hold_every_position_and_leave_out_what_is_not_known(tracks):
    lost = tracks.with_track("smoothed", np.full((2, 2, 2), np.nan))
    rows = list(csv.DictReader(io.StringIO(as_csv(lost))))
    assert len(rows) == 2 * 3 * 2
    row = next(row for row in rows if (row["frame"], row["decoder"], row["joint"]) == ("1", "dark", "knee"))
    assert float(row["x"]) == pytest.approx(tracks.photo_xy["dark"][1, 1, 0], abs=1e-6) and row["seconds"] == "0.040000"
    assert {row["x"] for row in rows if row["decoder"] == "smoothed"} == {""}
    held = json.loads(as_json(lost))
    assert held["joints"] == ["wrist", "knee"] and held["tracks"]["smoothed"][0] == [[None, None], [None, None]]
    assert np.array(held["tracks"]["dark"]) == pytest.approx(tracks.photo_xy["dark"], abs=1e-6)


def test_parts_are_joined_in_their_order(tracks):
    both = joined([tracks, tracks])
    assert len(both) == 4 and both.photo_xy["dark"][2:] == pytest.approx(tracks.photo_xy["dark"])


def test_json_is_read_back_whole(tracks):
    lost = tracks.with_track("smoothed", np.full((2, 2, 2), np.nan))
    again = from_json(as_json(lost))
    assert again.decoders == lost.decoders and again.names == lost.names
    for name in ("score", "photo_px", "seconds"):
        assert getattr(again, name) == pytest.approx(getattr(lost, name), abs=1e-4)
    for kept in ("heatmap_xy", "photo_xy"):
        for name, xy in getattr(lost, kept).items():
            assert getattr(again, kept)[name] == pytest.approx(xy, abs=1e-6, nan_ok=True)
    with pytest.raises(KeyError):
        from_json("{}")


def test_some_joints_are_taken_out(tracks):
    one = tracks.only([1])
    assert one.names == ("knee",) and one.score.tolist() == tracks.score[:, [1]].tolist()
    assert one.photo_xy["dark"][:, 0].tolist() == tracks.photo_xy["dark"][:, 1].tolist()
    assert one.heatmap_xy["argmax"][0].tolist() == [[9, 5]]
