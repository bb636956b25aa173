"""Coordinates without heatmaps under AppTest: examples, files good and bad, the size of the picture, an exercise."""

import csv
import io
import json
import re

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from dark_core.app.text.catalog import read_catalog
from dark_core.app.track_audit import downloads
from dark_core.app.track_audit.source import example
from dark_core.app.track_audit.view import seen
from dark_core.files.motion.track_files import read_tracks
from dark_core.motion.audit import audit
from dark_core.motion.clip_tracks import load_clip_tracks
from tests.pages.opening import opened

TEXT = read_catalog("track_audit")
WALK = load_clip_tracks("walk")


def open_page(**query: str) -> AppTest:
    return opened("pages/6_Your_heatmaps.py", bring="Coordinates only", **query)


def bring(app: AppTest, data: bytes, name: str = "mine.json") -> AppTest:
    app.file_uploader(key="tracks_file").upload(name, data).run()
    assert not app.exception
    return app


def said(app: AppTest) -> str:
    return re.sub("<[^>]+>", "", " ".join(text.value for text in [*app.markdown, *app.caption]))


def tables(app: AppTest) -> str:
    return "".join(json.loads(one.proto.json).get("html", "") for one in app.get("bidi_component"))


def coco(xy: np.ndarray) -> bytes:
    people = [{"keypoints": [value for x, y in one for value in (x, y, 1)]} for one in xy.tolist()]
    return json.dumps(people).encode()


@pytest.mark.parametrize(
    "decoder, verdict",
    [("Argmax", "whole heatmap pixels"), ("¼ shift", "quarter-pixel shift"), ("DARK", "sub-pixel precision")],
)
def test_each_decoder_of_the_example_is_told_at_once(decoder, verdict):
    app = open_page(audit_decoder=decoder)
    assert verdict in said(app) and "here are joints of ours" in said(app)
    charts = app.get("plotly_chart")
    assert len(charts) == 4 and all(chart.proto.alt for chart in charts)
    assert tables(app).count("no lattice") == (2 if decoder == "DARK" else 0)
    assert ("each frame has a lattice of its own" in said(app)) == (decoder != "DARK")


def test_an_own_file_is_audited_named_and_can_be_taken_out():
    xy = np.round(np.random.default_rng(0).uniform(100, 500, (60, 17, 2)) / 5.3) * 5.3
    app = bring(open_page(), coco(xy), "my `x`.json")
    assert "`my _x_.json`: COCO results, 60 people, 17 joints." in said(app) and "This file is yours." in said(app)
    assert "lattice of 5.3 photo px: they were decoded to whole heatmap pixels, or" in said(app)
    app.number_input(key="photo_px").set_value(10.6).run()
    assert "half a heatmap pixel" in said(app) and app.selectbox(key="audit_clip").disabled
    assert [block.value for block in app.code if "--photo-px 10.6" in block.value]
    bring(app, b"{", "broken.json")
    assert app.error[0].value.endswith("; the example is shown instead.") and "A walk" in said(app)


@pytest.mark.parametrize(
    "data",
    [b"", b"\x80\x04\x95", b"{", b"[]", b"a,b\n1,2\n", b"x,y\n,\n", b"[" * 5000, coco(np.ones((1, 2001, 2)))],
    ids=["empty", "pickle", "cut", "none", "columns", "unknown", "deep", "joints"],
)
def test_a_bad_file_gets_one_sentence_and_the_example_stays(data):
    app = bring(open_page(), data)
    assert len(app.error) == 1 and app.error[0].value.count(". ") == 0
    assert "A walk" in said(app) and len(app.get("plotly_chart")) == 4


def test_too_few_coordinates_are_told_without_a_chart():
    app = bring(open_page(), b"x,y\n1.5,2.25\n7.125,9.0625\n", "few.csv")
    assert "too few" in said(app) and not app.get("plotly_chart")


def test_shares_of_the_picture_ask_for_its_size():
    xy = WALK.photo_xy["argmax"] / (640, 480)
    data = json.dumps([{"landmarks": [{"x": x, "y": y} for x, y in frame]} for frame in xy.tolist()]).encode()
    app = bring(open_page(), data)
    assert app.info[0].value == TEXT["file"]["normalized"] and not app.get("plotly_chart")
    app.number_input(key="picture_width").set_value(640).run()
    app.number_input(key="picture_height").set_value(480).run()
    assert not app.info and "lattice of 11.8 photo px" in said(app)
    assert [block.value for block in app.code if block.value.endswith("--size 640 480")]


def test_an_exercise_shows_the_charts_and_keeps_the_answer_back():
    app = open_page(hide="answer")
    assert len(app.get("plotly_chart")) == 4
    assert "whole heatmap pixels" not in said(app) and not app.get("download_button") and "<table" not in tables(app)
    app.button(key="reveal").click().run()
    assert "whole heatmap pixels" in said(app) and "<table" in tables(app)


def test_garbage_in_the_address_is_survived():
    for value in ("", "<script>", "nan", "-1", "9" * 40):
        assert "<script" not in tables(open_page(**dict.fromkeys(("audit_clip", "audit_decoder", "photo_px"), value)))


def test_the_files_hold_the_audit_and_the_example_can_be_brought():
    source = example("walk", "quarter_shift")
    one = seen(source.key, None, source.photo_px, True, source.file.xy)
    rows = list(csv.DictReader(io.StringIO(downloads.as_csv(one.found, one.evidence))))
    assert [float(row["step"]) for row in rows] == [one.found.x.step, one.found.y.step]
    data = json.loads(downloads.as_json(one.found, one.evidence))
    assert data["verdict"] == "quarter" and len(data["charts"]["x"]["steps"]) == len(data["charts"]["x"]["coherence"])
    again = read_tracks(downloads.coordinates_csv(source.file).encode())
    np.testing.assert_allclose(again.xy, source.file.xy, atol=1e-6)
    assert audit(again.xy, source.photo_px).verdict == "quarter"
