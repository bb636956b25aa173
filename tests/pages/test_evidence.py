"""Evidence under AppTest: what it says is what the table says, whatever is chosen; and it lives without a table."""

import base64
import csv
import io
import json
import re
from pathlib import Path

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest

from dark_core.app.evidence import cost as evidence_cost
from dark_core.app.evidence import downloads, live, quiz, view
from dark_core.app.evidence import text as evidence_text
from dark_core.app.evidence.view import DARK, METRICS, Selection
from dark_core.app.runtime.page import JOINT
from dark_core.app.widgets.numbers import interval, signed
from dark_core.benchmarks.flops import multiply_adds
from dark_core.codec import DECODERS
from dark_core.evaluation import ablation_table
from dark_core.evaluation.ablation_table import BASELINE, VARIANTS, Interval, Table
from dark_core.evaluation.evaluate import THRESHOLDS
from dark_core.evaluation.published_results import HEADLINE, PUBLISHED
from dark_core.pose.network import PoseNet
from dark_core.pose.skeleton import SKELETON
from dark_core.pose.weights import save_model
from tests.pages.opening import opened

SIZES = (64, 128, 192)
SEEDS = {0: -0.25, 1: 0.25}
"""Each seed's figures beside their mean."""
KEYS = (
    "set metric limb readings gain scene joint a_network a_reading b_network b_reading present hide view asked nothing"
).split()


def made(gains: dict[int, float], width: float = 1.0) -> Table:
    """A table in which unbiased DARK has ``gains`` points more than the baseline; other cells lie in between."""
    sets = [("lsp_val", 150, False), ("lspet_val", 350, False), ("rendered", 500, True)]
    data = {
        "resamples": 1000,
        "standard": list(BASELINE),
        "joints": list(SKELETON.names),
        "networks": [{"name": f"floor_64_{seed}", "seed": seed, "sha256": f"{seed}" * 64} for seed in SEEDS],
        "sets": [{"name": name, "people": people, "exact": exact} for name, people, exact in sets],
        "cells": [],
        "gains": [],
    }
    names = list(VARIANTS)
    for k, (name, _, exact) in enumerate(sets):
        for size in SIZES:
            for encoding in ("floor", "unbiased"):
                for variant in VARIANTS:
                    share = names.index(variant) / (len(names) - 1) * 0.4 + 0.2 * (encoding == "unbiased")
                    share = {BASELINE: 0.0, DARK: 1.0}.get((encoding, variant), share)
                    gain = share * (gains[size] + k)
                    base = {f"pck@{t}": 20 + size / 8 + 100 * t + k for t in THRESHOLDS} | {"oks_ap": 30 + size / 10}
                    rise = dict.fromkeys(base, gain)
                    if exact:
                        base |= {"mean_px": 40 - size / 10, "median_px": 24 - size / 10}
                        rise |= {"mean_px": -gain, "median_px": -gain / 2}
                    key = {"set": name, "encoding": encoding, "size": size, "reading": variant}
                    values = {m: [base[m] + rise[m], base[m] + rise[m] - 3, base[m] + rise[m] + 3] for m in base}
                    joints = {
                        f"pck@{t}": [round(base[f"pck@{t}"] + gain * j / 7, 2) for j in range(14)] for t in THRESHOLDS
                    }
                    lean = {"lean": {"bias_x": -0.4 + share, "bias_y": -0.3, "scatter": 1.5 - share}} if exact else {}
                    own = {m: [values[m][0] + aside for aside in SEEDS.values()] for m in base}
                    key |= {"seeds": list(SEEDS)}
                    data["cells"].append(key | {"values": values, "by_seed": own, "joints": joints} | lean)
                    if (encoding, variant) != BASELINE:
                        gains_of = {m: [rise[m], rise[m] - width, rise[m] + width] for m in rise}
                        own = {m: [rise[m] + aside for aside in SEEDS.values()] for m in rise}
                        data["gains"].append(key | {"values": gains_of, "by_seed": own})
    return Table(data)


FALLS = {64: 4.0, 128: 1.6, 192: -1.4}
"""Of the first set; one point more in the next, two in the third."""


@pytest.fixture
def table(monkeypatch) -> Table:
    given = made(FALLS)
    monkeypatch.setattr(ablation_table, "load", lambda: given)
    return given


@pytest.fixture
def without(monkeypatch, tmp_path) -> None:
    def none():
        raise FileNotFoundError

    monkeypatch.setattr(ablation_table, "load", none)
    monkeypatch.setattr(ablation_table, "NETWORKS", tmp_path)


@pytest.fixture
def networks(monkeypatch, tmp_path) -> Path:
    """Two small networks that know nothing, one an encoding."""
    torch.manual_seed(0)
    for encoding, size in (("floor", 64), ("unbiased", 128)):
        card = {"size": size, "sigma": 1.0, "encoding": encoding, "seed": 0, "parameters": 2_100_000, "steps": 800}
        card |= {"hardware": "2 CPU cores, x86_64"}
        network = PoseNet(widths=(8, 8, 8, 8, 8), blocks=(1, 1, 1, 1), top=8)
        save_model(network, tmp_path / f"{encoding}_{size}_0.safetensors", card)
    monkeypatch.setattr(ablation_table, "NETWORKS", tmp_path)
    live.network.clear()
    live.network_heatmaps.clear()
    return tmp_path


def open_page(**query) -> AppTest:
    app = opened("pages/8_Evidence.py", **query)
    assert not app.error and not app.warning
    return app


def said(app: AppTest) -> str:
    return " ".join(text.value for text in [*app.markdown, *app.caption])


def charts(app: AppTest) -> list[dict]:
    return [json.loads(element.proto.spec) for element in app.get("plotly_chart")]


def numbers(coded) -> np.ndarray:
    """plotly sends arrays as base64."""
    if isinstance(coded, dict):
        return np.frombuffer(base64.b64decode(coded["bdata"]), coded["dtype"])
    return np.array(coded, dtype=float)


def markers(chart: dict) -> dict[str, dict]:
    """Title -> the trace of a line's points."""
    return {trace["name"]: trace for trace in chart["data"] if "marker" in trace and "customdata" in trace}


def drawn(app: AppTest) -> str:
    sent = (json.loads(element.proto.json) for element in app.get("bidi_component"))
    return "".join(data.get("html", "") for data in sent)


def test_the_first_look_says_what_the_paper_is_worth_here(table):
    app = open_page()
    text = said(app)
    reach = table.value("rendered", *DARK[:1], 64, DARK[1], "pck@0.1")
    assert (
        f"find **{reach.value:.1f} %** of the limb joints within 10 % of the torso length. That is **6.0 points more** "
        "than the baseline. The gain is +3.6 at 128 px and +0.6 at 192 px. At 192 px the gain is not significant: its "
        "95 % interval includes zero. The gain falls with resolution, as published."
    ) in text
    assert (
        re.sub(r"<span.*?>(.*?)</span>", r"\1", app.markdown[0].value)
        == f"{HEADLINE} HRNet-W32 gains **+3.8** at 128 × 96, **+1.2** at 256 × 192 and **+0.8** at 384 × 288 px."
    )
    assert not re.search(r"\[[+−]", text), "the intervals are in the tables"
    html = drawn(app)
    assert all(interval in html for interval in ("[+5.0, +7.0]", "[+2.6, +4.6]", "[−0.4, +1.6]"))
    assert "COCO val2017" in text and "1000 random resamples" in text
    ours, paper, *_ = charts(app)
    gains = [table.gain("rendered", DARK[0], size, DARK[1], "pck@0.1").value for size in SIZES]
    np.testing.assert_allclose(numbers(markers(ours)["Unbiased + DARK"]["y"]), gains)
    assert list(markers(ours)["Unbiased + DARK"]["text"]) == ["+6.0", "+3.6", "(+0.6)"]
    rows = [row for row in PUBLISHED if row.network == "HRNet-W32"]
    np.testing.assert_allclose(numbers(markers(paper)["HRNet-W32 + DARK"]["y"]), [row.gain for row in rows])
    alt = app.get("plotly_chart")[0].proto.alt
    assert "6.0 points more" in alt and "Unbiased + DARK 6.0 to 0.6" in alt and "**" not in alt


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("name", ["lsp_val", "lspet_val", "rendered"])
def test_every_metric_of_every_set_is_drawn(table, name, metric):
    app = open_page(set=view.set_title(name), metric=METRICS[metric].title, gain="false")
    shown = metric if metric in table.metrics(name) else "pck@0.1"
    ours, paper, *_ = charts(app)
    for encoding, title in view.ENCODINGS.items():
        for variant in view.SHOWN:
            trace = markers(ours)[f"{title} + {DECODERS[variant].title}"]
            found = [table.value(name, encoding, size, variant, shown).value for size in SIZES]
            np.testing.assert_allclose(numbers(trace["y"]), found)
    rows = [row for row in PUBLISHED if row.network == "HRNet-W32"]
    np.testing.assert_allclose(numbers(markers(paper)["HRNet-W32"]["y"]), [row.base for row in rows])
    assert ("PCK@0.1 is shown" in said(app)) == (shown != metric)
    assert ("Labels scatter too" in said(app)) == (name != "rendered")
    assert "nan" not in re.sub(r"base64,[\w+/=]+", "", said(app) + drawn(app))


def test_one_joint_is_said_to_have_no_interval(table):
    app = open_page(limb="left knee", set="Leeds")
    knee = SKELETON.names.index("left knee")
    before, after = (
        table.cell("lsp_val", encoding, 64, variant)["joints"]["pck@0.1"][knee]
        for encoding, variant in (BASELINE, DARK)
    )
    assert f"**{after:.1f} %** of the left knees" in said(app) and "no interval" in said(app)
    assert f"**{after - before:.1f} points more** than" in said(app)
    assert not [trace for trace in charts(app)[0]["data"] if trace["name"].endswith("95 %")]
    assert "nan" not in re.sub(r"base64,[\w+/=]+", "", said(app) + drawn(app))
    app.segmented_control(key="metric").set_value("oks_ap").run()
    assert not app.exception and app.selectbox(key="limb").disabled
    assert "OKS AP" in said(app) and "knee" not in app.markdown[1].value


def test_every_decoder_variant_can_be_drawn_and_none(table):
    app = open_page()
    app.multiselect(key="readings").set_value(list(VARIANTS)).run()
    assert not app.exception
    assert len(markers(charts(app)[0])) == 2 * len(VARIANTS) - 1, "the baseline is the line at 0"
    app.multiselect(key="readings").set_value([]).run()
    assert not app.exception and not markers(charts(app)[0])


def test_the_tables_hold_every_cell(table):
    html = drawn(open_page(set="Leeds"))
    for size in SIZES:
        for encoding in view.ENCODINGS:
            for variant in VARIANTS:
                assert f"{table.value('lsp_val', encoding, size, variant, 'pck@0.1').value:.1f} " in html
    assert html.count("floor targets".capitalize()) == 1, "bias and scatter need exact truth"
    exact = drawn(open_page())
    assert exact.count("Floor targets") == 2 and "−0.40" in exact
    assert all(f">{name}</th>" in exact for name in SKELETON.names)
    assert exact.count('<tr class="best">') == 1 and "Leeds, extended<span class='narrow-hide'>, 350 people" in exact


def test_where_the_gain_comes_from_is_said(table):
    text = said(open_page())
    floor, shift = (
        table.gain("rendered", *cell, "pck@0.1") for cell in (("floor", 64, "dark"), ("unbiased", 64, BASELINE[1]))
    )
    assert f"DARK on floored targets changes it by {signed(floor.value)} points." in text
    assert f"unbiased targets decoded by ¼ shift change the baseline by {signed(shift.value)} points." in text
    assert "the median error of the baseline is (−0.40, −0.30) heatmap px" in text


def test_why_the_gain_is_largest_in_the_middle_and_why_dark_on_floored_targets_loses_is_said_of_the_bundled_table():
    text, table = said(open_page()), ablation_table.load()
    near, *others = (
        table.value("rendered", "floor", size, BASELINE[1], "pck@0.2").value
        - table.value("rendered", "floor", size, BASELINE[1], "pck@0.05").value
        for size in (128, 64, 192)
    )
    assert near > max(others)
    shares = f"{near:.0f} % are off by 5 to 20 % of the torso length, against {others[0]:.0f} and {others[1]:.0f} %"
    assert shares in text
    dark, taylor = (table.gain("rendered", "floor", 64, one, "pck@0.1").value for one in ("dark", "taylor"))
    assert dark < 0 < taylor and f"the same step changes the baseline by {signed(taylor)}." in text


def test_it_lives_without_a_table(without):
    app = open_page()
    assert len(app.info) == 2
    assert (
        "The table of our own networks does not exist yet" in app.info[0].value
        and "python -m dark_core ablation" in app.info[0].value
    )
    assert "are not in this copy" in app.info[1].value
    assert len(charts(app)) == 1 and "HRNet-W32 + DARK" in markers(charts(app)[0])
    app.radio(key="asked").set_value(quiz.question()[1][0]).run()
    assert not app.exception and len(app.success) == 1
    assert open_page(hide="answer").button(key="reveal")


@pytest.mark.parametrize(
    "value",
    ["", "<script>alert(1)</script>", "999999999999", "-1", "nan", "../../etc/passwd", "null", "%00", "é" * 500],
)
def test_garbage_in_every_parameter_is_survived(table, value):
    app = open_page(**dict.fromkeys(KEYS, value))
    assert len(charts(app)) >= 2
    assert "<script" not in drawn(app) + said(app)


@pytest.mark.parametrize("gain", ["true", "false"])
def test_an_exercise_keeps_the_answer_back_until_it_is_revealed(table, networks, gain):
    app = open_page(hide="answer", gain=gain)
    kept = drawn(app) + said(app) + json.dumps(charts(app)[:2], ensure_ascii=False)
    assert view.TEXT["prompt"] in said(app)
    assert "<table><caption><span" not in kept and "photo px off" not in kept and "75.6" not in kept
    assert not any("DARK" in name for chart in charts(app) for name in markers(chart))
    assert not app.get("download_button")
    before = [chart["layout"]["yaxis"]["range"] for chart in charts(app)[:2]]
    app.button(key="reveal").click().run()
    assert not app.exception
    assert "Unbiased + DARK" in markers(charts(app)[0]) and "points more" in said(app)
    assert [chart["layout"]["yaxis"]["range"] for chart in charts(app)[:2]] == before, "nothing jumps"


def test_presenting_steps_through_the_metrics(table):
    app = open_page(present="1")
    metrics = list(METRICS)
    for k in range(1, len(metrics) + 1):
        app.button(key="next").click().run()
        assert not app.exception
        assert app.segmented_control(key="metric").value == metrics[(metrics.index("pck@0.1") + k) % len(metrics)]


def test_the_question_is_answered_with_published_numbers(table):
    app = open_page()
    app.radio(key="asked").set_value(quiz.question()[1][0]).run()
    assert "3.8 AP at 128 × 96 px and 0.8 AP at 384 × 288 px" in app.success[0].value
    assert "9 times the work" in app.success[0].value


# Words


def selection(gains: dict[int, float], width: float = 1.0, name: str = "lsp_val", metric: str = "pck@0.1") -> Selection:
    return Selection(made(gains, width), name, metric, None, ("quarter_shift", "dark"), True)


@pytest.mark.parametrize(
    "gains, width, words",
    [
        ({64: 4, 128: 2, 192: 1.5}, 0.5, "The gain falls with resolution, as published."),
        ({64: 4, 128: 3, 192: 3.5}, 0.5, "The intervals do not show whether the gain falls with resolution."),
        ({64: 2, 128: 3, 192: 4}, 0.5, "The gain does not fall with resolution here"),
        (
            {64: 2, 128: 0.2, 192: -0.2},
            0.5,
            "At 128 and 192 px the gain is not significant: the 95 % intervals include zero.",
        ),
        ({64: 0.1, 128: 0.1, 192: 0.1}, 0.5, "The gain is significant at no size: the 95 % intervals include zero."),
        ({64: 2, 128: -1, 192: -2}, 0.5, "At 128 and 192 px the baseline is better"),
    ],
)
def test_the_words_are_as_honest_as_the_intervals(gains, width, words):
    text = evidence_text.summary_text(selection(gains, width))
    assert words in text
    assert text.endswith(".") and text.count("**") % 2 == 0


def test_less_error_is_a_gain():
    text = evidence_text.summary_text(selection(FALLS, name="rendered", metric="mean_px"))
    assert "leave a mean error of **27.6 photo px** on the limb joints. That is **6.0 photo px less** than" in text
    assert "The gain falls" in text or "the gain falls" in text
    assert "the baseline is better" not in text
    worse = evidence_text.summary_text(selection({64: -9, 128: -9, 192: -9}, name="rendered", metric="mean_px"))
    assert "photo px more" in worse and "the baseline is better" in worse


def test_each_seed_is_listed_beside_the_intervals():
    text = evidence_text.gain_by_seed(selection(FALLS, width=1.5))
    assert "at 64, 128 and 192 px by +3.8, +1.4, −1.6 (seed 0) and +4.2, +1.9, −1.1 (seed 1) points" in text
    assert "Two seeds differ by up to 0.5. The intervals, up to 3.0 wide" in text
    alone = selection(FALLS)
    alone.table.data["networks"] = alone.table.data["networks"][:1]
    assert evidence_text.gain_by_seed(alone) == "", "one seed has nothing beside it"


def test_what_is_not_in_this_copy_is_said(networks):
    table, cards = made(FALLS), live.cards()
    assert "the networks of seed 0 and 1: they are not in this copy" in downloads.missing_networks(table)
    for one, card in zip(table.data["networks"], cards, strict=True):
        one["sha256"] = card["sha256"]
    assert downloads.missing_networks(table) == ""
    note = evidence_text.training_note(cards, table.seeds)
    assert "from 2 seeds. The figures are means over the seeds, and the networks of seed 0" in note
    assert "seeds" not in evidence_text.training_note(cards * 3, [0])


def test_a_gain_that_rises_first_is_not_said_to_fall():
    chosen = selection({64: 9.4, 128: 17.1, 192: 4.7})
    text = evidence_text.trend(chosen, {size: chosen.gain(DARK[0], size, DARK[1]) for size in SIZES})
    assert "The gain is largest at 128 px" in text and "falls" not in text


def test_what_smoothing_costs_is_said_where_it_costs():
    assert evidence_text.smoothing(selection(FALLS)) == ""
    shares = list(VARIANTS).index("noise_matched") / (len(VARIANTS) - 1) * 0.4 + 0.2
    costs = [(1 - shares) * loss for loss in (2.0, 3.0, 4.0)]  # what DARK loses and noise-matched loses less of
    text = evidence_text.smoothing(selection({64: -2, 128: -3, 192: -4}))
    assert f"is better than DARK by {costs[0]:.1f}, {costs[1]:.1f} and {costs[2]:.1f} points" in text


@pytest.mark.parametrize("value, text", [(1.25, "+1.2"), (-0.04, "0.0"), (0.0, "0.0"), (-1.0, "−1.0"), (0.06, "+0.1")])
def test_a_sign_is_given_where_there_is_one(value, text):
    assert signed(value) == text


def test_an_interval_that_is_not_known_is_not_given():
    assert interval(Interval(1.0, np.nan, np.nan)) == ""
    assert interval(Interval(1.0, -0.5, 2.0), sign=True) == "[−0.5, +2.0]"


# Files


def test_the_files_hold_the_whole_table_and_what_was_published():
    table = made(FALLS)
    rows = list(csv.DictReader(io.StringIO(downloads.as_csv(table))))
    assert len(rows) == len(table.data["cells"])
    row = next(row for row in rows if (row["set"], row["encoding"], row["reading"]) == ("rendered", *DARK))
    gain = table.gain("rendered", DARK[0], 64, DARK[1], "mean_px")
    assert (float(row["mean_px_gain"]), float(row["mean_px_gain_high"])) == (gain.value, gain.high)
    assert float(row["bias_x"]) == pytest.approx(0.6) and "pck@0.05_left knee" in row
    assert float(row["mean_px_seed_1"]) - float(row["mean_px_seed_0"]) == pytest.approx(0.5)
    data = json.loads(downloads.as_json(table))
    assert data["measured"] == table.data
    assert [one["dark"] for one in data["published"]["rows"]] == [one.dark for one in PUBLISHED]
    assert set(data["readings"]) == set(VARIANTS)


# Networks on a photo, and what they cost


def test_two_cells_are_decoded_on_a_scene(table, networks):
    app = open_page(hide="cost")
    assert "2 networks that differ" in said(app) and "800 steps" in said(app) and "2.1 million" in said(app)
    html = drawn(app)
    assert "A · Floor + ¼ shift, 64 px" in html and "B · Unbiased + DARK, 128 px" in html
    missed = rf"is off by \*\*([\d.]+) photo px\*\* at the {JOINT}"
    off = [float(v) for v in re.findall(missed, said(app))]
    assert len(off) == 2
    for value in off:
        assert f"{JOINT}: {value:.1f} photo px off" in html
    app.selectbox(key="a_network").set_value(("unbiased", 128)).run()
    app.selectbox(key="a_reading").set_value("dark").run()
    assert not app.exception
    twice = [float(v) for v in re.findall(missed, said(app))]
    assert twice == [off[1], off[1]], "the same cell finds the same position"


def test_a_damaged_network_gets_one_sentence(table, networks):
    (networks / "floor_64_0.safetensors").write_bytes(b"nothing")
    app = opened("pages/8_Evidence.py")
    assert len(app.error) == 1 and "SHA-256" in app.error[0].value
    assert len(charts(app)) >= 2


def test_three_times_the_side_is_nine_times_the_work(table, networks):
    evidence_cost.bills.clear()
    evidence_cost.bills(SIZES, live.available()).result(timeout=120)
    app = open_page()
    assert "3 times the side is 9 times the pixels" in said(app) and "**9.0 times** the multiply-adds" in said(app)
    chart = charts(app)[2]
    names = ("floor_64_0", "unbiased_128_0")
    assert live.available() == names
    work = multiply_adds(live.network("unbiased_128_0").model.network, 128) / 1e9
    assert numbers(markers(chart)["Unbiased + DARK"]["x"])[1] == pytest.approx(work)
    assert "One crop: multiply-adds" in drawn(app)


@pytest.mark.parametrize("gains, words", [({64: 20, 128: 20, 192: 20}, True), ({64: 1, 128: 1, 192: 1}, False)])
def test_better_decoding_is_said_to_make_up_for_resolution_only_where_it_does(gains, words):
    from dark_core.benchmarks.flops import Cost

    bills = [Cost(size, 1.0, size**2, size**2, 0.1) for size in SIZES]
    assert ("makes up for the smaller input" in evidence_cost.saved(bills, selection(gains))) == words
