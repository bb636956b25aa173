"""Every command ends in a sentence: what was wrong with the input, with code 2 and no traceback."""

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from dark_core.cli.main import main
from dark_core.evaluation.evaluate import predict_heatmaps
from dark_core.files.annotations import read_people
from dark_core.files.scenes import SCENES, load_scenes
from dark_core.pose.skeleton import SKELETON

ROOT = Path(__file__).parents[2]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}


@pytest.fixture
def files(tmp_path) -> list[str]:
    """Two of the scenes as a COCO-style set: the folder and the file."""
    images, notes = [], []
    for number, scene in enumerate(list(load_scenes().values())[:2]):
        cv2.imwrite(str(tmp_path / f"{number}.png"), cv2.cvtColor(scene.photo, cv2.COLOR_RGB2BGR))
        images.append({"id": number, "file_name": f"{number}.png"})
        keypoints = np.column_stack([scene.joints, np.full(14, 2)]).ravel().tolist()
        notes.append({"image_id": number, "category_id": 1, "keypoints": keypoints})
    category = {"id": 1, "keypoints": list(SKELETON.names)}
    (tmp_path / "set.json").write_text(json.dumps({"images": images, "annotations": notes, "categories": [category]}))
    return [str(tmp_path), str(tmp_path / "set.json")]


def ended(capsys, *arguments) -> tuple[object, str, str]:
    """(exit code, standard output, standard error or the exit's own sentence) of a command."""
    with pytest.raises(SystemExit) as exit:
        main(list(map(str, arguments)))
    out, error = capsys.readouterr()
    code = exit.value.code
    return (code, out, error) if isinstance(code, int) else (1, out, f"{code}\n")


def commands(files: list[str], out: Path) -> dict[str, list]:
    """The four commands that read a set."""
    set_, sets = ["--images", files[0], "--annotations", files[1]], ["--set", "mine", *files]
    return {
        "evaluate": ["evaluate", *set_, "--decoder", "argmax", "--device", "cpu"],
        "train": ["train", *set_, "--steps", 1, "--out", out / "run"],
        "faults": ["faults", *sets, "--device", "cpu"],
        "ablation": ["ablation", *sets, "--device", "cpu", "-o", out / "table.json"],
    }


@pytest.mark.parametrize("verb", ["evaluate", "train", "faults", "ablation"])
@pytest.mark.parametrize("damage", ["cut", "folder", "image", "images", "unlabeled", "names", "everyone"])
def test_a_set_that_cannot_be_read_is_told_in_one_sentence(files, tmp_path, capsys, verb, damage):
    images, file = files
    data = json.loads(Path(file).read_text())
    if damage == "cut":
        Path(file).write_text(json.dumps(data)[:-100])
    elif damage == "folder":
        file = images
    elif damage == "image":
        (tmp_path / "1.png").unlink()
    elif damage == "images":
        images = str(tmp_path / "nowhere")
    elif damage == "unlabeled":
        Path(file).write_text(json.dumps(data | {"annotations": []}))
    elif damage == "names":
        Path(file).write_text(json.dumps(data | {"categories": [{"id": 1, "keypoints": ["a", "b"]}]}))
    elif damage == "everyone":
        Path(file).write_text(json.dumps(data | {"images": []}))
    code, out, error = ended(capsys, *commands([images, file], tmp_path)[verb])
    assert (code, out) == (2, "")
    assert len(error.splitlines()) == 1 and re.fullmatch(r".*[^.\s]\.\n", error)


def test_what_is_skipped_is_told_beside_the_table(files, capsys):
    data = json.loads(Path(files[1]).read_text())
    data["annotations"] += [{"image_id": 0, "category_id": 1}, {"image_id": 7, "category_id": 1, "keypoints": [1] * 42}]
    Path(files[1]).write_text(json.dumps(data))
    main(list(map(str, commands(files, Path())["evaluate"])))
    out, error = capsys.readouterr()
    assert out.startswith("set: 2 people")
    assert error == (
        "set.json: 2 of 4 annotations are skipped: 1 without keypoints, "
        "1 of an image that is not listed, or listed twice.\n"
    )


def test_a_set_without_hips_has_no_pck_and_it_is_said(files, capsys):
    data = json.loads(Path(files[1]).read_text())
    for note in data["annotations"]:
        note["keypoints"][6:12] = [0] * 6
    Path(files[1]).write_text(json.dumps(data))
    main([*map(str, commands(files, Path())["evaluate"]), "--placed"])
    lines = capsys.readouterr().out.splitlines()
    rows = [line for line in lines if re.match(r"PCK@|[a-z ]+ @0\.", line)]
    assert len(rows) == 3 * (1 + 14)
    assert all(re.search(r"  not measured \(no hips\)   0 of 2 people$", row) for row in rows)
    assert "placed at 30-100 % of the height: PCK not measured (no hips), 0 of 2 people" in lines


def test_every_pck_says_how_many_of_how_many_people_count(files, capsys):
    data = json.loads(Path(files[1]).read_text())
    data["annotations"][1]["keypoints"][6:12] = [0] * 6
    Path(files[1]).write_text(json.dumps(data))
    main(list(map(str, commands(files, Path())["evaluate"])))
    lines = capsys.readouterr().out.splitlines()
    rows = [line for line in lines if re.match(r"PCK@|[a-z ]+ @0\.", line)]
    assert len(rows) == 45 and all(row.endswith("   1 of 2 people") for row in rows)


@pytest.mark.parametrize(
    "verb, options, says",
    [
        ("evaluate", ["--device", "gpu"], "There is no device 'gpu' here: choose auto, cpu, cuda or mps."),
        ("faults", ["--device", "tpu"], "There is no device 'tpu' here: choose auto, cpu, cuda or mps."),
        ("ablation", ["--device", "cpu:x"], "There is no device 'cpu:x' here: choose auto, cpu, cuda or mps."),
        ("train", ["--device", "gpu"], "There is no device 'gpu' here: choose auto, cpu, cuda or mps."),
        ("evaluate", ["--model", "mine"], "There is no network 'mine' in "),
        ("faults", ["--model", "mine"], "There is no network 'mine' in "),
        ("train", ["--start", "mine.safetensors"], "There is no network 'mine' in "),
        ("evaluate", ["--decoder", "magic"], "argument --decoder: invalid choice: 'magic' (choose from "),
    ],
)
def test_an_unknown_name_is_told(files, tmp_path, capsys, verb, options, says):
    code, _, error = ended(capsys, *commands(files, tmp_path)[verb], *options)
    assert code == 2 and says in error.splitlines()[-1]


def test_an_unknown_network_is_told_by_every_verb_that_takes_one(capsys):
    for arguments in (["bench", "--pose"], ["cluster"], ["predict", SCENES / "standing.jpg"]):
        code, _, error = ended(capsys, *arguments, "--model", "mine")
        assert code in (1, 2) and "There is no network 'mine' in " in error and len(error.splitlines()) == 1


@pytest.mark.parametrize(
    "options, says",
    [
        (["--size", 100], "--size: the side of the crop is a multiple of 32 px."),
        (["--size", 0], "--size: the side of the crop is a multiple of 32 px."),
        (["--batch", 0], "--batch: at least 1 is needed."),
        (["--threads", 0], "--threads: at least 1 is needed."),
        (["--every", -1], "--every: at least 1 is needed."),
        (["--steps", 0], "--steps: at least 1 is needed."),
        (["--sigma", "nan"], "--sigma: a positive number is needed."),
        (["--unsure", 2], "--unsure: a weight from 0 to 1 is needed."),
        (["--weight", 0], "--weight: positive numbers are needed"),
        (["--weight", "nan"], "--weight: positive numbers are needed"),
        (["--trunk", "shared"], "--trunk goes with --start and without --average"),
        (["--val-images", "x"], "Give --val-images and --val-annotations equally often"),
    ],
)
def test_numbers_that_cannot_train_are_told_before_anything_is_read(files, tmp_path, capsys, options, says):
    code, out, error = ended(capsys, *commands(files, tmp_path)["train"], *options)
    assert code == 1 and out == "" and error.startswith(says)
    assert not (tmp_path / "run").exists()


def test_an_output_that_cannot_be_written_is_told_before_the_training(files, tmp_path, capsys):
    (tmp_path / "run").write_text("a file")
    code, out, error = ended(capsys, *commands(files, tmp_path)["train"])
    assert (code, out) == (2, "") and error.startswith(f"{tmp_path / 'run'} cannot be read or written (File exists)")


def test_a_table_that_is_none_is_not_overwritten(files, tmp_path, capsys):
    for text in ("no table", "{}", "[]"):
        (tmp_path / "table.json").write_text(text)
        code, _, error = ended(capsys, *commands(files, tmp_path)["ablation"])
        assert code == 1 and error.startswith("table.json is there and is no table of the ablation")
        assert (tmp_path / "table.json").read_text() == text


@pytest.mark.parametrize("text", ["abc", "", "0", "65536", "-1", "８０", "80.5"])
def test_a_bad_port_is_told_wherever_it_comes_from(monkeypatch, capsys, text):
    monkeypatch.setattr("dark_core.cli.serve.runpy.run_module", lambda *_, **__: pytest.fail("served"))
    says = f"a port is a whole number from 1 to 65535, not {text!r} (STREAMLIT_SERVER_PORT counts too)\n"
    code, _, error = ended(capsys, "serve", f"--port={text}")
    assert code == 2 and error.endswith(says)
    monkeypatch.setenv("STREAMLIT_SERVER_PORT", text)
    code, _, error = ended(capsys, "serve")
    assert code == 2 and error.endswith(says)


def test_the_app_started_as_a_module_refuses_a_bad_port_too():
    environment = ENVIRONMENT | {"STREAMLIT_SERVER_PORT": "abc"}
    command = [sys.executable, "-m", "dark_core.app"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=environment)
    assert result.returncode == 2 and "Traceback" not in result.stderr
    assert result.stderr.splitlines()[-1].endswith("not 'abc' (STREAMLIT_SERVER_PORT counts too)")


def test_a_command_runs_where_a_stream_is_closed_from_the_start():
    for closed in (">&-", "2>&-", ">&- 2>&-"):
        command = f'"{sys.executable}" -m dark_core limits --count 8 {closed}'
        result = subprocess.run(["bash", "-c", command], cwd=ROOT, capture_output=True, text=True)
        assert result.returncode == 0 and "Traceback" not in result.stderr


def test_a_locale_without_greek_letters_is_no_fault():
    environment = ENVIRONMENT | {"PYTHONIOENCODING": "ascii:strict"}
    command = [sys.executable, "-m", "dark_core", "limits", "--help"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=environment)
    assert result.returncode == 0 and "Cram?r" in result.stdout and "Traceback" not in result.stderr


def test_an_interrupted_command_says_so():
    command = [sys.executable, "-m", "dark_core", "limits", "--count", "3000000"]

    def heed() -> None:
        """Tests that were started in the background ignore the signal, and so would the command."""
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=heed
    ) as process:
        try:
            process.stdout.readline()  # it is at work
            process.send_signal(signal.SIGINT)
            _, error = process.communicate(timeout=60)
        finally:
            process.kill()
    assert (process.returncode, error) == (130, "Interrupted.\n")


def test_large_photos_are_measured_as_their_small_twins_are(files, tmp_path, capsys):
    """A photo enlarged eight times, 9.4 megapixels, gives the heatmaps of the small one but for the resampling."""
    small = read_people(*files)
    data = json.loads(Path(files[1]).read_text())
    for number, note in enumerate(data["annotations"]):
        photo = cv2.imread(str(tmp_path / f"{number}.png"))
        large = cv2.resize(photo, None, fx=8, fy=8, interpolation=cv2.INTER_CUBIC)
        cv2.imwrite(str(tmp_path / f"{number}.jpg"), large)
        points = np.array(note["keypoints"]).reshape(-1, 3)
        points[:, :2] = 8 * (points[:, :2] + 0.5) - 0.5
        note["keypoints"], data["images"][number]["file_name"] = points.ravel().tolist(), f"{number}.jpg"
    (tmp_path / "large.json").write_text(json.dumps(data))
    large = read_people(tmp_path, tmp_path / "large.json")

    def crops(people) -> np.ndarray:
        return predict_heatmaps(people, lambda batch: batch.astype(float), 160)[0]

    assert np.abs(crops(large) - crops(small)).mean() < 2.5
    assert sum(person.photo.nbytes for person in large) < 0.15 * 2 * 3 * 64 * small[0].photo[..., 0].size
