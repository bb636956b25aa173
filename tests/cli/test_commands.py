"""The command line on real files."""

import csv
import hashlib
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from safetensors.torch import load_file

from dark_core.codec import DECODERS, Status, decode, encode
from dark_core.evaluation.metrics import torso
from dark_core.files.scenes import SCENES, load_scenes
from dark_core.pose.estimator import Estimator
from dark_core.pose.skeleton import SKELETON
from tests.support.command_line import run

ROOT = Path(__file__).parents[2]


def test_predict_prints_the_14_joints_of_a_photo_as_json():
    scene = load_scenes()["standing"]
    data = json.loads(run("predict", SCENES / "standing.jpg", "--json").stdout)
    assert data["person"] is True
    assert list(data["joints"]) == list(SKELETON.names)
    found = np.array([[joint["x"], joint["y"]] for joint in data["joints"].values()])
    error = np.linalg.norm(found - scene.joints, axis=-1) / torso(scene.joints[None])[0]
    assert np.median(error) < 0.1
    for joint in data["joints"].values():
        assert list(joint) == ["x", "y", "confidence", "score", "state"] and 0 < joint["confidence"] < 1
        assert joint["state"] in ("", "guess", "cut off")
        assert (joint["state"] == "") <= (joint["confidence"] >= 0.5)


def test_a_reduced_photo_is_told_in_its_own_pixels(tmp_path):
    photo = cv2.imread(str(SCENES / "standing.jpg"))
    cv2.imwrite(str(tmp_path / "large.jpg"), cv2.resize(photo, None, fx=3, fy=3, interpolation=cv2.INTER_CUBIC))
    small, large = (
        json.loads(run("predict", path, "--json").stdout) for path in (SCENES / "standing.jpg", tmp_path / "large.jpg")
    )
    for name in ("neck", "left hip", "right knee"):
        for axis in "xy":
            assert large["joints"][name][axis] == pytest.approx(3 * small["joints"][name][axis], abs=25)


def test_what_is_no_photo_ends_with_a_sentence(tmp_path):
    (tmp_path / "note.jpg").write_text("not a picture")
    for path in (tmp_path / "note.jpg", tmp_path / "nowhere.jpg"):
        result = run("predict", path)
        assert result.returncode == 1
        assert path.name in result.stderr and "Traceback" not in result.stderr


@pytest.mark.parametrize("box", [["nan", 0, 10, 10], [50, 0, 10, 40], [0, 5, 10, 5]])
def test_a_box_without_area_ends_with_a_sentence(box):
    result = run("predict", SCENES / "standing.jpg", "--box", *box)
    assert result.returncode == 2 and "--box: expected X0 < X1" in result.stderr and "Traceback" not in result.stderr


def test_predict_all_prints_everyone_as_json(tmp_path):
    left, right = (cv2.imread(str(SCENES / f"{name}.jpg")) for name in ("standing", "kick"))
    cv2.imwrite(str(tmp_path / "two.png"), np.hstack([left, right]))
    data = json.loads(run("predict", tmp_path / "two.png", "--all", "--json").stdout)
    assert list(data) == ["decoder", "people"] and len(data["people"]) == 2
    necks = sorted(one["joints"]["neck"]["x"] for one in data["people"])
    assert necks[0] < left.shape[1] < necks[1]
    text = run("predict", tmp_path / "two.png", "--all").stdout
    assert text.count("person 1") == text.count("person 2") == 1 and text.count("head top") == 2


@pytest.fixture
def coco(tmp_path) -> list:
    """The scenes as a COCO-style set; its --images and --annotations."""
    images, notes = [], []
    for number, scene in enumerate(load_scenes().values()):
        cv2.imwrite(str(tmp_path / f"{number}.png"), cv2.cvtColor(scene.photo, cv2.COLOR_RGB2BGR))
        images.append({"id": number, "file_name": f"{number}.png"})
        keypoints = np.column_stack([scene.joints, np.full(14, 2)]).ravel().tolist()
        notes.append({"image_id": number, "category_id": 1, "keypoints": keypoints})
    category = {"id": 1, "keypoints": [name.replace(" ", "_") for name in SKELETON.names]}
    (tmp_path / "set.json").write_text(json.dumps({"images": images, "annotations": notes, "categories": [category]}))
    return ["--images", tmp_path, "--annotations", tmp_path / "set.json"]


def test_evaluate_prints_every_decoder_on_a_coco_style_set(coco):
    lines = run("evaluate", *coco, "--placed", "--decoder", "all").stdout.splitlines()
    assert lines[1].split() == list(DECODERS)
    assert [line.split()[0] for line in lines[2:6]] == ["OKS", "PCK@0.2", "PCK@0.1", "PCK@0.05"]
    *numbers, counted, of, people, word = lines[3].split()[1:]
    assert (counted, of, people, word) == ("10", "of", "10", "people")
    shares = dict(zip(DECODERS, map(float, numbers), strict=True))
    swapped = [found for line in lines if (found := re.match(r"swapped, ([a-z]+) \((\d+)\)", line))]
    views = {found[1]: int(found[2]) for found in swapped}
    assert {"all", "front", "behind"} <= set(views)
    assert views["all"] == sum(count for name, count in views.items() if name != "all") > 50
    assert shares["dark"] > 70
    assert len([line for line in lines if re.match(r"[a-z ]+ @0\.", line)]) == 3 * len(SKELETON)
    (placed,) = (line for line in lines if line.startswith("placed"))
    assert re.match(r"placed .*: PCK@0\.2 labeled box [\d.]+, found [\d.]+, 10 of 10 people, ratio ", placed)
    assert float(placed.split()[-1]) > 0.85, "people are found almost as well as with their box"
    counts = [int(line.split()[1]) for line in lines[lines.index(placed) + 2 :]]
    assert sum(counts) == 14 * len(load_scenes())


def test_evaluate_calibrates_a_network_in_a_sub_folder_and_leaves_its_weights(coco, tmp_path):
    models = tmp_path / "models"
    (models / "few").mkdir(parents=True)
    bundled = ROOT / "assets" / "models"
    weights = (bundled / "default.safetensors").read_bytes()
    (models / "few" / "mine.safetensors").write_bytes(weights)
    card = json.loads((bundled / "default.json").read_text()) | {"title": "mine"}
    del card["calibration"], card["regions"]
    (models / "few" / "mine.json").write_text(json.dumps(card))
    (models / "few" / "mine.md").write_text("# Mine\n\n## What it was trained on\n\nPeople.\n")
    options = ["--folder", models, "--model", "few/mine", "--decoder", "dark"]
    result = run("evaluate", "--calibrate", *coco, *coco, *options)
    assert result.returncode == 0, result.stderr
    assert result.stdout.count("set: 10 people, network 'few/mine'") == 2
    found = json.loads((models / "few" / "mine.json").read_text())
    assert {key: value for key, value in found.items() if key not in ("calibration", "regions")} == card
    assert found["calibration"]["sets"] == ["set", "set"] and found["calibration"]["people"] == 20
    assert all(found["regions"]["scale"]) and found["regions"]["holds"] == [], "20 people fit, four fifths are too few"
    assert (models / "few" / "mine.safetensors").read_bytes() == weights
    page = (models / "few" / "mine.md").read_text()
    assert "(mine_reliability.svg)" in page and page.endswith("People.\n")
    assert (models / "few" / "mine_reliability.svg").read_text().startswith("<svg ")
    assert str(tmp_path) not in (models / "few" / "mine.json").read_text() + page
    for wrong, says in ((["--no-flip"], "leave out --no-flip"), (["--images", "more"], "equally often")):
        refused = run("evaluate", "--calibrate", *coco, *options, *wrong)
        assert refused.returncode == 1 and says in refused.stderr and "Traceback" not in refused.stderr


def test_evaluate_tells_how_many_absent_joints_it_finds(coco, tmp_path):
    file = tmp_path / "set.json"
    data = json.loads(file.read_text())
    for note in data["annotations"]:
        note["keypoints"][:3], note["absent"], note["bbox"] = [0, 0, 0], [0], [0, 0, 100, 100]
    file.write_text(json.dumps(data))
    result = run("evaluate", *coco, "--decoder", "argmax", "--device", "cpu")
    assert result.returncode == 0, result.stderr
    found = re.search(r"^absent joints found: ([\d.]+) below a peak of ([\d.]+), as are 3\.0 ", result.stdout, re.M)
    assert 0 <= float(found[1]) <= 100 and 0 <= float(found[2]) < 0.5


def test_faults_are_written_into_the_card_with_a_sheet_of_the_worst(coco, tmp_path):
    models = tmp_path / "models"
    models.mkdir()
    for suffix in (".safetensors", ".json", ".md"):
        (models / f"default{suffix}").write_bytes((ROOT / "assets" / "models" / f"default{suffix}").read_bytes())
    before = json.loads((models / "default.json").read_text())
    sets = ["--set", "scenes", coco[1], coco[3]]
    result = run("faults", *sets, "--show", "scenes", "--folder", models)
    assert result.returncode == 0, result.stderr
    card = json.loads((models / "default.json").read_text())
    found = card["faults"]
    assert card | {"faults": None} == before | {"faults": None}
    assert found["found"]["scenes"]["people"] == 10 and found["cut"]["scenes"]["joints"] == 30
    assert found["empty"]["pictures"] == 40 and found["shown"]["set"] == "scenes"
    page = (models / "default.md").read_text()
    assert page.count("## Where it fails\n") == 1 and "(default_failures.jpg)" in page
    sheet = cv2.imread(str(models / "default_failures.jpg"))
    assert sheet.shape == (720, 1080, 3)
    assert str(tmp_path) not in page + (models / "default.json").read_text()
    wrong = run("faults", *sets, "--show", "photos", "--folder", models)
    assert wrong.returncode == 1 and "no set is called photos" in wrong.stderr


def test_bench_sets_every_decoder_beside_the_argmax_and_the_released_procedure():
    lines = run("bench").stdout.splitlines()
    assert len([line for line in lines if line.startswith("1088 maps of")]) == 2
    for title in ("plain argmax", *(decoder.title for decoder in DECODERS.values()), "joint by joint, as released"):
        found = [line for line in lines if line.startswith(f"{title} ")]
        assert len(found) >= 2, title
    plain, slow = (
        [line.split()[-4:] for line in lines if line.startswith(title)] for title in ("plain argmax", "joint by joint")
    )
    assert {row[1] for row in plain} == {"1.0"} and {row[2] for row in slow} == {"1.0"}


def test_limits_sets_dark_and_the_fit_beside_the_bound():
    result = run("limits", "--count", 40)
    rows = [line.split() for line in result.stdout.splitlines() if line.startswith("gaussian_fit ")]
    assert len(rows) == 2 * 3 * 5 and all(float(row[3]) < 1e-3 for row in rows if row[2] == "0")
    refused = run("limits", "--count", 7)
    assert refused.returncode == 1 and "at least 8 joints" in refused.stderr and "Traceback" not in refused.stderr


@pytest.mark.parametrize("encoding", ["unbiased", "floor"])
def test_train_writes_weights_and_a_card_that_load(coco, tmp_path, encoding):
    out = tmp_path / "run"
    options = ["--val-images", coco[1], "--val-annotations", coco[3], "--steps", 3, "--batch", 2, "--size", 64]
    result = run("train", *coco, *options, "--encoding", encoding, "--name", "tiny", "--out", out)
    assert result.returncode == 0, result.stderr
    assert "set dark: PCK@0.2" in result.stdout
    estimator = Estimator.load("tiny", device="cpu", folder=out)
    assert estimator.model.size == 64
    assert estimator.model.card["encoding"] == encoding and estimator.model.card["steps"] == 3
    page = (out / "tiny.md").read_text()
    assert estimator.model.card["calibration"]["sets"] == ["set"] and "| OKS AP |" in page
    assert (out / "tiny_reliability.svg").exists() and "(tiny_reliability.svg)" in page
    assert "| set | 10 | × 1 | 1 |" in page and f"{encoding} encoding" in page
    assert str(tmp_path) not in page + json.dumps(estimator.model.card), "no path of this machine"


def test_train_goes_on_from_other_weights_and_says_so(coco, tmp_path):
    common = ["--steps", 1, "--batch", 2, "--size", 64, "--network", "small"]
    first = run("train", *coco, *common, "--name", "start", "--out", tmp_path / "a")
    assert first.returncode == 0, first.stderr
    start = tmp_path / "a" / "start.safetensors"
    second = run("train", *coco, *common, "--start", start, "--name", "branch", "--out", tmp_path / "b")
    assert second.returncode == 0, second.stderr
    before, branch = (load_file(file) for file in (start, tmp_path / "b" / "branch.safetensors"))
    apart = max(float((branch[key].float() - before[key].float()).abs().max()) for key in before if "weight" in key)
    assert 0 < apart < 0.01, "one small step from the start"
    card = json.loads((tmp_path / "b" / "branch.json").read_text())
    assert card["start"]["sha256"] == hashlib.sha256(start.read_bytes()).hexdigest()
    assert "It went on from the weights `start`: 1 steps" in (tmp_path / "b" / "branch.md").read_text()

    options = ["--start", start, "--trunk", "shared", "--name", "head", "--out", tmp_path / "c"]
    third = run("train", *coco, *common, *options)
    assert third.returncode == 0, third.stderr
    shared, head = (load_file(tmp_path / "c" / f"{name}.safetensors") for name in ("shared", "head"))
    assert all(value.equal(before[key]) for key, value in shared.items())
    assert set(head) == set(before) - set(shared) and not head["head.weight"].equal(before["head.weight"])
    assert "one file, `shared.safetensors`" in (tmp_path / "c" / "head.md").read_text()


def test_options_of_data_sets_are_given_for_each_or_never(coco, tmp_path):
    result = run("train", *coco, *coco, "--weight", 2, "--steps", 1, "--out", tmp_path / "run")
    assert result.returncode == 1
    assert "--weight was given 1 times for 2 data sets" in result.stderr


def test_serve_refuses_a_cluster_that_has_no_address(monkeypatch):
    monkeypatch.setenv("DARK_POSE_URL", "somewhere")
    result = run("serve", "--port", 1)
    assert result.returncode == 1 and "Traceback" not in result.stderr
    assert "DARK_POSE_URL: The address of a cluster is http://host:port, not 'somewhere'." in result.stderr


# decode: heatmaps of any network


@pytest.fixture
def maps(tmp_path) -> np.ndarray:
    """Heatmaps (3, 5, 24, 20), in the folder as maps.npy, maps.npz and, channels last, last.npy."""
    rng = np.random.default_rng(0)
    maps = encode(rng.uniform(3, 16, (3, 5, 2)), (20, 24), 1.5) + 0.02 * rng.standard_normal((3, 5, 24, 20)).astype(
        "f4"
    )
    maps[2, 4] = 0
    np.save(tmp_path / "maps.npy", maps)
    np.save(tmp_path / "last.npy", np.moveaxis(maps, 1, -1))
    np.savez_compressed(tmp_path / "maps.npz", boxes=np.ones((3, 4)), maps=maps)
    return maps


def rows(text: str) -> list[dict]:
    return list(csv.DictReader(io.StringIO(text)))


def positions(found: list[dict], before: str = "") -> np.ndarray:
    return np.array([[float(row[f"{before}x"]), float(row[f"{before}y"])] for row in found])


@pytest.mark.parametrize("method", ["dark", "argmax"])
def test_decode_writes_what_the_codec_reads(maps, tmp_path, method):
    out = tmp_path / "joints.csv"
    result = run("decode", tmp_path / "maps.npy", "--decoder", method, "--sigma", 1.5, "-o", out)
    assert (result.returncode, result.stdout) == (0, "")
    found, joints = rows(out.read_text()), decode(maps, method, 1.5)
    assert list(found[0]) == ["person", "joint", "x", "y", "score", "ok", "status"]
    assert [(int(row["person"]), int(row["joint"])) for row in found] == list(np.ndindex(3, 5))
    np.testing.assert_allclose(positions(found), joints.xy.reshape(-1, 2), atol=1e-4)
    assert [row["ok"] for row in found] == [str(ok).lower() for ok in joints.ok.ravel()]
    assert "taken for NKHW (people × joints × rows × columns), because" in result.stderr


def test_decode_compares_all_decoders_in_input_px(maps, tmp_path):
    arguments = ["--decoder", "all", "--sigma", 1.5, "--stride", 4, "--frame", "size_minus_one"]
    result = run("decode", tmp_path / "maps.npz", "--name", "maps", *arguments)
    assert result.returncode == 0
    found = rows(result.stdout)
    for name in DECODERS:
        expected = decode(maps, name, 1.5).xy * [79 / 19, 95 / 23]
        np.testing.assert_allclose(positions(found, f"{name}_"), expected.reshape(-1, 2), atol=1e-4)


def test_decode_measures_sigma_and_recognizes_channels_last(maps, tmp_path):
    out = tmp_path / "joints.json"
    result = run("decode", tmp_path / "last.npy", "--stride", 4, "-o", out)
    data = json.loads(out.read_text())
    assert data["layout"] == "NHWK" and data["frame"] == "half_pixel" and data["sigma"] == pytest.approx(1.5, abs=0.05)
    assert f"sigma = {data['sigma']:g} heatmap px, measured on " in result.stderr
    expected = (decode(maps, "dark", data["sigma"]).xy + 0.5) * 4 - 0.5
    np.testing.assert_allclose([[j["x"], j["y"]] for j in data["joints"]], expected.reshape(-1, 2), atol=1e-4)
    forced = run("decode", tmp_path / "last.npy", "--layout", "nkhw", "--sigma", 2)
    assert len(rows(forced.stdout)) == 3 * 24 and "taken for" not in forced.stderr


@pytest.mark.parametrize("decoders", [["dark"], ["dark", "argmax"]])
def test_decode_lists_the_best_peaks_with_their_shares(tmp_path, decoders):
    # Two Gaussians on whole pixels, of heights 1 and 0.75, far apart; and a lone one. A third peak exists nowhere.
    left, right = encode([[12, 40], [36, 20]], (48, 64), 2.0, dtype=np.float64)
    np.save(tmp_path / "two.npy", np.stack([[0.75 * left + right, left]]))
    name = decoders[0] if len(decoders) == 1 else "all"
    command = ["decode", tmp_path / "two.npy", "--decoder", name, "--sigma", 2, "--stride", 4, "--peaks", 3]
    told = run(*command)
    assert told.returncode == 0, told.stderr
    first, second = rows(told.stdout)
    for decoder in decoders:
        before = f"{decoder}_" if name == "all" else ""
        of = [[first[f"{before}peak_{rank}_{c}"] for c in ("x", "y", "share")] for rank in (1, 2, 3)]
        # Half-pixel centers: (x + 1/2) 4 - 1/2.
        np.testing.assert_allclose(np.array(of[:2], float), [[145.5, 81.5, 1], [49.5, 161.5, 0.75]], atol=2e-3)
        assert of[2] == ["", "", ""] and second[f"{before}peak_1_share"] == "1.0000"
        assert second[f"{before}peak_2_x"] == second[f"{before}peak_2_share"] == ""
    assert run(*command, "-o", tmp_path / "two.json").returncode == 0
    pair, lone = json.loads((tmp_path / "two.json").read_text())["joints"]
    for decoder in decoders:
        best, one = (row[decoder]["peaks"] if name == "all" else row["peaks"] for row in (pair, lone))
        assert len(best) == 2 and len(one) == 1 and list(best[0]) == ["x", "y", "share"]
        np.testing.assert_allclose([list(peak.values()) for peak in best], np.array(of[:2], float), atol=2e-3)


def test_decode_lists_no_peaks_unless_asked_and_refuses_none(maps, tmp_path):
    command = ["decode", tmp_path / "maps.npy", "--sigma", 1.5]
    assert "peak" not in run(*command).stdout
    for wrong in (0, 21):
        refused = run(*command, "--peaks", wrong)
        assert refused.returncode == 2 and "number of peaks must be 1 to 20" in refused.stderr
    # A heatmap of zeros has one peak, its first pixel, and no share of a highest one.
    assert run(*command, "--peaks", 2, "-o", tmp_path / "joints.json").returncode == 0
    last = json.loads((tmp_path / "joints.json").read_text())["joints"][-1]
    assert last["status"] == "FLAT" and [peak["share"] for peak in last["peaks"]] == [None]


def test_decode_tells_logits_apart_and_applies_the_sigmoid(tmp_path):
    joints = np.random.default_rng(0).uniform(8, [40, 56], (2, 17, 2))
    joints[0, 0] = 20, 30  # the highest value is 2
    logits = -9 + 11 * encode(joints, (48, 64), 2.0, dtype=np.float64)
    np.save(tmp_path / "logits.npy", logits)
    plain = run("decode", tmp_path / "logits.npy", "--sigma", 2)
    assert "reach from -9 to 2" in plain.stderr
    assert "as logits are: --values logits decodes them sigmoid first" in plain.stderr
    assert f"dark 34 of 34 maps: {Status.NOT_POSITIVE.sentence}" in plain.stderr
    found = rows(plain.stdout)
    assert {row["status"] for row in found} == {"NOT_POSITIVE"} and {row["ok"] for row in found} == {"false"}
    np.testing.assert_allclose(positions(found), np.round(joints).reshape(-1, 2), atol=0.6)

    out = tmp_path / "joints.json"
    applied = run("decode", tmp_path / "logits.npy", "--sigma", 2, "--values", "logits", "-o", out)
    data = json.loads(out.read_text())
    assert "--values" not in applied.stderr and data["values"] == "logits"
    assert {joint["status"] for joint in data["joints"]} == {"FINE"}
    expected = decode(1 / (1 + np.exp(-logits)), "dark", 2.0).xy.reshape(-1, 2)
    np.testing.assert_allclose([[joint["x"], joint["y"]] for joint in data["joints"]], expected, atol=1e-4)
    np.testing.assert_allclose(expected, joints.reshape(-1, 2), atol=0.05)


def test_decode_tells_log_probabilities_apart_and_applies_exp(tmp_path):
    joints = np.random.default_rng(0).uniform(8, [40, 56], (2, 17, 2))
    maps = encode(joints, (48, 64), 2.0, dtype=np.float64) + 1e-5
    np.save(tmp_path / "log.npy", np.log(maps / maps.sum((-2, -1), keepdims=True)))
    plain = run("decode", tmp_path / "log.npy")
    assert "as log-probabilities are: --values log decodes them exp first" in plain.stderr
    applied = run("decode", tmp_path / "log.npy", "--values", "log", "--decoder", "taylor")
    assert "sigma = 2 heatmap px, measured" in applied.stderr
    np.testing.assert_allclose(positions(rows(applied.stdout)), joints.reshape(-1, 2), atol=0.01)


def test_decode_is_not_sure_where_only_the_lengths_decide(tmp_path):
    np.save(tmp_path / "empty.npy", np.zeros((3, 64, 48, 17), np.float32))
    result = run("decode", tmp_path / "empty.npy")
    assert result.returncode == 0
    assert "taken for NHWK" in result.stderr and "not sure: give --layout" in result.stderr
    assert f"dark 51 of 51 maps: {Status.FLAT.sentence}" in result.stderr
    assert "not sure" not in run("decode", tmp_path / "empty.npy", "--layout", "nhwk").stderr


def test_decode_takes_the_array_that_looks_like_heatmaps_and_says_so(tmp_path):
    """As DeepLabCut writes them: score maps, and beside them the larger offsets of the joints' true positions."""
    scmap = encode(np.random.default_rng(0).uniform(8, [40, 56], (5, 2)), (48, 64), 2.0).transpose(1, 2, 0)
    locref = np.random.default_rng(1).normal(size=(64, 48, 10)).astype(np.float32)
    np.savez(tmp_path / "pose.npz", locref=locref, scmap=scmap)
    np.save(tmp_path / "alone.npy", scmap)
    found = run("decode", tmp_path / "pose.npz")
    said = "pose.npz: decoding ‘scmap’, which looks most like heatmaps; --name chooses another: ‘locref’ (64 × 48 × 10)"
    assert found.stderr.splitlines()[0] == said
    assert rows(found.stdout) == rows(run("decode", tmp_path / "alone.npy").stdout)
    assert "--name" not in run("decode", tmp_path / "pose.npz", "--name", "scmap").stderr


def test_decode_offers_the_parts_of_openpose(tmp_path):
    parts = encode(np.random.default_rng(0).uniform(8, [40, 56], (18, 2)), (48, 64), 2.0, dtype=np.float64)
    fields = 0.1 * np.random.default_rng(1).normal(size=(38, 64, 48))
    np.save(tmp_path / "openpose.npy", np.concatenate([parts, 1 - parts.max(0, keepdims=True), fields]))
    result = run("decode", tmp_path / "openpose.npy", "--layout", "khw", "--sigma", 2)
    assert "The 57 channels are OpenPose's 18 parts" in result.stderr and "--joints 18" in result.stderr
    some = run("decode", tmp_path / "openpose.npy", "--layout", "khw", "--sigma", 2, "--joints", 18)
    assert "OpenPose" not in some.stderr and len(rows(result.stdout)) == 57
    assert rows(some.stdout) == rows(result.stdout)[:18]


@pytest.mark.parametrize(
    "arguments, says",
    [
        (["nowhere.npy"], "cannot be opened (No such file or directory): check its path."),
        (["note.npy"], "The file is a text: save the heatmaps with"),
        (["maps.npz", "--name", "mops"], "no array of that name, only ‘boxes’"),
        (["maps.npy", "--decoder", "magic"], "no decoder of that name: choose all, argmax"),
        (["maps.npy", "--layout", "hw"], "HW has 2 axes and the array 4: choose NKHW, NHWK."),
        (["maps.npy", "--values", "odds"], "no values of that name: choose one of heatmaps, logits, log."),
        (["maps.npy", "--joints", "6"], "The array has 5 joints: choose from 1 to 5 of them."),
        (["maps.npy", "--sigma", "-1"], "Sigma must be a positive number"),
        (["maps.npy", "--sigma", "nan"], "Sigma must be a positive number"),
        (["maps.npy", "--stride", "0"], "The stride must be a positive number"),
        (["maps.npy", "--frame", "half_pixel"], "say with --stride how many"),
        (["maps.npy", "--stride", "4", "--frame", "other"], "no frame of that name: choose half_pixel"),
        (["maps.npy", "-o", "joints.txt"], "The output can be .csv or .json"),
        (["maps.npy", "-o", "nowhere/joints.csv"], "The output cannot be written"),
        (["table.csv", "-o", "table.csv"], "would overwrite the heatmaps"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_decode_ends_with_one_sentence_and_code_2(maps, tmp_path, arguments, says):
    (tmp_path / "note.npy").write_text("no heatmaps")
    (tmp_path / "table.csv").write_bytes((tmp_path / "maps.npy").read_bytes())
    command = [sys.executable, "-m", "dark_core", "decode", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, env=environment)
    assert (result.returncode, result.stdout) == (2, "")
    last = result.stderr.splitlines()[-1]
    assert says in last and "Traceback" not in result.stderr
    assert re.fullmatch(r"[A-Z].*[^.\s]\.", last) and ". " not in last


def test_decode_needs_numpy_alone(maps, tmp_path):
    """Neither the network nor the app is imported, so that it starts at once and runs where they are not installed."""
    code = f"""
import sys
sys.argv = ["dark_core", "decode", {str(tmp_path / "maps.npy")!r}, "-o", {str(tmp_path / "joints.csv")!r}]
from dark_core.cli.main import main
main()
print(*{{"torch", "cv2", "streamlit", "PIL", "plotly", "scipy", "safetensors"}} & set(sys.modules))
"""
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert (result.returncode, result.stdout.strip()) == (0, ""), result.stderr
    assert (tmp_path / "joints.csv").exists()


def test_decode_stops_quietly_when_nobody_reads_on(tmp_path):
    np.save(tmp_path / "many.npy", np.zeros((20_000, 5, 5), np.uint8))
    command = [sys.executable, "-m", "dark_core", "decode", str(tmp_path / "many.npy"), "--layout", "khw"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout.readline().startswith("person,joint")
    process.stdout.close()
    assert "Traceback" not in process.stderr.read()
    process.stderr.close()
    assert process.wait() == 0


def test_decode_holds_a_block_and_not_the_file(tmp_path):
    """The peak of what Python and NumPy allocate stays far below the size of the file, whatever its layout."""
    array = np.lib.format.open_memmap(tmp_path / "large.npy", "w+", np.float16, (400, 64, 48, 17))
    array[:] = 0.5
    array.flush()
    del array
    code = f"""
import tracemalloc
from argparse import ArgumentParser
from dark_core.cli import decode as command
parser = ArgumentParser()
command.add_arguments(parser)
arguments = [{str(tmp_path / "large.npy")!r}, "--layout", "nhwk", "--sigma", "2", "-o", {str(tmp_path / "a.csv")!r}]
args = parser.parse_args(arguments)
tracemalloc.start()
command.run(args)
print(tracemalloc.get_traced_memory()[1])
"""
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    assert int(result.stdout) < (tmp_path / "large.npy").stat().st_size / 2
    assert len((tmp_path / "a.csv").read_text().splitlines()) == 1 + 400 * 17


# ablation: every network and reading


def test_ablation_writes_the_table_and_prints_the_gains(coco, tmp_path):
    nets = tmp_path / "nets"
    for encoding in ("floor", "unbiased"):
        options = ["--steps", 1, "--batch", 2, "--size", 64, "--network", "small", "--encoding", encoding]
        assert run("train", *coco, *options, "--name", encoding, "--out", nets).returncode == 0
        (nets / "checkpoint.safetensors").unlink()
    out = tmp_path / "results" / "table.json"
    sets = ["--set", "scenes", coco[1], coco[3], "--exact", "scenes"]
    result = run("ablation", *sets, "--networks", nets, "--resamples", 50, "-o", out)
    assert result.returncode == 0, result.stderr
    table = json.loads(out.read_text())
    assert [one["name"] for one in table["networks"]] == ["floor", "unbiased"]
    assert table["sets"] == [{"name": "scenes", "people": len(load_scenes()), "measured": 10, "exact": True}]
    assert "scenes: PCK counts 10 of 10 people" in result.stdout
    assert str(tmp_path) not in out.read_text(), "no path of this machine"
    told = [line.split() for line in result.stdout.splitlines() if line.startswith("scenes ")]
    assert [line[2] for line in told] == ["pck@0.2", "pck@0.1", "pck@0.05", "oks_ap", "mean_px", "median_px"]
    (nets / "floor.safetensors").unlink()
    (nets / "floor.json").unlink()
    fewer = run("ablation", *sets, "--networks", nets, "-o", out)
    assert fewer.returncode == 1 and "was made with floor as well" in fewer.stderr
    assert json.loads(out.read_text()) == table, "what can no longer be made again is kept"


def test_ablation_without_networks_or_with_an_unknown_name_says_so(coco, tmp_path):
    sets = ["--set", "scenes", coco[1], coco[3]]
    nothing = run("ablation", *sets, "--networks", tmp_path)
    assert nothing.returncode == 1 and "There is no network in" in nothing.stderr
    unknown = run("ablation", *sets, "--exact", "render")
    assert unknown.returncode == 1 and "no set is called render" in unknown.stderr
