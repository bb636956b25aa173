"""Every decoder over a whole file: the same numbers as the codec's, block by block, and the files made of them."""

import csv
import io
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dark_core.codec import DECODERS, Status, decode, encode
from dark_core.evaluation import batch_decode
from dark_core.evaluation.batch_decode import PERCENTILES, BatchResult, InputFrame
from dark_core.files import heatmap_layouts
from dark_core.files.heatmap_layouts import Heatmaps
from dark_core.pose.pixel_conventions import CONVENTIONS

PEOPLE, JOINTS, WIDTH, HEIGHT, SIGMA = 6, 5, 30, 40, 2.0
RNG = np.random.default_rng(3)
XY = RNG.uniform([0, 0], [WIDTH - 1, HEIGHT - 1], (PEOPLE, JOINTS, 2))
MAPS = encode(XY, (WIDTH, HEIGHT), SIGMA) + 0.02 * RNG.standard_normal((PEOPLE, JOINTS, HEIGHT, WIDTH)).astype("f4")
MAPS[1, 2] = 0.5  # flat
MAPS[4, 0, 3, 3] = np.nan
FILE = Heatmaps(MAPS, "float32", "NKHW")
PLAIN = InputFrame("", 1.0, FILE.size)


@pytest.fixture
def small_blocks(monkeypatch):
    """Seven maps a block, so that thirty need five."""
    monkeypatch.setattr(heatmap_layouts, "BLOCK", 7 * WIDTH * HEIGHT)


def whole(file: Heatmaps = FILE, sigma: float = SIGMA) -> BatchResult:
    found = BatchResult(len(file), sigma)
    while not found.finished:
        found.step(file)
    return found


def test_a_block_is_decoded_as_the_codec_does():
    found = batch_decode.decode_block(FILE, range(8, 22), SIGMA, DECODERS)
    maps = MAPS.reshape(-1, HEIGHT, WIDTH)[8:22]
    for name in DECODERS:
        joints = decode(maps, name, SIGMA)
        np.testing.assert_array_equal(found.xy[name], joints.xy)
        np.testing.assert_array_equal(found.reason[name] == 0, joints.ok)
        np.testing.assert_array_equal(found.score, joints.score)


def test_steps_add_up_to_the_whole_and_can_be_left_and_taken_up_again(small_blocks):
    found = BatchResult(len(FILE), SIGMA)
    done = []
    while not found.finished:
        found.step(FILE)
        done.append(found.done)
    assert done == [7, 14, 21, 28, 30]
    found.step(FILE)  # nothing is left to do
    for name in DECODERS:
        joints = decode(MAPS, name, SIGMA)
        np.testing.assert_allclose(found.xy[name].reshape(PEOPLE, JOINTS, 2), joints.xy, atol=1e-5)
        np.testing.assert_array_equal(found.reason[name].reshape(PEOPLE, JOINTS), joints.status)


def test_a_decoder_added_to_the_registry_is_used_too(monkeypatch):
    from dataclasses import replace

    monkeypatch.setitem(DECODERS, "extra", replace(DECODERS["argmax"], name="extra", title="Extra"))
    found = BatchResult(len(FILE), SIGMA)
    found.step(FILE)
    np.testing.assert_array_equal(found.xy["extra"], found.xy["argmax"])
    assert "extra_x" in next(batch_decode.as_csv([found.block()], JOINTS, PLAIN, found.decoders))


def test_distances_are_from_dark_over_the_heatmaps_without_a_fallback():
    found = whole()
    dark, argmax = decode(MAPS, "dark", SIGMA), decode(MAPS, "argmax", SIGMA)
    expected = np.linalg.norm(argmax.xy - dark.xy, axis=-1)[dark.ok]
    np.testing.assert_allclose(found.distances_from_dark("argmax", PLAIN), expected, atol=1e-6)
    np.testing.assert_allclose(found.percentiles("argmax", PLAIN), np.percentile(expected, PERCENTILES), atol=1e-6)
    np.testing.assert_allclose(
        found.percentiles("argmax", InputFrame("half_pixel", 4, FILE.size))[2], 4 * np.median(expected)
    )
    assert (found.percentiles("dark", PLAIN) == 0).all()


def test_fallbacks_are_counted_by_their_reason():
    found = whole()
    for name in DECODERS:
        told = found.fallbacks(name)
        assert told[Status.FLAT.sentence] == told[Status.NOT_FINITE.sentence] == 1
        assert sum(told.values()) == int((~decode(MAPS, name, SIGMA).ok).sum())


def test_nothing_to_measure_is_no_number():
    found = whole(Heatmaps(np.zeros((1, 2, 9, 9)), "float64", "NKHW"))
    assert np.isnan(found.percentiles("argmax", PLAIN)).all()
    assert found.summary(PLAIN)["distance_from_dark"] == {"unit": "heatmap px", "maps": 0}


def test_a_peak_is_near_the_border_within_three_px_of_an_edge():
    maps = np.zeros((1, 6, 11, 12))
    for k, (x, y) in enumerate([(2, 5), (3, 5), (9, 5), (8, 5), (6, 2), (6, 8)]):
        maps[0, k, y, x] = 1
    found = whole(Heatmaps(maps, "float64", "NKHW"))
    assert found.border.tolist() == [True, False, True, False, True, True]


# Positions


def test_the_frames_by_hand():
    xy = np.array([[0.0, 0.0], [47.0, 63.0], [10.0, 20.0]])
    assert InputFrame("", 4.0, (48, 64))(xy).tolist() == xy.tolist()
    assert InputFrame("half_pixel", 4.0, (48, 64))(xy).tolist() == [[1.5, 1.5], [189.5, 253.5], [41.5, 81.5]]
    assert InputFrame("size_ratio", 4.0, (48, 64))(xy).tolist() == [[0, 0], [188, 252], [40, 80]]
    assert InputFrame("size_minus_one", 4.0, (48, 64))(xy)[:2].tolist() == [[0, 0], [191, 255]], "corner to corner"
    assert InputFrame("", 4.0, (48, 64)).stride_length == pytest.approx(1)
    assert InputFrame("half_pixel", 4.0, (48, 64)).stride_length == pytest.approx(4)
    stride = np.array([191 / 47, 255 / 63])
    assert InputFrame("size_minus_one", 4.0, (48, 64)).stride_length == pytest.approx(np.sqrt((stride**2).mean()))


@given(
    st.sampled_from([*CONVENTIONS, ""]),
    st.floats(0.25, 64),
    st.tuples(st.integers(1, 1024), st.integers(1, 1024)),
    st.tuples(st.floats(0, 1000), st.floats(0, 1000)),
    st.tuples(st.floats(-10, 10), st.floats(-10, 10)),
)
def test_a_length_is_the_distance_of_the_converted_positions(name, stride, size, at, offset):
    frame, at, offset = InputFrame(name, stride, size), np.array(at), np.array(offset)
    apart = np.linalg.norm(frame(at + offset) - frame(at))
    assert np.isfinite(apart)
    np.testing.assert_allclose(frame.length(offset), apart, atol=1e-6)


# Files


def rows(text: str) -> list[dict]:
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize("frame", [PLAIN, InputFrame("half_pixel", 4.0, FILE.size)])
@pytest.mark.parametrize("name", DECODERS)
def test_csv_of_one_decoder(name, frame, small_blocks):
    text = "".join(batch_decode.as_csv(batch_decode.decode_blocks(FILE, SIGMA, [name]), JOINTS, frame, [name]))
    assert text.splitlines()[0] == "person,joint,x,y,score,ok,status"
    joints, found = decode(MAPS, name, SIGMA), rows(text)
    assert [(int(row["person"]), int(row["joint"])) for row in found] == list(np.ndindex(PEOPLE, JOINTS))
    told = np.array([[float(row["x"]), float(row["y"])] for row in found])
    np.testing.assert_allclose(told, frame(joints.xy).reshape(-1, 2), atol=1e-4)
    assert [row["ok"] == "true" for row in found] == joints.ok.ravel().tolist()
    assert [row["status"] for row in found] == [Status(code).name for code in joints.status.ravel()]
    np.testing.assert_allclose([float(row["score"]) for row in found], joints.score.ravel(), rtol=1e-5)


def test_csv_of_all_decoders_has_a_set_of_columns_each(small_blocks):
    text = "".join(batch_decode.as_csv(batch_decode.decode_blocks(FILE, SIGMA, DECODERS), JOINTS, PLAIN, DECODERS))
    found = rows(text)
    assert list(found[0]) == ["person", "joint", "score"] + [
        f"{n}_{c}" for n in DECODERS for c in ("x", "y", "ok", "status")
    ]
    for name in DECODERS:
        joints = decode(MAPS, name, SIGMA)
        told = np.array([[float(row[f"{name}_x"]), float(row[f"{name}_y"])] for row in found])
        np.testing.assert_allclose(told, joints.xy.reshape(-1, 2), atol=1e-4)
        assert [row[f"{name}_ok"] == "true" for row in found] == joints.ok.ravel().tolist()
        assert [row[f"{name}_status"] for row in found] == [Status(code).name for code in joints.status.ravel()]


def test_the_page_and_the_command_line_write_the_same(small_blocks):
    streamed = "".join(batch_decode.as_csv(batch_decode.decode_blocks(FILE, SIGMA, DECODERS), JOINTS, PLAIN, DECODERS))
    assert streamed == "".join(batch_decode.as_csv([whole().block()], JOINTS, PLAIN, DECODERS))


@pytest.mark.parametrize("names", [["dark"], list(DECODERS)])
def test_json_says_how_it_was_decoded(names):
    frame, found = InputFrame("size_ratio", 4.0, FILE.size), whole()
    pieces = batch_decode.as_json([found.block()], FILE, frame, SIGMA, names, summary=lambda: found.summary(frame))
    data = json.loads("".join(pieces))
    assert (data["unit"], data["frame"], data["stride"], data["sigma"]) == ("input px", "size_ratio", 4.0, SIGMA)
    assert (data["layout"], data["people"], data["joints_each"]) == ("NKHW", PEOPLE, JOINTS)
    assert list(data["decoders"]) == names and len(data["joints"]) == PEOPLE * JOINTS
    joint = data["joints"][7]
    assert (joint["person"], joint["joint"]) == (1, 2)
    told = joint if names == ["dark"] else joint["dark"]
    np.testing.assert_allclose([told["x"], told["y"]], 4 * decode(MAPS[1, 2], "dark", SIGMA).xy, atol=1e-4)
    assert told["ok"] is False and told["status"] == Status(int(decode(MAPS[1, 2], "dark", SIGMA).status)).name
    assert data["statuses"][told["status"]] == Status[told["status"]].sentence != ""
    summary = data["summary"]
    assert summary["maps"] == 30 and summary["fallbacks"]["dark"][Status.FLAT.sentence] == 1
    assert set(summary["distance_from_dark"]["argmax"]) == {"p5", "p25", "p50", "p75", "p95"}


def test_json_of_an_empty_summary_ends_well():
    data = json.loads("".join(batch_decode.as_json([], FILE, PLAIN, SIGMA, ["dark"])))
    assert data["joints"] == [] and data["frame"] is None and "summary" not in data


def test_rival_peaks_are_told_whatever_the_decoder():
    pair = encode(np.array([[10.0, 10.0], [30.0, 25.0]]), (48, 40), 2.0)
    maps = np.stack([pair[0] + share * pair[1] for share in (0.7, 0.9, 1.0)])[None]
    found = whole(Heatmaps(maps, "float64", "NKHW"), 2.0)
    expected = [Status.FINE, Status.RIVAL_PEAK, Status.TIED_PEAKS]
    for name in ("argmax", "dark", "noise_matched", "weighted_average"):
        assert found.reason[name].tolist() == expected, name
    assert (found.contested, found.summary(PLAIN)["rival_peaks"], found.fallbacks("dark")) == (2, 2, {})
    told = rows("".join(batch_decode.as_csv([found.block()], 3, PLAIN, ["dark"])))
    assert [(row["ok"], row["status"]) for row in told] == [("true", one.name) for one in expected]
