"""The Noise lab under AppTest: what it says is what a sweep finds, whatever is chosen or stands in the address."""

import base64
import csv
import io
import json
import re
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from dark_core.app.noise_lab import downloads, quiz, tables
from dark_core.app.noise_lab import text as noise_lab_text
from dark_core.app.noise_lab.view import BASE, COUNT, DEFAULTS, Lab
from dark_core.codec import DECODERS
from dark_core.figures.decoder_style import title_of
from dark_core.simulation.number_formats import NUMBER_FORMATS
from dark_core.simulation.simcc import SIMCC_DECODERS
from dark_core.simulation.sweep_parameters import SWEEP_PARAMETERS, SimulationConfig
from dark_core.simulation.sweeps import CHUNK, SweepPoint, sweep
from tests.pages.opening import opened

KEYS = "against measure decoders level target repeats told edge side format seed present hide nothing".split()


def open_lab(**query) -> AppTest:
    app = opened("pages/7_Noise_lab.py", **query)
    assert not app.error and not app.warning
    return app


def said(app: AppTest) -> str:
    return " ".join(text.value for text in app.markdown)


def charts(app: AppTest) -> list[dict]:
    return [json.loads(element.proto.spec) for element in app.get("plotly_chart")]


def markers(app: AppTest) -> dict[str, dict]:
    """Title -> the trace of a decoder's points in the last figure."""
    return {trace["name"]: trace for trace in charts(app)[-1]["data"] if trace["mode"] == "markers"}


def numbers(coded) -> np.ndarray:
    """plotly sends arrays as base64."""
    if isinstance(coded, dict):
        return np.frombuffer(base64.b64decode(coded["bdata"]), coded["dtype"])
    return np.array(coded, dtype=float)


def drawn(app: AppTest) -> str:
    sent = (json.loads(element.proto.json) for element in app.get("bidi_component"))
    return "".join(data.get("html", "") for data in sent)


def swept(name: str, decoders=DEFAULTS, base: SimulationConfig = BASE, count: int = COUNT) -> list[SweepPoint]:
    return list(sweep(name, SWEEP_PARAMETERS[name].along(base), base, decoders, count))


def test_the_first_look_says_what_smoothing_gains():
    app = open_lab()
    (here,) = sweep("noise", [0.02], SimulationConfig(), ["taylor", "dark"], COUNT)
    taylor, dark = here.accuracy["taylor"], here.accuracy["dark"]
    for one in (taylor, dark):
        assert f"is off by {one.rmse:.3f}" in said(app) and f"**{one.ratio:.1f} times the bound**" in said(app)
    assert taylor.ratio == pytest.approx(5.3, abs=0.25) and dark.ratio == pytest.approx(1.0, abs=0.04)
    assert len(charts(app)) == 1
    assert list(markers(app)) == [DECODERS[name].title for name in DEFAULTS]
    assert len(charts(app)[0]["layout"]["annotations"]) == 1, "the arrow from one to the other"
    assert f"DARK {dark.ratio:.1f} ×" in drawn(app) and "smoothing</li>" in drawn(app)
    alt = app.get("plotly_chart")[0].proto.alt
    assert f"{taylor.ratio:.1f} times the bound" in alt and "DARK 0.00" in alt and "**" not in alt


def test_the_curves_and_the_table_are_the_sweeps_numbers():
    app = open_lab()
    points = swept("noise")
    limit = next(trace for trace in charts(app)[0]["data"] if trace["name"] == "bound")
    np.testing.assert_allclose(numbers(limit["y"]), [point.limit for point in points])
    for name in DEFAULTS:
        trace = markers(app)[DECODERS[name].title]
        np.testing.assert_allclose(numbers(trace["y"]), [point.accuracy[name].rmse for point in points])
        errors = [1.96 * point.accuracy[name].rmse_error for point in points]
        np.testing.assert_allclose(numbers(trace["error_y"]["array"]), errors)
    table = drawn(app).split("<tbody>")[1]
    assert table.count('<th scope="row"') == len(DEFAULTS) + 1
    assert [float(cell) for cell in re.findall(r"<td>([\d.]+)</td>", table)] == pytest.approx(
        [point.limit for point in points], rel=0.01
    )


ERROR, *OTHERS = noise_lab_text.TEXT["measures"].values()
PLAIN, IN_PHOTO_PX, BY_NAME = "noise", "resolution", "number_format"


@pytest.mark.parametrize(
    ("name", "measure"),
    [*((name, ERROR) for name in SWEEP_PARAMETERS), *product((PLAIN, IN_PHOTO_PX, BY_NAME), OTHERS)],
)
def test_every_quantity_is_shown_and_one_of_each_kind_every_way(name, measure):
    app = open_lab(against=SWEEP_PARAMETERS[name].title, measure=measure, repeats="500")
    values = swept(name, ["dark"], count=500)
    panels = charts(app)
    assert len(panels) == (2 if measure == "Bias and scatter" else 1)
    px = [point.setting.photo_px if name == "resolution" else 1 for point in values]
    shown = numbers(markers(app)["DARK"]["y"])
    expected = {
        "Error": [point.accuracy["dark"].rmse * k for point, k in zip(values, px)],
        "× bound": [point.accuracy["dark"].ratio for point in values],
        "Bias and scatter": [point.accuracy["dark"].scatter * k for point, k in zip(values, px)],
    }[measure]
    np.testing.assert_allclose(shown, expected)
    assert ("photo px" in panels[-1]["layout"]["yaxis"]["title"]["text"]) == (
        name == "resolution" and measure != "× bound"
    )
    assert "DARK" in said(app) and not re.search(r"\b(nan|inf)\b", said(app))


def test_a_wide_target_moves_the_largest_pixel_and_not_the_position():
    app = open_lab(against="Target σ", repeats="500")
    narrow, wide = sweep("sigma", [2.0, 6.0], BASE, ["argmax", "dark"], 500)
    argmax, dark = ([point.accuracy[name].rmse for point in (narrow, wide)] for name in ("argmax", "dark"))
    assert f"Argmax goes from {argmax[0]:.2f} to {argmax[1]:.2f} heatmap px" in said(app)
    assert f"not the position (DARK goes from {dark[0]:.3f} to {dark[1]:.3f}" in said(app)
    assert "jump" not in said(open_lab(against="Target σ", repeats="500", decoders="DARK"))


def test_number_formats_stand_side_by_side_and_their_words_are_computed():
    app = open_lab(against="Number format", repeats="500")
    points = {point.value: point.accuracy["dark"].rmse for point in swept("number_format", ["dark"], count=500)}
    figure = charts(app)[0]
    assert figure["layout"]["xaxis"]["ticktext"] == [NUMBER_FORMATS[name].title for name in points]
    assert {trace["mode"] for trace in figure["data"] if trace["name"] != "bound"} == {"markers"}, "no line joins names"
    assert f"In float32, DARK is off by {points['float32']:.3f} heatmap px" in said(app)
    assert "float16, bfloat16, int8, uint8**" in said(app)
    for name in ("float16", "bfloat16", "int8", "uint8", "logits_converted", "sigmoid_undone"):
        assert points[name] == pytest.approx(points["float32"], rel=0.05)
    for name, words in (("uint4", "4 bits makes"), ("logits", "as they are makes")):
        assert f"{words} it **{points[name] / points['float32']:.1f} times** as large" in said(app)
    assert "Converting them to probabilities restores it" in said(app)
    caption = " ".join(text.value for text in app.caption)
    assert "bfloat16: 8 significant bits" in caption


def test_simcc_stands_beside_the_heatmaps_with_a_limit_of_its_own():
    app = open_lab(against="SimCC", repeats="500")
    points = {point.value: point for point in swept("bins", [*DEFAULTS, *SIMCC_DECODERS], count=500)}
    here, traces = points[8.0], {trace["name"]: trace for trace in charts(app)[0]["data"]}
    assert list(markers(app)) == [title_of(name) for name in (*DEFAULTS[:-1], *SIMCC_DECODERS, DEFAULTS[-1])]
    np.testing.assert_allclose(numbers(traces["bound"]["y"]), [point.limit for point in points.values()])
    np.testing.assert_allclose(numbers(traces["bound of SimCC"]["y"]), [one.simcc_limit for one in points.values()])
    assert f"**{here.simcc_limit:.3g} heatmap px**, the heatmap’s {here.limit:.3g}" in said(app)
    assert "At √π σ = 3.5 bins they are equal" in said(app) and "not two networks" in said(app)
    assert f"largest bin is at **{here.accuracy['simcc'].ratio:.1f} times** its bound" in said(app)
    assert "A SimCC network is another network" in " ".join(text.value for text in app.caption)
    assert "Bound of SimCC" in drawn(app) and "bound of SimCC" in drawn(app)
    assert "SimCC" not in drawn(open_lab(repeats="500")), "it is shown where it is asked for"
    ratio = open_lab(against="SimCC", measure="× bound", repeats="500")
    assert "bound of SimCC" not in [trace["name"] for trace in charts(ratio)[0]["data"]], "both bounds are 1"
    hidden = open_lab(against="SimCC", hide="answer", repeats="500")
    assert not {"bound", "bound of SimCC", "SimCC, smoothed"} & {trace["name"] for trace in charts(hidden)[0]["data"]}
    assert "Where do you expect the curves of DARK and SimCC, smoothed and of the bound?" in said(hidden)


def test_a_bias_of_nothing_is_not_magnified_and_bars_stay_within_the_figure():
    app = open_lab(measure="Bias and scatter", repeats="500")
    bias = charts(app)[0]
    low, high = bias["layout"]["yaxis"]["range"]
    assert low < -0.1 and high > 0.1
    for trace in bias["data"]:
        if trace["mode"] == "markers":
            y, arm = numbers(trace["y"]), numbers(trace["error_y"]["array"])
            assert (y - arm).min() > low and (y + arm).max() < high


def test_every_decoder_can_be_chosen_and_none():
    app = open_lab(repeats="500")
    before = numbers(markers(app)["DARK"]["y"]).copy()
    app.multiselect(key="decoders").set_value(list(DECODERS)).run()
    assert not app.exception
    assert set(markers(app)) == {decoder.title for decoder in DECODERS.values()}
    assert list(markers(app))[-1] == "DARK", "on top of what lies on the same line"
    np.testing.assert_array_equal(numbers(markers(app)["DARK"]["y"]), before)
    app.multiselect(key="decoders").set_value(["argmax"]).run()
    assert not app.exception and "Argmax is off by" in said(app)
    app.multiselect(key="decoders").set_value([]).run()
    assert not app.exception and "Choose a decoder" in said(app)
    assert [trace["name"] for trace in charts(app)[0]["data"]] == ["bound"]


def test_the_state_is_in_the_address():
    app = open_lab(
        decoders="DARK", level="0.1", target="3 px", repeats="500", seed="5", side="32 px", edge="1 px", told="1.5"
    )
    base = SimulationConfig(noise=0.1, sigma=3.0, kernel=1.5, border=1.0, size=32)
    points = list(sweep("noise", SWEEP_PARAMETERS["noise"].along(base), base, ["dark"], 500, 5))
    np.testing.assert_allclose(numbers(markers(app)["DARK"]["y"]), [point.accuracy["dark"].rmse for point in points])


@pytest.mark.parametrize(
    "value",
    ["", "<script>alert(1)</script>", "999999999999", "-1", "nan", "../../etc/passwd", "null", "%00", "é" * 500],
)
def test_garbage_in_every_parameter_is_survived(value):
    app = open_lab(**dict.fromkeys(KEYS, value))
    assert len(charts(app)) == 1
    assert "<script" not in drawn(app) + said(app)


def test_garbage_in_one_parameter_leaves_the_others():
    app = open_lab(against="Target σ", measure="nonsense", repeats="500", decoders=["DARK", "DARK", "magic"])
    assert list(markers(app)) == ["DARK"]
    assert charts(app)[0]["layout"]["xaxis"]["title"]["text"] == SWEEP_PARAMETERS["sigma"].axis


def test_extreme_settings_are_survived():
    for against in SWEEP_PARAMETERS.values():
        for target, side in (("0.5 px", "8 px"), ("4 px", "8 px")):
            app = open_lab(
                against=against.title, target=target, side=side, edge="4 px", told="3", level="0.2", repeats="500"
            )
            assert not re.search(r"\bnan\b", said(app))


def test_an_exercise_keeps_the_answer_back_until_it_is_revealed():
    app = open_lab(hide="answer")
    assert "DARK" not in markers(app) and "bound" not in [trace["name"] for trace in charts(app)[0]["data"]]
    assert "times" not in said(app) and "<table" not in drawn(app)
    assert not app.get("download_button")
    before = charts(app)[0]["layout"]["yaxis"]["range"]
    app.button(key="reveal").click().run()
    assert not app.exception
    assert "DARK" in markers(app) and "Noise is why DARK smooths" in said(app) and "<table" in drawn(app)
    assert charts(app)[0]["layout"]["yaxis"]["range"] == before, "nothing jumps"


def test_presenting_steps_through_the_quantities():
    app = open_lab(present="1", repeats="500")
    for quantity in list(SWEEP_PARAMETERS.values())[1:]:
        app.button(key="next").click().run()
        assert not app.exception
        assert charts(app)[0]["layout"]["xaxis"]["title"]["text"] == quantity.axis
    app.button(key="next").click().run()
    assert charts(app)[0]["layout"]["xaxis"]["title"]["text"] == "frame"
    app.button(key="next").click().run()
    assert charts(app)[0]["layout"]["xaxis"]["title"]["text"] == SWEEP_PARAMETERS["noise"].axis
    app.button(key="back").click().run()
    assert charts(app)[0]["layout"]["xaxis"]["title"]["text"] == "frame"


def test_the_question_is_answered_with_computed_numbers():
    app = open_lab()
    app.radio(key="asked").set_value(quiz.question()[1][1]).run()
    loud, quiet = (
        point.accuracy["dark"].rmse for point in sweep("noise", [0.02, 0.01], SimulationConfig(), ["dark"], COUNT)
    )
    assert f"from {loud:.4f} to {quiet:.4f}" in app.success[0].value
    assert quiet == pytest.approx(loud / 2, rel=0.05)


# Files and code


def lab(name: str = "border", decoders=("taylor", "dark"), base: SimulationConfig = BASE) -> Lab:
    return Lab(name, "rmse", base, tuple(decoders), CHUNK, 3)


def test_the_files_hold_every_point_and_what_made_it():
    chosen = lab()
    points = list(sweep("border", chosen.values, BASE, chosen.decoders, CHUNK, 3))
    rows = list(csv.DictReader(io.StringIO(downloads.as_csv(chosen, points))))
    data = json.loads(downloads.as_json(chosen, points))
    assert len(rows) == len(data["points"]) == len(points) * 2
    for row, point in zip(rows[1::2], points):
        found = point.accuracy["dark"]
        assert (row["decoder"], float(row["value"]), float(row["border"])) == ("dark", point.value, point.value)
        assert float(row["rmse"]) == found.rmse and float(row["limit"]) == point.limit
        assert (float(row["bias_x"]), float(row["bias_y"])) == tuple(found.bias)
        assert (int(row["count"]), int(row["seed"])) == (CHUNK, 3)
        assert float(row["rmse"]) ** 2 == pytest.approx(sum(found.bias**2) + float(row["scatter"]) ** 2)
    assert data["base"]["sigma"] == 2.0 and data["decoders"] == {"taylor": "Unsmoothed step", "dark": "DARK"}


def test_a_file_without_decoders_or_with_an_infinite_limit_is_still_one():
    assert downloads.as_csv(lab(decoders=()), []).startswith("quantity,value,decoder")
    tiny = lab("resolution", base=SimulationConfig(sigma=0.5, size=8))
    points = list(sweep("resolution", [6.25], tiny.base, tiny.decoders, 10))

    def refuse(value: str):
        raise AssertionError(f"{value} is no JSON")

    data = json.loads(downloads.as_json(tiny, points), parse_constant=refuse)
    assert data["points"][0]["limit"] is None and data["points"][0]["rmse"] > 0
    assert "∞" in tables.table(tiny, points) and "nan" not in tables.table(tiny, points)


def test_the_code_prints_the_curves_numbers(capsys):
    chosen = lab("kernel", base=replace(BASE, noise=0.05, size=32))
    exec(downloads.as_python(chosen), {})
    lines = capsys.readouterr().out.splitlines()
    points = list(sweep("kernel", chosen.values, chosen.base, chosen.decoders, CHUNK, 3))
    assert len(lines) == 2 * len(points)
    last = points[-1].accuracy["dark"]
    exec(downloads.as_python(lab("number_format")), {})
    assert capsys.readouterr().out.splitlines()[2].startswith("float16 taylor ")
    assert lines[-1] == f"3 dark {last.rmse:.4f} px {last.ratio:.2f} times {points[-1].limit:.4f} px"


@pytest.mark.parametrize(
    "value, error, sign, text",
    [
        (0.12345, 0.0031, False, "0.123 ± 0.003"),
        (0.12345, 0.0097, False, "0.12 ± 0.01"),
        (180.4, 2.7, False, "180 ± 3"),
        (-0.0104, 0.0012, True, "−0.010 ± 0.001"),
        (0.5, 0.0, False, "0.500 ± 0.000"),
        (float("nan"), float("nan"), False, "–"),
    ],
)
def test_a_number_is_given_to_the_first_digit_of_its_error(value, error, sign, text):
    assert tables.give(value, error, sign) == text


# Words


@pytest.mark.parametrize("name", SWEEP_PARAMETERS)
@pytest.mark.parametrize("decoders", [[], ["argmax"], ["weighted_average", "quarter_shift"], list(DECODERS)])
@pytest.mark.parametrize(
    "base", [BASE, SimulationConfig(0.002, 4.0, 3.0, 4.0, 96), SimulationConfig(0.2, 0.5, 0.25, 0.5, 8)]
)
def test_there_are_words_for_whatever_is_shown(name, decoders, base):
    chosen = lab(name, decoders, base)
    points = list(sweep(name, chosen.values, base, decoders, 10))
    text = noise_lab_text.summary_text(name, points, chosen.marked)
    assert text.endswith(".") and text.count("**") % 2 == 0 and "nan" not in text and "inf " not in text


def test_words_do_not_praise_smoothing_where_it_harms():
    (edge,) = sweep("noise", [0.02], SimulationConfig(border=0.5), ["taylor", "dark"], 100)
    assert edge.accuracy["dark"].rmse > edge.accuracy["taylor"].rmse
    text = noise_lab_text.summary_text("noise", [edge], 0.02)
    assert "Noise is why" not in text and "costs more" in text
