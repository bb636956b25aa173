"""Your heatmaps under AppTest: the sample, files good and bad, every control, garbage in the address."""

import io
import json
import re
import shlex
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from dark_core.app.your_heatmaps import downloads, view, whole_file
from dark_core.app.your_heatmaps import source as your_heatmaps_source
from dark_core.app.your_heatmaps.source import OWN
from dark_core.codec import DECODERS, decode, encode
from dark_core.evaluation.batch_decode import InputFrame
from dark_core.evaluation.sample_heatmaps import SAMPLE
from dark_core.figures.decoder_style import style_of
from tests.pages.opening import opened
from tests.support.command_line import run

ROOT = Path(__file__).parents[2]
RNG = np.random.default_rng(0)
XY = RNG.uniform(6, 30, (4, 3, 2))
MAPS = encode(XY, (36, 40), 1.5)


def npy(array: np.ndarray) -> bytes:
    out = io.BytesIO()
    np.save(out, array)
    return out.getvalue()


def npz(**arrays: np.ndarray) -> bytes:
    out = io.BytesIO()
    np.savez_compressed(out, **arrays)
    return out.getvalue()


def open_page(**query: str) -> AppTest:
    return opened("pages/6_Your_heatmaps.py", **query)


def bring(app: AppTest, data: bytes, name: str = "mine.npy") -> AppTest:
    app.file_uploader(key="maps_file").upload(name, data).run()
    assert not app.exception
    return app


def drawn(app: AppTest) -> str:
    """The HTML of every figure on the page."""
    return "".join(json.loads(element.proto.json).get("html", "") for element in app.get("bidi_component"))


def said(app: AppTest) -> str:
    """All text, without the HTML around terms of the glossary."""
    return re.sub("<[^>]+>", "", " ".join(text.value for text in [*app.markdown, *app.caption]))


def codes(app: AppTest) -> list[str]:
    """The code of the whole file, in its tabs."""
    return [block.value for tab in app.tabs for block in tab.code]


def test_the_sample_makes_the_point_before_a_click():
    app = open_page()
    assert app.title[0].value == "On your own network"
    assert "float16: 10 people × 14 joints × 48 rows × 48 columns." in said(app)
    maps = np.load(SAMPLE)["heatmaps"]
    sigma = float(re.search(r"sigma=([\d.]+)", codes(app)[0])[1])
    apart = np.linalg.norm(decode(maps[0, 0], "argmax").xy - decode(maps[0, 0], "dark", sigma).xy)
    assert apart > 0.5, "the first joint shows it"
    assert (
        f"On joint 0, the right ankle, argmax is **{apart:.2f} heatmap px** ({4 * apart:.2f} input px) from DARK"
        in said(app)
    )
    assert all(f'data-pick="{k}"' in drawn(app) for k in range(14))
    everywhere = np.linalg.norm(decode(maps, "argmax").xy - decode(maps, "dark", sigma).xy, axis=-1)
    assert f"the median distance of argmax from DARK is **{np.median(everywhere):.2f} heatmap px**" in said(app)


def test_every_decoder_is_in_the_tables_and_in_the_chart():
    app = open_page()
    one, chosen, whole = (part.split("</table>")[0] for part in drawn(app).split("<table>")[1:4])
    chart = app.get("plotly_chart")[1].proto.spec
    for name, decoder in DECODERS.items():
        assert decoder.title in one and decoder.title in chosen and decoder.title in whole
        assert name == "dark" or json.dumps(decoder.title)[1:-1] in chart or decoder.title in chart


def test_a_decoder_added_to_the_registry_appears_by_itself(monkeypatch):
    monkeypatch.setitem(DECODERS, "extra", replace(DECODERS["argmax"], name="extra", title="Extra decoder"))
    app = open_page()
    assert drawn(app).count("Extra decoder") == 3
    assert "Extra decoder" in app.get("plotly_chart")[1].proto.spec


def test_an_own_file_takes_the_samples_place():
    app = bring(open_page(), npy(MAPS))
    assert not app.error and not app.warning
    assert "`mine.npy`, float32: 4 people × 3 joints × 40 rows × 36 columns. σ is measured on 12 clear peaks." in said(
        app
    )
    assert app.number_input(key="maps_sigma").placeholder == "1.5, measured"
    assert "This one is yours." in said(app) and "every choice but the file" in said(app)
    assert "The step of DARK succeeds on 12 of 12 heatmaps" in said(app)


def test_the_file_is_still_there_after_a_look_at_another_page():
    app = bring(open_page(), npy(MAPS))
    app.switch_page("app.py").run()
    app.switch_page("pages/6_Your_heatmaps.py").run()
    assert not app.exception
    assert "4 people × 3 joints" in said(app)


def test_the_bytes_are_kept_once():
    data = npy(MAPS)
    app = bring(open_page(), data)
    source = app.session_state[OWN]
    values = source.file.choose().load()
    assert values.base is not None and not values.flags.owndata and not values.flags.writeable
    held = app.session_state[your_heatmaps_source.HELD][1]
    assert np.shares_memory(held.values, values)


def test_the_sample_is_one_click_away_and_back():
    app = bring(open_page(), npy(MAPS))
    app.segmented_control(key="maps").set_value("sample").run()
    assert not app.exception and "10 people × 14 joints" in said(app)
    app.segmented_control(key="maps").set_value("own").run()
    assert not app.exception and "4 people × 3 joints" in said(app)
    assert any(b.proto.label == "Sample file (.npz)" for b in app.get("download_button"))


def test_channels_last_is_recognized_said_and_overruled():
    app = bring(open_page(), npy(np.moveaxis(MAPS, 1, -1)))
    assert "4 people × 40 rows × 36 columns × 3 joints" in said(app)
    assert "The axes are recognized this way because values jump along its last axis" in said(app)
    app.selectbox(key="layout").select("NKHW").run()
    assert not app.exception and "4 people × 40 joints × 36 rows × 3 columns" in said(app)
    assert "recognized this way because" not in said(app)
    bring(app, npy(MAPS[0, 0]), "one.npy")
    assert "40 rows × 36 columns" in said(app), "a layout that no longer fits is let go"


def test_an_array_of_several_is_chosen_by_name():
    app = bring(open_page(), npz(names=np.array(["a"]), boxes=np.ones((2, 4)), maps=MAPS), "mine.npz")
    assert app.selectbox(key="array").options == ["names (1)", "boxes (2 × 4)", "maps (4 × 3 × 40 × 36)"]
    assert app.selectbox(key="array").value == "maps" and "4 people" in said(app)
    app.selectbox(key="array").select("boxes").run()
    assert not app.exception and "2 rows × 4 columns" in said(app)
    app.selectbox(key="array").select("names").run()
    assert not app.exception and "holds text" in app.error[0].value and "10 people × 14 joints" in said(app)
    app.selectbox(key="array").select("maps").run()
    assert not app.exception and not app.error and "4 people" in said(app)


def test_sigma_stride_and_frame_go_into_the_numbers_and_the_code():
    app = bring(open_page(), npy(MAPS))
    app.number_input(key="maps_sigma").set_value(2.5).run()
    app.number_input(key="stride").set_value(8.0).run()
    app.selectbox(key="frame").select("size_ratio").run()
    assert not app.exception
    assert "σ = 2.5 px" in drawn(app) and "1 heatmap px = 8 input px" in drawn(app)
    python, command = codes(app)
    assert "sigma=2.5)" in python and "joints.xy * 8  # input px" in python
    assert "--sigma 2.5" in command and "--stride 8 --frame size_ratio" in command
    app.selectbox(key="frame").select(view.HEATMAP_PX).run()
    assert app.number_input(key="stride").disabled
    assert "input px" not in drawn(app) + "".join(codes(app)) and "--stride" not in codes(app)[1]


def test_people_and_joints_are_browsed():
    app = bring(open_page(), npy(MAPS))
    app.number_input(key="person").set_value(3).run()
    app.number_input(key="number").set_value(2).run()
    x, y = decode(MAPS[3, 2], "dark", 1.5).xy
    assert f"<td>{x:.2f}, {y:.2f}</td>" in drawn(app)
    bring(app, npy(MAPS[:2, :2]), "fewer.npy")
    assert app.number_input(key="person").value == 0 and app.number_input(key="number").value == 0


def test_very_many_joints_are_shown_a_sheet_at_a_time():
    app = bring(open_page(number="100"), npy(encode(RNG.uniform(3, 12, (2, 133, 2)), (16, 16), 1.0)))
    app.number_input(key="number").set_value(100).run()
    assert "133 heatmaps, 72 to 107 shown" in drawn(app)
    picks = re.findall(r'data-pick="(\d+)"', drawn(app))
    assert picks == [str(k) for k in range(72, 108)]


def test_presenting_the_arrows_browse_the_joints():
    app = open_page(present="1")
    app.button(key="next").click().run()
    assert app.number_input(key="number").value == 1
    app.button(key="back").click().run().button(key="back").click().run()
    assert not app.exception and app.number_input(key="number").value == 13


def recipes(app: AppTest) -> list[str]:
    """The code to take home; the foot of the page shows a link beside it."""
    return [block.value for block in app.code if "dark_core" in block.value]


def test_an_exercise_keeps_the_answer_back_until_it_is_revealed():
    app = open_page(hide="answer")
    assert "from DARK" not in said(app) and "<table" not in drawn(app)
    assert not app.get("plotly_chart") and not recipes(app)
    assert style_of("dark").color not in drawn(app).split("Decoded positions")[0]
    app.button(key="reveal").click().run()
    assert not app.exception and "from DARK" in said(app) and recipes(app)


KEYS = ("maps", "maps_file", "array", "layout", "maps_sigma", "stride", "frame", "person", "number", "stretch", "hide")


@pytest.mark.parametrize(
    "value", ["", "<script>alert(1)</script>", "999999999999", "-1", "../../etc/passwd", "null", "nan", "é" * 500]
)
def test_garbage_in_every_parameter_is_survived(value):
    app = open_page(**dict.fromkeys(KEYS, value))
    assert "<script" not in drawn(app)
    bring(app, npz(a=MAPS, b=MAPS[0]), "mine.npz")
    assert not app.error and "4 people" in said(app)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not heatmaps",
        b"%PDF-1.7",
        b"\x80\x04\x95" + bytes(20),
        npy(MAPS)[:500],
        b"\x93NUMPY\x01\x00",
        npy(MAPS.astype(complex)),
        npy(np.zeros((0, 3, 4, 4))),
        npy(np.zeros((2, 2, 2, 2, 2))),
        npy(np.zeros((1, 2, 1100, 1), bool)),
        npz(maps=MAPS)[:300],
    ],
    ids=["empty", "text", "document", "pickle", "cut", "magic", "complex", "none", "axes", "side", "npz"],
)
def test_a_bad_file_gets_one_sentence_and_the_page_lives_on(data):
    app = bring(open_page(), data)
    assert len(app.error) == 1 and app.error[0].value.count(". ") == 0
    assert app.error[0].value.endswith("; the sample is shown instead.")
    assert "10 people × 14 joints" in said(app), "the sample is there"
    app.number_input(key="number").set_value(3).run()
    assert not app.exception and len(app.error) == 1
    bring(app, npy(MAPS), "good.npy")
    assert not app.error and "4 people" in said(app)


def test_more_heatmaps_than_the_limit_are_refused(monkeypatch):
    monkeypatch.setattr(your_heatmaps_source, "MAX_HEATMAPS", 140)
    app = bring(open_page(), npy(np.ones((47, 3, 5, 5))))
    assert "holds 141 heatmaps and the limit is 140" in app.error[0].value


def odd_maps() -> dict[str, np.ndarray]:
    noise = RNG.random((2, 3, 16, 16))
    return {
        "one pixel": np.ones((1, 1)),
        "tall": RNG.random((1024, 1)),
        "wide": RNG.random((2, 1, 1024)),
        "zero": np.zeros((2, 3, 8, 8)),
        "nan": np.full((1, 2, 9, 9), np.nan),
        "some infinite": np.where(noise < 0.01, np.inf, noise),
        "negative": -noise,
        "bytes": (255 * noise).astype(np.uint8),
        "huge": 1e300 * noise,
        "tiny": (1e-40 * noise).astype(np.float32),
        "from -1e38": np.where(noise < 0.5, -1e38, 1e-30).astype(np.float32),
        "large integers": RNG.integers(-(2**62), 2**62, (2, 3, 9, 9)),
        "big-endian": noise.astype(">f2"),
    }


@pytest.mark.parametrize("name", odd_maps())
def test_heatmaps_of_every_kind_are_shown(name):
    app = bring(open_page(), npy(odd_maps()[name]))
    assert not app.error
    assert "nan" not in re.sub('base64,[^"]*', "", drawn(app)).replace("nance", "")
    app.toggle(key="stretch").set_value(True).run()
    assert not app.exception
    attention = {"nan": "NaN or infinity", "some infinite": "NaN or infinity", "negative": "as log-probabilities are"}
    if name in attention:
        assert any(attention[name] in warning.value for warning in app.warning)


def test_the_files_name_is_shown_as_text_and_quoted_in_the_code():
    app = bring(open_page(), npy(MAPS), "a'; rm -rf `x`\n<b>.npy")
    assert "`a___rm_-rf__x__b_.npy`" in said(app)
    python, command = codes(app)
    assert 'np.load("a\'; rm -rf `x`<b>.npy")' in python
    assert "'a'\"'\"'; rm -rf `x`<b>.npy'" in command


# The results and the code beside them


@pytest.mark.parametrize("form", ["npy", "npz", "last"])
@pytest.mark.parametrize("frame", ["half_pixel", "size_ratio", "size_minus_one", view.HEATMAP_PX])
def test_the_code_and_the_command_make_the_csv_again(form, frame, tmp_path, monkeypatch):
    data = {"npy": npy(MAPS), "npz": npz(maps=MAPS, b=np.ones(3)), "last": npy(np.moveaxis(MAPS, 1, -1))}[form]
    name = "my maps.npz" if form == "npz" else "my maps.npy"
    app = bring(open_page(), data, name)
    app.selectbox(key="frame").select(frame).run()
    assert not app.exception
    (tmp_path / name).write_bytes(data)
    python, command = codes(app)

    # The command's file, byte for byte what the page offers.
    assert command.startswith("python -m dark_core decode 'my maps.np")
    monkeypatch.chdir(tmp_path)
    ended = run(*shlex.split(command)[3:])
    assert ended.returncode == 0, ended.stderr
    written = (tmp_path / "joints.csv").read_text()
    assert written == offered(app, frame)

    # The Python lines print the same positions.
    printed = python.replace("print(method, ", "out.append((method, ").replace("joints.ok)", "joints.ok))")
    out: list = []
    exec(printed.replace("'my maps", f"'{tmp_path}/my maps"), {"out": out})
    rows = [line.split(",") for line in written.splitlines()[1:]]
    for place, (method, xy, _, ok) in enumerate(out):
        assert method == list(DECODERS)[place]
        x, y, full, _ = range(3 + 4 * place, 7 + 4 * place)
        found = np.array([[float(row[x]), float(row[y])] for row in rows])
        np.testing.assert_allclose(np.reshape(xy, (-1, 2)), found, atol=1e-3)
        assert [row[full] == "true" for row in rows] == np.ravel(ok).tolist()


LOGITS = -9 + 11 * encode(RNG.uniform(8, 28, (2, 5, 2)), (36, 40), 2.0)


def test_logits_are_told_and_the_sigmoid_is_offered(tmp_path):
    app = bring(open_page(), npy(LOGITS), "logits.npy")
    assert "as logits are: choose “logits: sigmoid first” under Values" in app.warning[0].value
    assert "--values logits" in app.warning[0].value and "--values" not in codes(app)[1]
    assert "not positive at its peak" in drawn(app)
    app.segmented_control(key="values").set_value("logits").run()
    assert not app.exception and not app.warning
    assert "The step of DARK succeeds on 10 of 10 heatmaps" in said(app) and "not positive" not in drawn(app)
    python, command = codes(app)
    assert "--values logits" in command

    # Both lead to the same positions as the page.
    (tmp_path / "logits.npy").write_bytes(npy(LOGITS))
    line = command.replace("python", sys.executable, 1)
    ended = subprocess.run(
        ["sh", "-c", line], cwd=tmp_path, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True
    )
    assert ended.returncode == 0 and "--values" not in ended.stderr, ended.stderr
    rows = [line.split(",") for line in (tmp_path / "joints.csv").read_text().splitlines()]
    column = rows[0].index("dark_x")
    sigma = float(re.search(r"--sigma ([\d.]+)", command)[1])
    expected = 4 * (decode(1 / (1 + np.exp(-LOGITS.astype(float))), "dark", sigma).xy.reshape(-1, 2) + 0.5) - 0.5
    np.testing.assert_allclose([[float(x) for x in row[column : column + 2]] for row in rows[1:]], expected, atol=1e-3)
    out: list = []
    taken = python.replace("print(method, ", "out.append((method, ").replace("joints.ok)", "joints.ok))")
    exec(taken.replace("'logits", f"'{tmp_path}/logits"), {"out": out})
    found = next(xy for method, xy, *_ in out if method == "dark")
    np.testing.assert_allclose(np.reshape(found, (-1, 2)), expected, atol=1e-3)


def test_axes_that_only_the_lengths_decide_are_not_sure():
    app = bring(open_page(), npy(np.zeros((3, 30, 40, 5))))
    assert "not sure: choose the layout under Axes" in app.warning[0].value and "--layout" in app.warning[0].value
    assert "not sure: give --layout" in said(app)
    app.selectbox(key="layout").select("NHWK").run()
    assert not any("not sure" in warning.value for warning in app.warning)


def test_openpose_offers_its_parts():
    parts = encode(RNG.uniform(8, 28, (18, 2)), (36, 40), 2.0)
    fields = 0.1 * RNG.normal(size=(38, 40, 36)).astype(np.float32)
    app = bring(open_page(), npy(np.concatenate([parts, 1 - parts.max(0, keepdims=True), fields])))
    assert "57 joints" in said(app)
    app.toggle(key="parts").set_value(True).run()
    assert not app.exception and "18 joints" in said(app)
    python, command = codes(app)
    assert "--joints 18" in command and "[:18]" in python


def test_an_npz_opens_with_its_heatmaps():
    app = bring(open_page(), npz(locref=RNG.normal(size=(40, 36, 10)), scmap=MAPS[0].transpose(1, 2, 0)), "mine.npz")
    assert app.selectbox(key="array").value == "scmap" and "3 joints" in said(app)


def offered(app: AppTest, frame: str) -> str:
    """What the page's CSV button hands out."""
    source, held = app.session_state[OWN], app.session_state[your_heatmaps_source.HELD][1]
    sigma = float(re.search(r"--sigma ([\d.]+)", codes(app)[1])[1])
    array = source.file.choose().name
    begun = whole_file.batch_result(source.key, array, held.choices, sigma, tuple(DECODERS), len(held))
    assert begun.finished, "the page has read it"
    unit = InputFrame("" if frame == view.HEATMAP_PX else frame, 4.0, held.size)
    everything = json.loads(downloads.json(begun, held, unit))
    assert len(everything["joints"]) == len(held) and everything["summary"]["maps"] == len(held)
    return downloads.csv(begun, held, unit)


def test_a_large_file_is_decoded_in_blocks_and_the_bar_is_gone_at_the_end(monkeypatch):
    from dark_core.files import heatmap_layouts

    monkeypatch.setattr(heatmap_layouts, "BLOCK", 2 * 36 * 40)
    data = npy(MAPS + np.float32(0.001))
    app = bring(open_page(), data)
    assert not app.get("progress")
    assert "The step of DARK succeeds on 12 of 12 heatmaps" in said(app)


# Which decoder the network needs, where the true joints are known.

PEOPLE = np.random.default_rng(3).uniform(8, 28, (12, 3, 2))
CLEAN = encode(PEOPLE, (36, 40), 1.5)


def test_the_sample_with_its_true_joints_shows_which_decoder_its_network_needs():
    app = open_page()
    assert "Which decoder does this network need?" in [head.value for head in app.subheader]
    assert "10 people, 140 labeled joints; the truth is in input px, 4 per heatmap px" in said(app)
    assert "The pixel convention is half_pixel" in said(app), "that of this project, which drew the targets"
    assert "from dark_core.codec import decode" in app.code[0].value
    assert len(json.loads(app.get("plotly_chart")[0].proto.spec)["layout"]["yaxis"]["categoryarray"]) == 14


@pytest.mark.parametrize("way", ["beside", "second file"])
def test_true_joints_beside_the_heatmaps_or_in_a_second_file_give_the_choice(way):
    joints = {"joints": PEOPLE + [0.375, 0.375]} if way == "beside" else {}
    app = bring(open_page(), npz(heatmaps=CLEAN, **joints), "mine.npz")
    if way != "beside":
        assert "Which decoder does this network need?" not in [head.value for head in app.subheader]
        rows = [f"{p},{k},{x + 0.375},{y + 0.375}" for (p, k), (x, y) in zip(np.ndindex(12, 3), PEOPLE.reshape(-1, 2))]
        data = "\n".join(["person,joint,x,y", *rows]).encode()
        app.file_uploader(key="truth_file").upload("joints.csv", data).run()
        assert not app.exception
    assert "12 people, 36 labeled joints; the truth is in heatmap px" in said(app)
    told = " ".join(one.value for one in app.warning)
    assert re.search(r"shifted by −0.3[78]\d? in x and −0.3[78]\d? in y \(heatmap px\) from the truth", told)
    assert "half_pixel and size_ratio" in told and "xy = (xy - [-0.37" in app.code[0].value
    best = said(app).split("It lowers the mean error of Argmax by ")[1]
    assert float(re.search(r"to (\d\.\d+)\.", best)[1]) < 0.02, "a clean Gaussian is decoded exactly once undone"


def test_a_truth_that_does_not_fit_is_told_and_the_page_lives_on():
    app = bring(open_page(), npz(heatmaps=CLEAN, joints=PEOPLE), "mine.npz")
    app.file_uploader(key="truth_file").upload("joints.json", b"{}").run()
    assert not app.exception and "The JSON holds no keypoints" in app.error[0].value
    app.file_uploader(key="truth_file").upload("joints.npy", npy(PEOPLE[:5])).run()
    assert (
        not app.exception and "The truth has 5 × 3 people and joints and the heatmaps have 12 × 3" in app.error[0].value
    )
    assert "Over the whole file" in [head.value for head in app.subheader]
