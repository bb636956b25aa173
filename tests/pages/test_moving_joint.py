"""The moving joint of the Noise lab under AppTest: its sentence, curves, table and files are what the tracks give."""

import csv
import io
import json
import re

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from dark_core.app.noise_lab.moving import downloads
from dark_core.app.noise_lab.moving.track import FRAMES, found, moving, rms
from dark_core.codec import DECODERS
from tests.pages.opening import opened
from tests.pages.test_noise_lab import charts, drawn, markers, numbers, said

CORE = ("argmax", "quarter_shift", "taylor", "dark")


def open_moving(**query) -> AppTest:
    return opened("pages/7_Noise_lab.py", against="Time, a moving joint", **query)


def test_staircase_noise_and_network_are_told_apart_with_the_tracks_own_numbers():
    app, one = open_moving(), found(moving(0.005, 2.0, 0.05, 0.1, 0), CORE)
    for name in ("argmax", "dark"):
        parts = one.parts[name]
        sizes = [rms(part) for part in (parts.rounding, parts.pixel_noise, parts.network)]
        error = rms(one.xy[name] - one.truth)
        assert f"off by **{error:.2f} heatmap px**: {sizes[0]:.2f} by rounding, {sizes[1]:.2f} by noise" in said(app)
    assert "Argmax waits, then jumps by 1 heatmap px, about every 20 frames" in said(app)
    assert rms(one.parts["argmax"].rounding) > 0.3 > rms(one.parts["dark"].rounding) * 100
    assert rms(one.parts["argmax"].network) == rms(one.parts["dark"].network)
    truth, network = (next(trace for trace in chart["data"]) for chart in charts(app))
    np.testing.assert_allclose(numbers(truth["y"]), one.truth[:, 0])
    np.testing.assert_allclose(numbers(network["y"]), (one.network - one.truth)[:, 0], atol=1e-12)
    assert list(markers(app)) == [DECODERS[name].title for name in CORE]
    table = drawn(app).split("<tbody>")[1]
    assert "<td>1</td>" in table and "<td>0.5</td>" in table and table.count("<td>none</td>") == 2


def test_the_setting_is_in_the_address_and_garbage_is_survived():
    app = open_moving(decoders="DARK", pixel_noise="0.05", speed="0.1", wander="0.4", seed="3", target="3 px")
    one = found(moving(0.05, 3.0, 0.1, 0.4, 3), ("dark",))
    assert f"DARK is off by **{rms(one.xy['dark'] - one.truth):.2f} heatmap px**" in said(app)
    for value in ("", "<script>", "nan", "-1", "9" * 30):
        keys = ("pixel_noise", "speed", "wander", "seed", "target", "decoders")
        assert "<script" not in drawn(open_moving(**dict.fromkeys(keys, value)))


def test_every_decoder_none_and_a_joint_at_rest_are_shown():
    app = open_moving(speed="0", wander="0")
    assert "waits, then jumps" not in said(app) and "the network makes no error" in said(app)
    app.multiselect(key="decoders").set_value(list(DECODERS)).run()
    assert not app.exception and len(markers(app)) == len(DECODERS)
    app.multiselect(key="decoders").set_value([]).run()
    assert not app.exception and "Choose a decoder" in said(app)
    assert not re.search(r"\bnan\b", said(app) + drawn(app))


def test_an_exercise_keeps_the_answer_back_until_it_is_revealed():
    app = open_moving(hide="answer")
    assert "DARK" not in markers(app) and "off by" not in said(app) and "<table" not in drawn(app)
    app.button(key="reveal").click().run()
    assert "DARK" in markers(app) and "off by" in said(app) and "<table" in drawn(app)


def test_the_files_and_the_code_give_the_tracks_again(capsys):
    motion = moving(0.02, 2.0, 0.05, 0.1, 4)
    one = found(motion, ("argmax", "dark"))
    rows = list(csv.DictReader(io.StringIO(downloads.as_csv(one))))
    assert len(rows) == 2 * FRAMES and float(rows[-1]["x"]) == one.xy["dark"][-1, 0]
    data = json.loads(downloads.as_json(motion, one))
    assert data["decoders"]["argmax"]["step"] == 1 and data["setting"]["seed"] == 4
    exec(downloads.as_python(motion, ("argmax", "dark")), {})
    printed = capsys.readouterr().out.split()
    assert float(printed[1]) == pytest.approx(rms(one.xy["argmax"] - one.truth), abs=1e-4)
    assert data["decoders"]["dark"]["error"]["value"] == pytest.approx(float(printed[4]), abs=1e-4)
